// Nodes for a sandbox that has none: ready, roomy, and with the labels that every Node bears.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Sandbox } from '@mainstay/sandbox/sandbox.ts'

/** What one holds: more than anybody asks for in a test. */
const ROOM: JsonObject = { cpu: '64', memory: '256Gi', 'ephemeral-storage': '1Ti', pods: '1000' }

/** Makes that many. */
export function makeNodes(sandbox: Sandbox, count: number): void {
  const { world, clock } = sandbox
  const since = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`
  for (let index = 1; index <= count; index++) {
    const made = world.create(nodeCalled(`node-${index}`), { manager: 'kubelet' })
    world.update({ ...made, status: statusOf(index, since) }, { manager: 'kubelet', subresource: 'status' })
  }
}

function nodeCalled(name: string): KubeObject {
  const labels = {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
  }
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {} }
}

function statusOf(index: number, since: string): JsonObject {
  const address = `192.0.${2 + Math.floor(index / 250)}.${index % 250}`
  const times = { lastHeartbeatTime: since, lastTransitionTime: since }
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
  return {
    capacity: ROOM,
    allocatable: ROOM,
    addresses: [{ type: 'InternalIP', address }],
    conditions: [{ ...ready, ...times }],
    nodeInfo: {
      architecture: 'amd64',
      bootID: '',
      containerRuntimeVersion: 'sandbox://1',
      kernelVersion: 'sandbox',
      kubeProxyVersion: '',
      kubeletVersion: 'v1.36.3',
      machineID: '',
      operatingSystem: 'linux',
      osImage: 'sandbox',
      systemUUID: '',
    },
  }
}

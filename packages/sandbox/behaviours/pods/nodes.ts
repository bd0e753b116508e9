// Stand-in nodes: large, but for no more Pods than a kubelet takes; ready, and registered once, as a kubelet does when it
// begins.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { objectsAt, textAt } from '../../kinds/look.ts'
import { timeText } from '../../schema/time.ts'
import type { World } from '../../world.ts'
import type { Controller, Desk } from '../controller.ts'
import { serves } from '../workloads/event.ts'
import { KUBELET } from './writer.ts'

/** Where nodes say that they are alive. */
const LEASES = 'kube-node-lease'

/** The names of so many stand-in nodes: `sandbox-1`, `sandbox-2`, … */
export function nodeNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `sandbox-${index + 1}`)
}

/**
 * Registers stand-in nodes when the sandbox begins. A node's lease says that it was registered: one that somebody deletes
 * stays away, also in a copy.
 */
export function nodeController(count: number): Controller {
  const names = nodeNames(count)
  return {
    name: 'nodes',
    follows: [{ resource: '/namespaces', subjects: (object) => (object.metadata.name === LEASES ? names : []) }],
    reconcile: (subject, desk) => {
      register(subject, names.indexOf(subject) + 1, desk)
      return null
    },
  }
}

function register(name: string, number: number, desk: Desk): void {
  const { world } = desk
  if (world.get({ apiVersion: 'v1', kind: 'Node', namespace: null, name }) !== null) return
  if (!serves(world, 'coordination.k8s.io/leases')) return
  const place = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: LEASES, name }
  if (world.get(place) !== null) return
  const renewTime = timeText(desk.now).replace('Z', '.000000Z')
  const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime }
  const metadata = { name, namespace: LEASES }
  world.create({ apiVersion: place.apiVersion, kind: place.kind, metadata, spec }, KUBELET)
  createNode(world, name, number, desk.now)
}

/** Makes a stand-in node; `number` decides its address. */
export function createNode(world: World, name: string, number: number, now: number): void {
  const made = world.create({ apiVersion: 'v1', kind: 'Node', metadata: metadataOf(name), spec: {} }, KUBELET)
  world.update({ ...made, status: statusOf(name, number, now) }, { ...KUBELET, subresource: 'status' })
}

/** True for a node whose kubelet works. */
export function isNodeReady(node: KubeObject): boolean {
  const ready = objectsAt(node, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Ready')
  return textAt(ready, 'status') === 'True'
}

function metadataOf(name: string): KubeObject['metadata'] {
  const labels = {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
  }
  return { name, labels, annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' } }
}

function statusOf(name: string, number: number, now: number): JsonObject {
  const time = timeText(now)
  const condition = (type: string, status: string, reason: string, message: string): JsonObject => ({
    type,
    status,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
    reason,
    message,
  })
  // A kubelet takes so many Pods where nobody says otherwise.
  const room = { cpu: '1000', memory: '4Ti', 'ephemeral-storage': '10Ti', pods: '110' }
  return {
    capacity: room,
    allocatable: room,
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
    addresses: [
      // An address for documentation: nothing is there.
      { type: 'InternalIP', address: `192.0.2.${number}` },
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: 'amd64',
      bootID: '',
      containerRuntimeVersion: 'sandbox://1',
      kernelVersion: 'sandbox',
      kubeProxyVersion: '',
      kubeletVersion: 'v1.36.3',
      machineID: '',
      operatingSystem: 'linux',
      osImage: 'Mainstay sandbox',
      systemUUID: '',
    },
  }
}

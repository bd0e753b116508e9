// The sandbox as a subject.

import { setImmediate as turn } from 'node:timers/promises'
import { aggregation } from '@mainstay/sandbox/access/roles.ts'
import { policyAdmission } from '@mainstay/sandbox/admission/policy.ts'
import { webhookAdmission } from '@mainstay/sandbox/behaviours/actors/webhook/admission.ts'
import { clusterAdmissionWith, clusterControllers } from '@mainstay/sandbox/behaviours/cluster/all.ts'
import { workloadControllers } from '@mainstay/sandbox/behaviours/workloads/all.ts'
import { openSandbox, type Sandbox } from '@mainstay/sandbox/sandbox.ts'
import { type StillClock, stillClock } from './clock.ts'
import { linesOf } from './lines.ts'
import type { Init, Subject } from './subject.ts'

/** Why there is no sandbox; null where there is one. */
export const sandboxMissing: string | null = null

/** How far a sandbox's time goes with each look at what its controllers do, in ms. */
const stepMs = 1000
/** How often they are looked at for what belongs in a namespace. */
const namespaceRounds = 2

/** Nobody places Pods and runs them: on the real server a stand-in does, and the checks keep it away. */
const absent: ReadonlySet<string> = new Set(['nodes', 'scheduler', 'kubelet'])

const controllers = [
  aggregation,
  ...clusterControllers({ loadBalancers: null }),
  ...workloadControllers({ nodes: 0 }).filter(({ name }) => !absent.has(name)),
]
const admission = clusterAdmissionWith(policyAdmission, webhookAdmission({}))

/** A fresh sandbox as a subject. */
export async function openSandboxSubject(seed: string | number = 1): Promise<Subject> {
  const clock = stillClock(Date.now())
  return sandboxSubject(openSandbox({ clock, seed, controllers, admission }), clock)
}

/** A sandbox as a subject; its clock moves when it is let go on. */
export function sandboxSubject(sandbox: Sandbox, clock: StillClock): Subject {
  const ask = (path: string, init: Init = {}): Promise<Response> =>
    sandbox.fetch(new Request(`http://sandbox${path}`, { ...init, headers: { ...init.headers } }))
  const settle = async (): Promise<void> => {
    // What is on its way arrives first.
    await turn()
    clock.advance(stepMs)
    await turn()
  }
  return {
    name: 'sandbox',
    fetch: ask,
    async watch(path, signal, accept = 'application/json') {
      const response = await ask(path, { signal, headers: { accept, 'user-agent': 'conform/1.0' } })
      if (!response.ok || response.body === null) throw new Error(`${response.status} ${await response.text()}`)
      return linesOf(response.body)
    },
    settle,
    namespace: () => namespaceIn(ask, settle),
    kubeconfig: async () => null,
  }
}

type Ask = (path: string, init?: Init) => Promise<Response>

async function namespaceIn(ask: Ask, settle: () => Promise<void>): Promise<string> {
  const made = await post(ask, '/api/v1/namespaces', { metadata: { generateName: 'conform-' } })
  const { name } = ((await made.json()) as { metadata: { name: string } }).metadata // It is a Namespace.
  for (let round = 0; round < namespaceRounds; round += 1) {
    const account = await ask(`/api/v1/namespaces/${name}/serviceaccounts/default`)
    const certificate = await ask(`/api/v1/namespaces/${name}/configmaps/kube-root-ca.crt`)
    if (account.status === 200 && certificate.status === 200) return name
    await settle()
  }
  // Without controllers nobody else does it.
  await post(ask, `/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } })
  const data = { 'ca.crt': 'none' }
  await post(ask, `/api/v1/namespaces/${name}/configmaps`, { metadata: { name: 'kube-root-ca.crt' }, data })
  return name
}

async function post(ask: Ask, path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'user-agent': 'kube-controller-manager' }
  const made = await ask(path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (made.status !== 201) throw new Error(`cannot create at ${path}: ${await made.text()}`)
  return made
}

// How a DaemonSet goes from one template to the next: node by node, or with two Pods on a node for a while.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf, isTerminating, labelOf } from '@mainstay/core/object/object.ts'
import { textAt, wholeAt } from '../../../kinds/look.ts'
import type { Desk } from '../../controller.ts'
import { suits, untolerated } from '../../pods/fit.ts'
import { amount } from '../deployment/amounts.ts'
import { isAvailable, isReady } from '../pod.ts'
import { daemonPod } from './pod.ts'

/** The label that names the template from which a Pod was made. */
export const HASH = 'controller-revision-hash'

/** What a look at a DaemonSet works with. */
export interface Look {
  readonly set: KubeObject
  readonly desk: Desk
  readonly nodes: readonly KubeObject[]
  readonly hash: string
  /** The Pods of a node (by where they are, or where they are to be). */
  readonly on: (node: string) => readonly KubeObject[]
}

/** For how long a Pod must have been ready. */
export function waitOf(set: KubeObject): number {
  return wholeAt(set, 'spec', 'minReadySeconds') ?? 0
}

/** How many nodes may have two Pods at once. */
export function surgeOf(set: KubeObject, nodes: number): number {
  return amountAt(set, 'maxSurge', nodes)
}

function amountAt(set: KubeObject, key: string, nodes: number): number {
  const path = ['updateStrategy', 'rollingUpdate', key]
  const value = wholeAt(set, 'spec', ...path) ?? textAt(set, 'spec', ...path)
  return amount(value, nodes, 'up')
}

/** Whether a node is to have a Pod, and whether one that is there may stay. */
export function wants(set: KubeObject, node: KubeObject): { readonly runs: boolean; readonly stays: boolean } {
  const named = textAt(set, 'spec', 'template', 'spec', 'nodeName')
  const pod = daemonPod(set, node.metadata.name, '')
  if ((named !== '' && named !== node.metadata.name) || !suits(pod, node)) return { runs: false, stays: false }
  if (!untolerated(pod, node, ['NoSchedule', 'NoExecute'])) return { runs: true, stays: true }
  return { runs: false, stays: !untolerated(pod, node, ['NoExecute']) }
}

/** Two Pods may be on a node only while the new one is not yet what the old one still is. */
export function trimSurge(look: Look, running: readonly KubeObject[], doomed: Set<KubeObject>): void {
  const fresh = running.filter((pod) => isFresh(look, pod))
  const old = running.filter((pod) => !isFresh(look, pod))
  for (const pod of [...fresh.slice(1), ...old.slice(1)]) doomed.add(pod)
  const [newest, before] = [fresh[0], old[0]]
  if (newest === undefined || before === undefined) return
  if (!isReady(before) || isAvailable(newest, waitOf(look.set), look.desk.now)) doomed.add(before)
}

/** True for a Pod of the template as it is now. */
export function isFresh({ set, hash }: Look, pod: KubeObject): boolean {
  const generation = annotationOf(set, 'deprecated.daemonset.template.generation')
  return (
    labelOf(pod, HASH) === hash || (generation !== undefined && labelOf(pod, 'pod-template-generation') === generation)
  )
}

/** What is to be done for a new template: Pods that go, and nodes that get a second one. */
export interface Exchange {
  readonly doomed: readonly KubeObject[]
  readonly bare: readonly string[]
}

/** Exchanges Pods of earlier templates, as many at once as may be missing, or more than one on a node. */
export function exchange(look: Look): Exchange {
  const { set, nodes } = look
  if (textAt(set, 'spec', 'updateStrategy', 'type') !== 'RollingUpdate') return { doomed: [], bare: [] }
  const wanted = nodes.filter((node) => wants(set, node).runs).map((node) => node.metadata.name)
  const alive = new Map(wanted.map((name) => [name, look.on(name).filter((pod) => !isTerminating(pod))]))
  return surgeOf(set, wanted.length) === 0 ? inPlace(look, alive) : beside(look, alive)
}

type Alive = ReadonlyMap<string, readonly KubeObject[]>

function isUp({ set, desk }: Look, pod: KubeObject): boolean {
  return isAvailable(pod, waitOf(set), desk.now)
}

/** The Pods that are alone on their node and of an earlier template. */
function outdated(look: Look, alive: Alive): readonly (readonly [string, KubeObject])[] {
  return [...alive].flatMap(([name, [pod, ...more]]) =>
    pod === undefined || more.length > 0 || isFresh(look, pod) ? [] : [[name, pod] as const],
  )
}

function inPlace(look: Look, alive: Alive): Exchange {
  const old = outdated(look, alive)
  const missing = [...alive.values()].filter((pods) => pods.length !== 1 || !pods.every((pod) => isUp(look, pod)))
  const most = amountAt(look.set, 'maxUnavailable', alive.size) - missing.length
  const broken = old.filter(([, pod]) => !isUp(look, pod))
  const working = old.filter(([, pod]) => isUp(look, pod)).slice(0, Math.max(0, most))
  return { doomed: [...broken, ...working].map(([, pod]) => pod), bare: [] }
}

function beside(look: Look, alive: Alive): Exchange {
  const old = outdated(look, alive)
  const busy = [...alive.values()].filter(
    (pods) => pods.length === 2 && !pods.some((pod) => isFresh(look, pod) && isUp(look, pod)),
  )
  const most = surgeOf(look.set, alive.size) - busy.length
  const broken = old.filter(([, pod]) => !isUp(look, pod))
  const working = old.filter(([, pod]) => isUp(look, pod)).slice(0, Math.max(0, most))
  return { doomed: [], bare: [...broken, ...working].map(([name]) => name) }
}

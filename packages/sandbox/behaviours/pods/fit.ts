// Whether a Pod can be on a node; if not, why, in the scheduler's words.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { has, isTrue, objectAt, objectsAt, textAt, textsAt } from '../../kinds/look.ts'
import { selects } from '../../kinds/metadata.ts'
import { nanoOf } from '../../kinds/quantity.ts'
import type { World } from '../../world.ts'
import { badCompany } from './company.ts'
import { requestsOf, usageOf } from './usage.ts'

/** Why a Pod cannot be on a node. */
export interface Misfit {
  readonly reasons: readonly string[]
  /** Fewer Pods on the node would help. */
  readonly full: boolean
}

/** Why a Pod cannot be on a node; null where it can. */
export function misfit(world: World, pod: KubeObject, node: KubeObject, nodes: readonly KubeObject[]): Misfit | null {
  const never = (reason: string): Misfit => ({ reasons: [reason], full: false })
  if (isTrue(node, 'spec', 'unschedulable') && !toleratesCordon(pod)) return never('node(s) were unschedulable')
  if (untolerated(pod, node, ['NoSchedule', 'NoExecute'])) return never('node(s) had untolerated taint(s)')
  if (!suits(pod, node)) return never("node(s) didn't match Pod's node affinity/selector")
  const missing = missingOn(world, pod, node)
  if (missing.length > 0) {
    return { reasons: missing.map(({ reason }) => reason), full: !missing.some(({ hopeless }) => hopeless) }
  }
  const company = badCompany(world, pod, node, nodes)
  return company === null ? null : { reasons: [company.reason], full: company.leaves }
}

function toleratesCordon(pod: KubeObject): boolean {
  const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
  return objectsAt(pod, 'spec', 'tolerations').some((each) => tolerates(each, taint))
}

/** True where a node has a taint with one of these effects that a Pod does not bear. */
export function untolerated(pod: KubeObject, node: KubeObject, effects: readonly string[]): boolean {
  const tolerations = objectsAt(pod, 'spec', 'tolerations')
  return objectsAt(node, 'spec', 'taints').some(
    (taint) => effects.includes(textAt(taint, 'effect')) && !tolerations.some((each) => tolerates(each, taint)),
  )
}

/** True for a toleration that bears a taint. */
export function tolerates(toleration: JsonObject, taint: JsonObject): boolean {
  const [key, effect] = [textAt(toleration, 'key'), textAt(toleration, 'effect')]
  if (effect !== '' && effect !== textAt(taint, 'effect')) return false
  if (key !== '' && key !== textAt(taint, 'key')) return false
  if (textAt(toleration, 'operator') === 'Exists') return true
  return key !== '' && textAt(toleration, 'value') === textAt(taint, 'value')
}

/** True where a Pod's selector and its affinity allow a node. */
export function suits(pod: KubeObject, node: KubeObject): boolean {
  const labels = objectAt(node, 'metadata', 'labels')
  if (!selects({ matchLabels: objectAt(pod, 'spec', 'nodeSelector') }, labels)) return false
  const required = ['spec', 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution']
  if (!has(pod, ...required)) return true
  return objectsAt(pod, ...required, 'nodeSelectorTerms').some((term) => meetsTerm(term, node, labels))
}

function meetsTerm(term: JsonObject, node: KubeObject, labels: JsonObject): boolean {
  const [expressions, fields] = [objectsAt(term, 'matchExpressions'), objectsAt(term, 'matchFields')]
  if (expressions.length + fields.length === 0) return false
  return (
    expressions.every((each) => meets(each, labels)) &&
    fields.every((each) => meets(each, { 'metadata.name': node.metadata.name }))
  )
}

function meets(requirement: JsonObject, values: JsonObject): boolean {
  const operator = textAt(requirement, 'operator')
  if (operator !== 'Gt' && operator !== 'Lt') return selects({ matchExpressions: [requirement] }, values)
  const value = Number(values[textAt(requirement, 'key')] ?? Number.NaN)
  const bound = Number(textsAt(requirement, 'values')[0] ?? Number.NaN)
  return operator === 'Gt' ? value > bound : value < bound
}

interface Missing {
  readonly reason: string
  /** Not even an empty node would have enough. */
  readonly hopeless: boolean
}

function missingOn(world: World, pod: KubeObject, node: KubeObject): readonly Missing[] {
  const allocatable = objectAt(node, 'status', 'allocatable')
  const used = usageOf(world, node.metadata.name)
  return [...requestsOf(pod)].flatMap(([name, amount]) => {
    const room = nanoOf(allocatable[name])
    if (amount === 0n || amount + (used.get(name) ?? 0n) <= room) return []
    return [{ reason: name === 'pods' ? 'Too many pods' : `Insufficient ${name}`, hopeless: amount > room }]
  })
}

/** How many Pods are on a node. */
export function crowdOn(world: World, node: KubeObject): bigint {
  return usageOf(world, node.metadata.name).get('pods') ?? 0n
}

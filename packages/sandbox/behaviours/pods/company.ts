// With whom a Pod can be on a node: those it wants, those it does not want, and those that have its ports.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { has, objectAt, objectsAt, textAt, textsAt, wholeAt } from '../../kinds/look.ts'
import { selects } from '../../kinds/metadata.ts'
import type { World } from '../../world.ts'
import { openLookup } from '../workloads/owned.ts'
import { isFinished } from '../workloads/pod.ts'

const podsOn = openLookup('/pods', (pod) => (isFinished(pod) ? [] : [textAt(pod, 'spec', 'nodeName')]))

/** Why a Pod's company on a node will not do. */
export interface BadCompany {
  readonly reason: string
  /** It would do if others left. */
  readonly leaves: boolean
}

/** What is wrong with the company that a Pod would have on a node; null where it will do. */
export function badCompany(
  world: World,
  pod: KubeObject,
  node: KubeObject,
  nodes: readonly KubeObject[],
): BadCompany | null {
  if (isPortTaken(world, pod, node)) {
    return { reason: "node(s) didn't have free ports for the requested pod ports", leaves: true }
  }
  const meets = (rule: JsonObject): boolean => isNear(world, pod, node, nodes, rule)
  const wanted = rulesOf(pod, 'podAffinity')
  // The first of a group that wants to be together has nobody to join.
  const first = (rule: JsonObject): boolean =>
    fits(pod, pod, rule) && !nodes.some((each) => isNear(world, pod, each, nodes, rule))
  if (!wanted.every((rule) => meets(rule) || first(rule))) {
    return { reason: "node(s) didn't match pod affinity rules", leaves: false }
  }
  return rulesOf(pod, 'podAntiAffinity').some(meets)
    ? { reason: "node(s) didn't match pod anti-affinity rules", leaves: true }
    : null
}

function rulesOf(pod: KubeObject, kind: 'podAffinity' | 'podAntiAffinity'): readonly JsonObject[] {
  return objectsAt(pod, 'spec', 'affinity', kind, 'requiredDuringSchedulingIgnoredDuringExecution')
}

/** True where a Pod that a rule means is on a node of the same place. */
function isNear(
  world: World,
  pod: KubeObject,
  node: KubeObject,
  nodes: readonly KubeObject[],
  rule: JsonObject,
): boolean {
  const place = (each: KubeObject): string => textAt(each, 'metadata', 'labels', textAt(rule, 'topologyKey'))
  const own = place(node)
  if (own === '') return false
  return nodes
    .filter((each) => place(each) === own)
    .some((each) => podsOn(world, each.metadata.name).some((other) => fits(pod, other, rule)))
}

/** True for a Pod that another one's rule means. */
function fits(pod: KubeObject, other: KubeObject, rule: JsonObject): boolean {
  if (!has(rule, 'labelSelector')) return false
  const spaces = has(rule, 'namespaces') ? textsAt(rule, 'namespaces') : [textAt(pod, 'metadata', 'namespace')]
  if (!spaces.includes(textAt(other, 'metadata', 'namespace'))) return false
  return selects(objectAt(rule, 'labelSelector'), objectAt(other, 'metadata', 'labels'))
}

/** The ports of a node that a Pod takes: `TCP 80`. */
function hostPorts(pod: KubeObject): readonly string[] {
  return objectsAt(pod, 'spec', 'containers').flatMap((container) =>
    objectsAt(container, 'ports').flatMap((port) => {
      const number = wholeAt(port, 'hostPort') ?? 0
      return number === 0 ? [] : [`${textAt(port, 'protocol')} ${number}`]
    }),
  )
}

function isPortTaken(world: World, pod: KubeObject, node: KubeObject): boolean {
  const wanted = hostPorts(pod)
  if (wanted.length === 0) return false
  return podsOn(world, node.metadata.name).some((other) => hostPorts(other).some((port) => wanted.includes(port)))
}

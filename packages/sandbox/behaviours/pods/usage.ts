// What the Pods of a node ask for, added up as they come and go.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { objectAt, objectsAt, textAt } from '../../kinds/look.ts'
import { nanoOf } from '../../kinds/quantity.ts'
import type { World } from '../../world.ts'
import { isFinished } from '../workloads/pod.ts'

/** Amounts of resources, times 10^9; `pods` among them. */
export type Amounts = ReadonlyMap<string, bigint>

const usages = new WeakMap<World, Map<string, Map<string, bigint>>>()

/** What is taken of a node. */
export function usageOf(world: World, node: string): Amounts {
  const known = usages.get(world) ?? begin(world)
  return known.get(node) ?? new Map()
}

function begin(world: World): Map<string, Map<string, bigint>> {
  const usage = new Map<string, Map<string, bigint>>()
  usages.set(world, usage)
  for (const pod of world.all('/pods')) count(usage, pod, 1n)
  world.subscribe(({ resource, type, object, before }) => {
    if (resource !== '/pods') return
    if (before !== null) count(usage, before, -1n)
    if (type !== 'DELETED') count(usage, object, 1n)
  })
  return usage
}

function count(usage: Map<string, Map<string, bigint>>, pod: KubeObject, times: bigint): void {
  const node = textAt(pod, 'spec', 'nodeName')
  if (node === '' || isFinished(pod)) return
  const own = usage.get(node) ?? new Map<string, bigint>()
  usage.set(node, own)
  for (const [name, amount] of requestsOf(pod)) own.set(name, (own.get(name) ?? 0n) + times * amount)
}

const POD = 1_000_000_000n

/** What a Pod asks for: its containers together, or the largest init container where that is more. */
export function requestsOf(pod: KubeObject): Amounts {
  const sum = new Map<string, bigint>([['pods', POD]])
  const add = (amounts: JsonObject): void => {
    for (const [name, amount] of Object.entries(amounts)) sum.set(name, (sum.get(name) ?? 0n) + nanoOf(amount))
  }
  const inits = objectsAt(pod, 'spec', 'initContainers')
  for (const each of objectsAt(pod, 'spec', 'containers')) add(objectAt(each, 'resources', 'requests'))
  for (const each of inits) {
    if (textAt(each, 'restartPolicy') === 'Always') add(objectAt(each, 'resources', 'requests'))
  }
  for (const each of inits) {
    for (const [name, amount] of Object.entries(objectAt(each, 'resources', 'requests'))) {
      const most = nanoOf(amount)
      if (most > (sum.get(name) ?? 0n)) sum.set(name, most)
    }
  }
  add(objectAt(pod, 'spec', 'overhead'))
  return sum
}

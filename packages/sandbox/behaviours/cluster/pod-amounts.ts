// What the containers of a Pod ask for and may take.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { objectAt, objectsAt } from '../../kinds/look.ts'
import { type Amounts, amountsOf, most, sum } from './amounts.ts'

/** What a Pod needs at once: its containers and sidecars together, or one of those that prepare it if that is more. */
export function podAmounts(pod: KubeObject, key: 'requests' | 'limits'): Amounts {
  const inits = objectsAt(pod, 'spec', 'initContainers')
  const lasting = [...objectsAt(pod, 'spec', 'containers'), ...inits.filter(staysOn)]
  const together = sum(lasting.map((each) => containerAmounts(each, key)))
  let before: Amounts = new Map()
  let whole = together
  for (const each of inits) {
    const own = containerAmounts(each, key)
    if (staysOn(each)) before = sum([before, own])
    else whole = most(whole, sum([before, own]))
  }
  const overhead = amountsOf(objectAt(pod, 'spec', 'overhead'))
  return overhead.size === 0 ? whole : sum([whole, overhead])
}

function staysOn(container: JsonObject): boolean {
  return container.restartPolicy === 'Always'
}

/** What one container asks for or may take. */
export function containerAmounts(container: JsonObject, key: 'requests' | 'limits'): Amounts {
  return amountsOf(objectAt(container, 'resources', key))
}

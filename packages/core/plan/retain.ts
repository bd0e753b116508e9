// Which volumes keep their data whatever their reclaim policy says: those behind what a plan deletes.
import type { Impact } from '../impact/impact.ts'
import type { ImpactWorld } from '../impact/of.ts'
import { GIVE_UP, volumeKey } from '../impact/of.ts'
import { refOf, uidOf } from '../object/object.ts'
import { refKey } from '../object/ref.ts'
import type { Chain } from './chain.ts'
import type { DeleteStep, Step } from './plan.ts'

/** Where the steps stand. */
export interface RetainPlace {
  readonly group: string
  readonly phase: DeleteStep['phase']
  readonly wave: number
}

/**
 * Adds a group before the deletions with these impacts: one step for each volume whose data would go with them.
 * `before`: steps of other chains of the plan; a volume is retained once.
 */
export function addRetains(
  chain: Chain,
  impacts: readonly Impact[],
  world: ImpactWorld,
  place: RetainPlace,
  before: readonly Step[] = [],
): void {
  const { group, phase, wave } = place
  const names = impacts.flatMap((impact) => (impact.kind === 'volume' && impact.retained ? [impact.volume] : []))
  const done = new Set([...before, ...chain.steps].map((step) => step.id))
  const volumes = [...new Set(names)].sort().flatMap((name) => world.objects.get(volumeKey(name)) ?? [])
  chain.add(
    volumes.flatMap((volume) => {
      const ref = refOf(volume)
      const uid = uidOf(volume)
      const id = `retain ${refKey(ref)}`
      if (uid === null || done.has(id)) return []
      const why = `its data stay until somebody deletes them (${GIVE_UP}: "true" lets them go)`
      return [(barrier) => ({ kind: 'retain', id, ...barrier, phase, wave, why, ref, uid }) as const]
    }),
    group,
  )
}

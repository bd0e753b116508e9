// The objects of an application as a table.
import type { ResourceState } from '@mainstay/engine/reconcile/session.ts'
import type { Line } from './line.ts'
import { line } from './line.ts'
import { healthSpan, syncSpan } from './state.ts'
import { table } from './table.ts'

/** One row an object, in the order given; `wide` adds wave and uid. */
export function resourceLines(
  resources: readonly ResourceState[],
  options: { readonly wide: boolean; readonly width: number | null },
): readonly Line[] {
  if (resources.length === 0) return [line('no objects', 'dim')]
  const heads = ['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'STATUS', 'HEALTH']
  const rows = resources.map((each) => [
    each.ref.group,
    each.ref.kind,
    each.ref.namespace ?? '',
    each.ref.name,
    syncSpan(each.sync),
    healthSpan(each.health?.status ?? null),
    ...(options.wide ? [String(each.wave), each.uid ?? ''] : []),
    messageOf(each),
  ])
  return table([...heads, ...(options.wide ? ['WAVE', 'UID'] : []), 'MESSAGE'], rows, {
    width: options.wide ? null : options.width,
  })
}

function messageOf(resource: ResourceState): string {
  if (resource.requiresPruning) return 'not in Git any more: a sync with --prune deletes it'
  return resource.health?.message ?? ''
}

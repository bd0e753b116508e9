// The health of an application: that of its worst object.
import type { Health } from './health.ts'
import { HEALTH_ORDER } from './health.ts'

/**
 * The worst of many, with the first reason given for it and how many more there are. Objects without a health of their
 * own (null) do not count; nothing at all is healthy.
 */
export function aggregate(healths: Iterable<Health | null>): Health {
  const counted = [...healths].filter((each) => each !== null)
  const rank = Math.max(0, ...counted.map((each) => HEALTH_ORDER.indexOf(each.status)))
  const status = HEALTH_ORDER[rank] ?? 'Unknown'
  if (status === 'Healthy') return { status, message: '' }
  const worst = counted.filter((each) => each.status === status)
  const reason = worst.find((each) => each.message !== '')?.message ?? ''
  const more = worst.length > 1 && reason !== '' ? ` (and ${worst.length - 1} more)` : ''
  return { status, message: `${reason}${more}` }
}

// Health of a CronJob: did its last run succeed?
import { isList } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { stringAt, valueAt } from '../object/object.ts'
import { health } from './conditions.ts'
import type { Health } from './health.ts'

/**
 * Only a run that is over and was not successful is a failure: a first run may still be under way, and a schedule that
 * never fires cannot be told from one that is not due. Times are RFC 3339 in UTC, so their order is that of their text.
 */
export function cronJobHealth(cronJob: KubeObject): Health {
  if (valueAt(cronJob, 'spec', 'suspend') === true) return health('Suspended', 'it is suspended')
  if (valueAt(cronJob, 'status') === undefined) return health('Progressing', 'its controller has not seen it yet')
  const scheduled = stringAt(cronJob, 'status', 'lastScheduleTime')
  if (scheduled === undefined) return health('Healthy', 'no run was due yet')
  const active = valueAt(cronJob, 'status', 'active')
  if (isList(active) && active.length > 0) return health('Healthy', 'a run is under way')
  const succeeded = stringAt(cronJob, 'status', 'lastSuccessfulTime')
  if (succeeded === undefined) return health('Healthy', `no run has succeeded yet, the last began at ${scheduled}`)
  return succeeded < scheduled
    ? health('Degraded', `the run of ${scheduled} failed; the last success was at ${succeeded}`)
    : health('Healthy')
}

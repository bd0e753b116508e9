// Health of a Job: done, at work, suspended, or failed.
import type { KubeObject } from '../object/object.ts'
import { numberAt, valueAt } from '../object/object.ts'
import { conditionsOf, countOf, findCondition, health, sayOf } from './conditions.ts'
import type { Health } from './health.ts'

/**
 * The terminal conditions decide; a job that was resumed after a suspension is at work again.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup
 */
export function jobHealth(job: KubeObject): Health {
  const conditions = conditionsOf(job)
  const failed = findCondition(conditions, 'Failed', 'True')
  if (failed !== undefined) return health('Degraded', sayOf(failed))
  const complete = findCondition(conditions, 'Complete', 'True')
  if (complete !== undefined) return health('Healthy', complete.message)
  if (valueAt(job, 'spec', 'suspend') === true) return health('Suspended', 'it is suspended')
  return health('Progressing', progressText(job))
}

function progressText(job: KubeObject): string {
  const wanted = numberAt(job, 'spec', 'completions') ?? 1
  const counts = [`${countOf(job, 'succeeded')} of ${wanted} done`, `${countOf(job, 'active')} active`]
  const failures = countOf(job, 'failed')
  return [...counts, ...(failures === 0 ? [] : [`${failures} failed`])].join(', ')
}

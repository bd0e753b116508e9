// Health of an APIService: the aggregated API answers.
import type { KubeObject } from '../object/object.ts'
import { conditionsOf, health, sayOf } from './conditions.ts'
import type { Health } from './health.ts'

/** Source: https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/ */
export function apiServiceHealth(apiService: KubeObject): Health {
  const available = conditionsOf(apiService).find((each) => each.type === 'Available')
  if (available === undefined) return health('Progressing', 'the API server has not tried it yet')
  return health(available.status === 'True' ? 'Healthy' : 'Progressing', sayOf(available))
}

// Health of a CustomResourceDefinition: its kind is served, so that objects of it can be applied.
import type { KubeObject } from '../object/object.ts'
import { conditionsOf, findCondition, health } from './conditions.ts'
import type { Health } from './health.ts'

/** Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/ */
export function customResourceDefinitionHealth(definition: KubeObject): Health {
  const conditions = conditionsOf(definition)
  const terminating = findCondition(conditions, 'Terminating', 'True')
  if (terminating !== undefined) return health('Progressing', `deleting: ${terminating.message}`)
  const refused = findCondition(conditions, 'NamesAccepted', 'False')
  if (refused !== undefined) return health('Degraded', `its names are not accepted: ${refused.message}`)
  if (findCondition(conditions, 'Established', 'True') === undefined) {
    return health('Progressing', 'its kind is not served yet')
  }
  const loose = findCondition(conditions, 'NonStructuralSchema', 'True')
  return loose === undefined ? health('Healthy') : health('Degraded', `its schema is not structural: ${loose.message}`)
}

// Health of an Argo Workflow: done, at work, or failed.
import type { KubeObject } from '../object/object.ts'
import { stringAt } from '../object/object.ts'
import { health } from './conditions.ts'
import type { Health } from './health.ts'

/** Source: https://argo-workflows.readthedocs.io/en/latest/fields/#workflowstatus */
export function workflowHealth(workflow: KubeObject): Health {
  const message = stringAt(workflow, 'status', 'message') ?? ''
  const phase = stringAt(workflow, 'status', 'phase') ?? ''
  switch (phase) {
    case '':
    case 'Pending':
    case 'Running':
      return health('Progressing', message)
    case 'Succeeded':
      return health('Healthy', message)
    case 'Failed':
    case 'Error':
      return health('Degraded', message)
    default:
      return health('Unknown', message === '' ? `its phase is ${phase}` : message)
  }
}

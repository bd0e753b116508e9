// Health of an Ingress: a controller has taken it and given it an address.
import type { KubeObject } from '../object/object.ts'
import { stringAt } from '../object/object.ts'
import { health } from './conditions.ts'
import type { Health } from './health.ts'
import { hasAddress } from './service.ts'

/** Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-controllers */
export function ingressHealth(ingress: KubeObject): Health {
  if (hasAddress(ingress)) return health('Healthy')
  const name = stringAt(ingress, 'spec', 'ingressClassName')
  return health(
    'Progressing',
    `no controller${name === undefined ? '' : ` of class ${name}`} has given it an address yet`,
  )
}

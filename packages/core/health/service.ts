// Health of a Service: a load balancer has got its address; every other type is there at once.
import { isList } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { stringAt, valueAt } from '../object/object.ts'
import { health } from './conditions.ts'
import type { Health } from './health.ts'

/** Source: https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer */
export function serviceHealth(service: KubeObject): Health {
  if (stringAt(service, 'spec', 'type') !== 'LoadBalancer') return health('Healthy')
  return hasAddress(service) ? health('Healthy') : health('Progressing', 'no load balancer has given it an address yet')
}

/** True once `status.loadBalancer.ingress` names an address. */
export function hasAddress(object: KubeObject): boolean {
  const ingress = valueAt(object, 'status', 'loadBalancer', 'ingress')
  return isList(ingress) && ingress.length > 0
}

// Tells Ingresses of a class at which address they are served, as an ingress controller does.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf, isTerminating } from '@mainstay/core/object/object.ts'
import { objectAt, objectsAt, textAt } from '../../kinds/look.ts'
import { equalJson } from '../../verbs/equal.ts'
import type { World } from '../../world.ts'
import { type Controller, placeOf, subjectOf } from '../controller.ts'
import { lastWritten } from './objects.ts'

/** An ingress controller. */
export interface IngressOptions {
  /** The class of Ingresses that it serves. */
  readonly class: string
  /** Where it is reached: a fixed address, or that of its Service (`namespace/name`). */
  readonly address: { readonly ip: string } | { readonly hostname: string } | { readonly service: string }
  readonly delayMs?: number
  /** Its field manager. */
  readonly manager?: string
}

const INGRESS = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' } as const

/** An ingress controller as far as it writes to the API. */
export function ingressAddresses(options: IngressOptions): Controller {
  const { delayMs = 1000, manager = 'nginx-ingress-controller' } = options
  return {
    name: `ingress-${options.class}`,
    follows: [
      { resource: 'networking.k8s.io/ingresses', subjects: (ingress) => [subjectOf(ingress)] },
      { resource: '/services', subjects: (service, { world }) => ofService(world, service, options) },
    ],
    reconcile: (subject, { world, now }) => {
      const ingress = world.get({ ...INGRESS, ...placeOf(subject) })
      if (ingress === null || isTerminating(ingress) || classOf(ingress) !== options.class) return null
      const addresses = addressesOf(world, options)
      if (equalJson(objectsAt(ingress, 'status', 'loadBalancer', 'ingress'), addresses)) return null
      const left = lastWritten(ingress) + delayMs - now
      if (left > 0) return left
      const loadBalancer = addresses.length === 0 ? {} : { ingress: addresses }
      const status = { ...objectAt(ingress, 'status'), loadBalancer }
      world.update({ ...ingress, status }, { manager, subresource: 'status' })
      return null
    },
  }
}

function classOf(ingress: KubeObject): string {
  return textAt(ingress, 'spec', 'ingressClassName') || (annotationOf(ingress, 'kubernetes.io/ingress.class') ?? '')
}

/** When the controller's own Service changes, all Ingresses of its class are concerned. */
function ofService(world: World, service: KubeObject, { address, class: own }: IngressOptions): readonly string[] {
  if (!('service' in address) || subjectOf(service) !== address.service) return []
  return world
    .list(INGRESS.apiVersion, INGRESS.kind)
    .filter((each) => classOf(each) === own)
    .map(subjectOf)
}

function addressesOf(world: World, { address }: IngressOptions): readonly JsonObject[] {
  if (!('service' in address)) return [address]
  const service = world.get({ apiVersion: 'v1', kind: 'Service', ...placeOf(address.service) })
  return objectsAt(service ?? {}, 'status', 'loadBalancer', 'ingress').map(({ ip, hostname }) => ({
    ...(ip === undefined ? {} : { ip }),
    ...(hostname === undefined ? {} : { hostname }),
  }))
}

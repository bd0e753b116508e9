// Gives Services of type LoadBalancer an address, as a cloud does: after a while, and never the same one twice.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, stringAt } from '@mainstay/core/object/object.ts'
import { has, objectsAt, textAt } from '../../kinds/look.ts'
import { timeOf } from '../../schema/time.ts'
import { equalJson } from '../../verbs/equal.ts'
import type { World } from '../../world.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../controller.ts'
import { note } from '../workloads/event.ts'
import { finalizersOf, lastWrittenBy, withFinalizers } from './objects.ts'

/** How a cloud gives addresses. */
export interface LoadBalancerOptions {
  /** How long it takes to make or take away one. */
  readonly delayMs?: number
  /** Gives host names below this domain instead of addresses. */
  readonly domain?: string
  /** Serves only Services of this `loadBalancerClass`; those without one where absent. */
  readonly class?: string
}

const CLEANUP = 'service.kubernetes.io/load-balancer-cleanup'
const MANAGER = 'cloud-controller-manager'
const WRITER = { manager: MANAGER, subresource: 'status' } as const

/** The cloud's load balancers. */
export function loadBalancers(options: LoadBalancerOptions = {}): Controller {
  const { delayMs = 5000 } = options
  return {
    name: `load-balancer-${options.class ?? ''}`,
    follows: [{ resource: '/services', subjects: (service) => [subjectOf(service)] }],
    reconcile: (subject, desk) => {
      const service = desk.world.get({ apiVersion: 'v1', kind: 'Service', ...placeOf(subject) })
      if (service === null) return null
      const held = finalizersOf(service).includes(CLEANUP)
      if (isTerminating(service) || !isOurs(service, options)) return held ? takeAway(desk, service, delayMs) : null
      if (!held) {
        desk.world.update(withFinalizers(service, [...finalizersOf(service), CLEANUP]), WRITER)
        say(desk, service, 'Ensuring')
        return delayMs
      }
      return give(desk, service, options, delayMs)
    },
  }
}

function isOurs(service: KubeObject, options: LoadBalancerOptions): boolean {
  const kind = stringAt(service, 'spec', 'loadBalancerClass')
  return textAt(service, 'spec', 'type') === 'LoadBalancer' && kind === options.class
}

function say(desk: Desk, about: KubeObject, what: 'Ensuring' | 'Ensured' | 'Deleting' | 'Deleted'): void {
  const words = { reason: `${what}LoadBalancer`, message: `${what} load balancer` }
  note(desk, { about, type: 'Normal', ...words, from: 'service-controller', manager: MANAGER })
}

function give(desk: Desk, service: KubeObject, options: LoadBalancerOptions, delayMs: number): number | null {
  const { world, now } = desk
  if (objectsAt(service, 'status', 'loadBalancer', 'ingress').length > 0) return null
  const left = (lastWrittenBy(service, MANAGER) ?? now) + delayMs - now
  if (left > 0) return left
  const ingress = [addressFor(world, service, options)]
  writeStatus(world, service, { ingress })
  say(desk, service, 'Ensured')
  return null
}

function writeStatus(world: World, service: KubeObject, loadBalancer: JsonObject): KubeObject {
  const status = { ...Object(service.status), loadBalancer }
  return equalJson(status, service.status) ? service : world.update({ ...service, status }, WRITER)
}

/** Whoever asks for an address gets that one; others one that nobody had before. */
function addressFor(world: World, service: KubeObject, { domain }: LoadBalancerOptions): JsonObject {
  const asked = textAt(service, 'spec', 'loadBalancerIP')
  if (asked !== '') return { ip: asked }
  const taken = new Set(
    [...world.all('/services')]
      .flatMap((each) => objectsAt(each, 'status', 'loadBalancer', 'ingress'))
      .flatMap(namesOf),
  )
  // The revision only grows, so that a Service that comes again gets another address.
  for (let at = world.revision(); ; at++) {
    const address = domain === undefined ? { ip: ipOf(at) } : { hostname: `lb-${at.toString(36)}.${domain}` }
    if (!namesOf(address).some((each) => taken.has(each))) return address
  }
}

function namesOf(address: JsonObject): readonly string[] {
  return [textAt(address, 'ip'), textAt(address, 'hostname')].filter((each) => each !== '')
}

/** Addresses of the network that is kept for measurements, 198.18.0.0/15. */
function ipOf(number: number): string {
  const at = (number % 131_070) + 1
  return `198.${18 + Math.floor(at / 65_536)}.${Math.floor(at / 256) % 256}.${at % 256}`
}

/** The address goes first, then what held the Service. */
function takeAway(desk: Desk, service: KubeObject, delayMs: number): number | null {
  const { world, now } = desk
  const since = timeOf(textAt(service, 'metadata', 'deletionTimestamp'))
  const left = since === null ? 0 : since + delayMs - now
  if (left > 0) {
    say(desk, service, 'Deleting')
    return left
  }
  say(desk, service, 'Deleted')
  const freed = has(service, 'status', 'loadBalancer') ? writeStatus(world, service, {}) : service
  world.update(
    withFinalizers(
      freed,
      finalizersOf(freed).filter((each) => each !== CLEANUP),
    ),
    WRITER,
  )
  return null
}

// What a request is about, and the cluster it is carried out in.
import type { Json } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { SandboxClock } from '../clock.ts'
import type { Registry, Resource, ServedVersion, Surroundings } from '../registry/kind.ts'
import type { About } from '../registry/status.ts'
import { uuidFrom } from '../store/random.ts'
import type { Store } from '../store/store.ts'
import { resourceKey } from '../store/store.ts'

/** The cluster that verbs work on. */
export interface Cluster {
  readonly store: Store
  readonly registry: Registry
  readonly clock: SandboxClock
}

/** A resource in one version and namespace. */
export interface Target {
  readonly resource: Resource
  readonly version: ServedVersion
  /** null for all namespaces and for what is in none. */
  readonly namespace: string | null
  readonly subresource: string | null
}

/** What a client may say about a write. */
export interface WriteOptions {
  readonly dryRun: boolean
  /** The name of the field manager: as said, or from the user agent. */
  readonly manager: string
  readonly validation: 'Ignore' | 'Warn' | 'Strict'
  readonly warn: (text: string) => void
}

/** `apps/v1`, or `v1` of the core group. */
export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`
}

/** The apiVersion of a target. */
export function versionOf(target: Target): string {
  return apiVersionOf(target.resource.group, target.version.name)
}

/** What a failure says it is about. */
export function aboutOf(target: Target, name: string): About {
  return { group: target.resource.group, resource: target.resource.plural, name }
}

/** The same with the kind, as `Invalid` has it. */
export function aboutKind(target: Target, name: string): About {
  return { group: target.resource.group, resource: target.resource.kind, name }
}

/** An object in another version of its resource. */
export function convertTo(resource: Resource, object: KubeObject, version: string): KubeObject {
  const apiVersion = apiVersionOf(resource.group, version)
  if (object.apiVersion === apiVersion) return object
  return resource.convert?.({ ...object, apiVersion }, version) ?? { ...object, apiVersion }
}

/** An object as it is kept. */
export function stored(target: Target, object: KubeObject): KubeObject {
  return convertTo(target.resource, object, target.resource.storage)
}

/** A kept object as the target's version has it. */
export function served(target: Target, object: KubeObject): KubeObject {
  return convertTo(target.resource, object, target.version.name)
}

/** The live object of a target, as it is kept; null where there is none. */
export function liveOf(cluster: Cluster, target: Target, name: string): KubeObject | null {
  return cluster.store.get(resourceKey(target.resource), target.namespace, name)
}

/** RFC 3339 with whole seconds, as the API server writes times. */
export function timeText(milliseconds: number): string {
  const days = Math.floor(milliseconds / 86_400_000)
  const seconds = Math.floor((milliseconds - days * 86_400_000) / 1000)
  const [year, month, day] = civil(days)
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${clock}Z`
}

/** Year, month and day of a count of days since 1970, by counting in eras of 400 years that begin in March. */
function civil(days: number): readonly [number, number, number] {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day]
}

/** Milliseconds since the epoch of a time as the API server writes it; null where it is none. */
export function millisecondsOf(text: Json | undefined): number | null {
  const found = typeof text === 'string' ? /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(text) : null
  if (found === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number)
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  const days = era * 146_097 + dayOfEra - 719_468
  return (days * 86_400 + hour * 3600 + minute * 60 + second) * 1000
}

/** The world as a behaviour may look at it. */
export function surroundings(cluster: Cluster, dryRun: boolean): Surroundings {
  const { store, clock } = cluster
  return {
    get now() {
      return clock.now()
    },
    dryRun,
    uid: () => uuidFrom(store.random),
    random: () => store.random.next(),
    get: (resource, namespace, name) => store.get(resourceKey(resource), namespace, name),
    list: (resource, namespace) => [...store.list(resourceKey(resource), namespace)],
  }
}

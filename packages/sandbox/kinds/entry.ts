// What is written down of a built-in kind beyond discovery and types, and how that becomes a Behaviour.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import type { Behaviour, Cause, Column, Resource, Surroundings } from '../registry/kind.ts'
import { typeOf } from '../schema/lookup.ts'
import { type Defaults, normalForm } from '../schema/normal.ts'
import { same } from './causes.ts'
import { defaults } from './defaults/defaults.ts'
import { sinceText } from './duration.ts'
import { dnsSubdomain, type Form } from './formats.ts'
import { textAt, wholeAt, withAt } from './look.ts'
import { builtInMetadataCauses, builtInUpdateCauses, metadataCauses, metadataUpdateCauses } from './metadata.ts'
import { sentOf, withSent } from './sent.ts'
import type { Asked } from './update-order.ts'

/** Cells of the columns of a kind, by the columns' names. */
export type Cells = Readonly<Record<string, Column['cell']>>

/** What a kind adds. The rest (metadata, defaults, status, generation) is the same for all. */
export interface Entry {
  /** The form of names; DNS subdomains where absent. */
  readonly name?: Form
  /** When the generation is raised; a kind without one keeps what its first writer said. */
  readonly generation?: Behaviour['generation'] | 'spec or annotations' | 'anything'
  /** What becomes of the object when it is read, before anything is filled in. */
  readonly read?: (object: KubeObject) => KubeObject
  /** The API server puts the status of a new object away even where there is no status subresource. */
  readonly keepsStatus?: boolean
  readonly prepareCreate?: (object: KubeObject, around: Surroundings) => KubeObject
  readonly prepareUpdate?: (object: KubeObject, old: KubeObject, around: Surroundings) => KubeObject
  readonly prepareStatus?: (object: KubeObject, old: KubeObject) => KubeObject
  /** What is wrong with the object apart from its metadata, on create and (unless its update order says otherwise) on update. */
  readonly validate?: (object: KubeObject, around: Surroundings) => readonly Cause[]
  /** What is asked of new objects alone. */
  readonly validateCreate?: (object: KubeObject, around: Surroundings) => readonly Cause[]
  /** Immutable fields. */
  readonly validateUpdate?: (object: KubeObject, old: KubeObject, around: Surroundings) => readonly Cause[]
  /** What is wrong with a status beside the metadata; by default nothing more is asked. */
  readonly validateStatus?: (object: KubeObject, old: KubeObject) => readonly Cause[]
  readonly warnings?: Behaviour['warnings']
  /** What every request for the kind is warned of. */
  readonly deprecation?: string
  readonly allocate?: Behaviour['allocate']
  readonly graceSeconds?: Behaviour['graceSeconds']
  readonly defaultPropagation?: Behaviour['defaultPropagation']
  readonly cells?: Cells
  readonly convert?: Resource['convert']
  /** What is asked of it tells an empty value from none. */
  readonly tellsEmpty?: boolean
}

/** Where a kind is: what its Behaviour must know of its resource. */
export interface Place {
  readonly namespaced: boolean
  readonly hasStatus: boolean
  /** What is asked of an update, in order. */
  readonly asked: readonly Asked[]
}

/** The Behaviour of a kind. */
export function behaviourOf(entry: Entry, place: Place): Behaviour {
  const { warnings, allocate, graceSeconds, defaultPropagation, generation = 'none' } = entry
  return {
    fillIn: (object) => filled(object, entry),
    prepareCreate: (object, around) => normal(created(object, entry, place, around)),
    prepareUpdate: (object, old, around) => {
      const made = normal(updated(object, old, entry, place, around))
      const sent = sentOf(object)
      return sent === null ? made : withSent(made, sent)
    },
    ...(entry.prepareStatus === undefined ? {} : { prepareStatus: entry.prepareStatus }),
    validateCreate: (object, around) => [
      ...builtInMetadataCauses(object, entry.name ?? dnsSubdomain, place.namespaced),
      ...(entry.validate?.(object, around) ?? []),
      ...(entry.validateCreate?.(object, around) ?? []),
    ],
    validateUpdate: (object, old, around) => changeCauses(object, old, entry, place, around),
    validateStatus: (object, old) => [
      ...builtInUpdateCauses(object, old),
      ...(entry.validateStatus?.(object, old) ?? []),
    ],
    ...(warnings === undefined ? {} : { warnings }),
    ...(allocate === undefined ? {} : { allocate }),
    ...(graceSeconds === undefined ? {} : { graceSeconds }),
    ...(defaultPropagation === undefined ? {} : { defaultPropagation }),
    generation: generation === 'spec or annotations' || generation === 'anything' ? 'none' : generation,
  }
}

function filled(object: KubeObject, entry: Entry): KubeObject {
  const made = normal(entry.read?.(object) ?? object)
  return entry.tellsEmpty === true && made !== object ? withSent(made, object) : made
}

/** The form in which the object is kept, with every default. */
export function normal(object: KubeObject): KubeObject {
  const { group, version } = parseApiVersion(object.apiVersion)
  const type = typeOf(group, version, object.kind)
  // The form keeps what every object has, so it is one.
  return type === null ? object : (normalForm(type, object, defaults) as KubeObject)
}

/** The form in which Go writes what it has read, without defaults: what was converted from another version. */
export function written(object: KubeObject): KubeObject {
  const { group, version } = parseApiVersion(object.apiVersion)
  const type = typeOf(group, version, object.kind)
  // The form keeps what every object has, so it is one.
  return type === null ? object : (normalForm(type, object, NO_DEFAULTS) as KubeObject)
}

const NO_DEFAULTS: Defaults = new Map()

function created(object: KubeObject, entry: Entry, place: Place, around: Surroundings): KubeObject {
  const bare = place.hasStatus && entry.keepsStatus !== true ? withAt(object, ['status'], undefined) : object
  const counted = entry.generation === undefined ? bare : withAt(bare, ['metadata', 'generation'], 1)
  return entry.prepareCreate?.(counted, around) ?? counted
}

function updated(object: KubeObject, old: KubeObject, entry: Entry, place: Place, around: Surroundings): KubeObject {
  const kept = place.hasStatus && entry.keepsStatus !== true ? withAt(object, ['status'], old.status) : object
  const prepared = entry.prepareUpdate?.(kept, old, around) ?? kept
  switch (entry.generation) {
    case 'spec or annotations':
      // Annotations are handed on to what the object makes.
      return counted(prepared, old, !same(notedPart(prepared), notedPart(old)))
    case 'anything':
      return counted(prepared, old, !same(ownPart(prepared), ownPart(old)))
    default:
      return prepared
  }
}

function counted(object: KubeObject, old: KubeObject, changed: boolean): KubeObject {
  return withAt(object, ['metadata', 'generation'], (wholeAt(old, 'metadata', 'generation') ?? 0) + (changed ? 1 : 0))
}

function notedPart({ spec, metadata }: KubeObject): JsonObject {
  return { spec: spec ?? null, annotations: metadata.annotations ?? null }
}

/** All but metadata, of which labels count. */
function ownPart(object: KubeObject): JsonObject {
  return { ...object, metadata: { labels: object.metadata.labels ?? null } }
}

function changeCauses(
  object: KubeObject,
  old: KubeObject,
  entry: Entry,
  place: Place,
  around: Surroundings,
): readonly Cause[] {
  return place.asked.flatMap((each) => askedCauses(each, object, old, entry, place, around))
}

function askedCauses(
  asked: Asked,
  object: KubeObject,
  old: KubeObject,
  entry: Entry,
  { namespaced }: Place,
  around: Surroundings,
): readonly Cause[] {
  const name = entry.name ?? dnsSubdomain
  switch (asked) {
    case 'full':
      return builtInMetadataCauses(object, name, namespaced)
    case 'kept':
      return builtInUpdateCauses(object, old)
    case 'plain full':
      return metadataCauses(object, name, namespaced)
    case 'plain kept':
      return metadataUpdateCauses(object, old)
    case 'spec':
      return entry.validate?.(object, around) ?? []
    case 'fixed':
      return entry.validateUpdate?.(object, old, around) ?? []
  }
}

/** The age of an object as `kubectl` shows it. */
export const ageCell: Column['cell'] = (object, now) => sinceText(textAt(object, 'metadata', 'creationTimestamp'), now)

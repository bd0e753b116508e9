// The type of metadata, which no published schema tells in full, and the parts of it that are the server's alone.
import { UNKNOWN } from './draft.ts'
import type { MapSchema, ScalarSchema, Schema } from './schema.ts'

const TEXT: ScalarSchema = { kind: 'scalar', type: 'string', form: 'plain' }

const TEXTS: MapSchema = { kind: 'map', field: () => null, values: TEXT, atomic: false, preservesUnknown: false }

const FIELDS: ReadonlyMap<string, Schema> = new Map<string, Schema>([
  ['labels', TEXTS],
  ['annotations', TEXTS],
  ['finalizers', { kind: 'list', items: TEXT, merge: { by: 'set' } }],
  ['ownerReferences', { kind: 'list', items: UNKNOWN, merge: { by: 'keys', keys: ['uid'] } }],
])

/** Types of the metadata fields that a manifest may set. CRDs publish no more than `type: object` for them. */
export const OBJECT_META: MapSchema = {
  kind: 'map',
  field: (name) => FIELDS.get(name) ?? UNKNOWN,
  values: null,
  atomic: false,
  preservesUnknown: false,
}

/** Identity and what the server writes: never compared, whoever has them in a manifest. */
export const SERVER_METADATA: ReadonlySet<string> = new Set([
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
])

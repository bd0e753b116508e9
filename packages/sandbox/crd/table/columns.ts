// Printer columns of a CustomResourceDefinition, as `kubectl get` shows them.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { spanText } from '../../kinds/duration.ts'
import type { Column } from '../../registry/kind.ts'
import { timeOf } from '../../schema/time.ts'
import { goJson, plainValue } from '../value/text.ts'
import type { Path } from './jsonpath.ts'
import { PathFault, readPath } from './jsonpath.ts'

const TYPES = ['string', 'integer', 'number', 'boolean', 'date'] as const
type ColumnType = (typeof TYPES)[number]

const CREATED =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata'
const NAME =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names'

const AGE: JsonObject = {
  name: 'Age',
  type: 'date',
  description: CREATED,
  jsonPath: '.metadata.creationTimestamp',
}

/** The columns of one version; the age where it names none. A path that cannot be read leaves the names alone. */
export function columnsOf(version: JsonObject): readonly Column[] {
  const given = isList(version.additionalPrinterColumns) ? version.additionalPrinterColumns.filter(isObject) : []
  const columns: Column[] = [nameColumn()]
  for (const raw of given.length === 0 ? [AGE] : given) {
    const path = readPath(textOf(raw.jsonPath))
    if (path === null) return columns
    columns.push(columnOf(raw, path))
  }
  return columns
}

/** The columns of the scale subresource. */
export function scaleColumns(): readonly Column[] {
  const rows: readonly JsonObject[] = [
    { name: 'Desired', type: 'integer', description: 'Number of desired replicas', jsonPath: '.spec.replicas' },
    { name: 'Available', type: 'integer', description: 'Number of actual replicas', jsonPath: '.status.replicas' },
    AGE,
  ]
  return [nameColumn(), ...rows.map((raw) => columnOf(raw, readPath(textOf(raw.jsonPath)) ?? (() => [])))]
}

function nameColumn(): Column {
  const cell: Column['cell'] = (object) => object.metadata.name
  return { name: 'Name', type: 'string', format: 'name', description: NAME, priority: 0, cell }
}

function columnOf(raw: JsonObject, path: Path): Column {
  const type = TYPES.find((each) => each === raw.type) ?? 'string'
  const jsonPath = textOf(raw.jsonPath)
  const described = textOf(raw.description)
  return {
    name: textOf(raw.name),
    type,
    format: textOf(raw.format),
    description: described === '' ? `Custom resource definition column (in JSONPath format): ${jsonPath}` : described,
    priority: typeof raw.priority === 'number' ? raw.priority : 0,
    cell: (object, now) => cellOf(firstOf(path, object), type, now),
  }
}

function firstOf(path: Path, object: Json): Json | undefined {
  try {
    return path(object)[0]
  } catch (error) {
    if (error instanceof PathFault) return undefined
    throw error
  }
}

function cellOf(value: Json | undefined, type: ColumnType, now: number): Json {
  if (type === 'string') return value === undefined ? null : shown(value)
  if (value === undefined || value === null) return null
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : typeof value === 'bigint' ? value : null
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date':
      return typeof value === 'string' ? dateCell(value, now) : null
  }
}

/** What a template prints: lists and objects as JSON, the rest plainly. */
function shown(value: Json): string {
  if (isList(value) || isObject(value)) return goJson(value)
  return value === null ? '<no value>' : plainValue(value)
}

function dateCell(value: string, now: number): string {
  if (value === '' || value === 'null') return '<unknown>'
  const at = timeOf(value)
  return at === null ? '<invalid>' : spanText(now - at)
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

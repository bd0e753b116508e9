// Patches that meet what is there.

import { isList, isObject, type Json, type JsonObject } from '@mainstay/core/object/json.ts'
import type { Lot } from './lot.ts'
import { pathsOf, valueAt } from './operation.ts'

/** The merge patch that makes one value of another, member by member. */
export function changeFrom(from: Json | undefined, to: Json): JsonObject {
  if (!isObject(to)) return {}
  const before = isObject(from) ? from : {}
  const gone = Object.keys(before).filter((key) => to[key] === undefined && !serverKeys.has(key))
  const kept = Object.entries(to).flatMap(([key, value]) => {
    if (JSON.stringify(before[key]) === JSON.stringify(value)) return []
    return [[key, isObject(value) && isObject(before[key]) ? changeFrom(before[key], value) : value] as const]
  })
  return Object.fromEntries([...gone.map((key) => [key, null] as const), ...kept])
}

/** Stays as it is in an edit unless it is named. */
const serverKeys: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'status',
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'clusterIP',
  'clusterIPs',
])

const served = /nodePort|NodePort|clusterIP|uid|Timestamp|managedFields|resourceVersion/

/** A value unless one server alone has it. */
function shared(value: Json | undefined): Json | undefined {
  return value === undefined || served.test(JSON.stringify(value)) ? undefined : value
}

/** One operation of a JSON patch. */
export function operationOf(lot: Lot, live: JsonObject, fresh: JsonObject): JsonObject {
  const own = pathsOf(live).filter((path) => !served.test(path.join('.')))
  const other = pathsOf(fresh)
  const all = [...own, ...other]
  const path = all.length === 0 ? ['data'] : lot.of(lot.chance(0.5) && other.length > 0 ? other : all)
  const there = shared(valueAt(live, path))
  const value = valueAt(fresh, path) ?? there ?? 'x'
  const pointer = `/${path.map((key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`
  const end = lot.chance(0.1) ? pointer.replace(/\/\d+$/, '/-') : pointer
  const from = own.length === 0 ? '/metadata/labels' : `/${lot.of(own).join('/')}`
  return lot.weighted<JsonObject>([
    [5, { op: 'add', path: end, value }],
    [5, { op: 'replace', path: pointer, value }],
    [4, { op: 'remove', path: pointer }],
    [1, { op: 'test', path: pointer, value: there ?? value }],
    [0.7, { op: 'copy', from, path: pointer }],
    [0.5, { op: 'move', from, path: pointer }],
    [0.2, { op: 'add', path: pointer }],
    [0.1, { op: 'some', path: pointer, value }],
  ])
}

/** A strategic merge patch with a directive somewhere. */
export function directed(lot: Lot, patch: Json): Json {
  if (lot.chance(0.6)) return patch
  const paths = pathsOf(patch).filter((path) => typeof valueAt(patch, path) === 'object')
  if (paths.length === 0) return patch
  return changedAt(patch, lot.of(paths), (here) => directive(lot, here))
}

function directive(lot: Lot, here: Json): Json {
  if (isObject(here)) {
    return lot.weighted<JsonObject>([
      [3, { ...here, $patch: 'delete' }],
      [3, { ...here, $patch: 'replace' }],
      [1, { ...here, $patch: 'merge' }],
      [2, { ...here, $retainKeys: Object.keys(here) }],
      [0.3, { ...here, $patch: 'some' }],
    ])
  }
  if (!isList(here)) return here
  return lot.chance(0.5)
    ? [...here, { $patch: 'replace' }]
    : here.map((item) => (isObject(item) && lot.chance(0.6) ? { ...item, $patch: 'delete' } : item))
}

function changedAt(value: Json, path: readonly (string | number)[], change: (here: Json) => Json): Json {
  const [key, ...rest] = path
  if (key === undefined) return change(value)
  if (isList(value)) return value.map((item, index) => (index === key ? changedAt(item, rest, change) : item))
  if (!isObject(value)) return value
  return { ...value, [String(key)]: changedAt(value[String(key)] ?? null, rest, change) }
}

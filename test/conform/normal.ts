// Takes out of an answer what no two servers have in common: uids, times, versions, names of namespaces, tokens.

import { isList, isObject, type Json, type JsonObject } from '@mainstay/core/object/json.ts'

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g
const time = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\b/g
/** An object's version where a message quotes the object as JSON. */
const versionInText = /(\bresourceVersion\\*":\\*")[1-9]\d*/g
/** The range that the test cluster gives out; what a client asks for lies elsewhere or is compared as it came. */
const clusterIp = /\b10\.96\.(?!0\.1\b)\d+\.\d+\b/g

/** The volume of a Pod's token. */
const tokenVolume = /\b(kube-api-access-)[a-z0-9]{5}\b/g

/** Names to put in place of others: a namespace's real name → `NS`. */
export type Renames = readonly (readonly [from: string, to: string])[]

/** A text without what is one server's alone. */
export function normalText(text: string, renames: Renames = []): string {
  const renamed = renames.reduce((all, [from, to]) => all.replaceAll(from, to), text)
  return renamed
    .replace(uuid, 'UID')
    .replace(time, (_, micro) => (micro === undefined ? 'TIME' : 'MICROTIME'))
    .replace(versionInText, '$1RV')
    .replace(clusterIp, 'CLUSTER_IP')
    .replace(tokenVolume, '$1SIGNS')
}

/** A value without what is one server's alone; managedFields are left out, `managers` shows them. */
export function normal(value: Json, renames: Renames = []): Json {
  if (typeof value === 'string') return normalText(value, renames)
  if (isList(value)) return value.map((item) => normal(item, renames))
  if (!isObject(value)) return value
  const entries = Object.entries(value)
    .filter(([key]) => key !== 'managedFields')
    .map(([key, item]) => [normalText(key, renames), normalField(key, item, renames)] as const)
  return Object.fromEntries(entries)
}

const nodePortKeys: ReadonlySet<string> = new Set(['nodePort', 'healthCheckNodePort'])

function normalField(key: string, value: Json, renames: Renames): Json {
  if (key === 'resourceVersion' && typeof value === 'string' && /^[1-9]\d*$/.test(value)) return 'RV'
  if (nodePortKeys.has(key) && typeof value === 'number' && value >= 30000) return 'NODE_PORT'
  if (key === 'continue' && typeof value === 'string' && value !== '') return 'CONTINUE'
  return normal(value, renames)
}

/** One entry of managedFields in a line each for who and what: `ana Apply v1 (status): .status .status.replicas`. */
export function managers(object: Json): readonly string[] {
  const metadata = isObject(object) ? object.metadata : undefined
  const entries = isObject(metadata) ? metadata.managedFields : undefined
  return isList(entries) ? entries.map((entry) => (isObject(entry) ? managerLine(entry) : String(entry))) : []
}

function managerLine(entry: JsonObject): string {
  const where = entry.subresource === undefined ? '' : ` (${entry.subresource})`
  const type = entry.fieldsType === 'FieldsV1' ? '' : ` ${entry.fieldsType}`
  const timed = typeof entry.time === 'string' ? '' : ' without time'
  const fields = fieldPaths(entry.fieldsV1 ?? null, '')
  return `${entry.manager} ${entry.operation} ${entry.apiVersion}${where}${type}${timed}: ${fields.join(' ')}`
}

/** FieldsV1 as paths: `.data.x`, `.spec.containers[name=a]`, `.finalizers{"b"}`; a `.` member is the path itself. */
function fieldPaths(fields: Json, path: string): readonly string[] {
  if (!isObject(fields)) return [path]
  const keys = Object.keys(fields)
  if (keys.length === 0) return [path]
  return keys.flatMap((key) => (key === '.' ? [path] : fieldPaths(fields[key] ?? null, `${path}${pathPart(key)}`)))
}

function pathPart(key: string): string {
  const rest = key.slice(2)
  switch (key.slice(0, 2)) {
    case 'f:':
      return `.${rest}`
    case 'k:':
      return `[${rest}]`
    case 'v:':
      return `{${rest}}`
    default:
      return `?${key}`
  }
}

// One thing to do, as plain data: the same for both servers, and again when it is played later.

import { isList, isObject, type Json, type JsonObject } from '@mainstay/core/object/json.ts'

/**
 * An operation. In texts `%ns%` stands for the namespace, `%uid%` for the object's uid, `%rv%` for its resource version
 * and `%old%` for an earlier one: each server has its own.
 */
export interface Operation {
  /** The kind, as the list of kinds names it. */
  readonly kind: string
  /** The version that is asked for, as `apps/v1`. */
  readonly version: string
  /** null for the collection. */
  readonly name: string | null
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly sub?: string
  readonly query?: Readonly<Record<string, string>>
  readonly type?: string
  readonly accept?: string
  readonly body?: Json
  /** `live`: the body is merged into what a GET answers just before. */
  readonly from?: 'live'
  /** `pages`: a list is read to its end; `away`: what was created is deleted again. */
  readonly after?: 'pages' | 'away'
}

/** What stands for placeholders. */
export interface Known {
  readonly ns: string
  readonly uid: string
  readonly rv: string
  readonly old: string
}

/** A value with its placeholders filled in. */
export function filledIn(value: Json, known: Known): Json {
  return JSON.parse(filledText(JSON.stringify(value), known)) as Json // It was JSON, and the words need no escape.
}

/** A text with its placeholders filled in. */
export function filledText(text: string, known: Known): string {
  return text
    .replaceAll('%ns%', known.ns)
    .replaceAll('%uid%', known.uid)
    .replaceAll('%rv%', known.rv)
    .replaceAll('%old%', known.old)
}

/** A JSON merge patch, as a client applies it. */
export function merged(value: Json, patch: Json): Json {
  if (!isObject(patch)) return patch
  const made: Record<string, Json> = isObject(value) ? { ...value } : {}
  for (const [key, item] of Object.entries(patch)) {
    if (item === null) delete made[key]
    else made[key] = merged(made[key] ?? null, item)
  }
  return made
}

/** An operation in a line: `PATCH Deployment a/status apply fieldManager=ana {…}`. */
export function told(operation: Operation, width = 400): string {
  const { kind, version, name, method, sub, query, type, accept, body, from, after } = operation
  const about = `${kind}${version.includes('/') ? ` (${version})` : ''} ${name ?? '*'}${sub === undefined ? '' : `/${sub}`}`
  const asked = Object.entries(query ?? {}).map(([key, value]) => `${key}=${value}`)
  const typed = type === undefined ? [] : [type.replace('application/', '').replace(/\+(json|yaml)$/, '')]
  const sent = body === undefined ? [] : [JSON.stringify(body)]
  const more = [...(accept === undefined ? [] : [accept]), ...(after === undefined ? [] : [`then ${after}`])]
  const line = [
    method,
    about,
    ...(from === undefined ? [] : ['of what is there']),
    ...typed,
    ...asked,
    ...more,
    ...sent,
  ].join(' ')
  return line.length > width ? `${line.slice(0, width)}…` : line
}

/** The first member of a list of objects with this text. */
export function isNamed(value: Json, name: string): boolean {
  return isObject(value) && value.name === name
}

/** Members of an object or list, deepest last. */
export function pathsOf(
  value: Json,
  here: readonly (string | number)[] = [],
): readonly (readonly (string | number)[])[] {
  const entries: readonly (readonly [string | number, Json])[] = isList(value)
    ? value.map((item, index) => [index, item] as const)
    : isObject(value)
      ? Object.entries(value)
      : []
  return entries.flatMap(([key, item]) => [[...here, key], ...pathsOf(item, [...here, key])])
}

/** The value at a path. */
export function valueAt(value: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  let here = value
  for (const key of path)
    here = isList(here) ? here[Number(key)] : isObject(here) ? (here as JsonObject)[key] : undefined
  return here
}

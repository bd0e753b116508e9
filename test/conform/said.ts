// What a check compares: short forms of answers that leave out only what every such answer has, and fail without it.

import { isList, isObject, type Json, type JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { type Answer, type Desk, valueAt } from './desk.ts'

/**
 * A refusal in one line (`404 NotFound: pods "a" not found (name a, kind pods)`), with a line for each cause where it
 * names some; anything else as status and body. What every refusal has in common is held here.
 */
export function said(answer: Answer): Json {
  const { body, status } = answer
  if (!isObject(body) || body.kind !== 'Status' || body.status !== 'Failure') return { status, body }
  const { kind, apiVersion, metadata, status: word, code, reason, message, details, ...rest } = body
  expect({ kind, apiVersion, metadata, status: word, code, rest }).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    code: status,
    rest: {},
  })
  expect(answer.header('content-type')).toBe('application/json')
  const line = `${[status, reason].filter((one) => one !== undefined).join(' ')}: ${message}${detailsText(details)}`
  const causes = causesOf(details)
  return causes.length === 0 ? line : [line, ...causes]
}

function detailsText(details: Json | undefined): string {
  if (!isObject(details)) return ''
  const known = ['name', 'group', 'kind', 'uid', 'retryAfterSeconds', 'causes']
  const others = Object.keys(details).filter((key) => !known.includes(key))
  const keys = [...known.slice(0, -1).filter((key) => key in details), ...others]
  return ` (${keys.map((key) => `${key} ${String(details[key])}`).join(', ')})`
}

function causesOf(details: Json | undefined): readonly string[] {
  const causes = valueAt(details, 'causes')
  if (!isList(causes)) return []
  return causes.map((cause) => {
    const told = `${valueAt(cause, 'reason') ?? 'no reason'}: ${valueAt(cause, 'message') ?? 'no message'}`
    const field = valueAt(cause, 'field')
    return field === undefined ? told : `${String(field)}: ${told}`
  })
}

/**
 * The causes of a 422, one a line: `spec.replicas: FieldValueInvalid: Invalid value: -1: must be …`. The rest of the
 * answer is held against the form that all of these have. Another answer is a line that says what it was instead.
 */
export function faults(answer: Answer): Json {
  const { body, status } = answer
  const causes = isObject(body) ? valueAt(body, 'details', 'causes') : undefined
  if (status !== 422 || !isObject(body) || !isList(causes)) return said(answer)
  const [, ...lines] = said(answer) as readonly string[] // There are causes.
  const told = new Set(causes.map((cause) => `${textOf(cause, 'field')}: ${textOf(cause, 'message')}`))
  const tail = told.size === 1 ? [...told][0] : `[${[...told].join(', ')}]`
  const { group, kind = '', name = '' } = body.details as JsonObject // There are causes in it.
  const message = `${kind}${group === undefined ? '' : `.${group}`} "${name}" is invalid: ${tail}`
  expect({ reason: body.reason, message: body.message }).toEqual({ reason: 'Invalid', message })
  return lines
}

/** The same in alphabetical order: the real server goes through what a schema names in an order of chance. */
export function sortedFaults(answer: Answer): Json {
  const lines = faults(answer)
  return isList(lines) ? lines.toSorted() : lines
}

function textOf(value: Json | undefined, key: string): string {
  return String(valueAt(value, key))
}

/** Names of the items of a list, in order. */
export function names(answer: Answer): readonly Json[] {
  const items = valueAt(answer.body, 'items')
  if (!isList(items)) throw new Error(`no list: ${answer.text}`)
  return items.map((item) => valueAt(item, 'metadata', 'name') ?? null)
}

/** One part of the body, by dots: `spec.template`. The whole answer where it was refused. */
export function part(answer: Answer, path: string): Json {
  if (answer.status >= 300) return said(answer)
  return valueAt(answer.body, ...path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key))) ?? null
}

/** Asks for a Table, as kubectl does. */
export const acceptTable = 'application/json;as=Table;v=v1;g=meta.k8s.io'

/** Columns as `Name` or `Name (wide)`, and the cells of each row. Ages are left out. */
export function table(answer: Answer): unknown {
  const columns = valueAt(answer.body, 'columnDefinitions')
  const rows = valueAt(answer.body, 'rows')
  if (!Array.isArray(columns) || !Array.isArray(rows)) return said(answer)
  const names = columns.map(
    (column) => `${valueAt(column, 'name')}${valueAt(column, 'priority') === 0 ? '' : ' (wide)'}`,
  )
  const cells = rows.map((row) => {
    const list = valueAt(row, 'cells')
    return Array.isArray(list) ? list.map((cell, index) => (names[index]?.startsWith('Age') ? 'AGE' : cell)) : null
  })
  return [names.join(', '), ...cells]
}

/** The Table of a collection after an object was created; `until` names a field of the status to wait for. */
export async function shown(at: Desk, collection: string, object: JsonObject, until?: string): Promise<unknown> {
  await at.given(collection, object)
  if (until !== undefined)
    await at.eventually(`${collection}/a`, (answer) => valueAt(answer.body, 'status', until) !== undefined)
  return table(await at.get(collection, { accept: acceptTable }))
}

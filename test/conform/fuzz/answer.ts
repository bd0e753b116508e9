// Answers in the form in which two servers must agree, and where they do not.

import { isList, isObject, type Json, type JsonObject } from '@mainstay/core/object/json.ts'
import { normalText } from '../normal.ts'
import type { Reply } from '../subject.ts'

/** An answer, as it came and as it is compared. */
export interface Answer {
  readonly status: number
  readonly raw: Json
  readonly compared: JsonObject
}

/** Reads an answer. `ns` is the namespace of the episode. */
export async function answerOf(reply: Reply): Promise<Answer> {
  const text = await reply.text()
  const raw = parsed(text)
  const warnings = warningsOf(reply.headers.get('warning') ?? '')
  return {
    status: reply.status,
    raw,
    compared: { status: reply.status, ...(warnings.length === 0 ? {} : { warnings }), body: comparable(raw) },
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json // Everything that JSON.parse gives is Json.
  } catch {
    return text
  }
}

function warningsOf(header: string): readonly string[] {
  return [...header.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map((match) =>
    plain((match[1] ?? '').replace(/\\(.)/g, '$1')),
  )
}

/** Names that the server makes. */
const generated = /\bgen-[a-z0-9]{5}\b/g

/** Versions of objects in texts: in a patch as Go prints it, and where preconditions are held against them. */
const versions =
  /(\bresourceVersion:|ResourceVersion in (?:(?:the precondition|record) \(|precondition: |object meta: ))[1-9]\d*/g

/** A port that the server gave out, where a text quotes the object as JSON. */
const givenPort = /(odePort\\*":)3\d{4}/g

/** What is wrong with an applied object is told in any order. */
function sortedComplaints(text: string): string {
  const [head = '', ...complaints] = text.split('\n  ')
  return head.endsWith('errors:') ? [head, ...complaints.sort()].join('\n  ') : text
}

/** Below some refusals the server prints a difference of its own types: "debugging aid", it says. */
const debugging = /\s*\n\s*@@[\s\S]*$/

function plain(text: string): string {
  return sortedComplaints(normalText(text))
    .replace(generated, 'gen-SIGNS')
    .replace(versions, '$1RV')
    .replace(givenPort, '$1PORT')
    .replace(debugging, '')
}

/** A value without what is one server's alone. */
export function comparable(value: Json): Json {
  if (typeof value === 'string') return plain(value)
  if (isList(value)) return value.map(comparable)
  if (!isObject(value)) return value
  const causes = causesOf(value)
  if (causes !== null && causes.length > 1) return manyCauses(value, causes)
  const made = Object.fromEntries(Object.entries(value).map(([key, item]) => [plain(key), field(key, item)]))
  return isList(value.items) && isList(made.items) ? { ...made, items: inOrder(value.items, made.items) } : made
}

/** Objects of a list come by their names, which tells nothing where the server has made them. */
function inOrder(items: readonly Json[], compared: readonly Json[]): readonly Json[] {
  const nameOf = (item: Json): Json | undefined =>
    isObject(item) && isObject(item.metadata) ? item.metadata.name : undefined
  const made = items.filter((item) => String(nameOf(item) ?? '').search(generated) === 0)
  if (made.length < 2) return compared
  return compared
    .map((item) => JSON.stringify(item))
    .sort()
    .map((text) => JSON.parse(text) as Json) // It was Json.
}

const ports: ReadonlySet<string> = new Set(['nodePort', 'healthCheckNodePort'])

function field(key: string, value: Json): Json {
  if (key === 'resourceVersion' && typeof value === 'string' && /^[1-9]\d*$/.test(value)) return 'RV'
  if (ports.has(key) && typeof value === 'number' && value >= 30_000) return 'PORT'
  if (key === 'continue' && typeof value === 'string' && value !== '') return 'CONTINUE'
  return comparable(value)
}

function causesOf(value: JsonObject): readonly Json[] | null {
  if (value.kind !== 'Status' || !isObject(value.details)) return null
  return isList(value.details.causes) ? value.details.causes : null
}

/** Several causes come in any order where the server goes through a map, and the message is made of them. */
function manyCauses(status: JsonObject, causes: readonly Json[]): JsonObject {
  const sorted = causes.map((each) => JSON.stringify(comparable(each))).sort()
  return {
    reason: status.reason ?? null,
    code: status.code ?? null,
    causes: sorted.map((each) => JSON.parse(each) as Json),
  }
}

/** Where two values differ, a line each: `spec.replicas: 1 | 2`, the real server's first. */
export function differences(real: Json | undefined, ours: Json | undefined, path = ''): readonly string[] {
  if (isList(real) && isList(ours)) {
    const length = Math.max(real.length, ours.length)
    return Array.from({ length }, (_, at) => differences(real[at], ours[at], `${path}[${at}]`)).flat()
  }
  if (isObject(real) && isObject(ours)) {
    const keys = [...new Set([...Object.keys(real), ...Object.keys(ours)])]
    return keys.flatMap((key) => differences(real[key], ours[key], path === '' ? key : `${path}.${key}`))
  }
  if (real === ours) return []
  return [`${path}: ${short(real)} | ${short(ours)}`]
}

function short(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

// Requests that a differential test asks of the sandbox and of the real API server, and what of the answers must be equal.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'

/** One request. In paths and bodies `NS` stands for the namespace of the test and `GROUP` for its API group. */
export interface Step {
  readonly method: string
  readonly path: string
  readonly body?: Json
  readonly type?: string
  /** Asked again until the answer is none of this status: on the real server things take their time. */
  readonly until?: number
}

/** An answer of either server. */
export interface Said {
  readonly status: number
  readonly body: Json
}

/** A step with the names of one run put in. */
export function named(step: Step, names: Readonly<Record<string, string>>): Step {
  const text = Object.entries(names).reduce((all, [word, name]) => all.replaceAll(word, name), JSON.stringify(step))
  return JSON.parse(text) as Step // Written as a Step one line before.
}

const OWN = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'lastTransitionTime',
  'time',
  'storageVersionHash',
  'continue',
])

/** An answer without what is one server's alone. */
export function comparable(value: Json, names: Readonly<Record<string, string>>): Json {
  const text = Object.entries(names).reduce((all, [word, name]) => all.replaceAll(name, word), JSON.stringify(value))
  const plain = text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID')
    .replaceAll(/in record \(\d+\)/g, 'in record (VERSION)')
  return without(JSON.parse(plain) as Json)
}

function without(value: Json): Json {
  if (isList(value)) return value.map(without)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, OWN.has(key) && typeof item === 'string' ? 'OWN' : without(item)]),
  )
}

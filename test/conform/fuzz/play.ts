// Plays operations on both servers in lock-step and compares every answer.

import { isObject, type Json, type JsonObject } from '@mainstay/core/object/json.ts'
import type { Init } from '../subject.ts'
import { type Answer, differences } from './answer.ts'
import { exceptionOf } from './exceptions.ts'
import type { FuzzKind } from './kind.ts'
import { kindNamed } from './kinds.ts'
import { filledIn, filledText, type Known, merged, type Operation, valueAt } from './operation.ts'
import { askBoth, type Both, type Pair, type Sent } from './pair.ts'

/** Where both servers say different things. */
export interface Difference {
  /** Which request of the operation it was. */
  readonly step: string
  readonly lines: readonly string[]
  /** Both answers as they were compared. */
  readonly real: Json
  readonly ours: Json
}

/** A difference that was let pass. */
export interface Excused {
  readonly reason: string
  readonly operation: Operation
  readonly difference: Difference
}

/** What one server has told of an object. */
interface Memory {
  uid: string
  rv: string
  old: string
}

/** Plays operations in one namespace that both servers have. */
export class Player {
  readonly #pair: Pair
  readonly #ns: string
  readonly #real = new Map<string, Memory>()
  readonly #ours = new Map<string, Memory>()
  /** How many requests each server got. */
  requests = 0
  /** What was let pass. */
  readonly excused: Excused[] = []

  constructor(pair: Pair, ns: string) {
    this.#pair = pair
    this.#ns = ns
  }

  /** One operation; null where both answer alike. */
  async play(operation: Operation): Promise<Difference | null> {
    const kind = kindNamed(operation.kind)
    const path = pathOf(kind, operation)
    let bodies: readonly [Json | undefined, Json | undefined] = [operation.body, operation.body]
    if (operation.from === 'live') {
      const got = await this.#both(operation, 'GET', path, [undefined, undefined], { step: 'GET before', query: {} })
      if (!('real' in got.answers)) return got.difference
      if (got.difference !== null) return got.difference
      const { real, ours } = got.answers
      bodies = [edited(real, operation.body), edited(ours, operation.body)]
    }
    const done = await this.#both(operation, operation.method, path, bodies, { step: operation.method })
    if (done.difference !== null) return done.difference
    if (operation.after === 'pages') return this.#pages(operation, path, done.answers)
    return operation.after === 'away' ? this.#away(operation, path, done.answers) : null
  }

  /** The rest of a list. */
  async #pages(operation: Operation, path: string, first: Both): Promise<Difference | null> {
    let answers = first
    for (let page = 2; page < 20; page += 1) {
      const tokens = [tokenOf(answers.real), tokenOf(answers.ours)] as const
      if (tokens[0] === '' || tokens[1] === '') return null
      const queries = tokens.map((token) => ({ ...operation.query, continue: token })) as unknown as Queries // As many.
      const got = await this.#both(operation, 'GET', path, [undefined, undefined], { step: `page ${page}`, queries })
      if (got.difference !== null) return got.difference
      answers = got.answers
    }
    return null
  }

  /** Deletes what got a name from the server. */
  async #away(operation: Operation, path: string, { real, ours }: Both): Promise<Difference | null> {
    const names = [real, ours].map(({ status, raw }) =>
      status === 201 ? valueAt(raw, ['metadata', 'name']) : undefined,
    )
    if (typeof names[0] !== 'string' || typeof names[1] !== 'string') return null
    const dry = operation.query?.dryRun !== undefined
    const paths = names.map((name) => `${path}/${String(name)}`) as unknown as readonly [string, string] // As many.
    if (dry) return null
    const options = { gracePeriodSeconds: 0 }
    const got = await this.#both(operation, 'DELETE', paths, [options, options], { step: 'DELETE after', query: {} })
    return got.difference
  }

  async #both(
    operation: Operation,
    method: string,
    path: string | readonly [string, string],
    bodies: readonly [Json | undefined, Json | undefined],
    choice: { readonly step: string; readonly query?: Readonly<Record<string, string>>; readonly queries?: Queries },
  ): Promise<{ readonly answers: Both; readonly difference: Difference | null }> {
    const { step, query = operation.query ?? {}, queries = [query, query] } = choice
    const [one, two] = typeof path === 'string' ? [path, path] : path
    const typed = method === 'PATCH' || method === operation.method ? operation.type : undefined
    const send = (side: Map<string, Memory>, at: string, index: 0 | 1): Sent => {
      const known = this.#known(side, operation)
      const asked = new URLSearchParams(
        Object.entries(queries[index]).map(([key, value]): [string, string] => [key, filledText(value, known)]),
      )
      const text = asked.size === 0 ? '' : `?${asked}`
      return {
        path: `${filledText(at, known)}${text}`,
        init: initOf(method, bodies[index], typed, operation.accept, known),
      }
    }
    const answers = await askBoth(this.#pair, send(this.#real, one, 0), send(this.#ours, two, 1))
    this.requests += 1
    const moved = method === 'PUT' || method === 'PATCH'
    const real = moved ? withMoved(this.#real, operation, answers.real) : answers.real
    const ours = moved ? withMoved(this.#ours, operation, answers.ours) : answers.ours
    remember(this.#real, this.#ns, operation, answers.real)
    remember(this.#ours, this.#ns, operation, answers.ours)
    return { answers, difference: this.#judged(operation, step, { real, ours }) }
  }

  #known(side: Map<string, Memory>, { kind, name }: Operation): Known {
    const memory = side.get(`${kind}/${name}`) ?? { uid: 'none', rv: '1', old: '1' }
    return { ns: this.#ns, ...memory }
  }

  #judged(operation: Operation, step: string, { real, ours }: Both): Difference | null {
    const lines = differences(real.compared, ours.compared)
    if (lines.length === 0) return null
    const difference = { step, lines, real: real.compared, ours: ours.compared }
    const reason = exceptionOf(operation, difference)
    if (reason === null) return difference
    this.excused.push({ reason, operation, difference })
    return null
  }
}

type Queries = readonly [Readonly<Record<string, string>>, Readonly<Record<string, string>>]

/** Where the objects of a kind are, with placeholders. */
export function collectionOf(kind: FuzzKind, version: string): string {
  const root = version.includes('/') ? `/apis/${version}` : `/api/${version}`
  return `${root}${kind.namespaced ? '/namespaces/%ns%' : ''}/${kind.plural}`
}

function pathOf(kind: FuzzKind, { version, name, sub }: Operation): string {
  const collection = collectionOf(kind, version)
  return `${collection}${name === null ? '' : `/${name}`}${sub === undefined ? '' : `/${sub}`}`
}

function initOf(
  method: string,
  body: Json | undefined,
  type: string | undefined,
  accept: string | undefined,
  known: Known,
): Init {
  return {
    method,
    headers: {
      'user-agent': 'fuzz/1.0',
      accept: accept ?? 'application/json',
      ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(filledIn(body, known)) }),
  }
}

function edited({ status, raw }: Answer, edit: Json | undefined): Json {
  return merged(status === 200 ? raw : {}, edit ?? {})
}

function tokenOf({ raw }: Answer): string {
  const token = valueAt(raw, ['metadata', 'continue'])
  return typeof token === 'string' ? token : ''
}

/** An answer that also says whether the object got another version. */
function withMoved(side: Map<string, Memory>, { kind, name }: Operation, answer: Answer): Answer {
  const before = side.get(`${kind}/${name}`)
  const version = valueAt(answer.raw, ['metadata', 'resourceVersion'])
  if (before === undefined || answer.status !== 200 || typeof version !== 'string') return answer
  return { ...answer, compared: { ...answer.compared, moved: before.rv !== version } }
}

function remember(side: Map<string, Memory>, ns: string, { kind, name }: Operation, { status, raw }: Answer): void {
  const metadata = isObject(raw) && isObject(raw.metadata) ? (raw.metadata as JsonObject) : {}
  if (status >= 300 || typeof metadata.uid !== 'string') return
  // A create answers with the name; everything else has it in its path.
  const key = `${kind}/${name ?? String(metadata.name).replace(ns, '%ns%')}`
  const rv = typeof metadata.resourceVersion === 'string' ? metadata.resourceVersion : '1'
  const before = side.get(key)
  const old = before === undefined || before.rv === rv ? (before?.old ?? rv) : before.rv
  side.set(key, { uid: metadata.uid, rv, old })
}

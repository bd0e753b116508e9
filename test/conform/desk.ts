// Where a check works: one subject, one fresh namespace, and short words for what is asked of an API server.

import { isObject, type Json } from '@mainstay/core/object/json.ts'
import { managers, normal, normalText } from './normal.ts'
import type { Subject } from './subject.ts'
import { openWatch, type Watch } from './watch.ts'

/** An answer, as it came and without what is one server's alone. */
export interface Answer {
  readonly status: number
  readonly header: (name: string) => string | null
  /** Texts of the Warning headers, in order. */
  readonly warnings: readonly string[]
  /** The body, normalised; a text where it is no JSON. */
  readonly body: Json
  /**
   * Who owns which fields, a line for each entry of managedFields, sorted: the order of the entries depends on when
   * in a second something was done. What controllers own is left out: they come when they come.
   */
  readonly managers: readonly string[]
  /** The body as the server sent it. */
  readonly raw: Json
  readonly text: string
}

/** A body: a text is sent as it is, everything else as JSON. */
export type Body = Json | undefined

/** Headers by name. */
export type Headers = Readonly<Record<string, string>>

/** How an apply is done; the manager is `ana` unless said otherwise. */
export interface ApplyChoice {
  readonly manager?: string
  readonly force?: boolean
  /** More of the query, without `&`. */
  readonly query?: string
  /** Another type than JSON. */
  readonly type?: string
}

/** How long a condition may take on a real server. */
const patienceMs = 30_000
/** How often a sandbox is let go on before a condition counts as not met. */
const patienceRounds = 400

/** The subject from the place of one check. In paths, `~` stands for `namespaces/` and the check's own namespace. */
export class Desk {
  readonly subject: Subject
  /** The check's namespace: fresh, with its default ServiceAccount. Read as `NS` in normalised answers. */
  readonly ns: string
  readonly #renames: [string, string][]
  readonly #ends: (() => Promise<unknown>)[] = []

  constructor(subject: Subject, ns: string) {
    this.subject = subject
    this.ns = ns
    this.#renames = [[ns, 'NS']]
  }

  /** A second fresh namespace, read as `NS2` and so on. */
  async other(): Promise<string> {
    const name = await this.subject.namespace()
    this.#renames.push([name, `NS${this.#renames.length + 1}`])
    return name
  }

  /** Has a name that differs from server to server read as `word`. */
  rename(name: string, word: string): void {
    this.#renames.unshift([name, word])
  }

  async ask(method: string, path: string, body?: Body, headers: Headers = {}): Promise<Answer> {
    const reply = await this.subject.fetch(this.path(path), {
      method,
      headers: {
        'user-agent': 'conform/1.0',
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await reply.text()
    const raw = parsed(text)
    const header = (name: string): string | null => reply.headers.get(name)
    const warnings = warningTexts(header('warning') ?? '').map((one) => normalText(one, this.#renames))
    const owners = managers(raw)
      .filter((one) => !one.startsWith('kube-controller-manager '))
      .map((one) => normalText(one, this.#renames))
      .sort()
    return { status: reply.status, header, warnings, managers: owners, raw, text, body: this.normal(raw) }
  }

  get(path: string, headers?: Headers): Promise<Answer> {
    return this.ask('GET', path, undefined, headers)
  }

  post(path: string, body: Body, headers?: Headers): Promise<Answer> {
    return this.ask('POST', path, body, headers)
  }

  put(path: string, body: Body, headers?: Headers): Promise<Answer> {
    return this.ask('PUT', path, body, headers)
  }

  delete(path: string, options?: Body, headers?: Headers): Promise<Answer> {
    return this.ask('DELETE', path, options, headers)
  }

  /** JSON patch. */
  jsonPatch(path: string, patch: Body): Promise<Answer> {
    return this.ask('PATCH', path, patch, { 'content-type': 'application/json-patch+json' })
  }

  /** JSON merge patch. */
  merge(path: string, patch: Body): Promise<Answer> {
    return this.ask('PATCH', path, patch, { 'content-type': 'application/merge-patch+json' })
  }

  /** Strategic merge patch. */
  strategic(path: string, patch: Body): Promise<Answer> {
    return this.ask('PATCH', path, patch, { 'content-type': 'application/strategic-merge-patch+json' })
  }

  /** Server-side apply. */
  apply(path: string, object: Body, choice: ApplyChoice = {}): Promise<Answer> {
    const { manager = 'ana', force, query, type = 'application/apply-patch+yaml' } = choice
    const parts = [
      ...(manager === '' ? [] : [`fieldManager=${encodeURIComponent(manager)}`]),
      ...(force === undefined ? [] : [`force=${force}`]),
      ...(query === undefined ? [] : [query]),
    ]
    return this.ask('PATCH', `${path}${path.includes('?') ? '&' : '?'}${parts.join('&')}`, object, {
      'content-type': type,
    })
  }

  /** Creates an object that the check needs; throws where it cannot be. */
  async given(path: string, body: Body): Promise<Json> {
    const made = await this.post(path, body)
    if (made.status !== 201) throw new Error(`cannot create at ${path}: ${made.text}`)
    return made.raw
  }

  /** Looks until the answer is what is waited for; throws with the last answer where that does not come. */
  async eventually(path: string, fits: (answer: Answer) => boolean): Promise<Answer> {
    const deadline = performance.now() + patienceMs
    for (let round = 0; ; round += 1) {
      const answer = await this.get(path)
      if (fits(answer)) return answer
      const over = this.subject.name === 'real' ? performance.now() > deadline : round > patienceRounds
      if (over) throw new Error(`not what was waited for at ${path}: ${answer.text}`)
      await this.subject.settle()
    }
  }

  /** Opens a watch, which ends with the check. */
  async watch(path: string, accept?: string): Promise<Watch> {
    const watch = await openWatch(this.subject, this.path(path), (value) => this.normal(value), accept)
    this.#ends.push(async () => watch.end())
    return watch
  }

  /** Has something done when the check is over. */
  after(act: () => Promise<unknown>): void {
    this.#ends.push(act)
  }

  /** Ends what the check opened. */
  async end(): Promise<void> {
    for (const end of this.#ends) await end()
  }

  /** The path that a short one stands for. */
  path(path: string): string {
    return path.replaceAll('~', `namespaces/${this.ns}`)
  }

  /** A value as checks read it. */
  normal(value: Json): Json {
    return normal(value, this.#renames)
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json // Everything that JSON.parse gives is Json.
  } catch {
    return text
  }
}

/** Several Warning headers arrive as one text, joined by commas. */
function warningTexts(header: string): readonly string[] {
  const each = /299 - "((?:[^"\\]|\\.)*)"/g
  return [...header.matchAll(each)].map((match) => (match[1] ?? '').replace(/\\(.)/g, '$1'))
}

/** The value at a path of keys and indices; undefined where there is none. */
export function valueAt(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let here: Json | undefined = value
  for (const key of path) {
    if (typeof key === 'number') here = Array.isArray(here) ? here[key] : undefined
    else here = isObject(here) ? here[key] : undefined
  }
  return here
}

/** The text at a path; throws where there is none. */
export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string {
  const found = valueAt(value, ...path)
  if (typeof found !== 'string') throw new Error(`no text at ${path.join('.')}: ${JSON.stringify(value)}`)
  return found
}

// Typed reading of a JSON object, field by field: wrong types become problems, fields nobody asked for become findings.
import { fieldPath } from '../object/canonical.ts'
import type { Json, JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import type { Problem } from '../object/problem.ts'
import type { Finding, Level } from '../policy/finding.ts'
import { nearestWord } from './spelling.ts'

/** What one reading found, filled while it goes on; owned by the function that began it. */
export interface Notes {
  /** File and line of the document. */
  readonly where: string
  readonly problems: Problem[]
  readonly findings: Finding[]
}

/** A list item with the path of its place. */
export interface Item {
  readonly value: Json
  readonly path: string
}

/**
 * A JSON object being read. Null and absent are the same (trap T02); a value of another type is a problem and reads as
 * absent. `finish` turns every field that was never asked for into an `unknown-field` finding, so none is dropped
 * silently.
 */
export interface Fields {
  readonly path: string
  has(name: string): boolean
  text(name: string): string | null
  /** A text that is not empty; absent is a problem. */
  required(name: string, fix: string): string | null
  flag(name: string): boolean | null
  integer(name: string): number | null
  texts(name: string): readonly string[]
  textMap(name: string): Readonly<Record<string, string>>
  list(name: string): readonly Item[]
  object(name: string): JsonObject | null
  child(name: string): Fields | null
  /** The value as it stands, for fields that take several types. */
  any(name: string): Json | null
  problem(name: string | null, what: string, fix: string): void
  finish(unknownLevel: Level): void
}

/** Begins reading an object; null (with a problem) where the value is something else. */
export function readFields(value: Json | undefined, path: string, notes: Notes): Fields | null {
  if (isObject(value)) return new FieldReader(value, path, notes)
  notes.problems.push({
    where: notes.where,
    field: path === '' ? null : path,
    what: `${path === '' ? 'the document' : path} is ${describe(value ?? null)}, it must be an object`,
    fix: 'write fields under it',
  })
  return null
}

/** A value's type in words, without the value: it may be a secret. */
export function describe(value: Json): string {
  if (value === null) return 'null'
  if (isList(value)) return 'a list'
  switch (typeof value) {
    case 'string':
      return 'a text'
    case 'boolean':
      return 'true or false'
    case 'object':
      return 'an object'
    default:
      return 'a number'
  }
}

/** Reads one object and remembers which fields were asked for. */
class FieldReader implements Fields {
  readonly path: string
  readonly #value: JsonObject
  readonly #notes: Notes
  readonly #asked = new Set<string>()

  constructor(value: JsonObject, path: string, notes: Notes) {
    this.#value = value
    this.path = path
    this.#notes = notes
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#value, name) && this.#value[name] !== null
  }

  any(name: string): Json | null {
    this.#asked.add(name)
    return Object.hasOwn(this.#value, name) ? (this.#value[name] ?? null) : null
  }

  text(name: string): string | null {
    return this.#typed(name, isText, 'a text', 'put it in quotes')
  }

  required(name: string, fix: string): string | null {
    const given = this.text(name)
    if (given !== null && given !== '') return given
    if (given === '' || !this.has(name)) this.problem(name, 'is missing', fix)
    return null
  }

  flag(name: string): boolean | null {
    return this.#typed(name, isFlag, 'true or false', 'write true or false without quotes')
  }

  integer(name: string): number | null {
    return this.#typed(name, isInteger, 'a whole number', 'write digits without quotes')
  }

  texts(name: string): readonly string[] {
    return this.list(name).flatMap((item) => textItem(item, this.#notes))
  }

  textMap(name: string): Readonly<Record<string, string>> {
    return readTextMap(this.object(name), this.#at(name), this.#notes)
  }

  list(name: string): readonly Item[] {
    const items = this.#typed(name, isList, 'a list', 'write one item a line, each after a dash') ?? []
    return items.map((value, index) => ({ value, path: `${this.#at(name)}[${index}]` }))
  }

  object(name: string): JsonObject | null {
    return this.#typed(name, isObject, 'an object', 'write fields under it')
  }

  child(name: string): Fields | null {
    const given = this.object(name)
    return given === null ? null : new FieldReader(given, this.#at(name), this.#notes)
  }

  problem(name: string | null, what: string, fix: string): void {
    const field = name === null ? this.path : this.#at(name)
    this.#notes.problems.push({ where: this.#notes.where, field, what: `${field} ${what}`, fix })
  }

  finish(level: Level): void {
    const unknown = Object.keys(this.#value).filter((name) => !this.#asked.has(name))
    for (const name of unknown) {
      this.#notes.findings.push(unknownField(this.#at(name), nearestWord(name, this.#asked), level))
    }
  }

  #at(name: string): string {
    return fieldPath(this.path, name)
  }

  #typed<T extends Json>(name: string, is: (given: Json) => given is T, wanted: string, fix: string): T | null {
    const given = this.any(name)
    if (given === null || is(given)) return given
    this.problem(name, `is ${describe(given)}, it must be ${wanted}`, fix)
    return null
  }
}

function textItem(item: Item, notes: Notes): readonly string[] {
  if (typeof item.value === 'string') return [item.value]
  const what = `${item.path} is ${describe(item.value)}, it must be a text`
  notes.problems.push({ where: notes.where, field: item.path, what, fix: 'put it in quotes' })
  return []
}

function readTextMap(map: JsonObject | null, path: string, notes: Notes): Readonly<Record<string, string>> {
  const entries = Object.entries(map ?? {}).flatMap(([key, value]) =>
    textItem({ value, path: fieldPath(path, key) }, notes).map((text): [string, string] => [key, text]),
  )
  return Object.fromEntries(entries)
}

/** A field that nothing reads: Mainstay would act as if it were not there. */
function unknownField(path: string, meant: string | null, level: Level): Finding {
  const text = meant === null ? 'check its spelling, or remove it' : `write ${meant}, or remove it`
  return {
    rule: 'unknown-field',
    level,
    ref: null,
    title: `${path} is not a field of an Application`,
    what: 'it is not read: the plan is made as if it were not there',
    fixes: [{ kind: 'do', text }],
  }
}

function isText(value: Json): value is string {
  return typeof value === 'string'
}

function isFlag(value: Json): value is boolean {
  return typeof value === 'boolean'
}

function isInteger(value: Json): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

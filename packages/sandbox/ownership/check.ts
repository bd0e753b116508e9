// Holds an object against its type before it is merged, and words what is wrong as the real server does.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { goSyntax, goText, goType } from '../patch/go-text.ts'
import { isPassing, Recent } from '../schema/recent.ts'
import { elementText } from './element.ts'
import { identify } from './item.ts'
import type { ListShape, MapShape, ScalarShape, Shape } from './shape.ts'

/** Something wrong; the path grows outwards while it is handed up. */
interface Complaint {
  path: string
  readonly what: string
}

/** What is wrong with an object, in one text; null for nothing. `twice`: a list may hold an item twice. */
export function complaintsOf(object: JsonObject, shape: Shape, twice: boolean): string | null {
  const complaints = new Checker(twice, object).value(object, shape)
  const [first] = complaints
  if (first === undefined) return null
  if (complaints.length === 1) return told(first)
  return ['errors:', ...complaints.map((each) => `  ${told(each)}`)].join('\n')
}

/** Larger parts of live objects are known again: they are held against their types with every request. */
const fine = new Recent<JsonObject | readonly Json[], Shape>()

/** An object with fewer values than this is checked sooner than it is remembered. */
const LARGE = 6

function told({ path, what }: Complaint): string {
  return path === '' ? what : `${path}: ${what}`
}

const FINE: Complaint[] = []

class Checker {
  readonly #twice: boolean
  readonly #root: JsonObject
  /** Values that were checked so far. */
  #count = 0
  /** Values that were known, or are so from now on. */
  #known = 0

  constructor(twice: boolean, root: JsonObject) {
    this.#twice = twice
    this.#root = root
  }

  value(value: Json, shape: Shape): Complaint[] {
    this.#count++
    if (value === null) return FINE
    switch (shape.kind) {
      case 'scalar':
        return checkScalar(value, shape)
      case 'map':
        return isObject(value) ? this.#object(value, shape) : wrong(`expected map, got ${held(value)}`)
      case 'list':
        return isList(value) ? this.#list(value, shape) : wrong(`expected list, got ${held(value)}`)
      case 'free':
        return FINE
    }
  }

  #object(value: JsonObject, shape: MapShape): Complaint[] {
    if (this.#twice && fine.get(value) === shape) {
      return this.#pass()
    }
    const begun = this.#count
    let complaints = FINE
    for (const name in value) {
      const item = value[name]
      if (item === undefined) continue
      const inner = shape.declared(name)?.shape ?? shape.rest
      const found = inner === null ? wrong('field not declared in schema') : this.value(item, inner)
      if (found.length > 0) complaints = [...complaints, ...below(`.${name}`, found)]
      if (inner === null) break
    }
    const large = this.#count - begun >= LARGE
    if (this.#twice && complaints.length === 0 && large && !isPassing(this.#root, value)) this.#know(value, shape)
    return complaints
  }

  #pass(): Complaint[] {
    this.#count += LARGE
    this.#known++
    return FINE
  }

  #know(value: JsonObject | readonly Json[], shape: Shape): void {
    fine.set(value, shape)
    this.#known++
  }

  /** A list of small objects is known as one; one of larger objects changes with each of them. */
  #list(value: readonly Json[], shape: ListShape): Complaint[] {
    if (!this.#twice || shape.items.kind === 'scalar') return this.#items(value, shape)
    if (fine.get(value) === shape) return this.#pass()
    const [begun, known] = [this.#count, this.#known]
    const complaints = this.#items(value, shape)
    const large = this.#count - begun >= LARGE
    if (complaints.length === 0 && large && this.#known === known) this.#know(value, shape)
    return complaints
  }

  #items(value: readonly Json[], shape: ListShape): Complaint[] {
    let complaints = FINE
    const seen = this.#twice || shape.by === 'atomic' ? null : new Set<string>()
    for (let at = 0; at < value.length; at++) {
      const item = value[at] ?? null
      const element = shape.by === 'atomic' ? null : identify(shape, item)
      if (element !== null && typeof element !== 'string') {
        return [...complaints, ...wrong(`element ${at}: ${element.why}`)]
      }
      if (element !== null && seen?.has(element) === true) {
        complaints = [...complaints, ...wrong(`duplicate entries for key ${elementText(element)}`)]
      }
      if (element !== null) seen?.add(element)
      const found = this.value(item, shape.items)
      if (found.length > 0) complaints = [...complaints, ...below(elementText(element ?? `i:${at}`), found)]
    }
    return complaints
  }
}

function checkScalar(value: Json, { accepts }: ScalarShape): Complaint[] {
  switch (accepts) {
    case 'number':
      if (typeof value === 'number' || typeof value === 'bigint') return FINE
      return wrong(`expected numeric (int or float), got ${goType(value)}`)
    case 'text':
      if (typeof value === 'string') return FINE
      return wrong(`expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`)
    case 'boolean':
      return typeof value === 'boolean' ? FINE : wrong(`expected boolean, got ${held(value)}`)
    case 'any':
      return typeof value === 'object' ? wrong(`expected any scalar, got ${held(value)}`) : FINE
  }
}

function wrong(what: string): Complaint[] {
  return [{ path: '', what }]
}

function below(element: string, complaints: Complaint[]): Complaint[] {
  for (const each of complaints) each.path = `${element}${each.path}`
  return complaints
}

/** A value in the box in which the real server keeps it. */
function held(value: Json): string {
  return `&{${goText(value)}}`
}

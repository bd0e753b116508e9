// Holds an object against its type before it is merged, and words what is wrong as the real server does.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { goSyntax, goText, goType } from '../patch/go-text.ts'
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
  if (twice && fine.get(object) === shape) return null
  const complaints = checkValue(object, shape, twice)
  const [first] = complaints
  if (first === undefined) {
    fine.set(object, shape)
    return null
  }
  if (complaints.length === 1) return told(first)
  return ['errors:', ...complaints.map((each) => `  ${told(each)}`)].join('\n')
}

// Live objects are held against their types with every request.
const fine = new WeakMap<JsonObject, Shape>()

function told({ path, what }: Complaint): string {
  return path === '' ? what : `${path}: ${what}`
}

const FINE: Complaint[] = []

function checkValue(value: Json, shape: Shape, twice: boolean): Complaint[] {
  if (value === null) return FINE
  switch (shape.kind) {
    case 'scalar':
      return checkScalar(value, shape)
    case 'map':
      return isObject(value) ? checkObject(value, shape, twice) : wrong(`expected map, got ${held(value)}`)
    case 'list':
      return isList(value) ? checkList(value, shape, twice) : wrong(`expected list, got ${held(value)}`)
    case 'free':
      return FINE
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

function checkObject(value: JsonObject, shape: MapShape, twice: boolean): Complaint[] {
  let complaints = FINE
  for (const name in value) {
    const item = value[name]
    if (item === undefined) continue
    const inner = shape.declared(name)?.shape ?? shape.rest
    const found = inner === null ? wrong('field not declared in schema') : checkValue(item, inner, twice)
    if (found.length > 0) complaints = [...complaints, ...below(`.${name}`, found)]
    if (inner === null) break
  }
  return complaints
}

function checkList(value: readonly Json[], shape: ListShape, twice: boolean): Complaint[] {
  let complaints = FINE
  const seen = new Set<string>()
  for (const [at, item] of value.entries()) {
    const element = shape.by === 'atomic' ? `i:${at}` : identify(shape, item)
    if (typeof element !== 'string') return [...complaints, ...wrong(`element ${at}: ${element.why}`)]
    if (!twice && seen.has(element)) {
      complaints = [...complaints, ...wrong(`duplicate entries for key ${elementText(element)}`)]
    }
    seen.add(element)
    const found = checkValue(item, shape.items, twice)
    if (found.length > 0) complaints = [...complaints, ...below(elementText(element), found)]
  }
  return complaints
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

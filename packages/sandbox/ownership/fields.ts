// FieldsV1, the JSON in which managedFields keep a set of fields.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import { Recent } from '../schema/recent.ts'
import { compareElements, readElement } from './element.ts'
import { EMPTY, type FieldSet, node } from './set.ts'

// What was read once is not read again, and a set that did not change is written as it was.
const read = new Recent<JsonObject, FieldSet | Unreadable>()
const written = new Recent<FieldSet, JsonObject>()

interface Unreadable {
  readonly unreadable: true
}

const UNREADABLE: Unreadable = { unreadable: true }

/** The set that FieldsV1 stand for; null where they are none. */
export function readFields(fields: JsonObject): FieldSet | null {
  let set = read.get(fields)
  if (set === undefined) {
    set = readNode(fields, false) ?? UNREADABLE
    read.set(fields, set)
    if (!('unreadable' in set) && isCanonical(fields)) written.set(set, fields)
  }
  return 'unreadable' in set ? null : set
}

/** A set as FieldsV1, in the real server's order. */
export function writeFields(set: FieldSet): JsonObject {
  let fields = written.get(set)
  if (fields === undefined) {
    fields = writeNode(set, false)
    written.set(set, fields)
    read.set(fields, set)
  }
  return fields
}

/** A node without anything below is a member even without a dot. */
function readNode(fields: Json, inside: boolean): FieldSet | null {
  if (fields === null) return node(inside, null)
  if (!isObject(fields)) return null
  const children = new Map<string, FieldSet>()
  let own = false
  for (const [text, below] of Object.entries(fields)) {
    if (text === '.') {
      own = true
      continue
    }
    const element = readElement(text)
    if (element === undefined) return null
    if (element === null) continue
    const child = readNode(below, true)
    if (child === null) return null
    children.set(element, child)
  }
  return inside ? node(own || children.size === 0, children) : children.size === 0 ? EMPTY : node(false, children)
}

function writeNode(set: FieldSet, inside: boolean): JsonObject {
  const fields: Record<string, Json> = {}
  if (set.children === null) return fields
  if (inside && set.own) fields['.'] = NOTHING
  for (const element of sorted(set.children)) {
    const child = set.children.get(element) ?? EMPTY
    fields[element] = child.children === null ? NOTHING : writeNode(child, true)
  }
  return fields
}

const NOTHING: JsonObject = {}

function sorted(children: ReadonlyMap<string, FieldSet>): readonly string[] {
  const elements = [...children.keys()]
  return elements.length === 1 ? elements : elements.sort(compareElements)
}

/** True where writing would give the same text again. */
function isCanonical(fields: JsonObject): boolean {
  let before: string | null = null
  for (const [text, below] of Object.entries(fields)) {
    if (!isObject(below)) return false
    if (text === '.') {
      if (before !== null || Object.keys(below).length > 0 || Object.keys(fields).length === 1) return false
      continue
    }
    if (readElement(text) !== text || (before !== null && compareElements(before, text) >= 0)) return false
    if (!isCanonical(below)) return false
    before = text
  }
  return true
}

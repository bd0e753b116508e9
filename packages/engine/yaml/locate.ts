// Finds where a field stands in a YAML text, by walking the parser's events along a path.
import type { Event } from 'js-yaml'
import { EVENT_ID, getScalarValue } from 'js-yaml'
import { eventOffset } from './compose.ts'
import { keyText, resolvePlain } from './scalar.ts'
import type { FieldPath } from './strict-json.ts'

/**
 * Offset of the deepest part of a path that exists in the document whose DOCUMENT event is at `document`; -1 where the
 * document is empty. Aliases and merge keys are followed to where the text stands.
 */
export function locateYaml(text: string, events: readonly Event[], document: number, path: FieldPath): number {
  const walk: Walk = { text, events, anchors: anchorsOf(text, events, document) }
  let node = follow(walk, document + 1)
  let found = offsetOf(walk, node)
  for (const part of path) {
    const child = childOf(walk, node, part)
    if (child === null) return found
    found = child.offset
    node = follow(walk, child.value)
  }
  return found
}

interface Walk {
  readonly text: string
  readonly events: readonly Event[]
  /** Index of the event that each anchor names, in the order of the text. */
  readonly anchors: readonly { readonly name: string; readonly index: number }[]
}

interface Child {
  /** Where the entry begins: the key of a mapping, the value of a list. */
  readonly offset: number
  /** Index of the value's event. */
  readonly value: number
}

function anchorsOf(text: string, events: readonly Event[], document: number): Walk['anchors'] {
  const anchors: { name: string; index: number }[] = []
  for (let index = document + 1; index < events.length; index++) {
    const event = events[index]
    if (event === undefined || event.type === EVENT_ID.DOCUMENT) break
    if (event.type === EVENT_ID.POP || event.type === EVENT_ID.ALIAS || event.anchorStart < 0) continue
    anchors.push({ name: text.slice(event.anchorStart, event.anchorEnd), index })
  }
  return anchors
}

/** The node itself, or the one its alias stands for. */
function follow(walk: Walk, index: number): number {
  const event = walk.events[index]
  if (event?.type !== EVENT_ID.ALIAS) return index
  const name = walk.text.slice(event.anchorStart, event.anchorEnd)
  return walk.anchors.findLast((anchor) => anchor.name === name && anchor.index < index)?.index ?? index
}

function offsetOf(walk: Walk, index: number): number {
  const event = walk.events[index]
  return event === undefined ? -1 : eventOffset(event)
}

/** Index of the event after a node and everything in it. */
function after(walk: Walk, index: number): number {
  let open = 0
  for (let at = index; at < walk.events.length; at++) {
    const type = walk.events[at]?.type
    if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) open++
    else if (type === EVENT_ID.POP) open--
    if (open <= 0) return at + 1
  }
  return walk.events.length
}

function childOf(walk: Walk, node: number, part: string | number): Child | null {
  const type = walk.events[node]?.type
  if (type === EVENT_ID.SEQUENCE && typeof part === 'number') return itemOf(walk, node, part)
  if (type === EVENT_ID.MAPPING && typeof part === 'string') return entryOf(walk, node, part)
  return null
}

function itemOf(walk: Walk, node: number, wanted: number): Child | null {
  let at = node + 1
  for (let index = 0; walk.events[at] !== undefined && walk.events[at]?.type !== EVENT_ID.POP; index++) {
    if (index === wanted) return { offset: offsetOf(walk, at), value: at }
    at = after(walk, at)
  }
  return null
}

/** The entry that decides a key: the last one written, or what a merge key brings where none was. */
function entryOf(walk: Walk, node: number, wanted: string): Child | null {
  let found: Child | null = null
  for (let at = node + 1; walk.events[at] !== undefined && walk.events[at]?.type !== EVENT_ID.POP; ) {
    const value = after(walk, at)
    const key = keyAt(walk, at)
    if (key === wanted) found = { offset: offsetOf(walk, at), value }
    else if (key === '<<') found = mergedEntry(walk, value, wanted) ?? found
    at = after(walk, value)
  }
  return found
}

function mergedEntry(walk: Walk, value: number, wanted: string): Child | null {
  const node = follow(walk, value)
  if (walk.events[node]?.type === EVENT_ID.MAPPING) return entryOf(walk, node, wanted)
  if (walk.events[node]?.type !== EVENT_ID.SEQUENCE) return null
  for (
    let at = node + 1;
    walk.events[at] !== undefined && walk.events[at]?.type !== EVENT_ID.POP;
    at = after(walk, at)
  ) {
    const found = mergedEntry(walk, at, wanted)
    if (found !== null) return found
  }
  return null
}

function keyAt(walk: Walk, index: number): string | null {
  const event = walk.events[follow(walk, index)]
  if (event?.type !== EVENT_ID.SCALAR) return null
  const text = getScalarValue(walk.text, event)
  return event.style === 1 && event.tagStart < 0 ? keyText(resolvePlain(text)) : text
}

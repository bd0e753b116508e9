// Builds JSON values from YAML parser events: Go's map keys, merge keys, last-wins duplicates, and limits on aliases.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml'
import { EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import { setKey } from './record.ts'
import { isPlainString, keyText, resolvePlain, resolveTagged, type Scalar, scalarValue } from './scalar.ts'

/** What a document may cost. */
export interface ComposeLimits {
  /** Nesting of lists and mappings, aliases followed. */
  readonly depth: number
  /** Values and characters that aliases may add, over the whole text: the size of the value that nobody typed. */
  readonly aliasGrowth: number
}

/** A mapping that has one key twice. The last value is used, as kubectl and Argo CD do. */
export interface DuplicateKey {
  readonly key: string
  /** Offset of the second key in the text. */
  readonly offset: number
}

/** One document of a text. */
export interface Composed {
  readonly value: Json
  /** Offset of the first value; -1 for an empty document. */
  readonly offset: number
  /** Index of the document's event. */
  readonly event: number
  readonly duplicates: readonly DuplicateKey[]
}

/** Why a text is no JSON value, and where. */
export class ComposeError extends Error {
  readonly offset: number

  constructor(offset: number, reason: string) {
    super(reason)
    this.name = 'ComposeError'
    this.offset = offset
  }
}

/** A value with what it would cost to write it out: `weight` in values and characters, `height` in levels. */
interface Node {
  readonly json: Json
  readonly weight: number
  readonly height: number
  readonly scalar: Scalar | null
  readonly merge: boolean
}

interface Frame {
  readonly offset: number
  readonly anchor: string | null
  weight: number
  height: number
  readonly list: Json[] | null
  readonly record: Record<string, Json> | null
  /** Keys that a merge brought and that were not written since: writing them is no duplicate. */
  merged: Set<string> | null
  key: string | null
  keyIsMerge: boolean
}

const CORE = 'tag:yaml.org,2002:'

/** Composes every document of a text. Throws ComposeError. */
export function compose(text: string, events: readonly Event[], limits: ComposeLimits): readonly Composed[] {
  return new Composer(text, limits).run(events)
}

class Composer {
  readonly #text: string
  readonly #limits: ComposeLimits
  #grown = 0
  #frames: Frame[] = []
  #anchors = new Map<string, Node | null>()
  #handles: Record<string, string> = {}
  #root: Json = null
  #first = -1
  #duplicates: DuplicateKey[] = []

  constructor(text: string, limits: ComposeLimits) {
    this.#text = text
    this.#limits = limits
  }

  run(events: readonly Event[]): readonly Composed[] {
    const documents: Composed[] = []
    let start = 0
    for (let index = 0; index < events.length; index++) {
      const event = events[index]
      if (event === undefined) break
      if (event.type === EVENT_ID.DOCUMENT) {
        start = index
        this.#begin(event.directives)
      } else if (event.type === EVENT_ID.POP && this.#frames.length === 0) {
        documents.push({ value: this.#root, offset: this.#first, event: start, duplicates: this.#duplicates })
      } else this.#step(event)
    }
    return documents
  }

  #begin(directives: readonly { kind: string; handle?: string; prefix?: string }[]): void {
    this.#anchors = new Map()
    this.#handles = {}
    this.#root = null
    this.#first = -1
    this.#duplicates = []
    for (const directive of directives) {
      if (directive.kind === 'tag') this.#handles[directive.handle ?? ''] = directive.prefix ?? ''
    }
  }

  #step(event: Event): void {
    if (event.type === EVENT_ID.SCALAR) this.#scalar(event)
    else if (event.type === EVENT_ID.SEQUENCE) this.#open(event, [], null)
    else if (event.type === EVENT_ID.MAPPING) this.#open(event, null, {})
    else if (event.type === EVENT_ID.ALIAS) this.#alias(event.anchorStart, event.anchorEnd)
    else if (event.type === EVENT_ID.POP) this.#close()
  }

  #scalar(event: ScalarEvent): void {
    const text = getScalarValue(this.#text, event)
    const offset = event.valueStart
    if (offset >= 0 && this.#first < 0) this.#first = offset
    const quoted = event.style !== SCALAR_STYLE.PLAIN
    if (event.tagStart < 0 && event.anchorStart < 0 && (quoted || isPlainString(text))) {
      this.#string(text, offset, !quoted && text === '<<')
      return
    }
    const scalar = this.#resolve(event, text, offset)
    const value = scalarValue(scalar)
    if (value === null && !this.#atKey()) {
      throw new ComposeError(offset, 'infinity and not-a-number cannot be written as JSON')
    }
    const json = value === null ? null : value.json
    const weight = 1 + (typeof json === 'string' ? json.length : 0)
    const merge = this.#isMerge(event, scalar)
    const node: Node = { json, weight, height: 0, scalar, merge }
    const anchor = this.#anchorOf(event)
    if (anchor !== null) this.#anchors.set(anchor, { ...node, merge: false })
    this.#add(node, offset)
  }

  /** The short way for what most scalars are: a string without tag and anchor. */
  #string(text: string, offset: number, merge: boolean): void {
    const frame = this.#frames.at(-1)
    if (frame === undefined) {
      this.#root = text
      return
    }
    frame.weight += 1 + text.length
    if (frame.list !== null) frame.list.push(text)
    else if (frame.key === null && !frame.keyIsMerge) {
      if (merge) frame.keyIsMerge = true
      else this.#takeKey(frame, text, offset)
    } else if (frame.record !== null) this.#takeValue(frame, frame.record, text, offset)
  }

  #resolve(event: ScalarEvent, text: string, offset: number): Scalar {
    if (event.tagStart < 0) {
      return event.style === SCALAR_STYLE.PLAIN ? resolvePlain(text) : { kind: 'string', value: text }
    }
    const tag = this.#tagName(this.#text.slice(event.tagStart, event.tagEnd))
    const scalar = resolveTagged(tag, text)
    if (scalar === null) throw new ComposeError(offset, `the value does not fit its tag ${shortTag(tag)}`)
    return scalar
  }

  #isMerge(event: ScalarEvent, scalar: Scalar): boolean {
    if (scalar.kind !== 'string' || scalar.value !== '<<') return false
    if (event.tagStart < 0) return event.style === SCALAR_STYLE.PLAIN
    return this.#tagName(this.#text.slice(event.tagStart, event.tagEnd)) === `${CORE}merge`
  }

  #tagName(raw: string): string {
    if (raw.startsWith('!<')) return raw.slice(2, -1)
    const end = raw.indexOf('!', 1)
    const handle = end > 0 ? raw.slice(0, end + 1) : '!'
    const prefix = this.#handles[handle] ?? (handle === '!!' ? CORE : handle)
    return prefix + raw.slice(handle.length)
  }

  #open(event: SequenceEvent | MappingEvent, list: Json[] | null, record: Record<string, Json> | null): void {
    if (this.#atKey() && this.#frames.length > 0) {
      throw new ComposeError(event.start, 'a list or mapping cannot be a key')
    }
    if (this.#first < 0) this.#first = event.start
    const anchor = this.#anchorOf(event)
    if (anchor !== null) this.#anchors.set(anchor, null)
    const open: Frame = {
      offset: event.start,
      anchor,
      weight: 1,
      height: 1,
      list,
      record,
      merged: null,
      key: null,
      keyIsMerge: false,
    }
    this.#frames.push(open)
    this.#checkDepth(0, event.start)
  }

  #close(): void {
    const frame = this.#frames.pop()
    if (frame === undefined) return
    const json = frame.list ?? frame.record
    const node: Node = { json, weight: frame.weight, height: frame.height, scalar: null, merge: false }
    if (frame.anchor !== null) this.#anchors.set(frame.anchor, node)
    this.#add(node, frame.offset)
  }

  #alias(start: number, end: number): void {
    const name = this.#text.slice(start, end)
    const node = this.#anchors.get(name)
    if (node === undefined) throw new ComposeError(start - 1, `there is no anchor "${name}" before this alias`)
    if (node === null) throw new ComposeError(start - 1, `the anchor "${name}" contains itself`)
    if (this.#first < 0) this.#first = start - 1
    this.#grown += node.weight
    if (this.#grown > this.#limits.aliasGrowth) {
      throw new ComposeError(start - 1, `aliases make the document larger than ${this.#limits.aliasGrowth} values`)
    }
    this.#checkDepth(node.height, start - 1)
    this.#add(node, start - 1)
  }

  #checkDepth(below: number, offset: number): void {
    if (this.#frames.length + below > this.#limits.depth) {
      throw new ComposeError(offset, `lists and mappings are nested deeper than ${this.#limits.depth} levels`)
    }
  }

  /** True where the next value is a key of a mapping. */
  #atKey(): boolean {
    const frame = this.#frames.at(-1)
    return frame !== undefined && frame.record !== null && frame.key === null && !frame.keyIsMerge
  }

  #add(node: Node, offset: number): void {
    const frame = this.#frames.at(-1)
    if (frame === undefined) {
      this.#root = node.json
      return
    }
    frame.weight += node.weight
    if (frame.list !== null) {
      frame.list.push(node.json)
      frame.height = Math.max(frame.height, node.height + 1)
    } else if (frame.record !== null && this.#atKey()) this.#setKey(frame, node, offset)
    else if (frame.record !== null) this.#setValue(frame, frame.record, node, offset)
  }

  #setKey(frame: Frame, node: Node, offset: number): void {
    if (node.scalar === null) throw new ComposeError(offset, 'a list or mapping cannot be a key')
    if (node.merge) {
      frame.keyIsMerge = true
      return
    }
    const key = keyText(node.scalar)
    if (key === null) throw new ComposeError(offset, `a key of type ${node.scalar.kind} cannot be written as JSON`)
    this.#takeKey(frame, key, offset)
  }

  #takeKey(frame: Frame, key: string, offset: number): void {
    const known = frame.record !== null && Object.hasOwn(frame.record, key)
    if (known && frame.merged?.delete(key) !== true) this.#duplicates.push({ key, offset })
    frame.key = key
  }

  #setValue(frame: Frame, record: Record<string, Json>, node: Node, offset: number): void {
    frame.height = Math.max(frame.height, node.height + 1)
    this.#takeValue(frame, record, node.json, offset)
  }

  #takeValue(frame: Frame, record: Record<string, Json>, value: Json, offset: number): void {
    if (frame.keyIsMerge) {
      frame.keyIsMerge = false
      frame.merged ??= new Set()
      merge(record, value, offset, frame.merged)
      return
    }
    setKey(record, frame.key ?? '', value)
    frame.key = null
  }

  #anchorOf(event: { readonly anchorStart: number; readonly anchorEnd: number }): string | null {
    return event.anchorStart < 0 ? null : this.#text.slice(event.anchorStart, event.anchorEnd)
  }
}

/**
 * Merges the keys of a mapping, or of a list of mappings in which earlier ones win. Keys that are already there are
 * overwritten, whether written before or not: the place of `<<` decides, as in Go.
 */
function merge(target: Record<string, Json>, source: Json, offset: number, merged: Set<string>): void {
  const sources: readonly Json[] = isList(source) ? source.toReversed() : [source]
  for (const one of sources) {
    if (!isObject(one)) {
      throw new ComposeError(offset, 'a merge key (<<) needs a mapping or a list of mappings')
    }
    for (const [key, value] of Object.entries(one)) {
      if (!Object.hasOwn(target, key)) merged.add(key)
      setKey(target, key, value)
    }
  }
}

function shortTag(tag: string): string {
  return tag.startsWith(CORE) ? `!!${tag.slice(CORE.length)}` : tag
}

/** Offset of an event in the text, or -1 for an empty scalar. */
export function eventOffset(event: Event): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return event.valueStart
    case EVENT_ID.ALIAS:
      return event.anchorStart - 1
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return event.start
    default:
      return -1
  }
}

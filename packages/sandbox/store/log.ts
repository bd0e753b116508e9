// What happened, in order: what a watch replays and what a list at an older resource version is made from.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Tree } from './tree.ts'

/** One change of one object. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly revision: number
  /** `group/plural`: the resource whose objects changed. */
  readonly resource: string
  /** The object as it is now; of a deleted one its last state, with the revision of the deletion. */
  readonly object: KubeObject
  /** The object as it was; null where it was not there. */
  readonly before: KubeObject | null
  /** All objects of the resource before this change. */
  readonly objectsBefore: Tree<KubeObject>
}

/** Entries a segment: a fork shares whole segments. */
const SEGMENT = 512

/** About as many bytes of JSON as may be kept: ten thousand objects of the largest size would be fifteen gigabytes. */
const MOST_BYTES = 256 * 1024 * 1024

/** A segment with more than this part of the bytes is full: what is forgotten is forgotten by the segment. */
const PART = 16

/** Changes that follow one another, and about how many bytes their objects have. */
interface Segment {
  readonly changes: Change[]
  bytes: number
}

/** How much is kept. */
export interface LogLimits {
  readonly changes: number
  /** Bytes of the objects as JSON, about; 256 MiB where absent. */
  readonly bytes?: number
}

/** An append-only list of changes that forgets its oldest ones. */
export class ChangeLog {
  readonly #limits: Required<LogLimits>
  #segments: Segment[]
  /** The last segment belongs to a fork too, so the next change begins a new one. */
  #shared = false
  #compacted: number

  constructor({ changes, bytes = MOST_BYTES }: LogLimits, compacted: number, segments: Segment[] = []) {
    this.#limits = { changes, bytes }
    this.#compacted = compacted
    this.#segments = segments
    this.#shared = segments.length > 0
  }

  /** Changes up to this revision are forgotten. */
  get compacted(): number {
    return this.#compacted
  }

  append(change: Change): void {
    const last = this.#segments.at(-1)
    // What was there before is the object of an earlier change.
    const bytes = sizeOf(change.object)
    if (last === undefined || this.#shared || this.#isFull(last)) {
      this.#segments.push({ changes: [change], bytes })
      this.#shared = false
      this.#forgetOldest()
    } else {
      last.changes.push(change)
      last.bytes += bytes
    }
  }

  #isFull({ changes, bytes }: Segment): boolean {
    return changes.length >= SEGMENT || bytes >= this.#limits.bytes / PART
  }

  /** Changes after a revision, oldest first. */
  *after(revision: number): Generator<Change> {
    let first = this.#segments.length
    while (first > 0 && (this.#segments[first - 1]?.changes.at(-1)?.revision ?? 0) > revision) first--
    for (const { changes } of this.#segments.slice(first)) {
      for (const change of changes) if (change.revision > revision) yield change
    }
  }

  /** Forgets every change up to a revision. */
  compact(revision: number): void {
    if (revision <= this.#compacted) return
    this.#compacted = revision
    this.#segments = this.#segments
      .map((segment) => {
        const [first] = segment.changes
        if (first !== undefined && first.revision > revision) return segment
        const changes = segment.changes.filter((change) => change.revision > revision)
        return { changes, bytes: changes.reduce((sum, { object }) => sum + sizeOf(object), 0) }
      })
      .filter(({ changes }) => changes.length > 0)
    // What a fork shares it shares still: `#shared` stays as it is.
  }

  /** A log that goes on by itself; what was written so far is shared. */
  fork(): ChangeLog {
    this.#shared = true
    return new ChangeLog(this.#limits, this.#compacted, [...this.#segments])
  }

  #forgetOldest(): void {
    let [count, bytes] = [0, 0]
    for (const segment of this.#segments) {
      count += segment.changes.length
      bytes += segment.bytes
    }
    for (;;) {
      const [oldest, next] = this.#segments
      if (oldest === undefined) return
      const tooMuch = bytes > this.#limits.bytes && next !== undefined
      if (!tooMuch && count - oldest.changes.length < this.#limits.changes) return
      count -= oldest.changes.length
      bytes -= oldest.bytes
      this.#compacted = oldest.changes.at(-1)?.revision ?? this.#compacted
      this.#segments.shift()
    }
  }
}

/** About how many bytes a value has as JSON; exact for what is written in ASCII without escapes, but for numbers. */
function sizeOf(value: Json | undefined): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 5
  let size = 2
  if (isList(value)) {
    for (const item of value) size += 1 + sizeOf(item)
    return size
  }
  for (const key in value) size += key.length + 4 + sizeOf((value as Readonly<Record<string, Json>>)[key])
  return size
}

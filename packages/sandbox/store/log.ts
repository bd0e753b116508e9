// What happened, in order: what a watch replays and what a list at an older resource version is made from.
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

/** An append-only list of changes that forgets its oldest ones. */
export class ChangeLog {
  readonly #keep: number
  #segments: Change[][]
  /** The last segment belongs to a fork too, so the next change begins a new one. */
  #shared = false
  #compacted: number

  constructor(keep: number, compacted: number, segments: Change[][] = []) {
    this.#keep = keep
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
    if (last === undefined || this.#shared || last.length >= SEGMENT) {
      this.#segments.push([change])
      this.#shared = false
      this.#forgetOldest()
    } else last.push(change)
  }

  /** Changes after a revision, oldest first. */
  *after(revision: number): Generator<Change> {
    let first = this.#segments.length
    while (first > 0 && (this.#segments[first - 1]?.at(-1)?.revision ?? 0) > revision) first--
    for (const segment of this.#segments.slice(first)) {
      for (const change of segment) if (change.revision > revision) yield change
    }
  }

  /** Forgets every change up to a revision. */
  compact(revision: number): void {
    if (revision <= this.#compacted) return
    this.#compacted = revision
    this.#segments = this.#segments
      .map((segment) =>
        segment[0] !== undefined && segment[0].revision > revision
          ? segment
          : segment.filter((change) => change.revision > revision),
      )
      .filter((segment) => segment.length > 0)
    // What a fork shares it shares still: `#shared` stays as it is.
  }

  /** A log that goes on by itself; what was written so far is shared. */
  fork(): ChangeLog {
    this.#shared = true
    return new ChangeLog(this.#keep, this.#compacted, [...this.#segments])
  }

  #forgetOldest(): void {
    let count = 0
    for (const segment of this.#segments) count += segment.length
    let [oldest] = this.#segments
    while (oldest !== undefined && count - oldest.length >= this.#keep) {
      count -= oldest.length
      this.#compacted = oldest.at(-1)?.revision ?? this.#compacted
      this.#segments.shift()
      oldest = this.#segments[0]
    }
  }
}

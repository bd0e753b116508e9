// Follows a collection: lists it, watches it, resumes where a watch broke off, lists again when the server forgot the place.
import { isObject, type Json } from '@mainstay/core/object/json.ts'
import { type KubeObject, resourceVersionOf, stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { FaultError, isFault } from '../fault.ts'
import { answerJson } from './answer.ts'
import { type Backoff, backoffMs } from './backoff.ts'
import { ClusterFault, detailOf } from './cluster-fault.ts'
import { linesOf } from './lines.ts'
import { listObjects, objectOf, selectors } from './list.ts'
import { collectionName, collectionPath, holdsSecrets, type Resource, withQuery } from './resource-path.ts'
import { eventFault } from './status.ts'
import type { Transport } from './transport.ts'

/** What happens to a followed collection. */
export type WatchEvent =
  /** The whole collection as it is now: whatever was known before and is not in it is gone. First event, and after a relist. */
  | { readonly kind: 'synced'; readonly objects: readonly KubeObject[] }
  | { readonly kind: 'upsert'; readonly object: KubeObject }
  /** The object as it was last. */
  | { readonly kind: 'gone'; readonly object: KubeObject }
  /** From now on nothing is known of the collection, until `recovered`. Comes again when the reason changes. */
  | { readonly kind: 'gap'; readonly fault: FaultError }
  /** The collection is followed again; when something may have been missed, `synced` came before it. */
  | { readonly kind: 'recovered' }

/** What to follow. */
export interface WatchOptions {
  /** Null: all namespaces, or cluster scope. */
  readonly namespace: string | null
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly metadataOnly?: boolean
  /** Ends the stream. */
  readonly signal: AbortSignal
  /** Silence after which a connection counts as dead, in milliseconds; default: from the server's own rhythm. */
  readonly silenceMs?: number
}

/** The server ends a watch after this many seconds, plus up to as many again by chance. */
const baseTimeoutS = 300
/** With bookmarks, which come about once a minute, silence this long means that the connection is dead. */
const bookmarkSilenceMs = 150_000
/** Without bookmarks: the server's own time limit and a little more. */
const graceMs = 30_000
/** A watch that ends sooner than this without any event is a failure, however politely it ended. */
const shortMs = 1_000
/** After this many broken streams in a row from one place it is a gap, and the collection is listed again. */
const brokenLimit = 3
const openTimeoutMs = 60_000
const maxLineLength = 64 * 1024 * 1024
const backoff: Backoff = { firstMs: 500, maxMs: 30_000 }
const metadataWatch = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json'

/**
 * Follows a collection until the signal fires. Never throws for an expected failure: that is a `gap`, and it goes on
 * trying. No event is lost: a watch resumes after the last version that was handed out, or the collection is listed.
 */
export async function* watchObjects(
  transport: Transport,
  resource: Resource,
  options: WatchOptions,
): AsyncGenerator<WatchEvent, void> {
  const position: Position = { version: null }
  const trouble: Trouble = { failures: 0, reason: null }
  while (!options.signal.aborted) {
    try {
      yield* recovering(oneTurn(transport, resource, options, position), trouble, options.signal)
      trouble.failures = 0
    } catch (error) {
      if (options.signal.aborted) return
      if (!(error instanceof FaultError)) throw error
      const gap = note(error, trouble, position)
      if (gap !== null) yield gap
      await pause(transport, trouble.failures, error, options.signal)
      trouble.failures += 1
    }
  }
}

/** The events of a turn; its first sign of life ends a gap, and not before the content is there again. */
async function* recovering(
  turn: AsyncIterable<TurnEvent>,
  trouble: Trouble,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent> {
  for await (const event of turn) {
    const wasGap = trouble.reason !== null
    trouble.reason = null
    if (event.kind !== 'opened') {
      trouble.failures = 0
      yield event
    }
    if (wasGap) yield { kind: 'recovered' }
    // Events that came in the same piece are not handed out any more.
    if (signal.aborted) return
  }
}

interface Position {
  /** Where a watch continues; null: the collection must be listed. */
  version: string | null
}

interface Trouble {
  /** Failures in a row without any event in between. */
  failures: number
  /** Why there is a gap now; null: there is none. */
  reason: string | null
}

/**
 * What a failure means. A stream that broke off is resumed at the same place without further ado; when that goes wrong
 * again and again, or nothing can be opened at all, there is a gap. A place that leads nowhere is given up.
 */
function note(error: FaultError, trouble: Trouble, position: Position): WatchEvent | null {
  const brokeOff = error instanceof Dropped
  if (detailOf(error).kind === 'expired' || (brokeOff && trouble.failures >= brokenLimit)) position.version = null
  if (brokeOff && trouble.failures < brokenLimit) return null
  const reason = error.fault.why ?? error.fault.what
  if (reason === trouble.reason) return null
  trouble.reason = reason
  return { kind: 'gap', fault: error }
}

/** A stream broke after it had been open: the next turn resumes it, and only when that fails is there a gap. */
class Dropped extends ClusterFault {}

type TurnEvent = Extract<WatchEvent, { kind: 'synced' | 'upsert' | 'gone' }> | { readonly kind: 'opened' }

/** One list where needed, and one watch. Ends when the server ends the watch; throws when anything fails. */
async function* oneTurn(
  transport: Transport,
  resource: Resource,
  options: WatchOptions,
  position: Position,
): AsyncGenerator<TurnEvent> {
  if (position.version === null) {
    const listed = await listObjects(transport, resource, options)
    position.version = listed.resourceVersion
    yield { kind: 'synced', objects: listed.objects }
  }
  const timeoutS = Math.round(baseTimeoutS * (1 + transport.pace.random()))
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, options.signal])
  const silence = new Silence(options.silenceMs ?? timeoutS * 1000 + graceMs, stop)
  const startedAt = transport.pace.clock.now()
  let events = 0
  try {
    const chunks = await openWatch(transport, resource, options, { timeoutS, version: position.version, signal })
    yield { kind: 'opened' }
    for await (const line of linesOf(silence.heard(chunks), maxLineLength)) {
      const read = readEvent(line, resource, options, transport.config.name)
      events += 1
      position.version = read.version
      if (read.kind === 'bookmark') silence.shorten(options.silenceMs ?? bookmarkSilenceMs)
      else yield read.event
    }
  } catch (error) {
    throw brokenOff(error, silence)
  } finally {
    silence.end()
    stop.abort()
  }
  if (events === 0 && transport.pace.clock.now() - startedAt < shortMs) throw endedAtOnce(resource, options)
}

function openWatch(
  transport: Transport,
  resource: Resource,
  options: WatchOptions,
  from: { readonly timeoutS: number; readonly version: string; readonly signal: AbortSignal },
): Promise<AsyncIterable<Uint8Array>> {
  const path = collectionPath(resource, options.namespace)
  return transport.open({
    verb: 'watch',
    method: 'GET',
    path: withQuery(path, {
      ...selectors(options),
      watch: 1,
      allowWatchBookmarks: true,
      resourceVersion: from.version,
      timeoutSeconds: from.timeoutS,
    }),
    what: `cannot watch ${collectionName(resource, options.namespace)}`,
    where: path,
    ...(options.metadataOnly === true ? { accept: metadataWatch } : {}),
    secret: holdsSecrets(resource),
    timeoutMs: openTimeoutMs,
    signal: from.signal,
  })
}

type ReadEvent =
  | {
      readonly kind: 'event'
      readonly version: string
      readonly event: Extract<WatchEvent, { kind: 'upsert' | 'gone' }>
    }
  | { readonly kind: 'bookmark'; readonly version: string }

/** One line of a watch. An ERROR event is thrown as the fault that it carries. */
function readEvent(line: string, resource: Resource, options: WatchOptions, cluster: string): ReadEvent {
  const path = collectionPath(resource, options.namespace)
  const what = `cannot watch ${collectionName(resource, options.namespace)}`
  const parsed = answerJson(line, what, path)
  const type = stringAt(parsed, 'type')
  const object: Json = valueAt(parsed, 'object') ?? null
  if (type === 'ERROR') throw eventFault(object, { what, where: path, cluster })
  if (type === 'BOOKMARK') return { kind: 'bookmark', version: versionOf(valueAt(object, 'metadata'), path) }
  const whole = objectOf(object, resource, path)
  const version = resourceVersionOf(whole) ?? versionOf(undefined, path)
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { kind: 'event', version, event: { kind: 'upsert', object: whole } }
    case 'DELETED':
      return { kind: 'event', version, event: { kind: 'gone', object: whole } }
    default:
      throw unreadable(path, 'an event of unknown type')
  }
}

function versionOf(metadata: Json | undefined, path: string): string {
  const version = isObject(metadata) ? stringAt(metadata, 'resourceVersion') : undefined
  if (version === undefined) throw unreadable(path, 'an event without resourceVersion')
  return version
}

function unreadable(path: string, why: string): ClusterFault {
  return new ClusterFault({ kind: 'unreachable', what: 'cannot read a watch', where: path, why })
}

/** A failure of a stream that was open, or the news that the server forgot the place (410), is no gap by itself. */
function brokenOff(error: unknown, silence: Silence): unknown {
  if (!isFault(error) || (!silence.opened && detailOf(error).kind !== 'expired')) return error
  const refusal = error instanceof ClusterFault ? error.refusal : {}
  return new Dropped(error.fault, refusal, { cause: error })
}

function endedAtOnce(resource: Resource, options: WatchOptions): ClusterFault {
  const where = collectionPath(resource, options.namespace)
  return new Dropped({ kind: 'unreachable', what: 'a watch ended at once', where, why: 'the server closed it' })
}

async function pause(transport: Transport, failures: number, error: FaultError, signal: AbortSignal): Promise<void> {
  const asked = error instanceof ClusterFault ? (error.refusal.retryAfterMs ?? 0) : 0
  const ms = Math.max(asked, backoffMs(backoff, failures, transport.pace.random()))
  try {
    await transport.pace.clock.sleep(ms, signal)
  } catch (thrown) {
    if (!signal.aborted) throw thrown
  }
}

/** Ends a stream on which nothing arrives for too long: a half-open connection looks just like a quiet collection. */
class Silence {
  /** True once the server has accepted the watch. */
  opened = false
  readonly #stop: AbortController
  #ms: number
  #timer: NodeJS.Timeout | null = null

  constructor(ms: number, stop: AbortController) {
    this.#ms = ms
    this.#stop = stop
  }

  async *heard(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    this.opened = true
    this.#restart()
    for await (const chunk of chunks) {
      this.#timer?.refresh()
      yield chunk
    }
  }

  shorten(ms: number): void {
    if (ms >= this.#ms) return
    this.#ms = ms
    this.#restart()
  }

  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #restart(): void {
    this.end()
    this.#timer = setTimeout(() => this.#stop.abort(), this.#ms)
  }
}

// The log of a container, whole or as it goes on.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { type LogLine, linesOf, nextLineAt, type Run, runOf } from '../behaviours/pods/logs.ts'
import { objectsAt, textAt } from '../kinds/look.ts'
import type { Cause } from '../registry/kind.ts'
import { failure, invalid } from '../registry/status.ts'
import { timeOf, timeText } from '../schema/time.ts'
import { resourceKey } from '../store/store.ts'
import { get } from '../verbs/list.ts'
import { type Cluster, liveOf, type Target } from '../verbs/target.ts'
import type { Call } from './call.ts'
import { flag, integer } from './query.ts'
import { methodNotAllowed } from './respond.ts'

/** What a client may say about a log. */
interface LogOptions {
  readonly container: string
  readonly follow: boolean
  readonly previous: boolean
  readonly timestamps: boolean
  /** Lines from then on, in milliseconds since the epoch; null for all. */
  readonly since: number | null
  readonly tailLines: number | null
  readonly limitBytes: number | null
}

/** GET of a Pod's log. */
export async function serveLog({ cluster, query, request, target: log }: Call, name: string): Promise<Response> {
  if (request.method !== 'GET') throw methodNotAllowed()
  const options = logOptions(query, name, cluster.clock.now())
  const target = { ...log, subresource: null }
  const pod = get(cluster, target, name)
  const container = containerOf(pod, options.container)
  if (textAt(pod, 'spec', 'nodeName') === '') return new Response(null, { status: 204 })
  const found = runOf(pod, container, options.previous)
  if (found.kind === 'none') throw failure(400, 'BadRequest', found.message)
  const said = new Log(options)
  const headers = { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' }
  if (!options.follow || found.run.ended !== null) {
    return new Response(said.next(linesOf(found.run, cluster.clock.now())), { headers })
  }
  return new Response(
    followed({ cluster, target, name, container, uid: textAt(pod, 'metadata', 'uid') }, said, request),
    { headers },
  )
}

function logOptions(query: URLSearchParams, name: string, now: number): LogOptions {
  const seconds = integer(query, 'sinceSeconds')
  const sinceTime = query.get('sinceTime') ?? ''
  const time = sinceTime === '' ? null : timeOf(sinceTime)
  if (sinceTime !== '' && time === null) {
    const form = '2006-01-02T15:04:05Z07:00'
    const text = JSON.stringify(sinceTime)
    throw failure(400, 'BadRequest', `parsing time ${text} as ${JSON.stringify(form)}: cannot parse ${text} as "2006"`)
  }
  const [tailLines, limitBytes] = [integer(query, 'tailLines'), integer(query, 'limitBytes')]
  const causes = optionCauses(query, { tailLines, limitBytes, seconds, time })
  if (causes.length > 0) throw invalid({ group: '', resource: 'PodLogOptions', name }, causes)
  return {
    container: query.get('container') ?? '',
    follow: flag(query, 'follow') === true,
    previous: flag(query, 'previous') === true,
    timestamps: flag(query, 'timestamps') === true,
    since: seconds === null ? time : now - seconds * 1000,
    tailLines,
    limitBytes,
  }
}

interface Numbers {
  readonly tailLines: number | null
  readonly limitBytes: number | null
  readonly seconds: number | null
  readonly time: number | null
}

function optionCauses(query: URLSearchParams, { tailLines, limitBytes, seconds, time }: Numbers): readonly Cause[] {
  const causes: Cause[] = []
  const wrong = (field: string, value: number, why: string): void => {
    causes.push({ reason: 'FieldValueInvalid', field, message: `Invalid value: ${value}: ${why}` })
  }
  const forbid = (field: string, why: string): void => {
    causes.push({ reason: 'FieldValueForbidden', field, message: `Forbidden: ${why}` })
  }
  if (tailLines !== null && tailLines < 0) wrong('tailLines', tailLines, 'must be greater than or equal to 0')
  if (limitBytes !== null && limitBytes < 1) wrong('limitBytes', limitBytes, 'must be greater than 0')
  if (seconds !== null && time !== null) forbid('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified')
  else if (seconds !== null && seconds < 1) wrong('sinceSeconds', seconds, 'must be greater than 0')
  if (query.has('stream')) forbid('stream', 'may not be specified')
  return causes
}

/** The container that is meant; where there are several, one must be named. */
function containerOf(pod: KubeObject, asked: string): string {
  const lists = ['initContainers', 'containers', 'ephemeralContainers']
  const all = lists.flatMap((key) => objectsAt(pod, 'spec', key)).map((each) => textAt(each, 'name'))
  const { name } = pod.metadata
  if (asked !== '') {
    if (all.includes(asked)) return asked
    throw failure(400, 'BadRequest', `container ${asked} is not valid for pod ${name}`)
  }
  const containers = objectsAt(pod, 'spec', 'containers')
  if (containers.length === 1) return textAt(containers[0], 'name')
  const choice = `choose one of: [${all.join(' ')}]`
  throw failure(400, 'BadRequest', `a container name must be specified for pod ${name}, ${choice}`)
}

/** What of a log is still to be sent. */
class Log {
  readonly #options: LogOptions
  readonly #sent = new Set<string>()
  #first = true
  #left: number

  constructor(options: LogOptions) {
    this.#options = options
    this.#left = options.limitBytes ?? Number.POSITIVE_INFINITY
  }

  /** The text of those lines that were not sent yet. */
  next(lines: readonly LogLine[]): string {
    const { since, tailLines, timestamps } = this.#options
    const late = since === null ? lines : lines.filter(({ at }) => at >= since)
    const from = this.#first && tailLines !== null ? Math.max(0, late.length - tailLines) : 0
    this.#first = false
    let text = ''
    for (const [index, line] of late.entries()) {
      const key = `${line.at} ${line.text}`
      if (this.#sent.has(key)) continue
      this.#sent.add(key)
      if (index >= from)
        text += `${timestamps ? `${timeText(line.at).replace('Z', '.000000000Z')} ` : ''}${line.text}\n`
    }
    const cut = text.slice(0, this.#left)
    this.#left -= cut.length
    return cut
  }
}

/** Whose log goes on. */
interface Followed {
  readonly cluster: Cluster
  readonly target: Target
  readonly name: string
  readonly container: string
  readonly uid: string
}

/** A log that goes on until its container ends, the Pod is gone, or the client goes. */
function followed(what: Followed, said: Log, request: Request): ReadableStream<Uint8Array> {
  const { clock, store } = what.cluster
  const encoder = new TextEncoder()
  let cancel = (): void => {}
  let unsubscribe = (): void => {}
  const stop = (): void => {
    cancel()
    unsubscribe()
  }
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      let open = true
      let last: Run | null = null
      const close = (): void => {
        if (open) controller.close()
        open = false
        stop()
      }
      const look = (): void => {
        cancel()
        const run = runNow(what, last)
        last = run
        const text = run === null ? '' : said.next(linesOf(run, clock.now()))
        if (text !== '') controller.enqueue(encoder.encode(text))
        if (run === null || run.ended !== null) close()
        else cancel = clock.after(nextLineAt(run, clock.now()) - clock.now(), look)
      }
      const key = resourceKey(what.target.resource)
      unsubscribe = store.subscribe(({ resource, object }) => {
        if (open && resource === key && textAt(object, 'metadata', 'uid') === what.uid) look()
      })
      request.signal.addEventListener('abort', close, { once: true })
      look()
    },
    cancel: stop,
  })
}

/** The run as it is now: it stays the one that was followed, also where the container was started again meanwhile. */
function runNow({ cluster, target, name, container, uid }: Followed, last: Run | null): Run | null {
  const pod = liveOf(cluster, target, name)
  if (pod === null || textAt(pod, 'metadata', 'uid') !== uid) return null
  const found = runOf(pod, container, false)
  if (found.kind === 'none') return null
  if (last === null || found.run.startedAt === last.startedAt) return found.run
  const before = runOf(pod, container, true)
  return before.kind === 'run' && before.run.startedAt === last.startedAt ? before.run : null
}

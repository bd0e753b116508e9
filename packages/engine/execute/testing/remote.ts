// A cluster in another process: the target and the reader of a parent, spoken to by messages, for tests that kill.
import type { ChildProcess } from 'node:child_process'
import type { SchemaLookup } from '@mainstay/core/diff/schema.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KindTable } from '@mainstay/core/object/kinds.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { testSchemas } from '@mainstay/core/testing/schemas.ts'
import type { Fault } from '../../fault.ts'
import { FaultError } from '../../fault.ts'
import type { ClusterReader } from '../../ports.ts'
import type { Address, Applied, ApplyRequest, ExecuteTarget } from '../target.ts'
import { CLUSTER } from './memory-reader.ts'

/** What the child asks: a request to the cluster, or to go on at a point where it may be killed. */
export type Call =
  | {
      readonly id: number
      readonly to: 'target' | 'reader'
      readonly method: string
      readonly args: readonly unknown[]
    }
  | { readonly id: number; readonly to: 'point'; readonly name: string }
  | { readonly id: number; readonly to: 'stop' }

/** What the parent answers. `news` comes any number of times before the answer to a `follow`. */
export type Answer =
  | { readonly id: number; readonly kind: 'value'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'fault'; readonly fault: Fault }
  | { readonly id: number; readonly kind: 'news'; readonly address: Address; readonly object: KubeObject | null }

/** The parent's side: answers calls until the child is gone. A point that is not answered is where the child dies. */
export function serveCluster(
  child: ChildProcess,
  cluster: { readonly target: ExecuteTarget; readonly reader: ClusterReader },
  atPoint: (name: string) => Promise<void>,
): void {
  const follows = new Map<number, AbortController>()
  // A child that dies while it is told something is what these tests are about: nobody needs the answer any more.
  const reply = (answer: Answer): void => void (child.connected && child.send(answer, () => undefined))
  const answer = async (call: Call): Promise<unknown> => {
    if (call.to === 'point') return atPoint(call.name)
    if (call.to === 'stop') return follows.get(call.id)?.abort()
    if (call.method !== 'follow') return perform(cluster[call.to], call.method, call.args)
    const stop = new AbortController()
    follows.set(call.id, stop)
    const onChange = (address: Address, object: KubeObject | null) => {
      reply({ id: call.id, kind: 'news', address, object })
      return 'go-on' as const
    }
    return cluster.target.follow(call.args[0] as readonly Address[], onChange, stop.signal) // As the child sent it.
  }
  child.on('message', (message) => {
    const call = message as Call // Only the child's half of this file sends here.
    answer(call).then(
      (value) => call.to !== 'stop' && reply({ id: call.id, kind: 'value', value }),
      (error: unknown) => {
        if (!(error instanceof FaultError)) throw error
        reply({ id: call.id, kind: 'fault', fault: error.fault })
      },
    )
  })
}

function perform(port: object, method: string, args: readonly unknown[]): Promise<unknown> {
  const found: unknown = Reflect.get(port, method)
  if (typeof found !== 'function') throw new Error(`there is no ${method}`)
  return Reflect.apply(found, port, args)
}

interface Waiting {
  readonly done: (value: unknown) => void
  readonly failed: (error: Error) => void
  readonly news?: (address: Address, object: KubeObject | null) => void
}

/** The child's side. */
export class RemoteCluster implements ExecuteTarget, ClusterReader {
  readonly #waiting = new Map<number, Waiting>()
  #calls = 0

  constructor() {
    process.on('message', (message) => this.#hear(message as Answer)) // Only the parent's half of this file sends here.
  }

  /** Asks to go on; never answered where the process is killed. */
  async point(name: string): Promise<void> {
    await this.#ask((id) => ({ id, to: 'point', name }))
  }

  get = (address: Address) => this.#call<KubeObject | null>('target', 'get', address)
  apply = (request: ApplyRequest) => this.#call<Applied>('target', 'apply', request)
  mergePatch = (address: Address, patch: JsonObject) => this.#call<KubeObject>('target', 'mergePatch', address, patch)
  delete: ExecuteTarget['delete'] = (address, options) => this.#call('target', 'delete', address, options)

  async follow(
    addresses: readonly Address[],
    onChange: (address: Address, object: KubeObject | null) => 'go-on' | 'stop',
    signal: AbortSignal,
  ): Promise<void> {
    const id = this.#calls + 1
    const stop = (): void => this.#send({ id, to: 'stop' })
    signal.addEventListener('abort', stop, { once: true })
    let stopped = false
    const news: Waiting['news'] = (address, object) => {
      if (stopped || onChange(address, object) === 'go-on') return
      stopped = true
      stop()
    }
    await this.#ask(() => ({ id, to: 'target', method: 'follow', args: [addresses] }), news)
  }

  identity: ClusterReader['identity'] = () => Promise.resolve(CLUSTER)
  version: ClusterReader['version'] = () => this.#call('reader', 'version')
  kinds = () => this.#call<KindTable>('reader', 'kinds')
  schemas = () => Promise.resolve<SchemaLookup>(testSchemas)
  list: ClusterReader['list'] = (request) => this.#call('reader', 'list', request)
  dryRun: ClusterReader['dryRun'] = (manifest) => this.#call('reader', 'dryRun', manifest)
  creatable: ClusterReader['creatable'] = (manifest) => this.#call('reader', 'creatable', manifest)

  #call<T>(to: 'target' | 'reader', method: string, ...args: readonly unknown[]): Promise<T> {
    return this.#ask((id) => ({ id, to, method, args })) as Promise<T> // The parent calls the same method.
  }

  #ask(call: (id: number) => Call, news?: Waiting['news']): Promise<unknown> {
    this.#calls += 1
    const id = this.#calls
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed, ...(news === undefined ? {} : { news }) })
      this.#send(call(id))
    })
  }

  #send(call: Call): void {
    process.send?.(call)
  }

  #hear(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    if (answer.kind === 'news') {
      waiting?.news?.(answer.address, answer.object)
      return
    }
    this.#waiting.delete(answer.id)
    if (answer.kind === 'value') waiting?.done(answer.value)
    else waiting?.failed(new FaultError(answer.fault))
  }
}

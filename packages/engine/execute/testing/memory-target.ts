// A small Kubernetes in memory: uids, versions, field ownership, preconditions, finalizers, and faults where a test asks.

import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList } from '@mainstay/core/object/json.ts'
import { FIELD_MANAGER } from '@mainstay/core/object/manager.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, refOf, resourceVersionOf, stringAt, uidOf, valueAt } from '@mainstay/core/object/object.ts'
import type { ObjectRef, RefKey } from '@mainstay/core/object/ref.ts'
import { parseApiVersion, refKey, sameRef } from '@mainstay/core/object/ref.ts'
import { testSchemas } from '@mainstay/core/testing/schemas.ts'
import { instant } from '../../clock.ts'
import { FaultError, isFault } from '../../fault.ts'
import type { Clock } from '../../ports.ts'
import type { Address, Applied, ApplyRequest, ExecuteTarget } from '../target.ts'
import { sameAt } from './field-sets.ts'
import type { Writer } from './server-side-apply.ts'
import { applyManifest, updateObject } from './server-side-apply.ts'

/** A request of the executor. */
export type MemoryRequest =
  | { readonly verb: 'get' | 'patch'; readonly ref: ObjectRef }
  | ({ readonly verb: 'apply'; readonly ref: ObjectRef } & ApplyRequest)
  | { readonly verb: 'delete'; readonly ref: ObjectRef; readonly uid: string; readonly cascade: string }
  | { readonly verb: 'follow'; readonly ref: ObjectRef }

/**
 * Called before a request takes effect and after it, before it is answered. What it throws is the answer: `before`
 * nothing was done, `after` everything was and nobody was told.
 */
export type Hook = (when: 'before' | 'after', request: MemoryRequest) => void | Promise<void>

/** Who else writes: a person with an editor, a controller. */
export interface Editor {
  readonly manager: string
  readonly subresource?: string
}

type Follower = (ref: ObjectRef, object: KubeObject | null) => void
type OnChange = (address: Address, object: KubeObject | null) => 'go-on' | 'stop'

/** What a name may be made of. */
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/

/** Fields that every object has whatever its type. */
const COMMON = new Set(['apiVersion', 'kind', 'metadata', 'status'])

/** The cluster as the executor sees it, without a cluster. Objects are values: one that was handed out never changes. */
export class MemoryTarget implements ExecuteTarget {
  /** What a test does at a request. */
  on: Hook = () => undefined
  /** Every request of the executor: `delete ConfigMap/a`. */
  readonly requests: string[] = []
  /** Everything that came to be, changed or went, whoever did it: `created ConfigMap/a uid-1`. */
  readonly happened: string[] = []
  readonly #clock: Clock
  readonly #objects = new Map<RefKey, KubeObject>()
  readonly #followers = new Set<Follower>()
  #version = 0
  #uids = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Everything that is there. */
  get objects(): readonly KubeObject[] {
    return [...this.#objects.values()]
  }

  /** One object as it is now. */
  find(ref: ObjectRef): KubeObject | null {
    return this.#objects.get(refKey(ref)) ?? null
  }

  get(address: Address): Promise<KubeObject | null> {
    return this.#request({ verb: 'get', ref: address.ref }, () => this.find(address.ref))
  }

  apply(request: ApplyRequest): Promise<Applied> {
    return this.#request({ verb: 'apply', ref: refOf(request.manifest), ...request }, () => {
      const applied = this.judge(request)
      this.#keep(applied.object)
      return applied
    })
  }

  mergePatch(address: Address, patch: JsonObject): Promise<KubeObject> {
    return this.#request({ verb: 'patch', ref: address.ref }, () => {
      const live = this.find(address.ref)
      if (live === null) throw refused('not-found', 'patch', address.ref, 'it does not exist')
      const uid = stringAt(patch, 'metadata', 'uid') ?? null
      const resourceVersion = stringAt(patch, 'metadata', 'resourceVersion') ?? null
      checkPreconditions('patch', address.ref, live, { uid, resourceVersion })
      return this.#update(live, patch, { manager: FIELD_MANAGER })
    })
  }

  delete(
    address: Address,
    options: { readonly uid: string; readonly cascade: 'foreground' | 'background' | 'orphan' },
  ): Promise<'gone' | 'terminating'> {
    return this.#request({ verb: 'delete', ref: address.ref, ...options }, () => {
      const live = this.find(address.ref)
      if (live === null) return 'gone'
      checkPreconditions('delete', address.ref, live, { uid: options.uid, resourceVersion: null })
      return this.#end(live)
    })
  }

  async follow(addresses: readonly Address[], onChange: OnChange, signal: AbortSignal): Promise<void> {
    for (const { ref } of addresses) await this.on('before', { verb: 'follow', ref })
    const news = addresses.map((address) => ({ address, object: this.find(address.ref) }))
    let wake = (): void => undefined
    const follower: Follower = (ref, object) => {
      const address = addresses.find((each) => sameRef(each.ref, ref))
      if (address !== undefined) news.push({ address, object })
      wake()
    }
    this.#followers.add(follower)
    const onAbort = (): void => wake()
    signal.addEventListener('abort', onAbort)
    while (!signal.aborted) {
      const next = news.shift()
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      } else if (onChange(next.address, next.object) === 'stop') break
    }
    signal.removeEventListener('abort', onAbort)
    this.#followers.delete(follower)
  }

  /** What an apply would come to; nothing is kept of it. The dry run of planning. */
  judge(request: ApplyRequest): Applied {
    const { manifest, force, uid, resourceVersion } = request
    const ref = refOf(manifest)
    const { group, version } = parseApiVersion(manifest.apiVersion)
    const schema = testSchemas(group, version, manifest.kind)
    checkContent(ref, manifest)
    const found = this.find(ref)
    checkPreconditions('apply', ref, found, { uid, resourceVersion })
    if (found?.immutable === true && !sameAt(found, { ...found, ...manifest }, ['data']))
      throw refused('rejected', 'apply', ref, 'data: field is immutable when `immutable` is set')
    const live = found ?? this.#born(manifest)
    const outcome = applyManifest(live, manifest, { schema, force, writer: this.#writer({ manager: FIELD_MANAGER }) })
    if (outcome.kind === 'conflict') {
      const owned = outcome.fields.map(({ path, manager }) => `${path} (${manager})`)
      throw refused('conflict', 'apply', ref, `others own ${owned.join(', ')}`)
    }
    return { object: this.#versioned(found, outcome.object), created: found === null, warnings: [] }
  }

  /** Whether the manifest would do for a new object. */
  accepts(manifest: KubeObject): boolean {
    try {
      checkContent(refOf(manifest), manifest)
      return true
    } catch (error) {
      if (isFault(error, 'rejected')) return false
      throw error
    }
  }

  /** Somebody else makes an object, with a uid of its own. */
  create(manifest: KubeObject, editor: Editor = HAND): KubeObject {
    if (this.find(refOf(manifest)) !== null) throw new Error(`there is ${nameOf(refOf(manifest))} already`)
    const { metadata, ...fields } = manifest
    const { labels, annotations, ...others } = metadata
    const texts = { ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) }
    const born = this.#born(manifest)
    return this.#update({ ...born, metadata: { ...born.metadata, ...others } }, { ...fields, metadata: texts }, editor)
  }

  /** Somebody else changes an object, by merge patch. The last finalizer of a deleted object ends it. */
  edit(ref: ObjectRef, patch: JsonObject, editor: Editor = HAND): KubeObject {
    const live = this.find(ref)
    if (live === null) throw new Error(`there is no ${nameOf(ref)}`)
    return this.#update(live, patch, editor)
  }

  /** Somebody else deletes an object. */
  remove(ref: ObjectRef): void {
    const live = this.find(ref)
    if (live !== null) this.#end(live)
  }

  async #request<T>(request: MemoryRequest, act: () => T): Promise<T> {
    this.requests.push(`${request.verb} ${request.ref.kind}/${request.ref.name}`)
    await this.on('before', request)
    const answer = act()
    await this.on('after', request)
    return answer
  }

  #born({ apiVersion, kind, metadata }: KubeObject): KubeObject {
    const { name, namespace } = metadata
    const place = namespace === undefined ? {} : { namespace }
    const identity = { uid: `uid-${this.#uids + 1}`, creationTimestamp: instant(this.#clock), managedFields: [] }
    return { apiVersion, kind, metadata: { name, ...place, ...identity } }
  }

  #writer(editor: Editor): Writer {
    return { ...editor, time: instant(this.#clock) }
  }

  #update(live: KubeObject, patch: JsonObject, editor: Editor): KubeObject {
    const { group, version } = parseApiVersion(live.apiVersion)
    const schema = testSchemas(group, version, live.kind)
    const before = this.find(refOf(live))
    const object = this.#versioned(before, updateObject(live, patch, this.#writer(editor), schema))
    this.#keep(object)
    return object
  }

  /** The object in a new version, and in a new generation where its spec changed; as it was where nothing changed. */
  #versioned(before: KubeObject | null, after: KubeObject): KubeObject {
    if (before !== null && sameAt(before, after, [])) return before
    const generation = generationOf(before, after)
    const metadata = { ...after.metadata, ...generation, resourceVersion: String(this.#version + 1) }
    return { ...after, metadata }
  }

  #end(live: KubeObject): 'gone' | 'terminating' {
    if (finalizersOf(live).length === 0) {
      this.#drop(live)
      return 'gone'
    }
    if (isTerminating(live)) return 'terminating'
    const deletionTimestamp = instant(this.#clock)
    this.#keep(this.#versioned(live, { ...live, metadata: { ...live.metadata, deletionTimestamp } }))
    return 'terminating'
  }

  #keep(object: KubeObject): void {
    const before = this.find(refOf(object))
    if (before === object) return
    this.#version += 1
    if (before === null) this.#uids += 1
    if (isTerminating(object) && finalizersOf(object).length === 0) {
      this.#drop(object)
      return
    }
    this.#objects.set(refKey(refOf(object)), object)
    this.#note(before === null ? 'created' : 'changed', object)
    this.#tell(refOf(object), object)
  }

  #drop(object: KubeObject): void {
    this.#objects.delete(refKey(refOf(object)))
    this.#note('gone', object)
    this.#tell(refOf(object), null)
  }

  #note(what: string, object: KubeObject): void {
    this.happened.push(`${what} ${object.kind}/${object.metadata.name} ${uidOf(object) ?? ''}`)
  }

  #tell(ref: ObjectRef, object: KubeObject | null): void {
    for (const follower of this.#followers) follower(ref, object)
  }
}

/** A person with an editor. */
export const HAND: Editor = { manager: 'kubectl-edit' }

/** The fault of a refused request, in the words of the port. */
export function refused(
  kind: 'conflict' | 'rejected' | 'forbidden' | 'unreachable' | 'timeout' | 'not-found',
  verb: string,
  ref: ObjectRef,
  why: string,
): FaultError {
  return new FaultError({ kind, what: `cannot ${verb} ${nameOf(ref)}`, where: refKey(ref), why })
}

function nameOf({ kind, name }: ObjectRef): string {
  return `${kind} ${name}`
}

function finalizersOf(object: KubeObject): readonly Json[] {
  const finalizers = object.metadata.finalizers
  return isList(finalizers) ? finalizers : []
}

function generationOf(before: KubeObject | null, after: KubeObject): JsonObject {
  if (after.spec === undefined) return {}
  const known = valueAt(before ?? undefined, 'metadata', 'generation')
  if (typeof known !== 'number') return { generation: 1 }
  return { generation: before !== null && sameAt(before, after, ['spec']) ? known : known + 1 }
}

function checkPreconditions(
  verb: string,
  ref: ObjectRef,
  live: KubeObject | null,
  { uid, resourceVersion }: { readonly uid: string | null; readonly resourceVersion: string | null },
): void {
  if (uid === null && resourceVersion === null) return
  if (live === null) throw refused('conflict', verb, ref, 'it does not exist')
  if (uid !== null && uid !== uidOf(live)) throw refused('conflict', verb, ref, 'its uid is another one')
  if (resourceVersion !== null && resourceVersion !== resourceVersionOf(live))
    throw refused('conflict', verb, ref, 'it was changed meanwhile')
}

function checkContent(ref: ObjectRef, manifest: KubeObject): void {
  if (!NAME.test(ref.name)) throw refused('rejected', 'apply', ref, 'metadata.name is no name')
  const { group, version } = parseApiVersion(manifest.apiVersion)
  const schema = testSchemas(group, version, manifest.kind)
  if (schema?.kind !== 'map') return
  const unknown = Object.keys(manifest).filter((field) => !COMMON.has(field) && schema.field(field) === null)
  if (unknown.length > 0) throw refused('rejected', 'apply', ref, `${unknown.join(', ')}: no such field`)
}

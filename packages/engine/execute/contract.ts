// What every write side of a cluster must do for the executor: one suite, run against each implementation.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { FIELD_MANAGER } from '@mainstay/core/object/manager.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, refOf, resourceVersionOf, uidOf } from '@mainstay/core/object/object.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import type { FaultKind } from '../fault.ts'
import { FaultError } from '../fault.ts'
import type { Address, Applied, ApplyRequest, ExecuteTarget } from './target.ts'

/** An implementation, and somebody else who writes to the same cluster. */
export interface TargetUnderTest {
  readonly target: ExecuteTarget
  /** A namespace in which nothing was made yet. */
  readonly namespace: string
  /** Somebody else makes an object. */
  create(manifest: KubeObject): Promise<KubeObject>
  /** Somebody else changes an object, by merge patch. */
  edit(ref: ObjectRef, patch: JsonObject): Promise<void>
  remove(ref: ObjectRef): Promise<void>
}

const never = new AbortController().signal
const OTHER_UID = '00000000-0000-0000-0000-000000000000'

/** Declares the suite for one implementation. */
export function targetContract(name: string, begin: () => Promise<TargetUnderTest>): void {
  describe(`${name} as the write side of a cluster`, () => {
    let under: TargetUnderTest
    beforeEach(async () => {
      under = await begin()
    })
    const rig = (): Rig => new Rig(under)
    reading(rig)
    applying(rig)
    creating(rig)
    patching(rig)
    deleting(rig)
    following(rig)
  })
}

/** What the suite says often, in few words. */
class Rig {
  readonly under: TargetUnderTest
  readonly target: ExecuteTarget

  constructor(under: TargetUnderTest) {
    this.under = under
    this.target = under.target
  }

  config(name: string, data: JsonObject, metadata: JsonObject = {}): KubeObject {
    const { namespace } = this.under
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...metadata }, data }
  }

  address(name: string): Address {
    return { apiVersion: 'v1', ref: { group: '', kind: 'ConfigMap', namespace: this.under.namespace, name } }
  }

  get(name: string): Promise<KubeObject | null> {
    return this.target.get(this.address(name), never)
  }

  apply(manifest: KubeObject, how: Partial<ApplyRequest> = {}): Promise<Applied> {
    const usual = { uid: null, resourceVersion: null, force: false, fieldValidation: 'Strict' } as const
    return this.target.apply({ manifest, ...usual, ...how }, never)
  }

  patch(name: string, patch: JsonObject): Promise<KubeObject> {
    return this.target.mergePatch(this.address(name), patch, never)
  }

  delete(name: string, uid: string | null, cascade: 'foreground' | 'background' | 'orphan' = 'background') {
    return this.target.delete(this.address(name), { uid: uid ?? '', cascade }, never)
  }
}

type Rigged = () => Rig

/** The kind of fault that something is refused with. */
async function refusal(work: Promise<unknown>): Promise<FaultKind> {
  try {
    await work
  } catch (error) {
    if (error instanceof FaultError) return error.fault.kind
    throw error
  }
  throw new Error('nothing was refused')
}

function reading(rig: Rigged): void {
  it('answers null for an object that does not exist, and the whole object for one that does', async () => {
    const r = rig()
    expect(await r.get('a')).toBeNull()
    const made = await r.under.create(r.config('a', { x: '1' }))
    const found = await r.get('a')
    expect(found).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { x: '1' } })
    expect([uidOf(found ?? made), resourceVersionOf(found ?? made)]).toEqual([uidOf(made), resourceVersionOf(made)])
  })
}

function applying(rig: Rigged): void {
  describe('applies', () => {
    it('an object that is not there: it is created, with a uid', async () => {
      const applied = await rig().apply(rig().config('a', { x: '1' }))
      expect(applied).toMatchObject({ created: true, object: { data: { x: '1' } } })
      expect(uidOf(applied.object)).not.toBeNull()
      expect(resourceVersionOf(applied.object)).not.toBeNull()
    })

    it('a change: the same object in another version, created no more', async () => {
      const r = rig()
      const first = await r.apply(r.config('a', { x: '1' }))
      const second = await r.apply(r.config('a', { x: '2' }), preconditions(first.object))
      expect(second).toMatchObject({ created: false, object: { data: { x: '2' } } })
      expect(uidOf(second.object)).toBe(uidOf(first.object))
      expect(resourceVersionOf(second.object)).not.toBe(resourceVersionOf(first.object))
    })

    it('nothing new: the object stays in its version', async () => {
      const r = rig()
      const first = await r.apply(r.config('a', { x: '1' }))
      const again = await r.apply(r.config('a', { x: '1' }), preconditions(first.object))
      expect(resourceVersionOf(again.object)).toBe(resourceVersionOf(first.object))
    })

    it('a manifest with less: what we applied before goes, what others wrote stays', async () => {
      const r = rig()
      const first = await r.apply(r.config('a', { x: '1', y: '1' }))
      await r.under.edit(refOf(first.object), { data: { z: '1' } })
      const now = await r.apply(r.config('a', { x: '1' }), { uid: uidOf(first.object), force: true })
      expect(now.object.data).toEqual({ x: '1', z: '1' })
    })

    it('over a value that somebody else wrote only by force', async () => {
      const r = rig()
      const first = await r.apply(r.config('a', { x: '1', y: '1' }))
      await r.under.edit(refOf(first.object), { data: { x: 'by hand' } })
      const uid = uidOf(first.object)
      expect(await refusal(r.apply(r.config('a', { x: '2', y: '1' }), { uid }))).toBe('conflict')
      expect((await r.get('a'))?.data).toEqual({ x: 'by hand', y: '1' })
      const forced = await r.apply(r.config('a', { x: '2', y: '1' }), { uid, force: true })
      expect(forced.object.data).toEqual({ x: '2', y: '1' })
      const owner = await r.apply(r.config('a', { x: '3', y: '1' }), { uid })
      expect(owner.object.data).toEqual({ x: '3', y: '1' })
    })

    it.each(['another uid', 'an older version', 'the uid of an object that is gone'])('not to %s', async (what) => {
      const r = rig()
      const first = await r.apply(r.config('a', { x: '1' }))
      await r.under.edit(refOf(first.object), { data: { z: '1' } })
      if (what.endsWith('gone')) await r.under.remove(refOf(first.object))
      const cases = { 'another uid': { uid: OTHER_UID }, 'an older version': preconditions(first.object) }
      const how = what === 'another uid' || what === 'an older version' ? cases[what] : { uid: uidOf(first.object) }
      expect(await refusal(r.apply(r.config('a', { x: '2' }), { ...how, force: true }))).toBe('conflict')
      expect((await r.get('a'))?.data).toEqual(what.endsWith('gone') ? undefined : { x: '1', z: '1' })
    })

    it('nothing that the cluster refuses, and says so', async () => {
      const r = rig()
      expect(await refusal(r.apply(r.config('No Name', { x: '1' })))).toBe('rejected')
      expect(await refusal(r.apply({ ...r.config('a', { x: '1' }), oddity: 1 }))).toBe('rejected')
      expect(await r.get('a')).toBeNull()
    })

    it('no change of what cannot be changed in place', async () => {
      const r = rig()
      const first = await r.apply({ ...r.config('a', { x: '1' }), immutable: true })
      const change = { ...r.config('a', { x: '2' }), immutable: true }
      expect(await refusal(r.apply(change, { ...preconditions(first.object), force: true }))).toBe('rejected')
      expect((await r.get('a'))?.data).toEqual({ x: '1' })
    })
  })
}

function creating(rig: Rigged): void {
  describe('where somebody else made the object in between, an apply without force', () => {
    it('is a conflict that changes nothing, when it wants another value', async () => {
      const r = rig()
      const made = await r.under.create(r.config('a', { x: 'theirs' }))
      expect(await refusal(r.apply(r.config('a', { x: 'ours' })))).toBe('conflict')
      const now = await r.get('a')
      expect([now?.data, now?.metadata.resourceVersion]).toEqual([{ x: 'theirs' }, resourceVersionOf(made)])
    })

    it('joins their object when no value is in dispute, and says that it made none', async () => {
      const r = rig()
      const made = await r.under.create(r.config('a', { x: 'theirs' }))
      const applied = await r.apply(r.config('a', { y: 'ours' }))
      expect(applied).toMatchObject({ created: false, object: { data: { x: 'theirs', y: 'ours' } } })
      expect(uidOf(applied.object)).toBe(uidOf(made))
    })
  })
}

function patching(rig: Rigged): void {
  describe('patches by merge', () => {
    it('only what the patch names, and takes away what it says is null', async () => {
      const r = rig()
      await r.under.create(r.config('a', { x: '1', y: '1', z: '1' }))
      const patched = await r.patch('a', { data: { x: '2', y: null } })
      expect(patched.data).toEqual({ x: '2', z: '1' })
      expect((await r.get('a'))?.metadata.resourceVersion).toBe(resourceVersionOf(patched))
    })

    it('only the object in the version that the patch names', async () => {
      const r = rig()
      const made = await r.under.create(r.config('a', { x: '1' }))
      await r.under.edit(refOf(made), { data: { z: '1' } })
      const older = { uid: uidOf(made), resourceVersion: resourceVersionOf(made) }
      expect(await refusal(r.patch('a', { metadata: older, data: { x: '2' } }))).toBe('conflict')
      expect(await refusal(r.patch('a', { metadata: { uid: OTHER_UID }, data: { x: '2' } }))).toBe('conflict')
      expect((await r.get('a'))?.data).toEqual({ x: '1', z: '1' })
    })

    it('nothing that does not exist', async () => {
      expect(await refusal(rig().patch('a', { data: { x: '1' } }))).toBe('not-found')
    })

    it('the ownership of fields, so that what we let go of is not taken away by the next apply', async () => {
      const r = rig()
      const { object } = await r.apply(r.config('a', { x: '1', y: '1' }))
      const entry = { manager: FIELD_MANAGER, operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1' }
      const managedFields = [{ ...entry, fieldsV1: { 'f:data': { 'f:x': {} } } }]
      const metadata = { uid: uidOf(object), resourceVersion: resourceVersionOf(object), managedFields }
      await r.patch('a', { metadata })
      const next = await r.apply(r.config('a', { x: '2' }), { uid: uidOf(object) })
      expect(next.object.data).toEqual({ x: '2', y: '1' })
    })
  })
}

function deleting(rig: Rigged): void {
  describe('deletes', () => {
    it.each(['background', 'foreground', 'orphan'] as const)('the object with the uid, cascade %s', async (cascade) => {
      const r = rig()
      const made = await r.under.create(r.config('a', {}))
      expect(['gone', 'terminating']).toContain(await r.delete('a', uidOf(made), cascade))
      await gone(r, 'a')
      expect(await r.delete('a', uidOf(made), cascade)).toBe('gone')
    })

    it('no object that was made again under the name', async () => {
      const r = rig()
      const made = await r.under.create(r.config('a', {}))
      await r.under.remove(refOf(made))
      const again = await r.under.create(r.config('a', {}))
      expect(await refusal(r.delete('a', uidOf(made)))).toBe('conflict')
      expect(uidOf((await r.get('a')) ?? made)).toBe(uidOf(again))
    })

    it('an object with finalizers by and by: it is terminating until the last of them is taken off', async () => {
      const r = rig()
      const made = await r.under.create(r.config('a', {}, { finalizers: ['example.com/hold'] }))
      expect(await r.delete('a', uidOf(made))).toBe('terminating')
      expect(await r.delete('a', uidOf(made))).toBe('terminating')
      const ending = await r.get('a')
      expect(ending !== null && isTerminating(ending)).toBe(true)
      await r.under.edit(refOf(made), { metadata: { finalizers: null } })
      expect(await r.get('a')).toBeNull()
    })
  })
}

/** Follows until the object is gone. */
function gone(r: Rig, name: string): Promise<void> {
  return r.target.follow([r.address(name)], (_, object) => (object === null ? 'stop' : 'go-on'), never)
}

function following(rig: Rigged): void {
  describe('follows', () => {
    it('every object once as it is, also one that does not exist', async () => {
      const r = rig()
      await r.under.create(r.config('a', { x: '1' }))
      const seen = new Map<string, unknown>()
      const note = ({ ref }: Address, object: KubeObject | null) => {
        seen.set(ref.name, object === null ? null : object.data)
        return seen.size === 2 ? 'stop' : 'go-on'
      }
      await r.target.follow([r.address('a'), r.address('b')], note, never)
      expect(Object.fromEntries(seen)).toEqual({ a: { x: '1' }, b: null })
    })

    it('its changes and its end, until it is told to stop', async () => {
      const r = rig()
      const made = await r.under.create(r.config('a', { x: '1' }))
      const seen: unknown[] = []
      const doing: Promise<void>[] = []
      await r.target.follow(
        [r.address('a')],
        (_, object) => {
          seen.push(object === null ? null : object.data)
          if (seen.length === 1) doing.push(r.under.edit(refOf(made), { data: { x: '2' } }))
          if (seen.length === 2) doing.push(r.under.remove(refOf(made)))
          return object === null ? 'stop' : 'go-on'
        },
        never,
      )
      await Promise.all(doing)
      expect(seen).toEqual([{ x: '1' }, { x: '2' }, null])
    })

    it('until the signal fires', async () => {
      const r = rig()
      const stop = new AbortController()
      let told = 0
      await r.target.follow(
        [r.address('a')],
        () => {
          told += 1
          stop.abort()
          return 'go-on'
        },
        stop.signal,
      )
      expect(told).toBe(1)
    })
  })
}

function preconditions(object: KubeObject): Pick<ApplyRequest, 'uid' | 'resourceVersion'> {
  return { uid: uidOf(object), resourceVersion: resourceVersionOf(object) }
}

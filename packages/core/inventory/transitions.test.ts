// Tests of the life of an inventory entry.
import { describe, expect, it } from 'vitest'
import { config, live } from '../testing/manifests.ts'
import { planInput } from '../testing/plan-case.ts'
import type { Wish } from './transitions.ts'
import { beginDeletion, commitOf, confirmApplied, intend, isIn, mayLeave } from './transitions.ts'

const input = planInput({ desired: [config('a')], live: [live(config('a'), { uid: 'u1' })] })
const [desired] = input.desired.objects
if (desired === undefined) throw new Error('no example')
const wish: Wish = { desired, order: 3, commit: 'c1', sourceDigest: 's1', adopted: false }
const intended = intend(wish, null)
const applied = confirmApplied(intended, wish, 'u1')

describe('an entry', () => {
  it('is intended before the object exists, and knows no uid', () => {
    expect(intended).toMatchObject({ state: { kind: 'intended' }, order: 3, commit: 'c1', digest: desired.digest })
  })

  it('is applied with the uid that the server gave', () => {
    expect(applied.state).toEqual({ kind: 'applied', uid: 'u1' })
  })

  it('stays applied while an update is under way', () => {
    expect(intend({ ...wish, commit: 'c2' }, applied)).toBe(applied)
  })

  it('takes commit, wave and options from the newest apply, and adoption from the first', () => {
    const first = confirmApplied(intend({ ...wish, adopted: true }, null), { ...wish, adopted: true }, 'u1')
    const second = confirmApplied(first, { ...wish, commit: 'c2' }, 'u1')
    expect(second).toMatchObject({ commit: 'c2', adopted: true })
  })

  it('is deleting by the uid it was applied with, also the second time', () => {
    const deleting = beginDeletion(applied)
    expect(deleting.state).toEqual({ kind: 'deleting', uid: 'u1' })
    expect(beginDeletion(deleting)).toEqual(deleting)
    expect(isIn(deleting, 'deleting') && !isIn(deleting, 'applied')).toBe(true)
  })

  it('leaves only when its object was seen gone, or another one stands in its place', () => {
    const deleting = beginDeletion(applied)
    const [object] = [...input.live.objects.values()]
    if (object === undefined) throw new Error('no example')
    expect(mayLeave(deleting, { kind: 'absent' })).toBe(true)
    expect(mayLeave(deleting, { kind: 'unseen', reason: 'no answer' })).toBe(false)
    expect(mayLeave(deleting, { kind: 'present', object })).toBe(false)
    const other = { ...object, metadata: { ...object.metadata, uid: 'u2' } }
    expect(mayLeave(deleting, { kind: 'present', object: other })).toBe(true)
  })
})

it('a desired set stands for the commits of all its sources, and for none where it has no source', () => {
  const [revision] = input.desired.revisions
  if (revision === undefined) throw new Error('no example')
  expect(commitOf({ revisions: [] })).toBeNull()
  expect(commitOf({ revisions: [{ ...revision, commit: 'a' }] })).toBe('a')
  expect(commitOf({ revisions: ['a', 'b'].map((commit) => ({ ...revision, commit })) })).toBe('a+b')
})

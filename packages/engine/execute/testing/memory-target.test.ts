// The cluster in memory against the contract of the executor's port, and what only it can do.
import { describe, expect, it } from 'vitest'
import { standingClock } from '../../record/testing/values.ts'
import { targetContract } from '../contract.ts'
import type { ApplyRequest } from '../target.ts'
import { MemoryTarget, refused } from './memory-target.ts'

targetContract('the memory target', async () => {
  const target = new MemoryTarget(standingClock())
  return {
    target,
    namespace: 'shop',
    create: async (manifest) => target.create(manifest),
    edit: async (ref, patch) => void target.edit(ref, patch),
    remove: async (ref) => target.remove(ref),
  }
})

describe('a fault that a test injects', () => {
  const ref = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' }
  const request: ApplyRequest = {
    manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop' } },
    uid: null,
    resourceVersion: null,
    force: false,
    fieldValidation: 'Strict',
  }

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('%s a request is its answer, and leaves %i objects', async (when, count) => {
    const target = new MemoryTarget(standingClock())
    target.on = (moment) => {
      if (moment === when) throw refused('unreachable', 'apply', ref, 'the line was cut')
    }
    await expect(target.apply(request)).rejects.toThrow('the line was cut')
    expect(target.objects).toHaveLength(count)
  })
})

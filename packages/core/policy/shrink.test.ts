// Tests of the brake on mass deletions.
import { expect, it } from 'vitest'
import { config } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const many = (prefix: string, number: number) => Array.from({ length: number }, (_, at) => config(`${prefix}-${at}`))

it('asks when more objects go than the limit, and names every one of them', () => {
  const { found } = judge('shrink', { same: many('stays', 60), ours: many('goes', 11) })
  expect(found[0]?.level).toBe('needs-approval')
  expect(found[0]?.title).toBe('11 of 71 objects (15 %) would be deleted, more than 10 objects')
  for (let at = 0; at < 11; at++) expect(found[0]?.what).toContain(`ConfigMap/goes-${at}`)
})

it('asks when a larger share goes than the limit', () => {
  const { found } = judge('shrink', { same: many('stays', 3), ours: many('goes', 2) })
  expect(found[0]?.title).toBe('2 of 5 objects (40 %) would be deleted, more than 30 %')
})

it('lets few deletions pass, and a single one whatever its share', () => {
  expect(judge('shrink', { same: many('stays', 10), ours: many('goes', 3) }).found).toEqual([])
  expect(judge('shrink', { same: many('stays', 1), ours: many('goes', 1) }).found).toEqual([])
})

it('goes by the limits that are set', () => {
  const given = { same: many('stays', 10), ours: many('goes', 2) }
  expect(judge('shrink', { ...given, limits: { maxDeletes: 1 } }).found).toHaveLength(1)
  expect(judge('shrink', { ...given, limits: { maxDeletePercent: 10 } }).found).toHaveLength(1)
})

it('leaves the deletion of an application to its own rule', () => {
  expect(judge('shrink', { intent: { kind: 'delete', cascade: 'background' }, ours: many('goes', 20) }).found).toEqual(
    [],
  )
})

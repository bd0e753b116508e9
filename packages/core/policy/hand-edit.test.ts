// Tests of the warning about edits that an apply would undo.
import { expect, it } from 'vitest'
import { config } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const edit = {
  manager: 'kubectl-edit',
  operation: 'Update',
  apiVersion: 'v1',
  time: '2026-05-01T08:00:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:data': { 'f:a': {} } },
}

it('names the fields, who wrote them and when', () => {
  const there = config('a', {}, { a: 'edited' })
  const edited = { ...there, metadata: { name: 'a', managedFields: [edit] } }
  const { found, plan } = judge('hand-edit', { desired: [config('a')], ours: [edited] })
  expect(found[0]?.level).toBe('warning')
  expect(found[0]?.title).toBe('ConfigMap/a data.a was changed by hand')
  expect(found[0]?.what).toContain('kubectl-edit (2026-05-01 08:00)')
  expect(plan.verdict).toBe('proceed')
})

it('says nothing where only Git changed', () => {
  expect(judge('hand-edit', { desired: [config('a', {}, { a: '2' })], ours: [config('a')] }).found).toEqual([])
})

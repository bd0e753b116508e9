// Tests of the rule that a moved file is no removed one.
import { expect, it } from 'vitest'
import { type ObjectRef, refKey } from '../object/ref.ts'
import { config } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const ref: ObjectRef = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' }
const commit = 'c0ffee0000000000000000000000000000000000'

function judged(movedTo: string | null) {
  const causes = { [refKey(ref)]: { commit, movedTo } }
  return judge('moved-file', { desired: [config('b')], ours: [config('a')], causes })
}

it('asks before an object goes whose file stands somewhere else now', () => {
  const { found, plan } = judged('billing/a.yaml')
  expect(found).toMatchObject([{ level: 'needs-approval', ref }])
  expect(found[0]?.title).toContain('moved to billing/a.yaml')
  expect(plan.steps.at(-2)).toMatchObject({ kind: 'delete', why: 'moved to billing/a.yaml in c0ffee0' })
})

it('says nothing of a file that was removed', () => {
  const { found, plan } = judged(null)
  expect(found).toEqual([])
  expect(plan.steps.at(-2)).toMatchObject({ kind: 'delete', why: 'removed from Git in c0ffee0' })
})

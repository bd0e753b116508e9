// Tests of what the API server warns of.
import { expect, it } from 'vitest'
import { config, live } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

it('passes the words of the server on, object by object', () => {
  const accepted = live(config('a'))
  const object = { ...accepted, apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
  const { found, plan } = judge('server-warning', {
    desired: [config('a'), config('b')],
    dryRuns: { 'ConfigMap/a': { kind: 'accepted', object, warnings: ['this version goes away'] } },
  })
  expect(found.map((finding) => finding.what)).toEqual(['this version goes away'])
  expect(plan.verdict).toBe('proceed')
})

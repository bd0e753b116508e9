// The exit code of a plan that was only shown.
import type { Plan } from '@mainstay/core/plan/plan.ts'
import type { Finding } from '@mainstay/core/policy/finding.ts'
import { verdictOf } from '@mainstay/core/policy/finding.ts'
import { beforeAll, describe, expect, it } from 'vitest'
import { exitOfPlan } from './exit.ts'
import { run } from './testing/io.ts'
import { MemorySession } from './testing/session.ts'
import { put, shopWorld } from './testing/world.ts'

let shop: Plan

beforeAll(async () => {
  const session = new MemorySession(shopWorld())
  const loaded = await session.loadApplication({ kind: 'file', file: 'app.yaml', name: null })
  const intent = { kind: 'sync', prune: false, only: [], revision: null } as const
  shop = (await session.plan(loaded, { intent })).plan
})

function withFindings(...findings: readonly (readonly [string, Finding['level']])[]): Plan {
  const all = findings.map(([rule, level]): Finding => ({ rule, level, ref: null, title: '', what: '', fixes: [] }))
  return { ...shop, findings: all, verdict: verdictOf(all) }
}

describe('a plan exits', () => {
  it('1 where it would do something, 0 where it would not', () => {
    expect(exitOfPlan(shop)).toBe(1)
    expect(exitOfPlan({ ...shop, steps: [] })).toBe(0)
    expect(exitOfPlan({ ...shop, steps: [], totals: { ...shop.totals, ending: 1 } })).toBe(1)
  })

  it('3 where it needs approval, 4 where a rule blocks it', () => {
    expect(exitOfPlan(withFindings(['deletion', 'needs-approval']))).toBe(3)
    expect(exitOfPlan(withFindings(['deletion', 'needs-approval'], ['self-deletion', 'blocked']))).toBe(4)
  })

  it('2 where only its own input blocks it, or where it could not see everything', () => {
    expect(exitOfPlan(withFindings(['rejected', 'blocked']))).toBe(2)
    expect(exitOfPlan(withFindings(['rejected', 'blocked'], ['self-deletion', 'blocked']))).toBe(4)
    expect(exitOfPlan({ ...shop, totals: { ...shop.totals, unseen: 1 } })).toBe(2)
  })
})

it('a run that could not see everything exits 2 and says so, though all its steps were done', async () => {
  const world = shopWorld()
  put(world, null, { apiVersion: 'v1', kind: 'Unseen', metadata: { name: 'far', namespace: 'shop' } })
  const { code, out } = await run('app sync shop', { session: new MemorySession(world) })
  expect(out).toContain('succeeded')
  expect(out).toContain('! 1 object could not be seen and had no part in this run')
  expect(code).toBe(2)
})

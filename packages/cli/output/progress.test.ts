// What is seen of a run: lines in place on a terminal, one line an event elsewhere.

import type { Plan } from '@mainstay/core/plan/plan.ts'
import { describe, expect, it } from 'vitest'
import { testIo } from '../testing/io.ts'
import { screenOf } from '../testing/screen.ts'
import { MemorySession } from '../testing/session.ts'
import { shopWorld } from '../testing/world.ts'
import { type ProgressView, progressView } from './progress.ts'
import { terminalOf } from './terminal.ts'

const AT = '2026-11-23T10:42:01.500Z'
const WEB = 'apply /ConfigMap/shop/web'
const NEW = 'apply /ConfigMap/shop/new'

async function shopPlan(): Promise<Plan> {
  const session = new MemorySession(shopWorld())
  const loaded = await session.loadApplication({ kind: 'file', file: 'app.yaml', name: null })
  return (await session.plan(loaded, { intent: { kind: 'sync', prune: false, only: [], revision: null } })).plan
}

async function start(isTTY: boolean): Promise<{ view: ProgressView; io: ReturnType<typeof testIo> }> {
  const io = testIo({ isTTY })
  const terminal = terminalOf(io.out, io.env, 'never')
  return { view: progressView({ plan: await shopPlan(), terminal, io }), io }
}

describe('on a terminal', () => {
  it('shows running steps that change in place, under the finished ones', async () => {
    const { view, io } = await start(true)
    view.onEvent({ kind: 'step-started', at: AT, step: WEB })
    view.onEvent({ kind: 'step-started', at: AT, step: NEW })
    expect(screenOf(io.seen.out)).toEqual([
      '  ⠋ apply   ConfigMap/web  0.0 s   ',
      '  ⠋ create  ConfigMap/new  0.0 s   ',
    ])
    io.advance(1200)
    io.tick()
    expect(screenOf(io.seen.out)).toEqual([
      '  ⠙ apply   ConfigMap/web  1.2 s   ',
      '  ⠙ create  ConfigMap/new  1.2 s   ',
    ])
    view.onEvent({ kind: 'step-progress', at: AT, step: WEB, message: 'waiting for the webhook' })
    view.onEvent({ kind: 'step-done', at: AT, step: NEW, result: { kind: 'created', uid: 'u' } })
    expect(screenOf(io.seen.out)).toEqual([
      '  ✓ create  ConfigMap/new  1.2 s   created',
      '  ⠙ apply   ConfigMap/web  1.2 s   waiting for the webhook',
    ])
    view.onEvent({ kind: 'step-failed', at: AT, step: WEB, what: 'the server refused it', why: 'field is\nimmutable' })
    view.note('Stopping.')
    view.close()
    expect(screenOf(io.seen.out)).toEqual([
      '  ✓ create  ConfigMap/new  1.2 s   created',
      '  ✗ apply   ConfigMap/web  the server refused it',
      '      field is',
      '      immutable',
      'Stopping.',
    ])
  })

  it('leaves nothing of the running steps behind when it is closed in the middle', async () => {
    const { view, io } = await start(true)
    view.onEvent({ kind: 'step-started', at: AT, step: WEB })
    view.close()
    expect(screenOf(io.seen.out)).toEqual([])
    const before = io.seen.out
    io.tick()
    expect(io.seen.out).toBe(before)
  })

  it('never draws a running line wider than the terminal: it could not be drawn over', async () => {
    const { view, io } = await start(true)
    view.onEvent({ kind: 'step-started', at: AT, step: WEB })
    view.onEvent({ kind: 'step-progress', at: AT, step: WEB, message: 'x'.repeat(300) })
    const [line = ''] = screenOf(io.seen.out)
    expect(line).toMatch(/x…$/)
    expect(line.length).toBeLessThan(100)
  })

  it('shows as many running steps as the terminal has rows, and how many more there are', async () => {
    const { view, io } = await start(true)
    for (let index = 0; index < 60; index++) view.onEvent({ kind: 'step-started', at: AT, step: `apply ${index}` })
    const lines = screenOf(io.seen.out)
    expect(lines.length).toBeLessThan(30)
    expect(lines.at(-1)).toBe('  … and 33 more running')
  })
})

describe('elsewhere', () => {
  it('writes one line an event with its time', async () => {
    const { view, io } = await start(false)
    view.onEvent({ kind: 'run-started', at: AT, plan: 'p', by: 'ana' })
    view.onEvent({ kind: 'step-started', at: AT, step: WEB })
    view.onEvent({ kind: 'step-progress', at: AT, step: WEB, message: '1 of 3' })
    view.onEvent({ kind: 'step-done', at: AT, step: WEB, result: { kind: 'already-gone' } })
    view.onEvent({ kind: 'step-failed', at: AT, step: NEW, what: 'refused', why: null })
    view.close()
    expect(io.seen.out).toBe(
      [
        '2026-11-23 10:42:01Z  apply ConfigMap/web: started',
        '2026-11-23 10:42:01Z  apply ConfigMap/web: 1 of 3',
        '2026-11-23 10:42:01Z  apply ConfigMap/web: already gone',
        '2026-11-23 10:42:01Z  create ConfigMap/new: failed: refused',
        '',
      ].join('\n'),
    )
  })
})

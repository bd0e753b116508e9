// Events: one for what is said again, one for many that are alike, and none for ever.
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../store/random.ts'
import { note } from './event.ts'
import { openStage, type Stage } from './testing/stage.ts'

function say(stage: Stage, message: string): void {
  const about = stage.get('v1', 'ConfigMap', 'a')
  const desk = { world: stage.world, now: stage.clock.now(), random: randomFrom(1) }
  note(desk, { about, type: 'Normal', reason: 'Told', message, from: 'test' })
}

function open(): Stage {
  const stage = openStage()
  stage.make('v1', 'ConfigMap', 'a', {})
  return stage
}

describe('events', () => {
  it('are counted where the same is said again', () => {
    const stage = open()
    say(stage, 'one')
    stage.clock.advance(5000)
    say(stage, 'one')
    expect(stage.events('ConfigMap', 'a')).toEqual(['Told: one (2)'])
    const [event] = stage.world.list('v1', 'Event', 'default')
    expect(event).toMatchObject({ firstTimestamp: '2026-01-01T12:00:00Z', lastTimestamp: '2026-01-01T12:00:05Z' })
  })

  it('become one where many are alike', () => {
    const stage = open()
    for (let index = 1; index <= 12; index++) say(stage, `message ${index}`)
    const told = stage.events('ConfigMap', 'a')
    expect(told).toHaveLength(10)
    expect(told.at(-1)).toBe('Told: (combined from similar events): message 12 (3)')
  })

  it('are forgotten after an hour', () => {
    const stage = open()
    say(stage, 'old')
    stage.clock.advance(30 * 60_000)
    say(stage, 'new')
    stage.clock.advance(32 * 60_000)
    expect(stage.events('ConfigMap', 'a')).toEqual(['Told: new (1)'])
  })
})

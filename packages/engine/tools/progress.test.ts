// What a person sees while a tool comes to be.

import { describe, expect, it } from 'vitest'
import type { ToolEvent } from './context.ts'
import { progressView } from './progress.ts'

const building = (packages: number): ToolEvent => ({ kind: 'building', tool: 'etcd', packages, at: 'bytes' })

/** Shows events at given times (ms) and returns all that was written. */
function shown(live: boolean, events: readonly (readonly [number, ToolEvent])[]): string {
  let text = ''
  let now = 0
  const write = (part: string): void => {
    text += part
  }
  const view = progressView({ write, live, now: () => now })
  for (const [at, event] of events) {
    now = at
    view.onEvent(event)
  }
  view.end()
  return text
}

describe('progressView', () => {
  it('prints a plain line at the start and then now and then, with the time that has passed', () => {
    const text = shown(false, [
      [0, building(1)],
      [5_000, building(90)],
      [75_000, building(900)],
      [76_000, { kind: 'ready', tool: 'etcd', path: '/cache/etcd' }],
    ])
    expect(text).toBe(
      'etcd: building, 1 packages, 0m00s  bytes\n' +
        'etcd: building, 900 packages, 1m15s  bytes\n' +
        'etcd: ready, /cache/etcd\n',
    )
  })

  it('redraws one line on a terminal and leaves it clean', () => {
    const text = shown(true, [
      [0, building(1)],
      [50, building(2)],
      [200, building(3)],
    ])
    expect(text.split('\u001b[2K')).toEqual([
      'etcd: building, 1 packages, 0m00s  bytes\r',
      'etcd: building, 3 packages, 0m00s  bytes\r',
      '',
    ])
  })

  it('says whom it waits for and why there is no release', () => {
    const text = shown(false, [
      [0, { kind: 'waiting', tool: 'helm', owner: 'process 7 on here' }],
      [1, { kind: 'release-failed', tool: 'helm', why: 'the server answered 404' }],
      [2, { kind: 'downloading', tool: 'helm', bytes: 1 << 20, total: 4 << 20 }],
    ])
    expect(text).toContain('helm: waiting for process 7 on here, which is making it\n')
    expect(text).toContain('helm: no release (the server answered 404), so it is built\n')
    expect(text).toContain('helm: downloading the release, 1.0 of 4.0 MiB\n')
  })
})

// What an image does: by annotation, by pattern, and by default.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { BEHAVIOUR, behaviourOf, type ImageRule, readBehaviour } from './image.ts'

function pod(annotations: JsonObject = {}, restartPolicy = 'Always'): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', annotations }, spec: { restartPolicy } }
}

function does(image: string, rules: readonly ImageRule[] = [], of = pod(), init = false): string {
  return behaviourOf(of, { name: 'main', image }, rules, init).kind
}

describe('what an image does', () => {
  it('is read from an annotation with its numbers', () => {
    expect(readBehaviour('runs')).toEqual({ kind: 'runs', readyAfterMs: 1000 })
    expect(readBehaviour('runs ready-after=500ms stop-after=2m')).toEqual({
      kind: 'runs',
      readyAfterMs: 500,
      stopAfterMs: 120_000,
    })
    expect(readBehaviour('slow-start')).toEqual({ kind: 'slow-start', createAfterMs: 30_000, readyAfterMs: 1000 })
    expect(readBehaviour('completes after=1.5s exit-code=4')).toEqual({ kind: 'completes', afterMs: 1500, exitCode: 4 })
    expect(readBehaviour('crashes times=3')).toEqual({ kind: 'crashes', afterMs: 1000, exitCode: 1, times: 3 })
    for (const kind of ['never-ready', 'not-found'] as const) expect(readBehaviour(kind)).toEqual({ kind })
  })

  it('is unknown where an annotation says something else', () => {
    for (const text of ['', 'sleeps', 'runs fast', 'runs after=1s', 'crashes after=soon', 'not-found after=1s']) {
      expect(readBehaviour(text)).toEqual({ kind: 'unknown', text })
    }
  })

  it('is unknown where a count has a unit or a part, or a span has no unit', () => {
    const counts = ['crashes times=2h', 'crashes times=1.5', 'crashes exit-code=1h', 'completes exit-code=1s']
    const spans = [
      'crashes after=2',
      'runs ready-after=0',
      'runs stop-after=1.5',
      'slow-start create-after=3',
      'runs ready-after=',
    ]
    for (const text of [...counts, ...spans]) expect(readBehaviour(text)).toEqual({ kind: 'unknown', text })
  })

  it('is said by the first rule that fits, whole or in part', () => {
    const rules: readonly ImageRule[] = [
      { image: 'shop/web:broken*', behaviour: { kind: 'never-ready' } },
      { image: 'shop/web', behaviour: { kind: 'crashes', afterMs: 0, exitCode: 1 } },
      { image: '*/db:*-old', behaviour: { kind: 'not-found' } },
    ]
    expect(does('shop/web:broken-2', rules)).toBe('never-ready')
    expect(does('shop/web', rules)).toBe('crashes')
    expect(does('shop/web:1', rules)).toBe('crashes')
    expect(does('shop/web@sha256:0', rules)).toBe('crashes')
    expect(does('shop/web-admin:1', rules)).toBe('runs')
    expect(does('any.example/db:16-old', rules)).toBe('not-found')
    expect(does('any.example/db:16', rules)).toBe('runs')
  })

  it('is decided by the annotation for the container, then for the Pod; for init containers only by the first', () => {
    const both = pod({ [BEHAVIOUR]: 'never-ready', [`${BEHAVIOUR}.other`]: 'not-found' })
    expect(does('a:1', [], both)).toBe('never-ready')
    expect(behaviourOf(both, { name: 'other', image: 'a:1' }, [], false).kind).toBe('not-found')
    expect(does('a:1', [], both, true)).toBe('completes')
    expect(behaviourOf(both, { name: 'other', image: 'a:1' }, [], true).kind).toBe('not-found')
  })

  it('is to run, or to complete where nobody would start it again', () => {
    expect(does('a:1')).toBe('runs')
    expect(does('a:1', [], pod({}, 'Never'))).toBe('completes')
    expect(does('a:1', [], pod(), true)).toBe('completes')
    expect(behaviourOf(pod(), { name: 's', image: 'a:1', restartPolicy: 'Always' }, [], true).kind).toBe('runs')
    expect(does('registry.invalid/a:1')).toBe('not-found')
    expect(does('registry.invalid:5000/a:1')).toBe('not-found')
    expect(does('invalid/a:1')).toBe('runs')
  })
})

// What the kubelet stand-in decides, without a cluster.

import { describe, expect, it } from 'vitest'
import { nextStep, type Pod, stageAnnotation, stageOf } from './stage.ts'

function pod(stage: string | null, changes: { spec?: object; status?: object; metadata?: object } = {}): Pod {
  return {
    metadata: {
      name: 'one',
      namespace: 'n',
      uid: 'u',
      ...(stage === null ? {} : { annotations: { [stageAnnotation]: stage } }),
      ...changes.metadata,
    },
    spec: { nodeName: 'stand-in', containers: [{ name: 'main' }], ...changes.spec },
    ...(changes.status === undefined ? {} : { status: changes.status }),
  }
}

const running = { phase: 'Running', containerStatuses: [{ ready: true }] }

describe('stageOf', () => {
  it('lets Pods of a Job succeed and all others run when nothing is said', () => {
    expect(stageOf(pod(null))).toEqual({ kind: 'runs', afterMs: 0 })
    const ofJob = pod(null, { metadata: { ownerReferences: [{ kind: 'Job', controller: true }] } })
    expect(stageOf(ofJob)).toEqual({ kind: 'ends', afterMs: 0, exitCode: 0 })
  })

  it('reads times in ms, s and m', () => {
    const afterMs = ['fails-after=250ms', 'fails-after=1.5s', 'fails-after=2m'].map((text) => stageOf(pod(text)))
    expect(afterMs).toEqual([250, 1500, 120_000].map((ms) => ({ kind: 'ends', afterMs: ms, exitCode: 1 })))
  })

  it('refuses a word it does not know, a time where none belongs and a missing one', () => {
    for (const text of ['run', 'runs=3s', 'fails-after', 'fails-after=3', '']) {
      expect(stageOf(pod(text))).toEqual({ kind: 'invalid', text })
    }
  })
})

describe('nextStep', () => {
  it('places a Pod without a node, unless it is told not to', () => {
    expect(nextStep(pod('runs', { spec: { nodeName: undefined } }), 0)).toEqual({ kind: 'place' })
    expect(nextStep(pod('never-placed', { spec: { nodeName: undefined } }), 0)).toEqual({ kind: 'nothing' })
  })

  it('runs a Pod until its time has come, then ends it', () => {
    const own = { restartPolicy: 'Never' }
    const fresh = pod('succeeds-after=1s', { spec: own })
    expect(nextStep(fresh, 0)).toEqual({ kind: 'become', state: 'running', why: null })
    const old = pod('succeeds-after=1s', { spec: own, status: running })
    expect(nextStep(old, 400)).toEqual({ kind: 'wait', ms: 600 })
    expect(nextStep(old, 1000)).toEqual({ kind: 'become', state: 'succeeded', why: null })
  })

  it('leaves a Pod alone that is where it should be', () => {
    expect(nextStep(pod('runs', { status: running }), 0)).toEqual({ kind: 'nothing' })
    expect(nextStep(pod('fails-after=1s', { status: { phase: 'Failed' } }), 5000)).toEqual({ kind: 'nothing' })
  })

  it('removes a placed Pod that is being deleted', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z' }
    expect(nextStep(pod('runs', { metadata, status: running }), 0)).toEqual({ kind: 'remove' })
  })
})

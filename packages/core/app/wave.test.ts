// Waves and hooks, from the annotations of an object.
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../object/object.ts'
import { hookPhases, syncWave } from './wave.ts'

function withAnnotations(annotations: Record<string, string>): KubeObject {
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'x', annotations } }
}

const WAVE = 'argocd.argoproj.io/sync-wave'
const HOOK = 'argocd.argoproj.io/hook'
const WEIGHT = 'helm.sh/hook-weight'
const HELM = 'helm.sh/hook'

describe('the wave', () => {
  it.each<[Record<string, string>, number]>([
    [{}, 0],
    [{ [WAVE]: '5' }, 5],
    [{ [WAVE]: '-10' }, -10],
    [{ [WAVE]: '+3' }, 3],
    [{ [WAVE]: '-0' }, 0],
    [{ [WEIGHT]: '7' }, 7],
    [{ [WAVE]: '1', [WEIGHT]: '7' }, 1],
    [{ [HELM]: 'pre-install', [WEIGHT]: '-5' }, -5],
    [{ [HOOK]: 'PreSync', [WEIGHT]: '7' }, 0],
  ])('of %j is %d', (annotations, wave) => {
    expect(syncWave(withAnnotations(annotations), 'a.yaml:1')).toEqual({ kind: 'wave', wave })
  })

  it.each(['', 'first', '1.5', '1e3', ' 1', '99999999999'])('cannot be %j', (text) => {
    expect(syncWave(withAnnotations({ [WAVE]: text }), 'a.yaml:1')).toMatchObject({
      kind: 'invalid',
      problem: { where: 'a.yaml:1', field: 'metadata.annotations["argocd.argoproj.io/sync-wave"]' },
    })
  })
})

describe('the phases', () => {
  it.each<[string, Record<string, string>, readonly string[] | null]>([
    ['an ordinary object', {}, null],
    ['a hook', { [HOOK]: 'PreSync' }, ['PreSync']],
    ['a hook of several phases', { [HOOK]: 'PreSync, PostSync,PreSync' }, ['PreSync', 'PostSync']],
    ['Skip alone', { [HOOK]: 'Skip' }, ['Skip']],
    ['Skip beside a phase', { [HOOK]: 'Skip,PreSync' }, ['PreSync']],
    ['a hook with a word that is none', { [HOOK]: 'PreSnyc' }, []],
    ['a Helm hook', { [HELM]: 'pre-install,pre-upgrade' }, ['PreSync']],
    ['a Helm hook of two phases', { [HELM]: 'post-install, pre-delete' }, ['PostSync', 'PreDelete']],
    ['a Helm test', { [HELM]: 'test' }, []],
    ['a rollback hook', { [HELM]: 'pre-rollback' }, []],
    ['a definition of old charts', { [HELM]: 'crd-install' }, null],
    ['both kinds', { [HOOK]: 'Sync', [HELM]: 'pre-install' }, ['Sync']],
    ['both kinds, the own one without a phase', { [HOOK]: 'none', [HELM]: 'pre-install' }, ['PreSync']],
  ])('of %s', (_, annotations, phases) => {
    expect(hookPhases(withAnnotations(annotations))).toEqual(phases)
  })
})

// What an installation's ConfigMap says of rendering.
import { describe, expect, it } from 'vitest'
import { buildOptionsFor } from './kustomize/build-options.ts'
import { DEFAULT_SETTINGS, readRenderSettings } from './settings.ts'

describe('settings', () => {
  it('are the defaults where nothing is said', () => {
    expect(readRenderSettings({ 'application.instanceLabelKey': 'x' })).toEqual(DEFAULT_SETTINGS)
  })

  it('turn a tool off by anything but "true"', () => {
    const read = readRenderSettings({ 'helm.enable': 'false', 'kustomize.enable': 'true', 'jsonnet.enable': 'no' })
    expect([read.helm, read.kustomize, read.jsonnet]).toEqual([false, true, false])
  })

  it('choose build options by the version that a source names', () => {
    const read = readRenderSettings({
      'kustomize.buildOptions': '--load-restrictor LoadRestrictionsNone',
      'kustomize.buildOptions.v4.4.0': ' --enable-helm  --helm-debug ',
      'kustomize.path.v4.4.0': '/tools/kustomize_4_4_0',
    })
    expect(buildOptionsFor(read, null)).toEqual({ args: ['--load-restrictor', 'LoadRestrictionsNone'], helm: false })
    expect(buildOptionsFor(read, 'v5.0.0').args).toEqual(['--load-restrictor', 'LoadRestrictionsNone'])
    expect(buildOptionsFor(read, 'v4.4.0')).toEqual({ args: ['--enable-helm', '--helm-debug'], helm: true })
  })

  it('let kustomizations load from elsewhere by one word alone', () => {
    expect(readRenderSettings({ 'mainstay.kustomize.remote': 'allowed' }).remoteBases).toBe('allowed')
    expect(readRenderSettings({ 'mainstay.kustomize.remote': 'true' }).remoteBases).toBe('refused')
  })
})

// Which tool a source is rendered by: as Argo CD's controller and repo server decide it.
import type { SourceTool } from '@mainstay/core/app/application.ts'
import { exampleApplication } from '@mainstay/core/testing/examples.ts'
import { describe, expect, it } from 'vitest'
import { decideTool, withoutEmpty } from './detect.ts'
import { DEFAULT_SETTINGS } from './settings.ts'

const decide = (names: readonly string[], tool: SourceTool = { kind: 'detect' }, settings = {}) =>
  decideTool(
    tool,
    names.map((path) => ({ path, kind: 'file', id: '' })),
    { ...DEFAULT_SETTINGS, ...settings },
  )

/** A tool as an Application writes it. */
const toolOf = (written: object): SourceTool =>
  exampleApplication({ source: { repoURL: 'https://git.example.com/a.git', path: '.', ...written } }).sources[0]
    ?.tool ?? {
    kind: 'detect',
  }

describe('a folder', () => {
  it.each<[readonly string[], string, string | null]>([
    [['apps/Chart.yaml', 'apps/a.yaml'], 'helm', 'apps/Chart.yaml'],
    [['kustomization.yaml'], 'kustomize', 'kustomization.yaml'],
    [['kustomization.yml'], 'kustomize', 'kustomization.yml'],
    [['Kustomization'], 'kustomize', 'Kustomization'],
    [['kustomization.YAML', 'chart.yaml', 'a.jsonnet'], 'directory', null],
    // The walk goes on after the first sign, and the last one counts.
    [['Chart.yaml', 'kustomization.yaml'], 'kustomize', 'kustomization.yaml'],
    [['kustomization.yaml', 'myChart.yaml'], 'helm', 'myChart.yaml'],
  ])('%j is %s', (names, kind, sign) => {
    expect(decide(names)).toMatchObject({ tool: { kind }, sign })
  })

  it('is plain manifests where the tool is turned off, also one that the source names', () => {
    expect(decide(['kustomization.yaml'], undefined, { kustomize: false }).tool.kind).toBe('directory')
    expect(decide(['Chart.yaml', 'kustomization.yaml'], undefined, { kustomize: false }).tool.kind).toBe('helm')
    expect(decide([], toolOf({ kustomize: { namePrefix: 'x' } }), { kustomize: false }).tool.kind).toBe('directory')
    expect(decide([], toolOf({ helm: { releaseName: 'x' } }), { helm: false }).tool.kind).toBe('directory')
  })

  it('is what the source says, whatever it looks like', () => {
    expect(decide(['kustomization.yaml'], toolOf({ directory: { recurse: true } })).tool.kind).toBe('directory')
    expect(decide(['Chart.yaml'], toolOf({ kustomize: { namePrefix: 'x' } })).tool.kind).toBe('kustomize')
  })
})

describe('a tool that is named without settings', () => {
  it.each<[object, string]>([
    [{ directory: {} }, 'detect'],
    [{ directory: { recurse: false, jsonnet: {} } }, 'detect'],
    [{ directory: { include: '*.yaml' } }, 'directory'],
    [{ directory: { exclude: '*.yaml' } }, 'directory'],
    [{ directory: { jsonnet: { libs: ['vendor'] } } }, 'directory'],
    [{ kustomize: {} }, 'detect'],
    [{ kustomize: { forceCommonLabels: true } }, 'detect'],
    [{ kustomize: { ignoreMissingComponents: true } }, 'kustomize'],
    [{ kustomize: { apiVersions: ['v1'] } }, 'kustomize'],
    [{ helm: {} }, 'detect'],
    [{ helm: { skipCrds: true } }, 'helm'],
    [{ plugin: {} }, 'plugin'],
  ])('is none: %j is %s', (written, kind) => {
    expect(withoutEmpty(toolOf(written)).kind).toBe(kind)
  })
})

// The recipes and the go.mod files that they are built from agree, and the programs on this machine are what they say.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { recipeOf, recipes, variableOf } from '../packages/engine/tools/recipe.ts'
import { describeTool } from '../test/run/tool.ts'

describe('the recipes', () => {
  it.each(recipes.map((recipe) => [recipe.name, recipe] as const))('%s is built from its version', (_name, recipe) => {
    const folder = join(import.meta.dirname, recipe.build.folder)
    const goMod = readFileSync(join(folder, 'go.mod'), 'utf8')
    expect(existsSync(join(folder, 'go.sum'))).toBe(true)
    expect(goMod).toContain(recipe.build.package)
    const versions = goMod
      .split('\n')
      .map((line) => line.trim().replace('require ', '').split(' '))
      .filter(
        ([module]) => module !== undefined && module.length > 0 && `${recipe.build.package}/`.startsWith(`${module}/`),
      )
      .map(([, version]) => version)
    expect(versions).toContain(`v${recipe.version}`)
  })

  it('pin every staging module of Kubernetes to the release', () => {
    const goMod = readFileSync(join(import.meta.dirname, 'kubernetes', 'go.mod'), 'utf8')
    const replaced = [...goMod.matchAll(/^\tk8s\.io\/\S+ => (k8s\.io\/\S+) (\S+)$/gm)]
    expect(replaced.length).toBeGreaterThan(25)
    expect(new Set(replaced.map(([, , version]) => version))).toEqual(new Set(['v0.36.3']))
  })

  it('pin releases by a whole SHA-256 and over HTTPS only', () => {
    for (const release of recipes.flatMap((recipe) => Object.values(recipe.releases))) {
      expect(release.sha256).toMatch(/^[0-9a-f]{64}$/)
      expect(release.url).toMatch(/^https:/)
    }
  })

  it('have names that make distinct environment variables', () => {
    expect(new Set(recipes.map((recipe) => variableOf(recipe.name))).size).toBe(recipes.length)
    expect(variableOf('kube-apiserver')).toBe('MAINSTAY_TOOL_KUBE_APISERVER')
  })
})

const chart = {
  'Chart.yaml': 'apiVersion: v2\nname: small\nversion: 1.0.0\n',
  'templates/a.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {kube: {{ .Capabilities.KubeVersion.Minor | quote }}}\n',
}

for (const name of ['helm', 'helm4']) {
  describeTool(name, `${name} as we make it`, (path) => {
    it('tells charts the Kubernetes version of the release it is built from', () => {
      const folder = mkdtempSync(join(tmpdir(), 'mainstay-chart-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      mkdirSync(join(folder, 'templates'))
      for (const [file, text] of Object.entries(chart)) writeFileSync(join(folder, file), text)
      const text = execFileSync(path, ['template', 'x', folder], { encoding: 'utf8', env: { HOME: folder } })
      expect(text).toContain('data: {kube: "37"}')
    })
  })
}

describeTool('kustomize', 'kustomize as we make it', (path) => {
  it('reports the version of its recipe', () => {
    expect(execFileSync(path, ['version'], { encoding: 'utf8' })).toContain(recipeOf('kustomize')?.version)
  })
})

describeTool('jsonnet', 'jsonnet as we make it', (path) => {
  it('is the Go implementation and evaluates', () => {
    expect(JSON.parse(execFileSync(path, ['-e', '{ a: 1 + 1 }'], { encoding: 'utf8' }))).toEqual({ a: 2 })
  })
})

// For any repository of kustomizations: what is rendered from the files that were found to be needed is what kustomize
// gives in a whole checkout, byte for byte, or both fail.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeTool } from '../../../../test/run/tool.ts'
import { wholeVariable } from '../../../../test/run/whole.ts'
import { isFault } from '../../fault.ts'
import { type Files, RenderBench } from '../testing/bench.ts'

const FOLDERS = ['a', 'b', 'b/in', 'c', 'deep/d/e'] as const

/** One folder: what its kustomization says, and where it refers to. */
interface Folder {
  readonly at: (typeof FOLDERS)[number]
  readonly name: string
  /** Other folders it has as bases, by their place in the list. */
  readonly bases: readonly number[]
  readonly components: readonly number[]
  readonly parts: readonly ('map' | 'secret' | 'patch' | 'prefix' | 'link' | 'plugin' | 'replacement' | 'missing')[]
}

const folders = fc.tuple(
  ...FOLDERS.map((at) =>
    fc.record({
      at: fc.constant(at),
      name: fc.constantFrom('kustomization.yaml', 'kustomization.yml', 'Kustomization'),
      bases: fc.uniqueArray(fc.nat(FOLDERS.length - 1), { maxLength: 2 }),
      components: fc.uniqueArray(fc.nat(FOLDERS.length - 1), { maxLength: 1 }),
      parts: fc.uniqueArray(
        fc.oneof(
          {
            weight: 12,
            arbitrary: fc.constantFrom('map', 'secret', 'patch', 'prefix', 'link', 'plugin', 'replacement'),
          },
          { weight: 1, arbitrary: fc.constant('missing') },
        ),
        { maxLength: 4 },
      ),
    }),
  ),
)

const up = (at: string) =>
  at
    .split('/')
    .map(() => '..')
    .join('/')

function filesOf(all: readonly Folder[]): Files {
  const files: Record<string, Files[string]> = { 'shared/x.txt': 'x', 'shared/unrelated.yaml': 'a: b\n' }
  for (const [index, folder] of all.entries()) {
    const { at, parts } = folder
    const id = at.replaceAll('/', '-')
    const to = (other: number) => `${up(at)}/${all[other]?.at ?? ''}`
    // A folder refers to later ones alone, so that most repositories have no cycle.
    const later = (indices: readonly number[]) => indices.filter((other) => other > index).map(to)
    const lines = [
      `resources: ${JSON.stringify(['map.yaml', ...later(folder.bases), ...(parts.includes('missing') ? ['none.yaml'] : [])])}`,
      `components: ${JSON.stringify(later(folder.components))}`,
    ]
    files[`${at}/map.yaml`] = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${id}}\ndata: {k: v}\n`
    for (const part of parts) lines.push(...partOf(part, at, id, files))
    files[`${at}/${folder.name}`] = `${lines.join('\n')}\n`
  }
  return files
}

function partOf(part: Folder['parts'][number], at: string, id: string, files: Record<string, Files[string]>): string[] {
  switch (part) {
    case 'map':
      files[`${at}/files/a.txt`] = 'text'
      return [`configMapGenerator: [{name: gen-${id}, files: [files/a.txt, k=files/a.txt], literals: [x=y]}]`]
    case 'secret':
      files[`${at}/s.env`] = 'A=1\n# no\nB\n'
      return [`secretGenerator: [{name: sec-${id}, envs: [s.env]}]`]
    case 'patch':
      files[`${at}/patch.yaml`] = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${id}}\ndata: {patched: "1"}\n`
      return [
        'patches: [{path: patch.yaml}, {patch: \'[{"op": "add", "path": "/data/more", "value": "2"}]\', target: {kind: ConfigMap}}]',
      ]
    case 'prefix':
      return [`namePrefix: p-`, 'labels: [{pairs: {l: "1"}}]']
    case 'link':
      files[`${at}/linked.yaml`] = { link: 'real.yaml' }
      files[`${at}/real.yaml`] = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: linked-${id}}\n`
      return [`crds: []`, `generatorOptions: {disableNameSuffixHash: true}`]
    case 'plugin':
      files[`${at}/plugin.yaml`] =
        'apiVersion: builtin\nkind: AnnotationsTransformer\nmetadata: {name: t}\nannotations: {by: plugin}\nfieldSpecs: [{path: metadata/annotations, create: true}]\n'
      return ['transformers: [plugin.yaml]']
    case 'replacement':
      files[`${at}/r.yaml`] =
        `source: {kind: ConfigMap, name: ${id}, fieldPath: data.k}\ntargets: [{select: {kind: ConfigMap, name: ${id}}, fieldPaths: [data.copy], options: {create: true}}]\n`
      return ['replacements: [{path: r.yaml}]']
    case 'missing':
      return []
  }
}

describeTool('kustomize', 'kustomize', (program) => {
  let bench: RenderBench
  beforeAll(() => {
    bench = new RenderBench({ kustomize: program })
  })
  afterAll(() => bench.close())

  const byHand = (checkout: string, path: string): string | null => {
    try {
      return execFileSync(program, ['build', join(checkout, path)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    } catch {
      return null
    }
  }

  it('gives the same from what was found to be needed as from everything', async () => {
    let rendered = 0
    const property = fc.asyncProperty(folders, async (all) => {
      const repository = bench.repository(filesOf(all))
      const expected = byHand(repository.path, 'a')
      try {
        const { digest, inputs } = await bench.render(repository, { path: 'a' })
        expect(await bench.kept(digest)).toBe(expected)
        expect(inputs.some(({ path }) => path.startsWith('shared'))).toBe(false)
        rendered++
      } catch (error) {
        if (!isFault(error, 'render-failed')) throw error
        expect(expected).toBeNull()
      }
    })
    await fc.assert(property, { numRuns: process.env[wholeVariable] === '1' ? 100 : 8, seed: 20260101 })
    expect(rendered).toBeGreaterThan(2)
  }, 300_000)
})

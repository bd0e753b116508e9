// What a chart depends on and does not bring along, as `helm dependency build` and `helm template` treat it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeTool } from '../../../../test/run/tool.ts'
import type { Snapshot } from '../../source/source.ts'
import { type Files, RenderBench } from '../testing/bench.ts'

const config = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`
const chartFile = (name: string, version: string, dependencies = ''): string =>
  `apiVersion: v2\nname: ${name}\nversion: ${version}\n${dependencies}`
const VERSIONED = config('{{ .Chart.Name }}-{{ .Chart.Version | replace "." "-" }}-{{ .Values.is | default "none" }}')

describeTool('helm', 'the dependencies of a chart', (program) => {
  let bench: RenderBench
  beforeAll(() => {
    bench = new RenderBench({ helm: program })
  })
  afterAll(() => bench.close())

  /** What helm itself makes of it: dependencies built, then rendered. */
  const byHand = (files: Files): string => {
    const root = mkdtempSync(join(tmpdir(), 'mainstay-by-hand-'))
    try {
      for (const [path, content] of Object.entries(files)) {
        if (typeof content !== 'string') continue
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), content)
      }
      const options = { cwd: join(root, 'shop'), env: { HOME: root }, encoding: 'utf8' } as const
      execFileSync(program, ['dependency', 'build', '.'], { ...options, stdio: 'pipe' })
      return execFileSync(program, ['template', '.', '--name-template=web', '--include-crds'], options)
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  }
  const ours = async (files: Files, charts?: Readonly<Record<string, Snapshot>>): Promise<string | null> => {
    const source = {
      resolve: async (repoURL: string, version: string) => ({
        ...Object.values(charts ?? {})[0]?.revision,
        repoURL,
        ref: null,
        commit: version,
        subject: '',
        author: '',
        committedAt: '',
      }),
      snapshot: async ({ commit }: { readonly commit: string }) => {
        const found = charts?.[commit]
        if (found === undefined) throw new Error(`no chart of version ${commit}`)
        return found
      },
    }
    const rendered = await bench.render(
      bench.repository(files),
      { path: 'shop' },
      { appName: 'web', ...(charts === undefined ? {} : { charts: source }) },
    )
    return bench.kept(rendered.digest)
  }

  it('in folders of the repository are packaged by their own .helmignore, and not held against that of the chart', async () => {
    const files: Files = {
      'shop/Chart.yaml': chartFile(
        'shop',
        '1.0.0',
        'dependencies:\n- name: lib\n  version: "*"\n  repository: file://../lib\n',
      ),
      'shop/.helmignore': 'b.yaml\n',
      'shop/templates/a.yaml': config('a'),
      'lib/Chart.yaml': chartFile('lib', '1.0.0'),
      'lib/.helmignore': 'c.yaml\n',
      'lib/templates/b.yaml': config('b'),
      'lib/templates/c.yaml': config('c'),
    }
    const text = await ours(files)
    expect(text).toBe(byHand(files))
    expect(text).toContain('name: b\n')
    expect(text).not.toContain('name: c\n')
  })

  it('that charts/ holds without a repository stay, and old archives of the others go', async () => {
    const dependencies =
      'dependencies:\n- name: kept\n  version: "*"\n- name: lib\n  version: "*"\n  repository: file://../lib\n- name: other\n  version: "*"\n  repository: file://../other\n'
    const files: Files = {
      'shop/Chart.yaml': chartFile('shop', '1.0.0', dependencies),
      'shop/charts/kept/Chart.yaml': chartFile('kept', '1.0.0'),
      'shop/charts/kept/templates/k.yaml': config('kept'),
      'lib/Chart.yaml': chartFile('lib', '2.0.0'),
      'lib/templates/l.yaml': VERSIONED,
      'other/Chart.yaml': chartFile('other', '1.0.0'),
      'other/templates/o.yaml': config('other'),
    }
    const text = await ours(files)
    expect(text).toBe(byHand(files))
    expect(text).toContain('name: kept\n')
    expect(text).toContain('name: lib-2-0-0-none\n')
  })

  it('of one name in two versions are both there, by their aliases', async () => {
    const version = async (number: string) =>
      bench.snapshot(bench.repository({ 'Chart.yaml': chartFile('db', number), 'templates/d.yaml': VERSIONED }))
    const charts = { '1.0.0': await version('1.0.0'), '2.0.0': await version('2.0.0') }
    const one = (number: string, alias: string) =>
      `- name: db\n  version: ${number}\n  alias: ${alias}\n  repository: https://charts.example.com\n`
    const text = await ours(
      {
        'shop/Chart.yaml': chartFile('shop', '1.0.0', `dependencies:\n${one('1.0.0', 'old')}${one('2.0.0', 'new')}`),
        'shop/values.yaml': 'old: {is: old}\nnew: {is: new}\n',
      },
      charts,
    )
    expect(text).toMatch(/-1-0-0-old$/m)
    expect(text).toMatch(/-2-0-0-new$/m)
  })
})

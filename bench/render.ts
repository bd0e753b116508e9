// What rendering costs: which of a thousand applications a commit touches, and renders by real tools beside the bare tools.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { renderTools } from '@mainstay/engine/reconcile/programs.ts'
import type { RenderInput } from '@mainstay/engine/render/input.ts'
import { type RenderSource, render } from '@mainstay/engine/render/render.ts'
import { isTouched } from '@mainstay/engine/render/touched.ts'
import { changesBetween } from '@mainstay/engine/source/changes.ts'
import { gitSource } from '@mainstay/engine/source/git-source.ts'
import type { Snapshot, Source } from '@mainstay/engine/source/source.ts'

const run = promisify(execFile)
const APPS = 1000
const RENDERS = 300

type Files = Readonly<Record<string, string>>
type Tools = ReturnType<typeof renderTools>

/** A repository on this machine, and what reads it. */
interface Place {
  readonly folder: string
  readonly source: Source
  readonly tools: Tools
}

/** Measures both in folders of their own. */
export async function measureRender(): Promise<readonly string[]> {
  const home = await mkdtemp(join(tmpdir(), 'mainstay-bench-'))
  const source = gitSource({ cache: join(home, 'git') })
  try {
    const place = { folder: join(home, 'repository'), source, tools: renderTools({ home, env: process.env }) }
    return [...(await measureCommit(place)), ...(await measureTools(place))]
  } finally {
    await source.close()
    await rm(home, { recursive: true, force: true })
  }
}

/** A commit to one of a thousand applications of one repository. */
async function measureCommit({ folder, source, tools }: Place): Promise<readonly string[]> {
  await commit(folder, Object.assign({}, ...Array.from({ length: APPS }, (_, index) => plainApp(index, 1))))
  const read = async (): Promise<Snapshot> => source.snapshot(await source.resolve(folder, 'main'))
  const before = await read()
  const inputs: (readonly RenderInput[])[] = []
  for (let index = 0; index < APPS; index++) inputs.push((await rendered(before, appSource(index), tools)).inputs)
  const figures: { fetch: number; diff: number; find: number; render: number; git: number }[] = []
  let last = before
  for (let round = 2; round < 7; round++) {
    await commit(folder, plainApp(round * 7, round))
    const [after, fetch] = await timed(read)
    const [changes, diff] = await timed(() => changesBetween(last, after))
    const [touched, find] = await timed(async () =>
      inputs.flatMap((each, at) => (isTouched(each, changes) ? [at] : [])),
    )
    if (touched.length !== 1 || touched[0] !== round * 7) throw new Error(`the wrong applications changed: ${touched}`)
    const [, one] = await timed(() => rendered(after, appSource(round * 7), tools))
    const ids = [last.revision.commit, after.revision.commit]
    const [, git] = await timed(() => run('git', ['-C', folder, 'diff-tree', '-r', '--name-only', ...ids]))
    figures.push({ fetch, diff, find, render: one, git })
    last = after
  }
  const best = (key: keyof (typeof figures)[number]) => Math.min(...figures.map((figure) => figure[key]))
  const known = best('diff') + best('find')
  return [
    `commit  which of ${APPS.toLocaleString('en')} changed  ${known.toFixed(1)} ms, of which ${best('find').toFixed(2)} ms for the ${APPS - 1} others (git diff-tree alone: ${best('git').toFixed(1)} ms, ${(known / best('git')).toFixed(1)} ×)`,
    `commit  and rendered again   ${(known + best('render')).toFixed(1)} ms   wanted < 100, besides the fetch (${best('fetch').toFixed(0)} ms)`,
  ]
}

/** Renders by kustomize and by helm, cold and warm, beside the bare tools on the same files. */
async function measureTools({ folder, source, tools }: Place): Promise<readonly string[]> {
  const all = Array.from({ length: RENDERS }, (_, index) => ({ ...kustomization(index), ...chart(index) }))
  await commit(folder, Object.assign({}, ...all))
  const snapshot = await source.snapshot(await source.resolve(folder, 'main'))
  const lines: string[] = []
  for (const [name, where, command] of [
    ['kustomize', 'overlays', (path: string) => ['build', path]],
    ['helm', 'charts', (path: string) => ['template', path, '--name-template=web', '--include-crds']],
  ] as const) {
    const { path: program } = await tools.runner.find(name)
    const paths = Array.from({ length: RENDERS }, (_, index) => `${where}/${index}`)
    const options = { cwd: folder, maxBuffer: 1 << 26, env: { HOME: folder } }
    const [, bare] = await timed(() => atOnce(paths, (path) => run(program, [...command(path)], options)))
    const ours = () => atOnce(paths, (path) => rendered(snapshot, { path }, tools))
    const [, cold] = await timed(ours)
    const [, warm] = await timed(ours)
    const each = (ms: number) => (ms / RENDERS).toFixed(1)
    lines.push(
      `${name.padEnd(10)}${RENDERS} renders  cold ${each(cold)} ms each, warm ${each(warm)} ms, the bare tool ${each(bare)} ms: ${(cold / bare).toFixed(2)} × cold, ${(warm / bare).toFixed(3)} × warm`,
    )
  }
  return lines
}

function rendered(snapshot: Snapshot, source: Partial<RenderSource>, tools: Tools) {
  const whole: RenderSource = { path: '.', chart: null, ref: null, tool: { kind: 'detect' }, ...source }
  return render(snapshot, whole, { tools, appName: 'web' })
}

function appSource(index: number): Partial<RenderSource> {
  return { path: `apps/${index}` }
}

async function timed<T>(act: () => Promise<T>): Promise<readonly [T, number]> {
  const startedAt = performance.now()
  const value = await act()
  return [value, performance.now() - startedAt]
}

/** As many at a time as there are cores, so that both sides have the whole machine. */
async function atOnce(paths: readonly string[], act: (path: string) => Promise<unknown>): Promise<void> {
  const queue = [...paths]
  const work = async () => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) await act(path)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
}

async function commit(folder: string, files: Files): Promise<void> {
  const git = (...args: readonly string[]) => run('git', ['-C', folder, ...args], { maxBuffer: 1 << 26 })
  await mkdir(folder, { recursive: true })
  await git('init', '--quiet', '--initial-branch=main')
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  await git('add', '--all')
  const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com']
  await git(...author, 'commit', '--quiet', '--message=change')
}

const deployment = (name: string, version: number): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  selector: {matchLabels: {app: ${name}}}\n` +
  `  template:\n    metadata: {labels: {app: ${name}}}\n    spec: {containers: [{name: web, image: "web:${version}"}]}\n`
const service = (name: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: ${name}}, ports: [{port: 80}]}\n`

function plainApp(index: number, version: number): Files {
  const name = `app-${index}`
  return { [`apps/${index}/deployment.yaml`]: deployment(name, version), [`apps/${index}/service.yaml`]: service(name) }
}

function kustomization(index: number): Files {
  return {
    'base/kustomization.yaml': 'resources: [deployment.yaml, service.yaml]\n',
    'base/deployment.yaml': deployment('web', 1),
    'base/service.yaml': service('web'),
    [`overlays/${index}/kustomization.yaml`]: `namePrefix: team-${index}-\nresources: [../../base]\nimages: [{name: web, newTag: "${index}"}]\n`,
  }
}

function chart(index: number): Files {
  const folder = `charts/${index}`
  return {
    [`${folder}/Chart.yaml`]: `apiVersion: v2\nname: web\nversion: 1.0.${index}\n`,
    [`${folder}/values.yaml`]: `image: web:${index}\n`,
    [`${folder}/templates/deployment.yaml`]: deployment('{{ .Release.Name }}', 1).replace(
      '"web:1"',
      '{{ .Values.image | quote }}',
    ),
    [`${folder}/templates/service.yaml`]: service('{{ .Release.Name }}'),
  }
}

// Repositories that mean harm: each is refused with a clear error, in bounded time and memory, and nothing of it is applied.
import { execFileSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import { describeTool } from '../run/tool.ts'
import { wholeVariable } from '../run/whole.ts'
import type { Workbench } from './workbench.ts'
import { openWorkbench } from './workbench.ts'

/** A file's text or bytes, or where a symlink leads. */
type Content = string | Uint8Array | { readonly link: string }

/** One attack: what the repository holds, what the Application says, and what the refusal must say. */
interface Attack {
  readonly name: string
  readonly files?: Readonly<Record<string, Content>> | undefined
  readonly source?: Readonly<Record<string, unknown>>
  readonly says: RegExp
}

const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'
const CHART = { 'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n', 'templates/a.yaml': CONFIG }
const kustomization = (text: string): Attack['files'] => ({ 'kustomization.yaml': `${text}\n`, 'a.yaml': CONFIG })

/** A gigabyte in the real run; in the quick one as much as is refused for the same reason. */
const HUGE = process.env[wholeVariable] === '1' ? 1 << 30 : 1 << 27
const levels = 'abcdefghij'
const bomb = `a: &a [x, x, x, x, x, x, x, x, x, x]\n${[...levels.slice(1)]
  .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${levels[index]}`).join(', ')}]`)
  .join('\n')}\n`
/** A link to itself, seen from inside of a chart's archive. */
const evilChart = (): Buffer => {
  const header = Buffer.alloc(512)
  const content = Buffer.from(CONFIG)
  header.write('../../../../escaped.yaml', 0)
  header.write('0000644\0', 100)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('0', 156)
  header.write('ustar\0' + '00', 257)
  header.write('        ', 148)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return gzipSync(Buffer.concat([header, content, Buffer.alloc(512 - content.length), Buffer.alloc(1024)]))
}

const PLAIN: readonly Attack[] = [
  {
    name: 'a link to a file of the machine',
    files: { 'a.yaml': { link: '/etc/passwd' } },
    says: /leads out|cannot be followed/,
  },
  {
    name: 'a link above the repository',
    files: { 'a.yaml': { link: '../../../x.yaml' } },
    says: /leads out|cannot be followed/,
  },
  { name: 'a link to itself', files: { 'a.yaml': { link: 'a.yaml' } }, says: /without end/ },
  {
    name: 'links in a circle',
    files: { 'a.yaml': { link: 'b.yaml' }, 'b.yaml': { link: 'a.yaml' } },
    says: /without end/,
  },
  { name: 'aliases that multiply', files: { 'a.yaml': bomb }, says: /alias/i },
  { name: 'lists in lists without end', files: { 'a.yaml': `a: ${'['.repeat(20_000)}` }, says: /nest|deep|level/i },
  { name: 'JSON in JSON without end', files: { 'a.json': '{"a":'.repeat(20_000) }, says: /nest|deep|level/i },
  { name: 'a manifest that is huge and packed small', files: { 'a.yaml': Buffer.alloc(HUGE, 0x20) }, says: /bytes/ },
  { name: 'very many documents', files: { 'a.yaml': '---\na: 1\n'.repeat(200_000) }, says: /documents|manifests/ },
  {
    name: 'a pointer of Git LFS',
    files: { 'a.yaml': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n' },
    says: /LFS/,
  },
  { name: 'a path above the repository', source: { path: '../..' }, says: /repository/ },
  { name: 'an absolute path', source: { path: '/etc' }, says: /relative|slash|root/ },
  {
    name: 'a branch that is an option',
    source: { targetRevision: '--upload-pack=touch escaped' },
    says: /revision|does not exist/,
  },
  { name: 'a branch with a line break', source: { targetRevision: 'main\nescaped' }, says: /revision|does not exist/ },
  { name: 'a plugin by name', source: { plugin: { name: 'sh' } }, says: /plugin/ },
]

const ADDRESSES: readonly Attack[] = [
  'ext::sh -c touch% escaped',
  'fd::17/x',
  '--upload-pack=touch',
  'ssh://-oProxyCommand=touch/x',
  '-oProxyCommand=touch:x',
  'git@host:x\nProxyCommand touch',
  'https://example.com/x\r\nHost: y',
  'http+unix://x/y',
  'git://example.com/x',
  'file://host/x',
].map((repoURL) => ({
  name: `the address ${JSON.stringify(repoURL)}`,
  source: { repoURL },
  says: /repoURL|repository|address/,
}))

const KUSTOMIZE: readonly Attack[] = [
  { name: 'a base above the repository', files: kustomization('resources: [../../..]'), says: /outside|leaves/ },
  { name: 'a base on another host', files: kustomization('resources: [github.com/example/x]'), says: /host|remote/ },
  {
    name: 'a manifest at a URL',
    files: kustomization('resources: [https://example.com/a.yaml]'),
    says: /host|remote|URL/,
  },
  {
    name: 'a program as generator',
    files: kustomization(
      'generators: ["apiVersion: v1\\nkind: X\\nmetadata: {name: x, annotations: {config.kubernetes.io/function: \\"exec: {path: /bin/sh}\\"}}"]',
    ),
    says: /kustomiz|program|function|plugin/,
  },
  {
    name: 'a file of the machine in a ConfigMap',
    files: kustomization('configMapGenerator: [{name: x, files: [/etc/passwd]}]'),
    says: /outside|absolute|passwd/,
  },
  { name: 'a base that is its own base', files: kustomization('resources: [.]'), says: /cycle|itself|accumulat/ },
  {
    name: 'a patch above the repository',
    files: kustomization('resources: [a.yaml]\npatches: [{path: ../../../../x.yaml}]'),
    says: /outside|leaves/,
  },
]

const HELM: readonly Attack[] = [
  {
    name: 'values above the repository',
    files: CHART,
    source: { helm: { valueFiles: ['../../../x.yaml'] } },
    says: /outside/,
  },
  {
    name: 'a parameter file of the machine',
    files: CHART,
    source: { helm: { fileParameters: [{ name: 'x', path: '../../../../etc/passwd' }] } },
    says: /outside/,
  },
  {
    name: 'a template that calls itself',
    files: { ...CHART, 'templates/b.yaml': '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}' },
    says: /helm/,
  },
  {
    name: 'a packed chart with a name that leads out',
    files: { ...CHART, 'charts/evil-1.0.0.tgz': evilChart() },
    says: /helm/,
  },
  {
    name: 'a dependency above the repository',
    files: {
      ...CHART,
      'Chart.yaml': `${CHART['Chart.yaml']}dependencies: [{name: x, repository: "file://../../../x"}]\n`,
    },
    says: /outside/,
  },
  {
    name: 'a link out of the chart',
    files: { ...CHART, 'files/x': { link: '/etc/passwd' } },
    says: /leads out|cannot be followed/,
  },
]

const JSONNET: readonly Attack[] = [
  {
    name: 'an import of a file of the machine',
    files: { 'a.jsonnet': "importstr '/etc/passwd'" },
    says: /outside|leaves|repository/,
  },
  {
    name: 'an import above the repository',
    files: { 'a.jsonnet': "import '../../../../x.libsonnet'" },
    says: /outside|leaves|repository/,
  },
  { name: 'an evaluation without end', files: { 'a.jsonnet': 'local f(x) = f(x + 1); f(0)' }, says: /stack|jsonnet/ },
  {
    name: 'a library above the repository',
    files: { 'a.jsonnet': '{}' },
    source: { directory: { jsonnet: { libs: ['../..'] } } },
    says: /outside/,
  },
]

describeCluster('a repository that means harm', (sharedCluster) => {
  let cluster: SharedCluster
  let bench: Workbench
  const all = [...PLAIN, ...KUSTOMIZE, ...HELM, ...JSONNET, ...ADDRESSES]

  beforeAll(async () => {
    cluster = await sharedCluster()
    bench = await openWorkbench(cluster, 'hostile')
    for (const [index, { files = {} }] of all.entries()) {
      const whole: Readonly<Record<string, Content>> = { 'ok.md': 'x', ...files }
      for (const [path, content] of Object.entries(whole)) {
        const file = join(bench.repository, String(index), path)
        await mkdir(dirname(file), { recursive: true })
        if (typeof content === 'string' || content instanceof Uint8Array) await writeFile(file, content)
        else await symlink(content.link, file)
      }
    }
    await bench.commit('harm', {})
  }, 120_000)
  afterAll(() => bench.dispose())

  const attack = async ({ name, source = {}, says }: Attack): Promise<void> => {
    const index = all.findIndex((each) => each.name === name)
    const usual = { repoURL: `file://${bench.repository}`, path: String(index), targetRevision: 'main' }
    // Other tests make API groups of the cluster fail for a moment: what a source says itself is not asked for.
    const facts = { kubeVersion: '1.36', apiVersions: ['v1'], ...(source.helm as object | undefined) }
    const whole = HELM.some((each) => each.name === name) ? { ...source, helm: facts } : source
    await bench.writeApp({ source: { ...usual, ...whole } })
    const before = process.memoryUsage().rss
    const ran = await bench.mainstay('app', 'sync', 'hostile', '-f', bench.appFile)
    const text = ran.out + ran.err
    expect(text).toMatch(says)
    // What is refused as a source is an error; what an Application may not ask for is a plan that is blocked.
    expect([2, 3], text).toContain(ran.code)
    expect(text).not.toMatch(/root:.*:0:0:/)
    expect(process.memoryUsage().rss - before).toBeLessThan(700 * 1024 * 1024)
    const objects = await cluster.api.request('GET', `/api/v1/namespaces/${bench.namespace}/configmaps`)
    const names = (objects.body as { items: readonly { metadata: { name: string } }[] }).items.map(
      (item) => item.metadata.name,
    )
    expect(names.filter((each) => each !== 'kube-root-ca.crt')).toEqual([])
    expect(execFileSync('git', ['-C', bench.repository, 'status', '--short'], { encoding: 'utf8' })).toBe('')
  }

  it.each(PLAIN.map((each) => [each.name, each] as const))('%s', (_, each) => attack(each))
  it.each(ADDRESSES.map((each) => [each.name, each] as const))('%s', (_, each) => attack(each))
  describeTool('kustomize', 'by kustomize', () => {
    it.each(KUSTOMIZE.map((each) => [each.name, each] as const))('%s', (_, each) => attack(each))
  })
  describeTool('helm', 'by helm', () => {
    it.each(HELM.map((each) => [each.name, each] as const))('%s', (_, each) => attack(each))
  })
  describeTool('jsonnet', 'by jsonnet', () => {
    it.each(JSONNET.map((each) => [each.name, each] as const))('%s', (_, each) => attack(each))
  })
})

// Broken inputs of every kind: each is one clear error that names its place, exit code 2, cluster and records as before.
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import { CONFIG, WEB } from './manifests.ts'
import type { Change, Workbench } from './workbench.ts'
import { openWorkbench } from './workbench.ts'

/** One broken input: how it is made, and what the error must name. */
interface Broken {
  readonly name: string
  readonly files?: Change
  readonly spec?: Readonly<Record<string, unknown>>
  /** The text of the Application file instead of a made one. */
  readonly appText?: string
  readonly argv?: readonly string[]
  /** Every one of these stands in the error. */
  readonly names: readonly (string | RegExp)[]
}

const source = (bench: Workbench, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  source: { repoURL: `file://${bench.repository}`, path: 'shop', targetRevision: 'main', ...fields },
})

const bomb = `a: &a [x, x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi']
  .map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[i]}`).join(', ')}]`)
  .join('\n')}\n`

const MANIFESTS: readonly Broken[] = [
  {
    name: 'YAML that does not parse',
    files: { 'shop/a.yaml': 'apiVersion: v1\nkind: [\n' },
    names: [/shop\/a\.yaml:\d/],
  },
  {
    name: 'a tab as indentation',
    files: { 'shop/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n' },
    names: [/shop\/a\.yaml:4/],
  },
  {
    name: 'a second document without kind',
    files: { 'shop/a.yaml': `${CONFIG}---\napiVersion: v1\nmetadata: {name: a}\n` },
    names: [/shop\/a\.yaml/, 'kind'],
  },
  {
    name: 'an object without a name',
    files: { 'shop/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n' },
    names: [/shop\/a\.yaml:1/, 'metadata.name'],
  },
  {
    name: 'a generated name',
    files: { 'shop/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-}\n' },
    names: [/shop\/a\.yaml/, 'generateName'],
  },
  {
    name: 'an annotation that is no string',
    files: { 'shop/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {on: true}}\n' },
    names: [/shop\/a\.yaml/, 'metadata.annotations'],
  },
  {
    name: 'a name that Kubernetes does not take',
    files: { 'shop/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Not_A_Name}\n' },
    names: [/shop\/a\.yaml/, 'metadata.name'],
  },
  {
    name: 'a wave that is no number',
    files: {
      'shop/a.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {argocd.argoproj.io/sync-wave: first}}\n',
    },
    names: [/shop\/a\.yaml/, 'sync-wave', 'first'],
  },
  { name: 'aliases that expand without end', files: { 'shop/a.yaml': bomb }, names: [/shop\/a\.yaml/, /alias/i] },
  {
    name: 'JSON that does not parse',
    files: { 'shop/a.json': '{"apiVersion": "v1",\n "kind" "ConfigMap"}' },
    names: [/shop\/a\.json:2/],
  },
  {
    name: 'a large file that lives elsewhere',
    files: {
      'shop/a.yaml':
        'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n',
    },
    names: [/shop\/a\.yaml/, 'LFS'],
  },
  {
    name: 'a kind that no cluster knows',
    files: { 'shop/a.yaml': 'apiVersion: nothing.example.com/v1\nkind: Nothing\nmetadata: {name: a}\n' },
    names: [/shop\/a\.yaml/, 'Nothing'],
  },
]

const APPLICATIONS: readonly Broken[] = [
  { name: 'an Application file that is no YAML', appText: 'a: [\n', names: [/app\.yaml:\d/] },
  { name: 'a file without an Application', appText: CONFIG, names: ['app.yaml', 'Application'] },
  {
    name: 'an Application without destination',
    appText:
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: broken}\nspec: {project: default, source: {repoURL: "file:///nowhere", path: a}}\n',
    names: ['spec.destination'],
  },
  {
    name: 'a destination by name and server',
    spec: { destination: { name: 'in-cluster', server: 'https://kubernetes.default.svc', namespace: 'x' } },
    names: ['spec.destination', 'server', 'name'],
  },
  {
    name: 'sync options that are no list',
    spec: { syncPolicy: { syncOptions: 'Prune=false' } },
    names: ['spec.syncPolicy.syncOptions'],
  },
  {
    name: 'a cluster that no context knows',
    spec: { destination: { server: 'https://elsewhere.example.com', namespace: 'x' } },
    names: ['https://elsewhere.example.com', 'spec.destination.server'],
  },
]

describeCluster('broken inputs', (sharedCluster) => {
  let cluster: SharedCluster
  let bench: Workbench
  let before: string

  beforeAll(async () => {
    cluster = await sharedCluster()
    bench = await openWorkbench(cluster, 'broken')
    await bench.commit('good', { 'shop/config.yaml': CONFIG })
    expect((await bench.mainstay('app', 'sync', 'broken', '-f', bench.appFile)).code).toBe(0)
    before = await world()
  })
  afterAll(() => bench.dispose())

  /** What must not change: the objects of the namespace (by uid and version) and what was recorded. */
  async function world(): Promise<string> {
    const answer = await cluster.api.request('GET', `/api/v1/namespaces/${bench.namespace}/configmaps`)
    const { items } = answer.body as { items: { metadata: { name: string; uid: string; resourceVersion: string } }[] }
    await bench.writeApp({})
    const good = await bench.mainstay('app', 'history', 'broken', '-f', bench.appFile, '-o', 'json')
    const trash = await bench.mainstay('trash', 'list', '--json')
    const objects = items.map(({ metadata }) => [metadata.name, metadata.uid, metadata.resourceVersion])
    return JSON.stringify([objects, (JSON.parse(good.out) as unknown[]).length, trash.out])
  }

  async function expectRefused(broken: Broken): Promise<void> {
    const argv = broken.argv ?? ['app', 'sync', 'broken', '-f', bench.appFile, '--prune']
    const ran = await bench.mainstay(...argv)
    expect(ran.err, ran.out).not.toContain('    at ')
    for (const name of broken.names)
      expect(ran.err + ran.out).toMatch(typeof name === 'string' ? new RegExp(escaped(name)) : name)
    expect(ran.code, ran.out + ran.err).toBe(2)
  }

  for (const broken of MANIFESTS) {
    it(`refuses ${broken.name}`, async () => {
      await bench.commit(broken.name, broken.files ?? {})
      await bench.writeApp(source(bench, {}))
      await expectRefused(broken)
      await bench.commit('mended', Object.fromEntries(Object.keys(broken.files ?? {}).map((path) => [path, null])))
      expect(await world()).toBe(before)
    })
  }

  for (const broken of APPLICATIONS) {
    it(`refuses ${broken.name}`, async () => {
      if (broken.appText === undefined) await bench.writeApp(broken.spec ?? {})
      else await writeFile(bench.appFile, broken.appText)
      await expectRefused(broken)
      expect(await world()).toBe(before)
    })
  }

  const sources: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly (string | RegExp)[]])[] = [
    ['a branch that does not exist', { targetRevision: 'nowhere' }, ['nowhere', 'targetRevision']],
    ['a range that no tag fits', { targetRevision: '^9.0' }, ['\\^9.0']],
    ['a path that does not exist', { path: 'shops' }, ['shops']],
    ['a path that leaves the repository', { path: '../shop' }, ['spec.source.path']],
    ['a repository that does not exist', { repoURL: 'file:///nowhere/at/all' }, ['/nowhere/at/all']],
    ['a repository that is no repository', { repoURL: 'file:///usr' }, ['/usr']],
    ['a transport that there is not', { repoURL: 'git://git.example.com/ops/shop.git' }, ['repoURL', 'git']],
  ]
  for (const [name, fields, names] of sources) {
    it(`refuses ${name}`, async () => {
      await bench.writeApp(source(bench, fields))
      await expectRefused({ name, names: names.map((each) => (typeof each === 'string' ? new RegExp(each) : each)) })
      expect(await world()).toBe(before)
    })
  }

  it('refuses a symbolic link that leaves the repository', async () => {
    await symlink('/etc/passwd', join(bench.repository, 'shop/link.yaml'))
    await bench.commit('a link', {})
    await expectRefused({ name: 'link', names: ['shop/link.yaml'] })
    await bench.commit('no link', { 'shop/link.yaml': null })
    expect(await world()).toBe(before)
  })

  it('refuses kubeconfigs that are missing, malformed, without the context, or lead nowhere', async () => {
    const malformed = join(bench.folder, 'malformed')
    await writeFile(malformed, 'apiVersion: v1\nkind: Config\nclusters: 7\n')
    const nowhere = join(bench.folder, 'nowhere')
    await writeFile(nowhere, kubeconfig('https://127.0.0.1:1', 'token'))
    const stranger = join(bench.folder, 'stranger')
    await writeFile(stranger, kubeconfig(cluster.url, 'no-such-token', cluster.authority.certificate))
    const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
      [join(bench.folder, 'missing'), [], ['missing']],
      [malformed, [], ['malformed', 'clusters']],
      [cluster.kubeconfig, ['--context', 'elsewhere'], ['elsewhere']],
      [nowhere, [], ['127.0.0.1:1']],
      [stranger, [], ['Unauthorized', 'context c']],
    ]
    for (const [file, flags, names] of cases) {
      const ran = await bench.mainstayAs(file, 'app', 'sync', 'broken', '-f', bench.appFile, ...flags)
      for (const name of names) expect(ran.err).toContain(name)
      expect(ran.err).not.toContain('no-such-token')
      expect(ran.code, ran.err).toBe(2)
    }
    expect(await world()).toBe(before)
  })

  it('refuses to call a kind that it may not read missing', async () => {
    await bench.commit('a deployment', { 'shop/web.yaml': WEB })
    const rules = [
      { apiGroups: [''], resources: ['configmaps', 'namespaces'], verbs: ['*'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create', 'patch'] },
    ]
    await grant(rules)
    const ran = await bench.mainstayAs(cluster.kubeconfigs.alice, 'app', 'sync', 'broken', '-f', bench.appFile)
    expect(ran.out + ran.err).toContain('Deployment/web')
    expect(ran.out + ran.err).toMatch(/forbidden|cannot list/)
    expect(ran.code, ran.out + ran.err).toBe(2)
    await bench.commit('no deployment', { 'shop/web.yaml': null })
    expect(await world()).toBe(before)
  })

  it('refuses to decide about kinds of an API group that does not answer', async () => {
    const name = `v1.${bench.namespace}.example.com`
    const service = { namespace: bench.namespace, name: 'nobody', port: 443 }
    const spec = {
      group: `${bench.namespace}.example.com`,
      version: 'v1',
      groupPriorityMinimum: 10,
      versionPriority: 10,
      service,
      insecureSkipTLSVerify: true,
    }
    const body = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name }, spec }
    const path = '/apis/apiregistration.k8s.io/v1/apiservices'
    expect((await cluster.api.request('POST', path, body)).status).toBe(201)
    try {
      await bench.commit('a thing', {
        'shop/thing.yaml': `apiVersion: ${bench.namespace}.example.com/v1\nkind: Thing\nmetadata: {name: a}\n`,
      })
      const ran = await bench.mainstay('app', 'sync', 'broken', '-f', bench.appFile)
      expect(ran.out + ran.err).toContain('Thing/a')
      expect(ran.code, ran.out + ran.err).toBe(2)
    } finally {
      await cluster.api.request('DELETE', `${path}/${name}`)
    }
    await bench.commit('no thing', { 'shop/thing.yaml': null })
    expect(await world()).toBe(before)
  })

  it('refuses a plan file that was edited, an unknown plan, a wrong selector and an unknown flag', async () => {
    const file = join(bench.folder, 'plan.json')
    await bench.commit('a change', { 'shop/config.yaml': CONFIG.replace('info', 'debug') })
    expect((await bench.mainstay('app', 'plan', 'broken', '-f', bench.appFile, '--out', file)).code).toBe(1)
    const { readFile } = await import('node:fs/promises')
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('debug', 'trace'))
    await expectRefused({ name: 'edited', argv: ['apply', file], names: ['plan.json', 'changed after'] })
    await expectRefused({ name: 'unknown', argv: ['apply', 'abcdef12'], names: ['abcdef12'] })
    await expectRefused({
      name: 'selector',
      argv: ['app', 'sync', 'broken', '-f', bench.appFile, '--resource', 'web'],
      names: ['--resource', 'GROUP:KIND:NAME'],
    })
    await expectRefused({ name: 'flag', argv: ['app', 'sync', 'broken', '--purge'], names: ['--purge'] })
    await bench.commit('no change', { 'shop/config.yaml': CONFIG })
    expect(await world()).toBe(before)
  })

  async function grant(rules: readonly unknown[]): Promise<void> {
    // In this namespace alone: other files of the run hold the same users to having no rights.
    const group = `/apis/rbac.authorization.k8s.io/v1/namespaces/${bench.namespace}`
    const metadata = { name: bench.namespace }
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules }
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: bench.namespace }
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'alice' }]
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef,
      subjects,
    }
    expect((await cluster.api.request('POST', `${group}/roles`, role)).status).toBe(201)
    expect((await cluster.api.request('POST', `${group}/rolebindings`, binding)).status).toBe(201)
  }
})

function kubeconfig(server: string, token: string, ca?: string): string {
  const trust = ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server, ...trust } }],
    users: [{ name: 'u', user: { token } }],
  })
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

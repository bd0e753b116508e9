// Building the desired set: whole, or everything that is wrong with it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_TRACKING } from '../app/tracking.ts'
import type { JsonObject } from '../object/json.ts'
import type { KindTable } from '../object/kinds.ts'
import { exampleApplication, exampleKinds, sha256, testMask } from '../testing/examples.ts'
import { buildDesired } from './build.ts'

interface Setting {
  readonly spec?: JsonObject
  readonly kinds?: KindTable
}

function build(documents: readonly JsonObject[], setting: Setting = {}) {
  return buildDesired({
    application: exampleApplication(setting.spec),
    documents: documents.map((value, index) => ({
      value,
      origin: { file: `${index + 1}.yaml`, document: 1, line: index * 10 + 1 },
    })),
    kinds: setting.kinds ?? exampleKinds(),
    tracking: DEFAULT_TRACKING,
    revisions: [],
    digest: sha256,
    mask: testMask,
  })
}

function built(documents: readonly JsonObject[], setting: Setting = {}) {
  const result = build(documents, setting)
  if (result.kind === 'invalid') throw new Error(JSON.stringify(result.problems))
  return result
}

const written = (documents: readonly JsonObject[], setting: Setting = {}) =>
  built(documents, setting).set.objects.map(
    ({ wave, ref }) => `${wave} ${ref.kind} ${ref.namespace ?? '-'}/${ref.name}`,
  )

function problems(documents: readonly JsonObject[], setting: Setting = {}) {
  const result = build(documents, setting)
  return result.kind === 'desired' ? [] : result.problems.map(({ where, field }) => `${where} ${field}`)
}

function manifest(
  apiVersion: string,
  kind: string,
  name: string,
  more: JsonObject = {},
  rest: JsonObject = {},
): JsonObject {
  return { apiVersion, kind, metadata: { name, ...more }, ...rest }
}

const configMap = (name: string, more: JsonObject = {}, rest: JsonObject = {}) =>
  manifest('v1', 'ConfigMap', name, more, rest)
const annotated = (annotations: JsonObject) => ({ annotations })
const SOURCE = { repoURL: 'https://git.example.com/ops/shop.git', path: 'apps/shop' }
const NOWHERE = { destination: { server: 'https://kubernetes.default.svc' } }
const CREATE = (options: JsonObject = {}) => ({ syncPolicy: { syncOptions: ['CreateNamespace=true'], ...options } })

const WIDGETS = manifest(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'widgets.example.com',
  {},
  {
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Widget' },
      versions: [
        { name: 'v1', served: true },
        { name: 'v0', served: false },
      ],
    },
  },
)

describe('namespaces', () => {
  it('are filled in from the destination, kept where written, and taken from cluster-scoped objects', () => {
    const role = manifest('rbac.authorization.k8s.io/v1', 'ClusterRole', 'system:r', { namespace: 'shop' })
    expect(written([configMap('a'), configMap('b', { namespace: 'other' }), role])).toEqual([
      '0 ConfigMap other/b',
      '0 ConfigMap shop/a',
      '0 ClusterRole -/system:r',
    ])
    expect(built([role]).set.objects[0]?.manifest.metadata).toEqual({
      name: 'system:r',
      annotations: {
        'argocd.argoproj.io/tracking-id': 'shop:rbac.authorization.k8s.io/ClusterRole:shop/system:r',
      },
    })
  })

  it('that nobody names are a problem at the manifest', () => {
    expect(problems([configMap('a'), configMap('b', { namespace: 'x' }), configMap('c')], { spec: NOWHERE })).toEqual([
      '1.yaml:1 metadata.namespace',
      '3.yaml:21 metadata.namespace',
    ])
  })

  it('are created first, untracked, kept for ever, with their labels', () => {
    const setting = { spec: CREATE({ managedNamespaceMetadata: { labels: { team: 'a' } } }) }
    const documents = [configMap('a', annotated({ 'argocd.argoproj.io/sync-wave': '-3' })), configMap('b')]
    expect(written(documents, setting)).toEqual(['-4 Namespace -/shop', '-3 ConfigMap shop/a', '0 ConfigMap shop/b'])
    expect(built(documents, setting).set.objects[0]).toMatchObject({
      manifest: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } },
      options: { prune: 'no', delete: 'no' },
      origin: { file: '(CreateNamespace=true)' },
    })
    expect(built(documents, setting).set.objects[0]?.manifest.metadata).not.toHaveProperty('annotations')
  })

  it('are not created where Git has them, nor for a set that rendered to nothing', () => {
    expect(written([manifest('v1', 'Namespace', 'shop')], { spec: CREATE() })).toEqual(['0 Namespace -/shop'])
    expect(written([], { spec: CREATE() })).toEqual([])
  })
})

describe('kinds', () => {
  it('that the cluster does not serve block, with file and line', () => {
    const { findings } = built([manifest('example.com/v1', 'Widget', 'w')])
    expect(findings).toMatchObject([
      {
        rule: 'unknown-kind',
        level: 'blocked',
        title: 'Widget/w (1.yaml:1) is of a kind that the cluster does not serve',
      },
    ])
  })

  it('that the set defines have the scope of their definition, in the versions it serves', () => {
    const result = built([manifest('example.com/v1', 'Widget', 'w'), WIDGETS])
    expect(result.findings).toEqual([])
    expect(result.set.objects.map(({ ref }) => [ref.kind, ref.namespace])).toEqual([
      ['CustomResourceDefinition', null],
      ['Widget', 'shop'],
    ])
    expect(built([manifest('example.com/v0', 'Widget', 'w'), WIDGETS]).findings).toMatchObject([
      { rule: 'unknown-kind', what: 'Widget is served as example.com/v1, not as example.com/v0' },
    ])
  })

  it('that may be missing do not block', () => {
    const more = annotated({ 'argocd.argoproj.io/sync-options': 'SkipDryRunOnMissingResource=true' })
    expect(built([manifest('example.com/v1', 'Widget', 'w', { ...more, namespace: 'x' })]).findings).toEqual([])
  })

  it('that moved or are served in another version say what to write', () => {
    expect(built([manifest('extensions/v1beta1', 'Ingress', 'web')]).findings).toMatchObject([
      { rule: 'unknown-kind', fixes: [{ text: 'write apiVersion: networking.k8s.io/v1, where the kind lives today' }] },
    ])
    expect(built([manifest('apps/v1beta2', 'Deployment', 'web')]).findings).toMatchObject([
      { rule: 'unknown-kind', fixes: [{ text: 'write apiVersion: apps/v1' }] },
    ])
  })

  it('of a group that does not answer stay wanted and are told', () => {
    const result = built([manifest('apps/v1', 'Deployment', 'web', { namespace: 'shop' }), configMap('a')], {
      kinds: exampleKinds(['apps']),
    })
    expect(result.findings).toMatchObject([{ rule: 'unseen-kind', level: 'warning' }])
    expect(result.set.objects).toHaveLength(2)
  })
})

describe('hooks', () => {
  it('are kept apart, and it is said which of them would have run', () => {
    const hook = (name: string, annotations: JsonObject) => manifest('batch/v1', 'Job', name, annotated(annotations))
    const { set, findings } = built([
      hook('migrate', { 'argocd.argoproj.io/hook': 'PreSync' }),
      hook('report', { 'helm.sh/hook': 'pre-delete' }),
      hook('test', { 'helm.sh/hook': 'test' }),
      hook('left-out', { 'argocd.argoproj.io/hook': 'Skip' }),
      hook('typo', { 'argocd.argoproj.io/hook': 'PreSnyc' }),
      configMap('a'),
    ])
    expect(set.objects.map(({ ref }) => ref.name)).toEqual(['a'])
    expect(set.hooks.map(({ ref, phases }) => [ref.namespace, ref.name, phases])).toEqual([
      ['shop', 'migrate', ['PreSync']],
      ['shop', 'report', ['PreDelete']],
      ['shop', 'test', []],
      ['shop', 'left-out', ['Skip']],
      ['shop', 'typo', []],
    ])
    expect(findings.map(({ rule, level, title }) => `${level} ${rule} ${title}`)).toEqual([
      'needs-approval hook-not-run hook Job/migrate (1.yaml:1) does not run',
      'warning hook-not-run hook Job/report (2.yaml:11) does not run',
      'needs-approval hook-not-run hook Job/typo (5.yaml:41) does not run',
    ])
  })
})

describe('one object written twice', () => {
  it('is taken from the later place, under its old and its new API group', () => {
    const both = { kinds: ingressesInBothGroups() }
    const result = built(
      [
        configMap('a', {}, { data: { from: 'first' } }),
        manifest('extensions/v1', 'Ingress', 'web'),
        configMap('a', { namespace: 'shop' }, { data: { from: 'second' } }),
        manifest('networking.k8s.io/v1', 'Ingress', 'web'),
      ],
      both,
    )
    expect(result.set.objects.map(({ manifest: each }) => each.data ?? each.apiVersion)).toEqual([
      { from: 'second' },
      'networking.k8s.io/v1',
    ])
    expect(result.findings.map(({ rule, what }) => `${rule}: ${what}`)).toEqual([
      'repeated-resource: 3.yaml:21 is used, 1.yaml:1 is left out',
      'repeated-resource: 4.yaml:31 is used, 2.yaml:11 is left out',
    ])
  })
})

function ingressesInBothGroups(): KindTable {
  const table = exampleKinds()
  const ingress = table.kinds.get('networking.k8s.io/Ingress')
  if (ingress === undefined) throw new Error('the example has no Ingress')
  return { ...table, kinds: new Map([...table.kinds, ['extensions/Ingress', { ...ingress, group: 'extensions' }]]) }
}

describe('manifests', () => {
  it('lose what the server writes, with a word where it said something', () => {
    const { set, findings } = built([
      configMap('a', { creationTimestamp: null }, { status: {} }),
      configMap('b', { uid: 'u', resourceVersion: '5', managedFields: [] }, { status: { ok: true } }),
    ])
    expect(set.objects.map((each) => Object.keys(each.manifest.metadata).sort())).toEqual([
      ['annotations', 'name', 'namespace'],
      ['annotations', 'name', 'namespace'],
    ])
    expect(set.objects[1]?.manifest).not.toHaveProperty('status')
    expect(findings).toMatchObject([
      { rule: 'server-field', level: 'info', what: 'metadata.uid, metadata.resourceVersion, status: left out' },
    ])
  })

  it('of Secrets are applied with values and digested without', () => {
    const secret = (fields: JsonObject) => manifest('v1', 'Secret', 'db', {}, fields)
    const [plain] = built([secret({ stringData: { password: 'hunter22' } })]).set.objects
    expect(plain?.manifest.data).toEqual({ password: 'aHVudGVyMjI=' })
    const [encoded] = built([secret({ data: { password: 'aHVudGVy\nMjI=\n' } })]).set.objects
    expect(encoded?.digest).toBe(plain?.digest)
    const [other] = built([secret({ stringData: { password: 'hunter23' } })]).set.objects
    expect(other?.digest).not.toBe(plain?.digest)
  })

  it('that are bad make the whole set invalid, all problems together', () => {
    const bad = configMap('b', annotated({ 'argocd.argoproj.io/sync-wave': 'first' }))
    expect(problems([configMap('a'), bad, configMap('c')], { spec: NOWHERE })).toEqual([
      '1.yaml:1 metadata.namespace',
      '2.yaml:11 metadata.namespace',
      '2.yaml:11 metadata.annotations["argocd.argoproj.io/sync-wave"]',
      '3.yaml:21 metadata.namespace',
    ])
    expect(problems([configMap('a'), { kind: 'ConfigMap' }])).toEqual(['2.yaml:11 apiVersion', '2.yaml:11 metadata'])
  })

  it('give one set whatever the order they come in', () => {
    const documents = [
      ...['a', 'b', 'c'].map((name) => configMap(name)),
      manifest('v1', 'Namespace', 'shop', annotated({ 'argocd.argoproj.io/sync-wave': '2' })),
      WIDGETS,
      manifest('example.com/v1', 'Widget', 'w'),
      manifest('apps/v1', 'Deployment', 'web', annotated({ 'argocd.argoproj.io/sync-wave': '-1' })),
    ]
    const plain = (values: readonly JsonObject[]) => built(values).set.objects.map(({ origin: _, ...object }) => object)
    fc.assert(
      fc.property(fc.shuffledSubarray(documents, { minLength: documents.length }), (shuffled) => {
        expect(plain(shuffled)).toEqual(plain(documents))
      }),
    )
  })
})

describe('the digest of the source', () => {
  const digestOf = (source: JsonObject) => built([], { spec: { source } }).set.sourceDigest
  const first = digestOf(SOURCE)

  it.each<[string, JsonObject]>([
    ['another revision', { ...SOURCE, targetRevision: 'v2' }],
    ['another spelling of the URL', { ...SOURCE, repoURL: 'git@GIT.example.com:ops/shop' }],
    ['another spelling of the path', { ...SOURCE, path: './apps/shop/' }],
  ])('does not change with %s', (_, source) => {
    expect(digestOf(source)).toBe(first)
  })

  it.each<[string, JsonObject]>([
    ['another repository', { ...SOURCE, repoURL: 'https://git.example.com/ops/shop2.git' }],
    ['another path', { ...SOURCE, path: 'apps/shop2' }],
    ['other tool settings', { ...SOURCE, directory: { recurse: true } }],
  ])('changes with %s', (_, source) => {
    expect(digestOf(source)).not.toBe(first)
  })
})

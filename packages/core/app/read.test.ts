// Reading an Application: every field, and a word about every other.
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../object/json.ts'
import { applicationManifest, exampleApplication } from '../testing/examples.ts'
import { isInCluster } from './destination.ts'
import { readApplication } from './read.ts'

const SOURCE = { repoURL: 'https://git.example.com/ops/shop.git', path: 'apps/shop' }
const DESTINATION = { server: 'https://kubernetes.default.svc', namespace: 'shop' }

/** `field: what` of each problem of a spec. */
function problemsOf(spec: JsonObject, metadata: JsonObject = {}): readonly string[] {
  const read = readApplication(applicationManifest(spec, metadata), 'app.yaml:1')
  return read.kind === 'read' ? [] : read.problems.map((problem) => problem.what)
}

/** `level rule title` of each finding of a spec. */
function findingsOf(spec: JsonObject, metadata: JsonObject = {}, top: JsonObject = {}): readonly string[] {
  const read = readApplication({ ...applicationManifest(spec, metadata), ...top }, 'app.yaml:1')
  return read.kind === 'read' ? read.findings.map((each) => `${each.level} ${each.rule}: ${each.title}`) : ['invalid']
}

describe('an Application', () => {
  it('that is plain reads without a finding', () => {
    const read = readApplication(applicationManifest(), 'app.yaml:1')
    expect(read).toEqual({
      kind: 'read',
      findings: [],
      application: {
        key: { namespace: 'argocd', name: 'shop' },
        project: 'default',
        destination: { kind: 'server', server: 'https://kubernetes.default.svc', namespace: 'shop' },
        sources: [
          {
            repoURL: 'https://git.example.com/ops/shop.git',
            path: 'apps/shop',
            chart: null,
            targetRevision: 'main',
            tagPrefix: null,
            ref: null,
            name: null,
            tool: { kind: 'detect' },
          },
        ],
        syncPolicy: {
          automated: null,
          options: expect.objectContaining({ prune: 'yes', clientSideApplyMigration: true }),
          retry: null,
          managedNamespaceMetadata: null,
        },
        ignoreDifferences: [],
        revisionHistoryLimit: 10,
        info: [],
        cascade: 'none',
        reported: [],
        annotations: {},
      },
    })
  })

  it('of another kind or version is refused with what it is', () => {
    const manifest = applicationManifest()
    expect(readApplication({ ...manifest, kind: 'ApplicationSet' }, 'a.yaml:3')).toMatchObject({
      kind: 'invalid',
      problems: [
        { where: 'a.yaml:3', what: 'this is not an Application: it says argoproj.io/v1alpha1 ApplicationSet' },
      ],
    })
    expect(readApplication({ ...manifest, apiVersion: 'argoproj.io/v1' }, 'a.yaml:3')).toMatchObject({
      problems: [{ field: 'apiVersion' }],
    })
  })

  it('shows all its problems at once', () => {
    expect(
      problemsOf({
        project: 5,
        source: { path: '/abs', targetRevision: 1.5, directory: { recurse: 'yes' } },
        destination: { server: 'https://a', name: 'b' },
        revisionHistoryLimit: -1,
        syncPolicy: { automated: true, syncOptions: 'Prune=false', retry: { limit: -2 } },
      }),
    ).toEqual([
      'spec.destination names both a server and a cluster name',
      'spec.source.repoURL is missing',
      'spec.source.targetRevision is a number, it must be a text',
      'spec.source.directory.recurse is a text, it must be true or false',
      'spec.source.path is absolute',
      'spec.revisionHistoryLimit is negative',
      'spec.project is a number, it must be a text',
      'spec.syncPolicy.syncOptions is a text, it must be a list',
      'spec.syncPolicy.automated is true or false, it must be an object',
      'spec.syncPolicy.retry.limit is less than -1',
    ])
  })

  it.each<[string, JsonObject, string]>([
    ['no source', { source: null }, 'spec.source is missing'],
    ['an empty list of sources', { source: null, sources: [] }, 'spec.sources is empty'],
    ['no destination', { destination: null }, 'spec.destination is missing'],
    [
      'a destination without a cluster',
      { destination: { namespace: 'x' } },
      'spec.destination names neither a server nor a cluster name',
    ],
    [
      'a namespace in capitals',
      { destination: { ...DESTINATION, namespace: 'Shop' } },
      'spec.destination.namespace is not a name of a namespace',
    ],
    [
      'a path out of the repository',
      { source: { ...SOURCE, path: 'a/../../b' } },
      'spec.source.path leads out of the repository',
    ],
    ['no path', { source: { repoURL: 'https://a/b' } }, 'spec.source.path is missing'],
    [
      'two tools',
      { source: { ...SOURCE, helm: {}, kustomize: {} } },
      'spec.source names helm and kustomize, a source is rendered by one tool',
    ],
    [
      'a rule that ignores nothing',
      { ignoreDifferences: [{ kind: 'Deployment' }] },
      'spec.ignoreDifferences[0] ignores nothing',
    ],
    [
      'a pointer without a slash',
      { ignoreDifferences: [{ kind: 'x', jsonPointers: ['spec/replicas'] }] },
      'spec.ignoreDifferences[0].jsonPointers[0] is not a JSON pointer',
    ],
    [
      'a duration that is none',
      { syncPolicy: { retry: { backoff: { duration: 'soon' } } } },
      'spec.syncPolicy.retry.backoff.duration is not a duration',
    ],
    [
      'a parameter that is no text',
      { source: { ...SOURCE, helm: { parameters: [{ name: 'a', value: true }] } } },
      'spec.source.helm.parameters[0].value is true or false, it must be a text',
    ],
    [
      'a replica count that is a list',
      { source: { ...SOURCE, kustomize: { replicas: [{ name: 'a', count: [] }] } } },
      'spec.source.kustomize.replicas[0].count must be a whole number',
    ],
  ])('with %s is refused', (_, spec, what) => {
    expect(problemsOf(spec)).toEqual([what])
  })

  it('without metadata, without a spec or with a bad name is refused', () => {
    expect(readApplication({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' }, 'a.yaml:1')).toMatchObject({
      problems: [{ field: 'metadata' }, { field: 'spec' }],
    })
    expect(problemsOf({}, { name: 'My App' })).toEqual([
      'metadata.name must consist of lower-case letters, digits, dashes and dots',
    ])
  })

  it('belongs to the control plane where it names no namespace', () => {
    const read = readApplication(applicationManifest({}, { namespace: null }), 'a.yaml:1', 'gitops')
    expect(read.kind === 'read' && read.application.key).toEqual({ namespace: 'gitops', name: 'shop' })
  })
})

describe('the destination', () => {
  it.each<[JsonObject, Json]>([
    [
      { server: 'https://a.example.com/', namespace: 'x' },
      { kind: 'server', server: 'https://a.example.com', namespace: 'x' },
    ],
    [
      { name: 'prod', namespace: '' },
      { kind: 'name', name: 'prod', namespace: null },
    ],
    [
      { name: '', server: 'https://a' },
      { kind: 'server', server: 'https://a', namespace: null },
    ],
  ])('%j', (destination, read) => {
    expect(exampleApplication({ destination }).destination).toEqual(read)
  })

  it('in-cluster has two names', () => {
    expect(isInCluster(exampleApplication({ destination: { name: 'in-cluster' } }).destination)).toBe(true)
    expect(
      isInCluster(exampleApplication({ destination: { server: 'https://kubernetes.default.svc/' } }).destination),
    ).toBe(true)
    expect(isInCluster(exampleApplication({ destination: { name: 'prod' } }).destination)).toBe(false)
  })
})

describe('automation', () => {
  const off = { enabled: true, prune: false, selfHeal: false, allowEmpty: false }
  it.each<[Json, Json]>([
    [{}, off],
    [
      { prune: null, selfHeal: true },
      { ...off, selfHeal: true },
    ],
    [
      { enabled: false, prune: true },
      { ...off, enabled: false, prune: true },
    ],
    [null, null],
  ])('%j', (automated, read) => {
    expect(exampleApplication({ syncPolicy: { automated } }).syncPolicy.automated).toEqual(read)
  })

  it('retries with the usual back-off where none is written, and reads bare numbers as seconds', () => {
    const retry = (value: JsonObject) => exampleApplication({ syncPolicy: { retry: value } }).syncPolicy.retry
    expect(retry({ limit: 3 })).toEqual({ limit: 3, refresh: false, backoffS: 5, factor: 2, maxBackoffS: 180 })
    expect(retry({ limit: -1, refresh: true, backoff: { duration: '10', factor: 3, maxDuration: '1h' } })).toEqual({
      limit: -1,
      refresh: true,
      backoffS: 10,
      factor: 3,
      maxBackoffS: 3600,
    })
    expect(retry({ backoff: { duration: 7 } })).toMatchObject({ limit: 0, backoffS: 7 })
  })
})

describe('the cascade', () => {
  it.each([
    [[], 'none'],
    [['resources-finalizer.argocd.argoproj.io'], 'foreground'],
    [['resources-finalizer.argocd.argoproj.io/foreground'], 'foreground'],
    [['x.example.com/y', 'resources-finalizer.argocd.argoproj.io/background'], 'background'],
  ])('of %j is %s', (finalizers, cascade) => {
    expect(exampleApplication({}, { finalizers }).cascade).toBe(cascade)
  })
})

describe('findings', () => {
  it('name every field that is not known, with what was meant, by danger', () => {
    expect(
      findingsOf(
        {
          source: { ...SOURCE, targetRevison: 'v1' },
          destination: { ...DESTINATION, namespaces: 'x' },
          syncPolicy: { automatd: {} },
          colour: 'red',
        },
        { finalisers: [] },
        { extra: 1 },
      ),
    ).toEqual([
      'warning unknown-field: metadata.finalisers is not a field of an Application',
      'needs-approval unknown-field: spec.destination.namespaces is not a field of an Application',
      'needs-approval unknown-field: spec.source.targetRevison is not a field of an Application',
      'warning unknown-field: spec.syncPolicy.automatd is not a field of an Application',
      'warning unknown-field: spec.colour is not a field of an Application',
      'warning unknown-field: extra is not a field of an Application',
    ])
    const read = readApplication(applicationManifest({ source: { ...SOURCE, targetRevison: 'v1' } }), 'a.yaml:1')
    expect(read.kind === 'read' && read.findings[0]?.fixes).toEqual([
      { kind: 'do', text: 'write targetRevision, or remove it' },
    ])
  })

  it.each<[string, JsonObject, readonly string[]]>([
    [
      'a chart',
      { source: { repoURL: 'https://charts.example.com', chart: 'web', targetRevision: '1.2.3' } },
      ['blocked unsupported-field: spec.source.chart is not acted on'],
    ],
    [
      'Helm',
      { source: { ...SOURCE, helm: { valuesObject: { a: 1 } } } },
      ['blocked unsupported-field: spec.source.helm is not acted on'],
    ],
    [
      'Kustomize in the second source',
      {
        source: null,
        sources: [SOURCE, { ...SOURCE, kustomize: { patches: [{ path: 'x', target: { kind: 'y' } }] } }],
      },
      ['blocked unsupported-field: spec.sources[1].kustomize is not acted on'],
    ],
    [
      'a plugin',
      {
        source: {
          ...SOURCE,
          plugin: { name: 'x', env: [{ name: 'A', value: 'b' }], parameters: [{ name: 'p', map: { a: 'b' } }] },
        },
      },
      ['blocked unsupported-field: spec.source.plugin is not acted on'],
    ],
    [
      'Jsonnet settings',
      { source: { ...SOURCE, directory: { jsonnet: { tlas: [{ name: 'a', value: 'b' }] } } } },
      ['blocked unsupported-field: spec.source.directory.jsonnet is not acted on'],
    ],
    ['empty Jsonnet settings', { source: { ...SOURCE, directory: { recurse: true, jsonnet: {} } } }, []],
    [
      'a registry',
      { source: { repoURL: 'oci://ghcr.io/a/b' } },
      ['blocked unsupported-field: spec.source.repoURL is not acted on'],
    ],
    [
      'two sources',
      { source: SOURCE, sources: [SOURCE, { ...SOURCE, ref: 'values' }] },
      [
        'warning shadowed-field: spec.source has no effect beside spec.sources',
        'warning unsupported-field: spec.sources[1].ref is not acted on',
      ],
    ],
    ['a project', { project: 'payments' }, ['warning unsupported-field: spec.project is not acted on']],
    [
      'automation',
      { syncPolicy: { automated: {}, retry: {} } },
      [
        'info unsupported-field: spec.syncPolicy.automated is not acted on',
        'info unsupported-field: spec.syncPolicy.retry is not acted on',
      ],
    ],
    ['automation that is off', { syncPolicy: { automated: { enabled: false } } }, []],
    [
      'jq rules',
      { ignoreDifferences: [{ kind: '*', group: '*', jqPathExpressions: ['.spec'] }] },
      ['warning unsupported-field: spec.ignoreDifferences[0].jqPathExpressions is not acted on'],
    ],
    [
      'jq rules that protect',
      {
        syncPolicy: { syncOptions: ['RespectIgnoreDifferences=true'] },
        ignoreDifferences: [{ kind: '*', group: '*', jqPathExpressions: ['.spec'] }],
      },
      ['needs-approval unsupported-field: spec.ignoreDifferences[0].jqPathExpressions is not acted on'],
    ],
    [
      'metadata for a namespace that is not created',
      { syncPolicy: { managedNamespaceMetadata: { labels: { a: 'b' } } } },
      ['warning shadowed-field: spec.syncPolicy.managedNamespaceMetadata has no effect without CreateNamespace=true'],
    ],
  ])('of %s', (_, spec, findings) => {
    expect(findingsOf(spec)).toEqual(findings)
  })

  it('tell of others at work on the Application', () => {
    expect(
      findingsOf(
        {},
        {
          deletionTimestamp: '2026-01-01T00:00:00Z',
          finalizers: ['pre-delete-finalizer.argocd.argoproj.io'],
          annotations: {
            'argocd.argoproj.io/skip-reconcile': 'true',
            'argocd.argoproj.io/compare-options': 'ServerSideDiff=true,Nonsense',
          },
        },
        { operation: { sync: {} }, status: { operationState: { phase: 'Running' } } },
      ).map((text) => text.split(': ')[1]),
    ).toEqual([
      'metadata.annotations["argocd.argoproj.io/skip-reconcile"] is not acted on',
      'metadata.annotations["argocd.argoproj.io/compare-options"] is not acted on',
      'operation is not acted on',
      'status.operationState is not acted on',
      'metadata.deletionTimestamp is not acted on',
      'metadata.finalizers is not acted on',
    ])
  })

  it('block a hydrated application, whose rendered branch is read', () => {
    const sourceHydrator = {
      drySource: { repoURL: 'https://git.example.com/a.git', path: 'dry', targetRevision: 'main' },
      syncSource: { targetBranch: 'env/prod', path: 'apps/shop' },
    }
    expect(findingsOf({ source: null, sourceHydrator })).toEqual([
      'blocked unsupported-field: spec.sourceHydrator is not acted on',
    ])
    expect(exampleApplication({ source: null, sourceHydrator }).sources).toMatchObject([
      { repoURL: 'https://git.example.com/a.git', path: 'apps/shop', targetRevision: 'env/prod' },
    ])
    expect(problemsOf({ source: null, sourceHydrator: {} })).toEqual([
      'spec.sourceHydrator.drySource is missing',
      'spec.sourceHydrator.syncSource is missing',
    ])
  })
})

describe('what else is read', () => {
  it('all of Helm, in typed form', () => {
    const helm = {
      valueFiles: ['values.yaml'],
      parameters: [{ name: 'a', value: '1', forceString: true }],
      fileParameters: [{ name: 'f', path: 'x' }],
      values: 'a: 1',
      valuesObject: { a: 2 },
      releaseName: 'r',
      version: 'v3',
      passCredentials: true,
      ignoreMissingValueFiles: true,
      skipCrds: true,
      skipTests: true,
      skipSchemaValidation: true,
      namespace: 'n',
      kubeVersion: '1.36',
      apiVersions: ['v1'],
    }
    expect(exampleApplication({ source: { ...SOURCE, helm } }).sources[0]?.tool).toEqual({ kind: 'helm', helm })
  })

  it('all of Kustomize, in typed form', () => {
    const kustomize = {
      namePrefix: 'a-',
      nameSuffix: '-b',
      images: ['x=y:1'],
      replicas: [
        { name: 'web', count: 3 },
        { name: 'api', count: '2' },
      ],
      commonLabels: { a: 'b' },
      commonAnnotations: { c: 'd' },
      commonAnnotationsEnvsubst: true,
      forceCommonLabels: true,
      forceCommonAnnotations: true,
      labelWithoutSelector: true,
      labelIncludeTemplates: true,
      namespace: 'n',
      patches: [{ patch: 'x', target: { kind: 'Deployment' }, options: { allowNameChange: true } }],
      components: ['c'],
      ignoreMissingComponents: true,
      version: 'v5',
      kubeVersion: '1.36',
      apiVersions: ['v1'],
    }
    expect(exampleApplication({ source: { ...SOURCE, kustomize } }).sources[0]?.tool).toEqual({
      kind: 'kustomize',
      kustomize,
    })
  })

  it('reported resources, planning annotations, info, ignore rules', () => {
    const manifest = {
      ...applicationManifest(
        {
          info: [{ name: 'url', value: 'https://x' }],
          ignoreDifferences: [
            { group: 'apps', kind: 'Deployment', name: 'web', jsonPointers: ['/spec/replicas', '/a~1b'] },
          ],
          revisionHistoryLimit: 0,
        },
        { annotations: { 'argocd.argoproj.io/manifest-generate-paths': '.', other: 'x' } },
      ),
      status: {
        resources: [
          { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'shop', name: 'web', status: 'Synced' },
          { version: 'v1', kind: 'Namespace', name: 'shop' },
          { kind: 'broken' },
          7,
        ],
      },
    }
    const read = readApplication(manifest, 'a.yaml:1')
    expect(read.kind === 'read' && read.application).toMatchObject({
      info: [{ name: 'url', value: 'https://x' }],
      revisionHistoryLimit: 0,
      annotations: { 'argocd.argoproj.io/manifest-generate-paths': '.' },
      ignoreDifferences: [
        { group: 'apps', kind: 'Deployment', name: 'web', namespace: null, jsonPointers: ['/spec/replicas', '/a~1b'] },
      ],
      reported: [
        { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
        { group: '', version: 'v1', kind: 'Namespace', namespace: null, name: 'shop' },
      ],
    })
  })
})

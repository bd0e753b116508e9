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

// What an Application says that is not acted on: each of it has a finding.
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../object/json.ts'
import { applicationManifest, exampleApplication } from '../testing/examples.ts'
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

describe('findings of an Application', () => {
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
    ['a chart', { source: { repoURL: 'https://charts.example.com', chart: 'web', targetRevision: '1.2.3' } }, []],
    ['Helm', { source: { ...SOURCE, helm: { valuesObject: { a: 1 } } } }, []],
    [
      'Kustomize in the second source',
      {
        source: null,
        sources: [SOURCE, { ...SOURCE, kustomize: { patches: [{ path: 'x', target: { kind: 'y' } }] } }],
      },
      [],
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
    ['Jsonnet settings', { source: { ...SOURCE, directory: { jsonnet: { tlas: [{ name: 'a', value: 'b' }] } } } }, []],
    ['empty Jsonnet settings', { source: { ...SOURCE, directory: { recurse: true, jsonnet: {} } } }, []],
    ['a registry', { source: { repoURL: 'oci://ghcr.io/a/b' } }, []],
    [
      'two sources',
      { source: SOURCE, sources: [SOURCE, { ...SOURCE, ref: 'values' }] },
      ['warning shadowed-field: spec.source has no effect beside spec.sources'],
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
    ['jq rules', { ignoreDifferences: [{ kind: '*', group: '*', jqPathExpressions: ['.spec'] }] }, []],
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

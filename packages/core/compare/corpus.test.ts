// What a real installation holds to be synced must compare as the same, and a hand edit must show with its author.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { DEFAULT_TRACKING, stamp, TRACKING_ANNOTATION } from '../app/tracking.ts'
import type { DesiredObject } from '../desired/desired.ts'
import type { SchemaLookup } from '../diff/schema.ts'
import type { LiveSet } from '../live/live.ts'
import type { JsonObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { annotationOf, refOf } from '../object/object.ts'
import { refKey } from '../object/ref.ts'
import { foldStringData } from '../object/secret.ts'
import { noSchemas, testSchemas } from '../testing/schemas.ts'
import { compareInput, desired } from '../testing/world.ts'
import { compare } from './compare.ts'
import type { Comparison } from './drift.ts'

const root = process.env.MAINSTAY_CORPUS ?? join(import.meta.dirname, '../../../../shared/corpus')
const captures = join(root, 'argo-cd-state')
const present = existsSync(captures)

function objectsOf(state: string): readonly KubeObject[] {
  return JSON.parse(readFileSync(join(captures, state, 'objects.json'), 'utf8')).items as readonly KubeObject[]
}

/** The objects that an application's directory describes, marked and placed as the application does it. */
function desiredOf(state: string, app: string, directory: string): readonly DesiredObject[] {
  const path = join(captures, state, 'repo', directory)
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => loadAll(readFileSync(join(path, file), 'utf8')) as KubeObject[])
    .filter((object) => annotationOf(object, 'argocd.argoproj.io/hook') === undefined)
    .map((object) => {
      const placed = foldStringData({ ...object, metadata: { ...object.metadata, namespace: app } })
      const key = { namespace: 'argocd', name: app }
      return { ...desired(placed, key), manifest: stamp(placed, key, refOf(placed), app, DEFAULT_TRACKING) }
    })
}

function comparison(state: string, app: string, directory: string, schema: SchemaLookup): Comparison {
  const objects = objectsOf(state).filter((object) => object.metadata.namespace === app)
  const live: LiveSet = {
    objects: new Map(objects.map((object) => [refKey(refOf(object)), object])),
    seen: [...new Set(objects.map((object) => refOf(object)))].map(({ group, kind }) => ({
      group,
      kind,
      namespace: app,
    })),
    absent: new Set(),
    gaps: [],
  }
  return compare(
    compareInput({
      desired: desiredOf(state, app, directory),
      live,
      schema,
      app: { namespace: 'argocd', name: app },
      destinationNamespace: app,
    }),
  )
}

function verdicts(result: Comparison): readonly string[] {
  return result.drifts.map((drift) => {
    const fields = drift.kind === 'changed' ? drift.changes.map((change) => change.path) : []
    return [`${drift.kind} ${drift.ref.kind}/${drift.ref.name}`, ...fields].join(' ')
  })
}

const SYNCED: readonly (readonly [app: string, directory: string, objects: number])[] = [
  ['plain', 'plain', 9],
  ['ssa', 'ssa', 9],
  ['drift', 'drift', 1],
  ['prune', 'prune', 2],
  ['waves', 'waves', 3],
  ['recurse', 'rec', 2],
  ['finalized', 'waves', 3],
  ['hooks', 'hooks', 1],
]

// The corpus is no part of the project: where it is not beside it, there is nothing to test.
it('compares both states of an installation where its capture lies beside the repository', () => {
  const states = present ? readdirSync(captures).filter((name) => existsSync(join(captures, name, 'objects.json'))) : []
  expect(states.sort()).toEqual(present ? ['1-synced', '2-changed'] : [])
})

const describeCorpus = present ? describe : () => undefined

describeCorpus('a synced installation', () => {
  it.each(SYNCED)('compares %s as the same, whether the cluster publishes types or not', (app, directory, count) => {
    for (const schema of [testSchemas, noSchemas]) {
      const found = verdicts(comparison('1-synced', app, directory, schema))
      expect(found.filter((verdict) => !verdict.startsWith('same'))).toEqual([])
      expect(found).toHaveLength(count)
    }
  })

  it('is certain of every kind whose type is known, so that nothing is asked', () => {
    for (const app of ['plain', 'ssa']) {
      const asked = comparison('1-synced', app, app, testSchemas).uncertain
      expect(asked.filter((key) => !/HorizontalPodAutoscaler|PodDisruptionBudget/.test(key))).toEqual([])
    }
  })
})

describeCorpus('a changed installation', () => {
  it('wants the new value of a ConfigMap that a commit changed, and nothing else', () => {
    // The capture was synced after the commit, so the manifest of before is compared with what is there now.
    const before = desiredOf('1-synced', 'waves', 'waves')
    const objects = objectsOf('2-changed').filter((object) => object.metadata.namespace === 'waves')
    const live = { ...compareInput({}).live, objects: new Map(objects.map((each) => [refKey(refOf(each)), each])) }
    const app = { namespace: 'argocd', name: 'waves' }
    const result = compare(compareInput({ desired: before, live, app, destinationNamespace: 'waves' }))
    const changed = result.drifts.filter((drift) => drift.kind === 'changed')
    expect(changed.map((drift) => [drift.ref.name, drift.changes[0]?.path, drift.changes[0]?.handEdit])).toEqual([
      ['wave-1', 'data.w', false],
    ])
  })

  it('finds the object that left Git by its tracking mark', () => {
    const result = comparison('2-changed', 'prune', 'prune', testSchemas)
    expect(verdicts(result)).toEqual(['surplus ConfigMap/gone', 'same ConfigMap/keep'])
  })

  it('leaves a field alone that somebody added by hand', () => {
    expect(verdicts(comparison('2-changed', 'drift', 'drift', testSchemas))).toEqual(['same ConfigMap/drift'])
  })

  it('names the person who edited what Git says', () => {
    const edited = objectsOf('2-changed').find(
      (each) => each.metadata.namespace === 'drift' && each.metadata.name === 'drift',
    )
    if (edited === undefined) throw new Error('the capture has no ConfigMap drift')
    const [wanted] = desiredOf('2-changed', 'drift', 'drift')
    if (wanted === undefined) throw new Error('the repository has no ConfigMap drift')
    // Git now says `mine`, too, so that the edit stands against it.
    const manifest = { ...wanted.manifest, data: { ...(wanted.manifest.data as JsonObject), mine: 'y' } }
    const result = compare(
      compareInput({
        desired: [{ ...wanted, manifest }],
        live: { ...compareInput({}).live, objects: new Map([[refKey(wanted.ref), edited]]) },
        app: { namespace: 'argocd', name: 'drift' },
        destinationNamespace: 'drift',
      }),
    )
    const [drift] = result.drifts
    if (drift?.kind !== 'changed') throw new Error(`${drift?.kind}`)
    expect(drift.changes).toMatchObject([
      { path: 'data.mine', op: 'set', from: 'x', to: 'y', by: { manager: 'kubectl-edit', operation: 'Update' } },
    ])
    expect(annotationOf(edited, TRACKING_ANNOTATION)).toBe('drift:/ConfigMap:drift/drift')
  })
})

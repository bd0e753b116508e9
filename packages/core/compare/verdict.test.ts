// How the API server's dry run corrects the local answer.
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { refKey } from '../object/ref.ts'
import { printComparison } from '../testing/print-drift.ts'
import { applied, compareInput, configMap, desired, liveSet, managed, manifest } from '../testing/world.ts'
import { compare } from './compare.ts'
import type { CompareInput } from './context.ts'
import type { DryRun } from './drift.ts'

/** The comparison of one object with an answer of the server. */
function found(
  live: KubeObject,
  answer: DryRun | KubeObject,
  parts: Partial<CompareInput> & { readonly desired: CompareInput['desired'] },
) {
  const run: DryRun =
    answer.kind === 'refused' || answer.kind === 'unavailable' || answer.kind === 'accepted'
      ? (answer as DryRun)
      : { kind: 'accepted', object: answer as KubeObject, warnings: [] }
  const [wanted] = parts.desired
  if (wanted === undefined) throw new Error('nothing wanted')
  const dryRuns = new Map([[refKey(wanted.ref), run]])
  return printComparison(compare(compareInput({ live: liveSet([live]), dryRuns, ...parts })))
}

function edited(object: KubeObject, fields: JsonObject, metadata: JsonObject = {}): KubeObject {
  return { ...object, ...fields, metadata: { ...object.metadata, ...metadata } }
}

const deployment = (spec: JsonObject) => manifest('apps/v1', 'Deployment', 'web', { spec })

describe('an accepted dry run', () => {
  it('proves an object the same that only looked different', () => {
    const wanted = desired(deployment({ replicas: 1, paused: false }))
    const live = applied(desired(deployment({ replicas: 1 })))
    expect(found(live, live, { desired: [wanted] })).toEqual(['same Deployment/web'])
  })

  it('shows what would really change', () => {
    const wanted = desired(deployment({ replicas: 3, paused: false }))
    const live = applied(desired(deployment({ replicas: 1 })))
    const answer = applied(desired(deployment({ replicas: 3 })))
    expect(found(live, answer, { desired: [wanted] })).toEqual([
      'changed Deployment/web',
      '  set spec.replicas 1 → 3 by argocd-controller',
    ])
  })

  it('is not believed about what no manifest asked for: time stamps of admission webhooks, status, versions', () => {
    const wanted = desired(deployment({ replicas: 1, paused: false }))
    const notes = annotations(wanted.manifest)
    const before = applied(desired(deployment({ replicas: 1 })))
    const live = edited(before, {}, { annotations: { ...notes, 'hook.example.com/at': '1' } })
    const answer = edited(
      { ...live, spec: { replicas: 1, minReadySeconds: 3 } },
      { status: { replicas: 1 } },
      {
        annotations: { ...notes, 'hook.example.com/at': '2', 'hook.example.com/new': '3' },
        resourceVersion: '7',
        generation: 4,
        managedFields: [],
      },
    )
    expect(found(live, answer, { desired: [wanted] })).toEqual(['same Deployment/web'])
  })

  it('is believed about fields that we had applied and that left Git', () => {
    const wanted = desired(configMap('web', { a: '1' }))
    const live = applied(desired(configMap('web', { a: '1', b: '2' })))
    expect(found(live, applied(wanted), { desired: [wanted] })).toEqual([
      'changed ConfigMap/web',
      '  remove data.b "2" → null by argocd-controller',
    ])
  })

  it('is believed about a value that is replaced as a whole', () => {
    const service = (selector: JsonObject) => manifest('v1', 'Service', 'web', { spec: { selector } })
    const wanted = desired(service({ app: 'web' }))
    const live = edited(applied(desired(service({ app: 'web', extra: '1' }))), {}, { managedFields: [] })
    expect(found(live, applied(wanted), { desired: [wanted] })).toEqual([
      'changed Service/web',
      '  remove spec.selector.extra "1" → null',
    ])
  })

  it('does not hide what client-side apply left behind, because no dry run of a server-side apply removes it', () => {
    const wanted = desired(configMap('web', { a: '1' }))
    const text = JSON.stringify({ data: { a: '1', b: '2' } })
    const live = edited(
      applied(wanted),
      { data: { a: '1', b: '2' } },
      {
        annotations: { ...annotations(wanted.manifest), 'kubectl.kubernetes.io/last-applied-configuration': text },
        managedFields: [clientSide({ 'f:a': {}, 'f:b': {} })],
      },
    )
    expect(found(live, live, { desired: [wanted] })).toEqual([
      'changed ConfigMap/web',
      '  remove data.b "2" → null by argocd-controller',
    ])
  })

  it('leaves the local answer where it speaks another version than the live object', () => {
    const wanted = desired(deployment({ replicas: 3 }))
    const live = applied(desired(deployment({ replicas: 1 })))
    expect(found(live, { ...live, apiVersion: 'apps/v2' }, { desired: [wanted] })).toEqual([
      'changed Deployment/web',
      '  set spec.replicas 1 → 3 by argocd-controller',
    ])
  })

  it('brings its warnings along', () => {
    const wanted = desired(deployment({ replicas: 3 }))
    const live = applied(desired(deployment({ replicas: 1 })))
    const answer: DryRun = { kind: 'accepted', object: applied(wanted), warnings: ['spec.x is deprecated'] }
    const dryRuns = new Map([[refKey(wanted.ref), answer]])
    const [drift] = compare(compareInput({ desired: [wanted], live: liveSet([live]), dryRuns })).drifts
    expect(drift).toMatchObject({ kind: 'changed', warnings: ['spec.x is deprecated'] })
  })
})

describe('no acceptance', () => {
  const wanted = desired(deployment({ replicas: 3 }))
  const live = applied(desired(deployment({ replicas: 1 })))

  it('a refusal stands beside the changes', () => {
    const refusal = { reason: 'Invalid', message: 'spec.replicas: must not be 3', fields: [] }
    expect(found(live, { kind: 'refused', refusal }, { desired: [wanted] })).toEqual([
      'changed Deployment/web: refused, spec.replicas: must not be 3',
      '  set spec.replicas 1 → 3 by argocd-controller',
    ])
  })

  it('a refusal counts even where nothing seemed to change', () => {
    const odd = desired(deployment({ replicas: 1, strategy: {} }))
    const refusal = { reason: 'Invalid', message: 'strategy is odd', fields: [] }
    expect(found(live, { kind: 'refused', refusal }, { desired: [odd] })).toEqual([
      'changed Deployment/web: refused, strategy is odd',
    ])
  })

  it('without an answer the local one stays and is still marked as unconfirmed', () => {
    expect(found(live, { kind: 'unavailable', reason: 'timeout' }, { desired: [wanted] })).toEqual([
      'changed Deployment/web',
      '  set spec.replicas 1 → 3 by argocd-controller',
      'ask apps/Deployment/shop/web',
    ])
  })
})

function annotations(object: KubeObject): JsonObject {
  return object.metadata.annotations as JsonObject
}

function clientSide(data: JsonObject): JsonObject {
  return managed('argocd-controller', 'Update', {
    'f:metadata': { 'f:annotations': { '.': {}, 'f:kubectl.kubernetes.io/last-applied-configuration': {} } },
    'f:data': { '.': {}, ...data },
  })
}

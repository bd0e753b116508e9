// Who wrote the live value, and whether it was an edit of what we had applied.
import { describe, expect, it } from 'vitest'
import type { DesiredObject } from '../desired/desired.ts'
import type { InventoryEntry } from '../inventory/inventory.ts'
import type { JsonObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { applied, compareInput, configMap, desired, liveSet, managed, manifest, recorded } from '../testing/world.ts'
import { compare } from './compare.ts'
import type { FieldChange } from './drift.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** The one change of a comparison. */
function changeOf(wanted: DesiredObject, live: KubeObject, entries: readonly InventoryEntry[] = []): FieldChange {
  const [drift] = compare(compareInput({ desired: [wanted], live: liveSet([live]), inventory: { entries } })).drifts
  if (drift?.kind !== 'changed') throw new Error(`it is ${drift?.kind}`)
  const [change, ...more] = drift.changes
  if (change === undefined || more.length > 0) throw new Error(`${drift.changes.length} changes`)
  return change
}

/** What we applied, with a value changed by another manager, who now owns it. */
function edited(object: DesiredObject, value: string, by: JsonObject): KubeObject {
  const before = applied(object)
  const ours = managed('argocd-controller', 'Apply', { 'f:metadata': {} }, { time: '2026-01-01T10:00:00Z' })
  return { ...before, data: { a: value }, metadata: { ...before.metadata, managedFields: [ours, by] } }
}

const fields = { 'f:data': { 'f:a': {} } }
const web = desired(configMap('web', { a: '1' }))

describe('the author of a live value', () => {
  it('is the manager that owns it, with time and subresource', () => {
    const live = edited(web, '2', managed('kubectl-edit', 'Update', fields, { time: '2026-01-02T09:00:00Z' }))
    const by = { manager: 'kubectl-edit', operation: 'Update', subresource: null, time: '2026-01-02T09:00:00Z' }
    expect(changeOf(web, live).by).toEqual(by)
  })

  it('is the latest of several owners, wherever it stands in the list', () => {
    const early = managed('a-team', 'Update', fields, { time: '2026-01-02T09:00:00Z' })
    const late = managed('b-team', 'Update', fields, { time: '2026-01-02T11:00:00Z' })
    const base = edited(web, '2', early)
    for (const managedFields of [
      [early, late],
      [late, early],
    ]) {
      const live = { ...base, metadata: { ...base.metadata, managedFields } }
      expect(changeOf(web, live).by?.manager).toBe('b-team')
    }
  })

  it('is one and the same of several that wrote at one time, wherever they stand in the list', () => {
    const entries = ['b-team', 'c-team', 'a-team'].map((name) => managed(name, 'Update', fields))
    const base = edited(web, '2', {})
    for (const managedFields of [entries, entries.toReversed()]) {
      expect(changeOf(web, { ...base, metadata: { ...base.metadata, managedFields } }).by?.manager).toBe('c-team')
    }
  })

  it('is another manager rather than us where both own it', () => {
    const live = edited(web, '2', managed('hpa', 'Update', fields, { time: '2025-01-01T00:00:00Z' }))
    const ours = managed('argocd-controller', 'Apply', fields)
    const entries = [ours, ...(live.metadata.managedFields as readonly JsonObject[])]
    expect(changeOf(web, { ...live, metadata: { ...live.metadata, managedFields: entries } }).by?.manager).toBe('hpa')
  })

  it('is ourselves for what we applied and Git changed since', () => {
    expect(changeOf(web, applied(desired(configMap('web', { a: '0' }))))).toMatchObject({
      by: { manager: 'argocd-controller', operation: 'Apply' },
      handEdit: false,
    })
  })

  it('is nobody where the server does not tell, or where there is no live value', () => {
    const live = edited(web, '2', managed('x', 'Update', {}))
    expect(changeOf(web, { ...live, metadata: { ...live.metadata, managedFields: [] } }).by).toBeNull()
    const more = desired(configMap('web', { a: '1', b: '2' }))
    expect(changeOf(more, applied(web)).by).toBeNull()
  })
})

describe('a hand edit', () => {
  const after = { time: '2026-01-02T10:00:00Z' }

  it('is what another manager changed after our apply', () => {
    expect(changeOf(web, edited(web, '2', managed('kubectl-edit', 'Update', fields, after))).handEdit).toBe(true)
  })

  it('is also what went through the scale subresource', () => {
    const deployment = (replicas: number) => desired(manifest('apps/v1', 'Deployment', 'web', { spec: { replicas } }))
    const live = applied(deployment(5))
    const by = managed('kubectl', 'Update', { 'f:spec': { 'f:replicas': {} } }, { subresource: 'scale' })
    const managedFields = [managed('argocd-controller', 'Apply', {}, { time: '2026-01-01T10:00:00Z' }), by]
    const change = changeOf(deployment(2), { ...live, metadata: { ...live.metadata, managedFields } })
    expect(change).toMatchObject({
      path: 'spec.replicas',
      from: 5,
      to: 2,
      handEdit: true,
      by: { subresource: 'scale' },
    })
  })

  it('is none where the value was there before we first applied', () => {
    const live = edited(web, '2', managed('kubectl-create', 'Update', fields, { time: '2025-12-31T00:00:00Z' }))
    expect(changeOf(web, live).handEdit).toBe(false)
  })

  it('is one, whatever the clock says, where we recorded that this very manifest was applied', () => {
    const live = edited(web, '2', managed('kubectl-edit', 'Update', fields, { time: '2025-12-31T00:00:00Z' }))
    expect(changeOf(web, live, [recorded(web)]).handEdit).toBe(true)
  })

  it('is none by a manager that applies on its own, nor by one that reports status', () => {
    expect(changeOf(web, edited(web, '2', managed('team-b', 'Apply', fields, after))).handEdit).toBe(false)
    const status = managed('team-b', 'Update', fields, { ...after, subresource: 'status' })
    expect(changeOf(web, edited(web, '2', status)).handEdit).toBe(false)
  })

  it('is none on an object that we never applied', () => {
    const live = edited(web, '2', managed('kubectl-edit', 'Update', fields, after))
    const [, other] = live.metadata.managedFields as readonly JsonObject[]
    expect(changeOf(web, { ...live, metadata: { ...live.metadata, managedFields: [other ?? {}] } }).handEdit).toBe(
      false,
    )
  })
})

describe('an object that client-side apply made', () => {
  /** As client-side apply leaves it: one Update entry with everything, and the manifest in an annotation. */
  function clientSide(last: JsonObject, live: JsonObject, others: readonly JsonObject[]): KubeObject {
    const annotations = {
      ...(web.manifest.metadata.annotations as JsonObject),
      [LAST_APPLIED]: JSON.stringify({ data: last }),
    }
    const owned = Object.fromEntries(Object.keys(last).map((key) => [`f:${key}`, {}]))
    const taken = new Set(
      others.flatMap((entry) => Object.keys((entry.fieldsV1 as { 'f:data': JsonObject })['f:data'])),
    )
    const kept = Object.fromEntries(Object.entries(owned).filter(([key]) => !taken.has(key)))
    const ours = managed('argocd-controller', 'Update', {
      'f:metadata': { 'f:annotations': { '.': {}, [`f:${LAST_APPLIED}`]: {} } },
      'f:data': { '.': {}, ...kept },
    })
    return {
      ...configMap('web', live, { annotations }),
      metadata: { ...configMap('web').metadata, annotations, managedFields: [ours, ...others] },
    }
  }
  const byHand = managed('kubectl-edit', 'Update', fields)

  it('shows the hand edit of a field that was in the last applied manifest', () => {
    expect(changeOf(web, clientSide({ a: '1' }, { a: '2' }, [byHand]))).toMatchObject({
      path: 'data.a',
      handEdit: true,
      by: { manager: 'kubectl-edit' },
    })
  })

  it('shows no hand edit of a field that was never applied', () => {
    expect(changeOf(web, clientSide({ b: '1' }, { a: '2' }, [byHand])).handEdit).toBe(false)
  })

  it('loses what was in the last applied manifest and has left Git', () => {
    expect(changeOf(web, clientSide({ a: '1', b: '2' }, { a: '1', b: '2' }, []))).toMatchObject({
      path: 'data.b',
      op: 'remove',
      from: '2',
      handEdit: false,
    })
  })

  it('keeps what somebody else has made his own since', () => {
    const taken = managed('kubectl-edit', 'Update', { 'f:data': { 'f:b': {} } })
    const live = clientSide({ a: '1', b: '2' }, { a: '1', b: '3' }, [taken])
    expect(compare(compareInput({ desired: [web], live: liveSet([live]) })).drifts[0]?.kind).toBe('same')
  })

  it('keeps everything where the annotation is not ours or cannot be read', () => {
    const live = clientSide({ a: '1', b: '2' }, { a: '1', b: '2' }, [])
    const annotations = { ...(live.metadata.annotations as JsonObject), [LAST_APPLIED]: '{"data":{"b"' }
    const broken = { ...live, metadata: { ...live.metadata, annotations } }
    expect(compare(compareInput({ desired: [web], live: liveSet([broken]) })).drifts[0]?.kind).toBe('same')
    const [ours] = live.metadata.managedFields as readonly JsonObject[]
    const kubectl = {
      ...live,
      metadata: { ...live.metadata, managedFields: [{ ...ours, manager: 'kubectl-client-side-apply' }] },
    }
    expect(compare(compareInput({ desired: [web], live: liveSet([kubectl]) })).drifts[0]?.kind).toBe('same')
  })
})

// What is handed over from client-side to server-side apply: exactly what the plan shows as removed.
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { compareInput, configMap, desired, liveSet, managed } from '../testing/world.ts'
import { compare } from './compare.ts'
import { handover } from './handover.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
const web = desired(configMap('web', { a: '1' }))
const annotated = { 'f:annotations': { '.': {}, [`f:${LAST_APPLIED}`]: {} } }

/** An object as client-side apply left it, with this data, and with what else stands in managedFields. */
function clientSide(data: JsonObject, others: readonly JsonObject[] = []): KubeObject {
  const last = JSON.stringify({ data })
  const annotations = { ...(web.manifest.metadata.annotations as JsonObject), [LAST_APPLIED]: last }
  const owned = Object.fromEntries(Object.keys(data).map((key) => [`f:${key}`, {}]))
  const ours = managed('argocd-controller', 'Update', { 'f:metadata': annotated, 'f:data': { '.': {}, ...owned } })
  const object = configMap('web', data, { annotations })
  return { ...object, metadata: { ...object.metadata, managedFields: [ours, ...others] } }
}

const entriesOf = (live: KubeObject, removed: readonly string[]) =>
  handover({ manifest: web.manifest, live, schema: null, removed: new Set(removed) })

describe('a handover', () => {
  it('moves what is to be removed from our Update entry to an Apply entry of ours', () => {
    expect(entriesOf(clientSide({ a: '1', b: '2' }), ['data.b'])).toEqual([
      managed('argocd-controller', 'Update', { 'f:metadata': annotated, 'f:data': { '.': {}, 'f:a': {} } }),
      {
        manager: 'argocd-controller',
        operation: 'Apply',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:b': {} } },
      },
    ])
  })

  it('joins the Apply entry that is there, and leaves every other entry alone', () => {
    const applied = managed('argocd-controller', 'Apply', { 'f:data': { 'f:a': {} } })
    const other = managed('team-b', 'Apply', { 'f:data': { 'f:z': {} } })
    const entries = entriesOf(clientSide({ a: '1', b: '2' }, [other, applied]), ['data.b'])
    expect(entries?.slice(1)).toEqual([
      other,
      managed('argocd-controller', 'Apply', { 'f:data': { 'f:a': {}, 'f:b': {} } }),
    ])
  })

  it('is none where the plan removes nothing, or something else', () => {
    expect(entriesOf(clientSide({ a: '1', b: '2' }), [])).toBeNull()
    expect(entriesOf(clientSide({ a: '1', b: '2' }), ['data.c'])).toBeNull()
    expect(entriesOf(clientSide({ a: '1' }), ['data.a'])).toBeNull()
  })

  it('is none where somebody else owns the field, or nothing was applied client-side', () => {
    const other = managed('team-b', 'Apply', { 'f:data': { 'f:b': {} } })
    expect(entriesOf(clientSide({ a: '1', b: '2' }, [other]), ['data.b'])).toBeNull()
    expect(entriesOf(configMap('web', { a: '1', b: '2' }), ['data.b'])).toBeNull()
  })

  it('never leaves an empty node behind, which would own everything below it', () => {
    const live = clientSide({ b: '2' })
    const [ours] = live.metadata.managedFields as readonly JsonObject[]
    const bare = { ...ours, fieldsV1: { 'f:metadata': annotated, 'f:data': { 'f:b': {} } } }
    const [left] = entriesOf({ ...live, metadata: { ...live.metadata, managedFields: [bare] } }, ['data.b']) ?? []
    expect(left).toEqual({ ...ours, fieldsV1: { 'f:metadata': annotated } })
  })
})

describe('a field that both our client-side and our server-side apply own', () => {
  it('is removed when Git drops it, although each of them alone would keep it', () => {
    const applied = managed('argocd-controller', 'Apply', { 'f:data': { 'f:a': {}, 'f:b': {} } })
    const live = clientSide({ a: '1', b: '2' }, [applied])
    const [drift] = compare(compareInput({ desired: [web], live: liveSet([live]) })).drifts
    expect(drift).toMatchObject({ kind: 'changed', changes: [{ path: 'data.b', op: 'remove' }] })
    const entries = entriesOf(live, ['data.b'])
    expect(entries?.[0]).toMatchObject({ fieldsV1: { 'f:data': { 'f:a': {} } } })
    expect(JSON.stringify(entries?.[0])).not.toContain('f:b')
  })
})

// What updates leave in managedFields.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { typeOf } from '../schema/lookup.ts'
import { customSubjects } from './testing/custom.ts'
import { entriesOf } from './testing/normal.ts'
import { trackUpdate } from './track.ts'

const early = '2026-01-01T00:00:00Z'

const configMap = (data: JsonObject, managedFields?: Json): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', ...(managedFields === undefined ? {} : { managedFields }) },
  data,
})

function track(before: KubeObject | null, after: KubeObject, manager: string, now = early): KubeObject {
  const given = after.metadata.managedFields ?? before?.metadata.managedFields
  const whole = given === undefined ? after : { ...after, metadata: { ...after.metadata, managedFields: given } }
  const type = typeOf('', 'v1', 'ConfigMap')
  return trackUpdate({ before, after: whole, manager, subresource: null, apiVersion: 'v1', now, typeOf: () => type })
}

const owners = (object: KubeObject): readonly string[] =>
  entriesOf(object).map(({ manager, time, fieldsV1 }) => `${manager} ${time} ${JSON.stringify(fieldsV1)}`)

describe('tracking updates', () => {
  const created = track(null, configMap({ a: '1', b: '1' }), 'ana')

  it('gives all fields of a new object to who creates it', () => {
    expect(owners(created)).toEqual([`ana ${early} {"f:data":{".":{},"f:a":{},"f:b":{}}}`])
  })

  it('moves what an update changes, and only its manager gets a new time', () => {
    const later = '2026-01-01T00:00:05Z'
    expect(owners(track(created, configMap({ a: '1', b: '2' }), 'ben', later))).toEqual([
      `ana ${early} {"f:data":{".":{},"f:a":{}}}`,
      `ben ${later} {"f:data":{"f:b":{}}}`,
    ])
  })

  it('leaves everything where an update changes nothing', () => {
    const same = track(created, configMap({ a: '1', b: '1' }), 'ben', '2026-01-01T00:00:05Z')
    expect(same.metadata.managedFields).toEqual(created.metadata.managedFields)
  })

  it.each([[[]], [[{}]]])('lets a client take ownership off by %j, and keeps it off', (given) => {
    const reset = track(created, configMap({ a: '1', b: '1' }, given), 'ana')
    expect(reset.metadata.managedFields).toBeUndefined()
    expect(track(reset, configMap({ a: '2' }), 'ben').metadata.managedFields).toBeUndefined()
  })

  it('cannot tell [] from nothing on a custom resource', () => {
    const [subject] = customSubjects('example.com')
    const thing = { apiVersion: subject.apiVersion, kind: 'Thing', metadata: { name: 'one' }, spec: { plain: [1] } }
    const update = {
      manager: 'ana',
      subresource: null,
      apiVersion: subject.apiVersion,
      now: early,
      typeOf: subject.typeOf,
    }
    const before = trackUpdate({ ...update, before: null, after: thing })
    const after = { ...thing, metadata: { ...thing.metadata, managedFields: [] } }
    expect(entriesOf(trackUpdate({ ...update, before, after }))).toHaveLength(1)
  })

  it('takes what a client says of ownership, and does not where it cannot be read', () => {
    const entry = {
      manager: 'eve',
      operation: 'Update',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { 'f:a': {} } },
    }
    expect(owners(track(created, configMap({ a: '1', b: '1' }, [entry]), 'ana'))).toEqual([
      'eve undefined {"f:data":{"f:a":{}}}',
    ])
    const broken = { ...entry, operation: 'Guess' }
    expect(owners(track(created, configMap({ a: '1', b: '1' }, [broken]), 'ana'))).toEqual(owners(created))
  })

  it('puts the oldest updates together from the eleventh on', () => {
    let kept = created
    for (let at = 0; at < 11; at++) {
      const time = `2026-01-01T00:01:${String(at).padStart(2, '0')}Z`
      kept = track(kept, { ...kept, data: { ...(kept.data as JsonObject), [`k${at}`]: 'x' } }, `w${at}`, time)
    }
    expect(entriesOf(kept).map(({ manager }) => manager)).toEqual([
      'ancient-changes',
      ...Array.from({ length: 9 }, (_, at) => `w${at + 2}`),
    ])
    expect(owners(kept)[0]).toBe(
      'ancient-changes 2026-01-01T00:01:01Z {"f:data":{".":{},"f:a":{},"f:b":{},"f:k0":{},"f:k1":{}}}',
    )
  })
})

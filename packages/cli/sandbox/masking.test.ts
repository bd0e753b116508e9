// Secrets without their values: what is equal stays equal, and nothing of a value is left anywhere.
import { gzipSync } from 'node:zlib'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { LAST_APPLIED } from '@mainstay/core/object/secret.ts'
import { expect, it } from 'vitest'
import { openMasking } from './masking.ts'

const mask = openMasking(new Uint8Array(32))

function secret(data: Readonly<Record<string, string>>, applied?: string): KubeObject {
  const annotations = applied === undefined ? {} : { annotations: { [LAST_APPLIED]: applied, other: 'kept' } }
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', ...annotations }, data }
}

const HUNTER2 = Buffer.from('hunter2').toString('base64')

it('gives equal values equal marks, and others other ones', () => {
  const { data } = mask(secret({ a: HUNTER2, b: HUNTER2, c: '' }))
  const { a, b, c } = data as Record<string, string>
  expect(a).toBe(b)
  expect(a).not.toBe(c)
  expect(JSON.parse(Buffer.from(String(a), 'base64').toString())).toEqual({
    masked: expect.stringMatching(/^[0-9a-f]{16}$/),
  })
})

it('marks with another key in another run', () => {
  const [one, other] = [openMasking(), openMasking()].map((each) => JSON.stringify(each(secret({ a: HUNTER2 }))))
  expect(one).not.toBe(other)
})

it('keeps the annotation of a client-side apply a manifest, with the same marks', () => {
  const applied = JSON.stringify({ ...secret({}), data: undefined, stringData: { a: 'hunter2' } })
  const masked = mask(secret({ a: HUNTER2 }, applied))
  const text = stringAt(masked, 'metadata', 'annotations', LAST_APPLIED) ?? ''
  expect(JSON.parse(text)).toMatchObject({ kind: 'Secret', data: masked.data })
  expect(stringAt(masked, 'metadata', 'annotations', 'other')).toBe('kept')
  expect(JSON.stringify(masked)).not.toMatch(new RegExp(`hunter2|${HUNTER2}`))
})

it('drops an annotation that it cannot read', () => {
  const masked = mask(secret({ a: HUNTER2 }, 'hunter2'))
  expect(masked.metadata.annotations).toEqual({ other: 'kept' })
})

it('keeps no copy that another tool made', () => {
  const manifest = '{"kind":"Secret","stringData":{"p":"hunter2"}}'
  const copies = {
    'kapp.k14s.io/original': manifest,
    'objectset.rio.cattle.io/applied': gzipSync(manifest).toString('base64'),
    hint: 'it is hunter2',
  }
  const given = secret({ a: HUNTER2 })
  const masked = mask({ ...given, metadata: { name: 's', annotations: { ...copies, other: 'kept' } } })
  expect(stringAt(masked, 'metadata', 'annotations', 'other')).toBe('kept')
  for (const [key, copy] of Object.entries(copies)) {
    const text = stringAt(masked, 'metadata', 'annotations', key) ?? ''
    expect(text).not.toContain(copy)
    expect(Buffer.from(text, 'base64').toString()).toMatch(/^\{"masked":"[0-9a-f]{16}"\}$/)
  }
})

it('leaves everything else as it is', () => {
  const map: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: 'x' } }
  expect(mask(map)).toBe(map)
})

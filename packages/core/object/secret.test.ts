// Secrets leave the edge only as marks.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testMask } from '../testing/examples.ts'
import { base64OfText } from './base64.ts'
import { canonicalJson } from './canonical.ts'
import type { JsonObject } from './json.ts'
import type { KubeObject } from './object.ts'
import { foldStringData, isSecret, LAST_APPLIED, maskSecret } from './secret.ts'

function secret(fields: JsonObject, annotations: JsonObject = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', annotations }, ...fields }
}

describe('a Secret', () => {
  it('is the core kind alone', () => {
    expect(isSecret({ group: '', kind: 'Secret' })).toBe(true)
    expect(isSecret({ group: 'vault.example.com', kind: 'Secret' })).toBe(false)
  })

  it('shows no value in any field, however it was written', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, unit: 'grapheme' }), (password) => {
        const object = secret(
          { data: { a: base64OfText(password), broken: password }, stringData: { b: password } },
          { [LAST_APPLIED]: `{"stringData":{"b":${JSON.stringify(password)}}}`, other: 'kept' },
        )
        const text = canonicalJson(maskSecret(object, (value) => `masked${value.length}`))
        expect(text).not.toContain(JSON.stringify(password).slice(1, -1))
        expect(text).not.toContain(base64OfText(password))
        expect(text).toContain('kept')
      }),
    )
  })

  it.each([
    ['data that is a text', { data: 'hunter22' }],
    ['stringData that is a text', { stringData: 'hunter22' }],
    ['stringData beside data that is a list', { data: ['hunter22'], stringData: { a: 'hunter22' } }],
    ['a value that is a list', { data: { a: ['hunter22'] } }],
    ['a value that is a number', { stringData: { a: { b: 'hunter22' } } }],
  ])('masks malformed %s', (_, fields) => {
    expect(canonicalJson(maskSecret(secret(fields), testMask))).not.toContain('hunter22')
  })

  it.each([
    ['a manifest with an older value', '{"kind":"Secret","stringData":{"p":"older"}}'],
    ['a part of one', '{"data":{"p":"b2xkZXI="}}'],
    ['one as YAML', 'apiVersion: v1\nstringData:\n  p: older\n'],
    ['one as base64', base64OfText('{"stringData":{"p":"older"}}')],
    ['one as base64 of gzip', 'H4sIAAAAAAAAA6tWKkvMKU1VslIqzs9NVQIAyiJ1uhAAAAA='],
    ['a value in plain', 'the password is hunter22'],
    ['a value as base64', `p=${base64OfText('hunter22')}`],
    ['a value among others as base64', base64OfText('ana:hunter22')],
    ['a value of several lines within JSON', '{"key":"one\\ntwo"}'],
  ])('shows no annotation that holds %s', (_, copy) => {
    const data = { p: base64OfText('hunter22'), key: base64OfText('one\ntwo'), short: base64OfText('ep') }
    const masked = maskSecret(secret({ data }, { 'kapp.k14s.io/original': copy, other: 'kept' }), testMask)
    expect(masked.metadata.annotations).toEqual({ 'kapp.k14s.io/original': testMask(copy), other: 'kept' })
  })

  it('keeps annotations that steer what happens to it, though a value is in them by chance', () => {
    const annotations = {
      'argocd.argoproj.io/sync-options': 'Prune=false',
      'argocd.argoproj.io/tracking-id': 'shop:/Secret:shop/db',
    }
    const masked = maskSecret(secret({ stringData: { user: 'shop', debug: 'false' } }, annotations), testMask)
    expect(masked.metadata.annotations).toEqual(annotations)
  })

  it('gets one mark for one value in every spelling', () => {
    const plain = maskSecret(secret({ stringData: { key: 'a long value that somebody wrapped' } }), testMask)
    const base64 = base64OfText('a long value that somebody wrapped')
    const wrapped = maskSecret(secret({ data: { key: `${base64.slice(0, 20)}\n${base64.slice(20)}\n` } }), testMask)
    expect(canonicalJson(plain)).toBe(canonicalJson(wrapped))
  })

  it('takes the value of stringData over the one of data, as the server does', () => {
    const folded = foldStringData(secret({ data: { a: 'b2xk', c: 'Yw==' }, stringData: { a: 'new' } }))
    expect(folded.data).toEqual({ a: base64OfText('new'), c: 'Yw==' })
    expect(folded).not.toHaveProperty('stringData')
  })

  it('leaves every other kind as it is', () => {
    const map: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, stringData: { a: 'b' } }
    expect(maskSecret(map, testMask)).toBe(map)
    expect(foldStringData(map)).toBe(map)
  })
})

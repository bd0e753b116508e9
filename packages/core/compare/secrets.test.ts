// Secrets are compared by their values and shown by their marks.
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../object/json.ts'
import { maskSecret } from '../object/secret.ts'
import { testMask } from '../testing/examples.ts'
import { applied, compareInput, desired, liveSet, manifest } from '../testing/world.ts'
import { compare } from './compare.ts'
import type { FieldChange } from './drift.ts'

const PASSWORD = 'hunter2'
const ENCODED = 'aHVudGVyMg=='

const secret = (fields: JsonObject) => desired(manifest('v1', 'Secret', 's', fields))

function changes(wanted: JsonObject, live: JsonObject): readonly FieldChange[] {
  const [drift] = compare(compareInput({ desired: [secret(wanted)], live: liveSet([applied(secret(live))]) })).drifts
  return drift?.kind === 'changed' ? drift.changes : []
}

describe('a Secret', () => {
  it('is the same in whatever way its value is written', () => {
    const live = { data: { password: ENCODED } }
    expect(changes({ stringData: { password: PASSWORD } }, live)).toEqual([])
    expect(changes({ data: { password: 'aHVu\ndGVyMg==\n' } }, live)).toEqual([])
    expect(changes({ data: { password: 'b3RoZXI=' }, stringData: { password: PASSWORD } }, live)).toEqual([])
  })

  it('never shows a value, changed, added, removed, or as a whole map', () => {
    const shown = [
      ...changes({ stringData: { password: 'new' } }, { data: { password: ENCODED } }),
      ...changes({ data: { password: ENCODED, more: ENCODED } }, { data: { password: ENCODED } }),
      ...changes({ data: { more: ENCODED } }, { data: { more: ENCODED, password: ENCODED } }),
      ...changes({ data: { password: ENCODED } }, {}),
      ...changes({ data: { password: 7 } }, { data: { password: ENCODED } }),
    ]
    expect(shown.map((change) => `${change.op} ${change.path}`)).toEqual([
      'set data.password',
      'add data.more',
      'remove data.password',
      'add data',
      'set data.password',
    ])
    const text = JSON.stringify(shown)
    for (const value of [PASSWORD, ENCODED, 'new', 'bmV3']) expect(text).not.toContain(`"${value}"`)
  })

  it('shows the marks that the masked manifest has, so that both can be held against each other', () => {
    const [change] = changes({ stringData: { password: PASSWORD } }, { data: { password: 'b3RoZXI=' } })
    expect(change?.to).toBe(
      (maskSecret(secret({ data: { password: ENCODED } }).manifest, testMask).data as JsonObject).password,
    )
    expect(change?.from).not.toBe(change?.to)
  })

  it('never shows what some tool keeps of it in an annotation', () => {
    const copy = (password: string) => ({
      metadata: {
        annotations: { 'kapp.k14s.io/original': JSON.stringify({ kind: 'Secret', stringData: { password } }) },
      },
    })
    const shown = [...changes(copy('brandnew'), copy(PASSWORD)), ...changes(copy('brandnew'), {})]
    expect(shown.length).toBeGreaterThan(1)
    for (const value of [PASSWORD, 'brandnew']) expect(JSON.stringify(shown)).not.toContain(value)
  })

  it('shows what is no secret as it is', () => {
    expect(changes({ type: 'Opaque', data: {} }, { type: 'x', data: {} })).toMatchObject([
      { path: 'type', from: 'x', to: 'Opaque' },
    ])
  })
})

// Tests of the one text for one fact.
import { describe, expect, it, test } from 'vitest'
import type { FieldChange } from '../compare/drift.ts'
import type { Json } from '../object/json.ts'
import { config, deployment, object } from '../testing/manifests.ts'
import { planInput } from '../testing/plan-case.ts'
import { makePlan } from './make.ts'
import { plainLine, printPlan } from './print.ts'
import { shortId } from './seal.ts'
import { changeText, durationText, fixText, impactText, totalsText } from './text.ts'
import { authorText, changesText, shorten, timeText, valueText } from './text-change.ts'
import { count, namingOf, refList, refText } from './text-ref.ts'

const short = { full: false }
const change = (path: string, op: FieldChange['op'], from: Json, to: Json): FieldChange => ({
  path,
  op,
  from,
  to,
  by: null,
  handEdit: false,
})

describe('the name of an object', () => {
  const web = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' }
  const cnpg = { group: 'postgresql.cnpg.io', kind: 'Cluster', namespace: 'shop', name: 'orders' }
  const capi = { group: 'cluster.x-k8s.io', kind: 'Cluster', namespace: 'shop', name: 'prod' }
  const node = { group: '', kind: 'Namespace', namespace: null, name: 'shop' }

  it('leaves out what goes without saying', () => {
    const naming = namingOf('shop', [web, cnpg, node])
    expect([web, cnpg, node].map((ref) => refText(ref, naming))).toEqual([
      'Deployment/web',
      'Cluster/orders',
      'Namespace/shop',
    ])
  })

  it('says the namespace where it is another one, and the group where the kind has two', () => {
    const naming = namingOf('other', [web, cnpg, capi])
    expect(refText(web, naming)).toBe('shop/Deployment/web')
    expect(refText(cnpg, naming)).toBe('shop/Cluster.postgresql.cnpg.io/orders')
  })

  it('comes in a fixed order, and says how many more there are', () => {
    const refs = ['c', 'a', 'b'].map((name) => ({ ...web, name }))
    expect(refList(refs, namingOf('shop', refs), 2)).toBe('Deployment/a, Deployment/b and 1 more')
    expect(refList(refs, namingOf('shop', refs), 3)).toBe('Deployment/a, Deployment/b, Deployment/c')
  })
})

describe('a change', () => {
  test.each<[FieldChange, string]>([
    [change('spec.replicas', 'set', 2, 3), 'replicas 2 → 3'],
    [change('data.LEVEL', 'set', 'debug', 'info'), 'data.LEVEL debug → info'],
    [change('spec.paused', 'add', null, true), 'paused + true'],
    [change('spec.template.spec.containers[name=web].image', 'set', 'a:1', 'a:2'), 'web.image a:1 → a:2'],
    [change('metadata.labels.team', 'remove', 'a', null), 'labels.team − a'],
    [change('data.on', 'set', 'true', 'a b'), 'data.on "true" → "a b"'],
    [change('data.n', 'set', '', '10'), 'data.n "" → "10"'],
    [change('spec.big', 'set', 9007199254740993n, 1), 'big 9007199254740993 → 1'],
  ])('%#: %o', (given, text) => {
    expect(changeText(given, short)).toBe(text)
  })

  it('shows of long values that begin alike only what tells them apart', () => {
    const image = change(
      'spec.image',
      'set',
      'registry.example.com/shop/web:1.8.1',
      'registry.example.com/shop/web:1.8.2',
    )
    expect(changeText(image, short)).toBe('image …/web:1.8.1 → 1.8.2')
    expect(changeText(image, { full: true })).toContain('→ registry.example.com/shop/web:1.8.2')
  })

  it('is shortened in the middle unless everything is wanted', () => {
    const long = 'a'.repeat(30) + 'b'.repeat(30)
    expect(valueText(long, short)).toBe(`${'a'.repeat(20)}…${'b'.repeat(19)}`)
    expect(valueText(long, { full: true })).toBe(long)
    expect([...shorten('😀'.repeat(50), 11)]).toHaveLength(11)
  })

  it('stands with three others at most', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => change(`data.${name}`, 'set', 1, 2))
    expect(changesText(many, short)).toBe('data.a 1 → 2, data.b 1 → 2, data.c 1 → 2, data.d 1 → 2 and 2 more')
    expect(changesText(many, { full: true })).toContain('data.f 1 → 2')
  })
})

describe('a time', () => {
  const now = Date.UTC(2026, 4, 4, 9, 12)
  test.each([
    ['2026-05-04T09:11:30Z', '30 s ago'],
    ['2026-05-04T09:00:00Z', '12 min ago'],
    ['2026-05-04T11:00:00+02:00', '12 min ago'],
    ['2026-05-04T03:12:00.123456Z', '5 h ago'],
    ['2024-02-29T09:12:00Z', '795 d ago'],
    ['2027-01-01T00:00:00Z', '2027-01-01 00:00'],
    ['yesterday', 'yesterday'],
  ])('%s is %s', (time, text) => {
    expect(timeText(time, now)).toBe(text)
  })

  it('is the date where nobody knows what time it is now', () => {
    expect(timeText('2026-05-04T09:00:00Z', undefined)).toBe('2026-05-04 09:00')
    expect(authorText({ manager: 'helm', time: null }, {})).toBe('helm')
    expect(authorText(null, {})).toBe('somebody')
  })
})

describe('small texts', () => {
  it('count in English', () => {
    expect([count(1, 'object'), count(2, 'object'), count(0, 'policy'), count(2, 'day')]).toEqual([
      '1 object',
      '2 objects',
      '0 policies',
      '2 days',
    ])
  })

  it('give durations in the largest unit that fits', () => {
    expect([durationText(90), durationText(600), durationText(7200), durationText(0)]).toEqual([
      '90 s',
      '10 min',
      '2 h',
      '0 s',
    ])
  })

  it('give ids by both ends', () => {
    expect(shortId('9f31c2aaaaaaaae7')).toBe('9f31c2…e7')
  })

  it('give next steps as lines to read or copy', () => {
    expect(fixText({ kind: 'approve' }, '9f31c2aaaaaaaae7')).toBe('accept it: mainstay approve 9f31c2')
    expect(fixText({ kind: 'run', text: 'see it', command: 'mainstay app diff shop' }, '')).toBe(
      'see it: mainstay app diff shop',
    )
  })

  it('say of an unknown reclaim policy what may happen', () => {
    const text = impactText({ kind: 'volume', volume: 'pv', reclaim: 'unknown' }, namingOf(null, []), short)
    expect(text).toContain('may be deleted')
  })
})

describe('a printed plan', () => {
  it('has the same words with and without styles, and no secrets of the terminal in them', () => {
    const plan = makePlan(planInput({ desired: [deployment('web')], ours: [object('v1', 'Service', 'old')] }))
    const lines = printPlan(plan, short)
    const plain = lines.map(plainLine).join('\n')
    expect(plain).toContain('create  Deployment/web')
    expect(plain).toContain('delete  Service/old')
    expect(plain).not.toContain('\u001b')
    expect(lines.flat().some((span) => span.style === 'delete')).toBe(true)
    expect(plain.endsWith(totalsText(plan))).toBe(true)
  })

  it('offers no approval of a plan that is blocked', () => {
    const plan = makePlan(planInput({ ours: [config('a'), config('b'), config('c')] }))
    expect(plan.verdict).toBe('blocked')
    expect(printPlan(plan, short).map(plainLine).join('\n')).not.toContain('mainstay approve')
  })
})

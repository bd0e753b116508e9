// Paging: limit and continue, and what stays the same from page to page.

import { expect } from 'vitest'
import { type Answer, type Desk, textAt, valueAt } from '../desk.ts'
import { secret } from '../objects.ts'
import { names, part, said } from '../said.ts'
import { topic } from '../suite.ts'

const secrets = '/api/v1/~/secrets'

async function given(at: Desk, ...all: readonly string[]): Promise<void> {
  for (const name of all)
    await at.given(secrets, { ...secret(name), metadata: { name, labels: { half: name < 'c' ? 'first' : 'second' } } })
}

function next(answer: Answer): string {
  return encodeURIComponent(textAt(answer.raw, 'metadata', 'continue'))
}

topic('paging', (it) => {
  it('gives as many as asked for, a token and how many are left', async (at) => {
    await given(at, 'a', 'b', 'c', 'd', 'e')
    const page = await at.get(`${secrets}?limit=2`)
    expect([names(page), part(page, 'metadata')]).toEqual([
      ['a', 'b'],
      { resourceVersion: 'RV', continue: 'CONTINUE', remainingItemCount: 3 },
    ])
  })

  it('goes on where the page before ended', async (at) => {
    await given(at, 'a', 'b', 'c', 'd', 'e')
    const first = await at.get(`${secrets}?limit=2`)
    const second = await at.get(`${secrets}?limit=2&continue=${next(first)}`)
    const third = await at.get(`${secrets}?limit=2&continue=${next(second)}`)
    expect([names(second), part(second, 'metadata'), names(third), part(third, 'metadata')]).toEqual([
      ['c', 'd'],
      { resourceVersion: 'RV', continue: 'CONTINUE', remainingItemCount: 1 },
      ['e'],
      { resourceVersion: 'RV' },
    ])
  })

  it('gives everything that is left without a limit', async (at) => {
    await given(at, 'a', 'b', 'c', 'd')
    const first = await at.get(`${secrets}?limit=1`)
    expect(names(await at.get(`${secrets}?continue=${next(first)}`))).toEqual(['b', 'c', 'd'])
  })

  it('gives no token where the limit is exactly enough', async (at) => {
    await given(at, 'a', 'b')
    expect(part(await at.get(`${secrets}?limit=2`), 'metadata')).toEqual({ resourceVersion: 'RV' })
  })

  it('takes limit 0 for none', async (at) => {
    await given(at, 'a', 'b')
    expect(names(await at.get(`${secrets}?limit=0`))).toEqual(['a', 'b'])
  })

  it('takes a negative limit for none', async (at) => {
    await given(at, 'a', 'b')
    const answer = await at.get(`${secrets}?limit=-1`)
    expect(answer.status === 200 ? names(answer) : said(answer)).toEqual(['a', 'b'])
  })

  it('keeps all pages at the version of the first', async (at) => {
    await given(at, 'a', 'b', 'c')
    const first = await at.get(`${secrets}?limit=1`)
    await given(at, 'bb')
    await at.delete(`${secrets}/c`)
    const second = await at.get(`${secrets}?limit=5&continue=${next(first)}`)
    expect(names(second)).toEqual(['b', 'c'])
    expect(valueAt(second.raw, 'metadata', 'resourceVersion')).toBe(valueAt(first.raw, 'metadata', 'resourceVersion'))
  })

  it('counts with a selector in the page and leaves out how many are left', async (at) => {
    await given(at, 'a', 'b', 'c', 'd', 'e')
    const first = await at.get(`${secrets}?limit=2&labelSelector=half=second`)
    const second = await at.get(`${secrets}?limit=2&labelSelector=half=second&continue=${next(first)}`)
    expect([names(first), part(first, 'metadata'), names(second), part(second, 'metadata')]).toEqual([
      ['c', 'd'],
      { resourceVersion: 'RV', continue: 'CONTINUE' },
      ['e'],
      { resourceVersion: 'RV' },
    ])
  })

  it('gives the same page for the same token again', async (at) => {
    await given(at, 'a', 'b', 'c')
    const token = next(await at.get(`${secrets}?limit=1`))
    const once = await at.get(`${secrets}?limit=1&continue=${token}`)
    const again = await at.get(`${secrets}?limit=1&continue=${token}`)
    expect(again.raw).toEqual(once.raw)
  })

  it('refuses a token that is none', async (at) => {
    expect(said(await at.get(`${secrets}?limit=1&continue=abc`))).toEqual(
      "400 BadRequest: invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value",
    )
  })

  it('refuses a token together with a resourceVersion', async (at) => {
    await given(at, 'a', 'b')
    const token = next(await at.get(`${secrets}?limit=1`))
    expect(said(await at.get(`${secrets}?continue=${token}&resourceVersion=5`))).toEqual(
      '400 BadRequest: specifying resource version is not allowed when using continue',
    )
  })

  it('refuses a token together with resourceVersionMatch', async (at) => {
    await given(at, 'a', 'b')
    const token = next(await at.get(`${secrets}?limit=1`))
    expect(said(await at.get(`${secrets}?continue=${token}&resourceVersionMatch=NotOlderThan`))).toEqual([
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided, resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided] (group meta.k8s.io, kind ListOptions)',
      'resourceVersionMatch: FieldValueForbidden: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
      'resourceVersionMatch: FieldValueForbidden: Forbidden: resourceVersionMatch is forbidden when continue is provided',
    ])
  })

  it('pages over namespaces', async (at) => {
    const other = await at.other()
    for (const namespace of [at.ns, other])
      for (const name of ['a', 'b'])
        await at.given(`/api/v1/namespaces/${namespace}/secrets`, {
          ...secret(name),
          metadata: { name, labels: { 'conform/paging': at.ns } },
        })
    const selector = `labelSelector=conform/paging=${at.ns}`
    const seen = []
    let path = `/api/v1/secrets?limit=3&${selector}`
    for (let page = await at.get(path); ; page = await at.get(path)) {
      seen.push(names(page).length)
      if (valueAt(page.raw, 'metadata', 'continue') === undefined) break
      path = `/api/v1/secrets?limit=3&${selector}&continue=${next(page)}`
    }
    expect(seen).toEqual([3, 1])
  })

  it('takes no notice of a limit at resourceVersion 0', async (at) => {
    await given(at, 'a', 'b', 'c')
    await at.eventually(`${secrets}?resourceVersion=0`, (answer) => names(answer).length === 3)
    const page = await at.get(`${secrets}?limit=1&resourceVersion=0`)
    expect([names(page), part(page, 'metadata')]).toEqual([['a', 'b', 'c'], { resourceVersion: 'RV' }])
  })

  it('takes a limit at exactly a version', async (at) => {
    await given(at, 'a', 'b', 'c')
    const version = textAt((await at.get(secrets)).raw, 'metadata', 'resourceVersion')
    await given(at, 'd')
    const page = await at.get(`${secrets}?limit=2&resourceVersion=${version}&resourceVersionMatch=Exact`)
    expect([names(page), part(page, 'metadata'), names(await at.get(`${secrets}?continue=${next(page)}`))]).toEqual([
      ['a', 'b'],
      { resourceVersion: 'RV', continue: 'CONTINUE', remainingItemCount: 1 },
      ['c'],
    ])
  })
})

// The pinned files of the sandbox are what the real API server publishes; other tests may have brought kinds of their own.

import { describe, expect, it } from 'vitest'
import columns from '../../packages/sandbox/schema/columns.json' with { type: 'json' }
import discovery from '../../packages/sandbox/schema/discovery.json' with { type: 'json' }
import { openapi2, openapi3, openapi3Index } from '../../packages/sandbox/schema/documents.ts'
import roles from '../../packages/sandbox/schema/roles.json' with { type: 'json' }
import types from '../../packages/sandbox/schema/types.json' with { type: 'json' }
import { describeRealCluster, type SharedCluster } from '../../test/cluster/shared.ts'
import { pack } from './pack.ts'
import { readPublished } from './published.ts'
import { readGoFields, typeLines } from './types.ts'

const server = (cluster: SharedCluster): { url: string; ca: string; token: string } => ({
  url: cluster.url,
  ca: cluster.authority.certificate,
  token: cluster.tokens.admin,
})

interface Definitions {
  readonly definitions: Readonly<Record<string, unknown>>
  readonly paths: Readonly<Record<string, unknown>>
}

/** What Go says is not published by a server, so it is taken from the pinned lines themselves. */
function pinnedFlags(lines: readonly string[]): string {
  const line = (text: string): string => {
    const [head = '', ...fields] = text.split(';')
    const name = head.split('@')[0]?.replace('!', '') ?? ''
    const flags = fields.map((field) => /^(?<key>[^|=]+)(?:\|!?(?<flags>[paz]*))?=/.exec(field)?.groups ?? {})
    return [name, ...flags.map((found) => `${found.key}=${found.flags ?? ''}`)].join('\t')
  }
  return lines.map(line).join('\n')
}

describeRealCluster('the pinned files', (cluster) => {
  it('hold the documents of OpenAPI v3 byte for byte, and their addresses with digests', async () => {
    const published = await readPublished(server(await cluster()))
    for (const path of Object.keys(openapi3Index)) {
      expect(await openapi3(path), path).toBe(published.documents.get(path))
      expect(openapi3Index[path], path).toEqual(published.openapi3.paths[path])
    }
    const types3 = typeLines(
      Object.keys(openapi3Index).map((path) => published.documents.get(path) ?? ''),
      readGoFields(pinnedFlags(types.lines)),
    )
    expect(types3).toEqual(types.lines)
  })

  it('hold OpenAPI v2, the discovery and the version', async () => {
    const published = await readPublished(server(await cluster()))
    const pinned = JSON.parse(await openapi2()) as Definitions
    const real = JSON.parse(published.openapi2.text) as Definitions
    for (const part of ['definitions', 'paths'] as const) {
      for (const [name, value] of Object.entries(pinned[part])) expect(real[part][name], name).toEqual(value)
    }
    expect(published.version).toEqual(discovery.version)
    expect(published.aggregated.api).toEqual(discovery.aggregated.api)
    const { items } = published.aggregated.apis as { items: readonly unknown[] }
    expect(items).toEqual(expect.arrayContaining(discovery.aggregated.apis.items))
    for (const [path, answer] of Object.entries(discovery.legacy)) {
      if (path !== '/apis') expect(published.legacy.get(path), path).toEqual(answer)
    }
    for (const [key, value] of Object.entries(columns)) expect(published.columns.get(key), key).toEqual(value)
  })

  it('hold the roles and bindings that every cluster begins with', async () => {
    const published = await readPublished(server(await cluster()))
    expect(published.roles.map((line) => JSON.parse(line))).toEqual(roles.lines.map((line) => JSON.parse(line)))
  })
})

describe('packing', () => {
  it('says a repeated sentence once', () => {
    const sentence = JSON.stringify({ description: 'a sentence that says the same thing a thousand times' })
    const one = pack(new Map([['a', sentence]]))
    const many = pack(new Map(Array.from({ length: 100 }, (_, at) => [`a${at}`, sentence])))
    expect(many.length).toBeLessThan(one.length + 2_000)
  })
})

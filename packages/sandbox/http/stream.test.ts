// Watches as bodies: bytes are made once for all, and whoever does not read is sent away.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { builtInResources } from '../kinds/built-in.ts'
import { openSandbox, type Sandbox } from '../sandbox.ts'
import type { Target } from '../verbs/target.ts'
import type { Watcher } from '../verbs/watch.ts'
import { streamWatch } from './stream.ts'

const BASE = 'https://sandbox.example'
const still = { now: () => 0, after: () => () => {} }

function change(sandbox: Sandbox, name: string, text = ''): void {
  const metadata = { name, namespace: 'default' }
  sandbox.world.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { text } }, { manager: 'test' })
}

async function follow(sandbox: Sandbox, accept = '*/*'): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const path = `/api/v1/configmaps?watch=true&resourceVersion=${sandbox.world.revision()}`
  const { body } = await sandbox.fetch(new Request(`${BASE}${path}`, { headers: { accept } }))
  if (body === null) throw new Error('a watch has a body')
  return body.getReader()
}

const textOf = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)

describe('a watch as a body', () => {
  it('gives the same bytes to all who follow in the same form, and their own to others', async () => {
    const sandbox = openSandbox({ clock: still, seed: 'stream' })
    const partial = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'
    const readers = await Promise.all([follow(sandbox), follow(sandbox), follow(sandbox, partial)])
    for (const name of ['one', 'two']) {
      change(sandbox, name)
      const [a, b, part] = await Promise.all(readers.map((reader) => reader.read()))
      expect(a?.value).toBe(b?.value)
      expect(JSON.parse(textOf(a?.value))).toMatchObject({
        type: 'ADDED',
        object: { metadata: { name }, data: { text: '' } },
      })
      expect(JSON.parse(textOf(part?.value))).toMatchObject({
        type: 'ADDED',
        object: { kind: 'PartialObjectMetadata', metadata: { name } },
      })
    }
    await Promise.all(readers.map((reader) => reader.cancel()))
  })

  it('ends where a client does not read, after whole events; one that reads goes on', async () => {
    const sandbox = openSandbox({ clock: still, seed: 'slow' })
    const [slow, quick] = await Promise.all([follow(sandbox), follow(sandbox)])
    const text = 'x'.repeat(1_000_000)
    let read = 0
    for (let at = 0; at < 30; at++) {
      change(sandbox, `map-${at}`, text)
      if (!(await quick.read()).done) read += 1
    }
    expect(read).toBe(30)
    const names: string[] = []
    for (let next = await slow.read(); !next.done; next = await slow.read()) {
      names.push((JSON.parse(textOf(next.value)) as { readonly object: KubeObject }).object.metadata.name)
    }
    expect(names).toEqual(Array.from({ length: names.length }, (_, at) => `map-${at}`))
    expect(names.length).toBeGreaterThan(10)
    expect(names.length).toBeLessThan(20)
    await quick.cancel()
  })

  it('lets a watch begin with more than may wait for a client', async () => {
    const resource = builtInResources.find(({ plural }) => plural === 'configmaps')
    const version = resource?.versions[0]
    if (resource === undefined || version === undefined) throw new Error('ConfigMaps are built in')
    const target: Target = { resource, version, namespace: null, subresource: null }
    const form = { media: 'json', as: null, asVersion: 'v1', pretty: false } as const
    let stopped = 0
    let told: Watcher | null = null
    const object = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })
    const begin = (watcher: Watcher): (() => void) => {
      told = watcher
      for (const name of ['a', 'b', 'c']) watcher.event({ type: 'ADDED', object: object(name) })
      return () => {
        stopped += 1
      }
    }
    const shown = { form, include: 'Metadata', now: () => 0 } as const
    const { body } = streamWatch(new Request(BASE), target, shown, begin, 100)
    expect(stopped).toBe(0)
    const watcher = told as Watcher | null
    watcher?.event({ type: 'ADDED', object: object('d') })
    expect(stopped).toBe(0)
    watcher?.event({ type: 'ADDED', object: object('e') })
    expect(stopped).toBe(1)
    const lines = textOf(new Uint8Array(await new Response(body).arrayBuffer()))
      .trim()
      .split('\n')
    expect(lines).toHaveLength(5)
  })
})

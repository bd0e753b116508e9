// Objects that clients send in protobuf: fields, parts that stand in the object itself, values of every form, and faults.
import type { Json } from '@mainstay/core/object/json.ts'
import { describe, expect, it } from 'vitest'
import { openClient } from '../testing/client.ts'
import { isProtobuf, parseProtobuf } from './protobuf.ts'
import { WireFault } from './wire.ts'

/** A field of a message: a text, a message or a whole number. */
function field(number: number, value: string | number | Uint8Array): Uint8Array {
  if (typeof value === 'number') return new Uint8Array([number << 3, ...varint(value)])
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
  return new Uint8Array([...varint((number << 3) | 2), ...varint(bytes.length), ...bytes])
}

function varint(value: number): readonly number[] {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return [...bytes, Number(rest)]
}

function message(...fields: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(fields.flatMap((each) => [...each]))
}

function sent(apiVersion: string, kind: string, ...fields: readonly Uint8Array[]): Uint8Array {
  const head = message(field(1, apiVersion), field(2, kind))
  return message(new TextEncoder().encode('k8s\0'), field(1, head), field(2, message(...fields)))
}

const named = (name: string): Uint8Array => field(1, message(field(1, name), field(2, ''), field(8, message())))

function read(...all: Parameters<typeof sent>): Json {
  return parseProtobuf(sent(...all))
}

describe('an object in protobuf', () => {
  it('has its kind from the envelope and its fields by their numbers', () => {
    const data = field(2, message(field(1, 'a'), field(2, '1')))
    expect(read('v1', 'ConfigMap', named('c'), data, field(2, message(field(1, 'b'))))).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c' },
      data: { a: '1', b: '' },
    })
  })

  it('has bytes as base64, times as text, and no value where Go wrote that there is none', () => {
    const metadata = field(1, message(field(1, 's'), field(5, ''), field(8, message(field(1, 1_767_268_800)))))
    expect(read('v1', 'Secret', metadata, field(2, message(field(1, 'k'), field(2, 'hunter2'))))).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', creationTimestamp: '2026-01-01T12:00:00Z' },
      data: { k: 'aHVudGVyMg==' },
    })
  })

  it('has parts in the object itself, and zeros where somebody set them', () => {
    const configMap = field(19, message(field(1, message(field(1, 'map'))), field(4, 0)))
    const volume = field(1, message(field(1, 'v'), field(2, configMap)))
    expect(read('v1', 'Pod', named('p'), field(2, message(volume, field(4, 0))))).toMatchObject({
      spec: { volumes: [{ name: 'v', configMap: { name: 'map', optional: false } }], terminationGracePeriodSeconds: 0 },
    })
  })

  it('has numbers or texts, quantities, and whole numbers below zero', () => {
    const port = (target: Uint8Array): Uint8Array => field(1, message(field(3, 80), field(4, target)))
    const ports = [port(message(field(1, 0), field(2, 8080))), port(message(field(1, 1), field(3, 'http')))]
    expect(read('v1', 'Service', named('s'), field(2, message(...ports)))).toMatchObject({
      spec: {
        ports: [
          { port: 80, targetPort: 8080 },
          { port: 80, targetPort: 'http' },
        ],
      },
    })
    const hard = field(1, message(field(1, 'pods'), field(2, message(field(1, '10')))))
    expect(read('v1', 'ResourceQuota', named('q'), field(2, message(hard)))).toMatchObject({
      spec: { hard: { pods: '10' } },
    })
    expect(read('scheduling.k8s.io/v1', 'PriorityClass', named('p'), field(2, -5))).toMatchObject({ value: -5 })
  })

  it('is known by its beginning', () => {
    expect(isProtobuf(sent('v1', 'Pod'))).toBe(true)
    expect(isProtobuf(new TextEncoder().encode('{}'))).toBe(false)
  })

  it('is refused where it ends too early', () => {
    const whole = sent('v1', 'ConfigMap', named('c'))
    expect(() => parseProtobuf(whole.subarray(0, -3))).toThrow(WireFault)
  })

  it('is created as if it had come in JSON', async () => {
    const { sandbox } = openClient()
    const ask = async (body: Uint8Array<ArrayBuffer>): Promise<readonly [number, Json]> => {
      const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' }
      const url = 'https://sandbox.example/api/v1/namespaces/default/configmaps'
      const response = await sandbox.fetch(new Request(url, { method: 'POST', headers, body }))
      return [response.status, (await response.json()) as Json] // JSON.
    }
    const [status, made] = await ask(new Uint8Array(sent('v1', 'ConfigMap', named('c'))))
    expect([status, made]).toMatchObject([201, { metadata: { name: 'c', namespace: 'default' } }])
    expect((await ask(new Uint8Array(sent('example.com/v1', 'Thing'))))[0]).toBe(415)
    expect((await ask(new Uint8Array(sent('v1', 'ConfigMap', named('d')).subarray(0, -3))))[0]).toBe(400)
    expect((await ask(new Uint8Array([1, 2])))[1]).toHaveProperty(
      'message',
      expect.stringContaining('does not appear to be a protobuf'),
    )
  })
})

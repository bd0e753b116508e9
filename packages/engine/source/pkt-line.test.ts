// Git's own form of messages: what was cut off or made up is never taken for a shorter list.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAdvertisement, readRefs } from './advertisement.ts'
import { DELIMITER, FLUSH, PacketError, packet, packets } from './pkt-line.ts'

const ID = 'a'.repeat(40)
const OTHER = 'b'.repeat(40)

const stream = (text: string) => packets([Buffer.from(text)], 1_000_000)

async function all(chunks: readonly Buffer[]) {
  const found: string[] = []
  for await (const one of packets(chunks, 1_000_000)) {
    found.push(one.kind === 'line' ? one.bytes.toString('utf8') : one.kind)
  }
  return found
}

describe('packets', () => {
  it('are the same however the stream is cut into pieces', async () => {
    const lines = fc.array(fc.string({ maxLength: 40 }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 1, max: 9 }), async (texts, size) => {
        const bytes = Buffer.from(`${texts.map(packet).join('')}${DELIMITER}${FLUSH}`)
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        )
        expect(await all(pieces)).toEqual([...texts, 'delimiter', 'flush'])
      }),
    )
  })

  it.each(['zzzz', '0003', 'fff5x', '00', '0008abc', '<html>'])('are not in %j', async (text) => {
    await expect(all([Buffer.from(text)])).rejects.toBeInstanceOf(PacketError)
  })

  it('are not more than allowed', async () => {
    const read = async () => {
      for await (const one of packets([Buffer.from(packet('12345678'))], 10)) expect(one).toBeNull()
    }
    await expect(read()).rejects.toBeInstanceOf(PacketError)
  })
})

describe('refs', () => {
  const answer = [
    packet(`${ID} HEAD symref-target:refs/heads/main\n`),
    packet(`${ID} refs/heads/main\n`),
    packet(`${OTHER} refs/tags/v1 peeled:${ID}\n`),
    FLUSH,
  ].join('')
  const refs = [
    { name: 'HEAD', id: ID, target: 'refs/heads/main' },
    { name: 'refs/heads/main', id: ID, target: null },
    { name: 'refs/tags/v1', id: ID, target: null },
  ]
  const old = [
    packet('# service=git-upload-pack\n'),
    FLUSH,
    packet(`${ID} HEAD\0multi_ack symref=HEAD:refs/heads/main agent=git/2\n`),
    packet(`${ID} refs/heads/main\n`),
    packet(`${OTHER} refs/tags/v1\n`),
    packet(`${ID} refs/tags/v1^{}\n`),
    FLUSH,
  ].join('')

  it('are read from the answer of version 2 and from the first words of the old protocol', async () => {
    expect(await readRefs(stream(answer))).toEqual(refs)
    expect(await readAdvertisement(stream(old))).toEqual({ kind: 'refs', refs })
    expect(await readAdvertisement(stream(packet('version 1\n') + old.slice(old.indexOf(FLUSH) + 4)))).toEqual({
      kind: 'refs',
      refs,
    })
  })

  it('are none in an empty repository, of either protocol', async () => {
    expect(await readRefs(stream(FLUSH))).toEqual([])
    const empty = packet(`${'0'.repeat(40)} capabilities^{}\0agent=git/2\n`) + FLUSH
    expect(await readAdvertisement(stream(empty))).toEqual({ kind: 'refs', refs: [] })
  })

  it('are a fault wherever the answer is cut off', async () => {
    for (let at = 0; at < answer.length; at++) {
      await expect(readRefs(stream(answer.slice(0, at)))).rejects.toBeInstanceOf(PacketError)
    }
    // The old protocol's first message is whole without refs only where the second one follows.
    for (let at = 0; at < old.length; at++) {
      await expect(readAdvertisement(stream(old.slice(0, at)))).rejects.toBeInstanceOf(PacketError)
    }
  })

  it('are a fault where the server says that something is wrong, in its words', async () => {
    await expect(readRefs(stream(packet('ERR access denied\n') + FLUSH))).rejects.toThrow('access denied')
    await expect(readRefs(stream(packet('hello\n') + FLUSH))).rejects.toBeInstanceOf(PacketError)
  })
})

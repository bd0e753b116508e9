// Laws of cutting a stream into lines.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linesOf } from './lines.ts'
import { faultOf } from './testing/stage.ts'

async function cut(pieces: readonly Uint8Array[], maxLength = 1000): Promise<readonly string[]> {
  async function* stream() {
    yield* pieces
  }
  const lines: string[] = []
  for await (const line of linesOf(stream(), maxLength)) lines.push(line)
  return lines
}

describe('linesOf', () => {
  it('gives the same lines however the bytes are cut into pieces', async () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\n'))
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat(50)), async (lines, cuts) => {
        const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(''))
        const pieces: Uint8Array[] = []
        let from = 0
        for (const length of cuts) {
          pieces.push(bytes.subarray(from, from + length))
          from += length
        }
        pieces.push(bytes.subarray(from))
        expect(await cut(pieces)).toEqual(lines)
      }),
    )
  })

  it('drops the half line at the end and empty lines', async () => {
    expect(await cut([Buffer.from('a\n\nb\nhal')])).toEqual(['a', 'b'])
  })

  it('refuses a line without end', async () => {
    const error = await faultOf(cut([Buffer.from('x'.repeat(60)), Buffer.from('y'.repeat(60))], 100))
    expect(error.fault.kind).toBe('too-large')
  })
})

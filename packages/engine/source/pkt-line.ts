// Git's packet lines: four hexadecimal digits of length, then the bytes; a few lengths are marks of their own.

/** One packet. */
export type Packet =
  | { readonly kind: 'line'; readonly bytes: Buffer }
  | { readonly kind: 'flush' }
  | { readonly kind: 'delimiter' }
  | { readonly kind: 'end' }

/** What came is not in this form, or ended in the middle. */
export class PacketError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'PacketError'
  }
}

/** Ends a message. */
export const FLUSH = '0000'
/** Stands between the head of a command and its arguments. */
export const DELIMITER = '0001'

/** A line of text as a packet. */
export function packet(text: string): string {
  return (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text
}

/**
 * Packets of a stream, as they come. Ends where the stream ends between two packets.
 * @throws PacketError where it is no stream of packets, ends in one, or has more than `maxBytes`
 */
export async function* packets(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Packet, void, undefined> {
  let rest = Buffer.alloc(0)
  let total = 0
  for await (const chunk of chunks) {
    total += chunk.length
    if (total > maxBytes) throw new PacketError(`the answer has more than ${maxBytes} bytes`)
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    for (;;) {
      const length = lengthOf(rest)
      if (length === null || length > rest.length) break
      yield packetOf(rest, length)
      rest = rest.subarray(Math.max(length, 4))
    }
  }
  if (rest.length > 0) throw new PacketError('the answer ends in the middle')
}

/** The length that the next packet says, its own four digits included; null where they are not all here. */
function lengthOf(buffer: Buffer): number | null {
  if (buffer.length < 4) return null
  const digits = buffer.toString('latin1', 0, 4)
  const length = Number.parseInt(digits, 16)
  if (!/^[0-9a-fA-F]{4}$/.test(digits) || length === 3 || length > 65_520) {
    throw new PacketError('the answer is not in the form of Git')
  }
  return length
}

function packetOf(buffer: Buffer, length: number): Packet {
  switch (length) {
    case 0:
      return { kind: 'flush' }
    case 1:
      return { kind: 'delimiter' }
    case 2:
      return { kind: 'end' }
    default:
      return { kind: 'line', bytes: Buffer.from(buffer.subarray(4, length)) }
  }
}

// Reads the wire format of protobuf: fields by their numbers, as bytes and whole numbers.

/** What was found under a number. */
export interface WireValue {
  readonly number: number
  readonly value: bigint | Uint8Array
}

/** A message that is none. */
export class WireFault extends Error {}

/** The fields of a message in the order in which they were written. */
export function* wireValues(bytes: Uint8Array): Generator<WireValue> {
  let at = 0
  const varint = (): bigint => {
    let [value, shift] = [0n, 0n]
    for (;;) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 63n) throw new WireFault('unexpected EOF')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
      shift += 7n
    }
  }
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new WireFault('unexpected EOF')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const number = tag >>> 3
    switch (tag & 7) {
      case 0:
        yield { number, value: varint() }
        break
      case 1:
        yield { number, value: take(8) }
        break
      case 2:
        yield { number, value: take(Number(varint())) }
        break
      case 5:
        yield { number, value: take(4) }
        break
      default:
        throw new WireFault(`proto: illegal wireType ${tag & 7}`)
    }
  }
}

/** The last value of a number that is bytes; none where there is no such. */
export function bytesAt(bytes: Uint8Array, number: number): Uint8Array {
  let found: Uint8Array = new Uint8Array()
  for (const each of wireValues(bytes)) if (each.number === number && typeof each.value !== 'bigint') found = each.value
  return found
}

/** The last whole number under a number; 0 where there is no such. */
export function wholeAt(bytes: Uint8Array, number: number): bigint {
  let found = 0n
  for (const each of wireValues(bytes)) if (each.number === number && typeof each.value === 'bigint') found = each.value
  return BigInt.asIntN(64, found)
}

/** Bytes as text. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

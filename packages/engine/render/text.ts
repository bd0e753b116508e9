// Decodes a manifest file: UTF-8, or UTF-16 with a byte order mark. Anything else is a fault, never a guess.
import { FaultError } from '../fault.ts'
import type { FileContent } from '../source/source.ts'

/** The text of a file without its byte order mark. */
export function decodeText(file: FileContent): string {
  const { bytes, path } = file
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new FaultError(
      {
        kind: 'render-failed',
        what: 'the file is not text',
        where: encoding === 'utf-8' ? `${path}:${brokenLine(bytes)}` : path,
        why: `it is not valid ${encoding.toUpperCase()}; an encrypted or binary file looks like this`,
        fix: ['save the file as UTF-8', 'or leave it out of the source (directory.exclude)'],
      },
      { cause: error },
    )
  }
}

/** 1-based line on which the first byte sequence stands that is not UTF-8. */
function brokenLine(bytes: Uint8Array): number {
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const before = decoded.slice(0, Math.max(decoded.indexOf('\uFFFD'), 0))
  return before.split('\n').length
}

// Takes one file out of a .tar.gz whose digest was already checked.

import { gunzip } from 'node:zlib'

/** The largest archive content we are willing to unpack. */
const limitBytes = 512 << 20
const blockBytes = 512

/**
 * The content of one member of a gzipped tar archive; null where it holds no regular file of that name.
 * Rejects when the data is not gzip or larger than 512 MiB unpacked.
 */
export async function memberOf(archive: Uint8Array, member: string): Promise<Uint8Array | null> {
  const tar = await new Promise<Buffer>((resolve, reject) => {
    gunzip(archive, { maxOutputLength: limitBytes }, (error, result) => (error ? reject(error) : resolve(result)))
  })
  for (let at = 0; at + blockBytes <= tar.length; ) {
    const header = tar.subarray(at, at + blockBytes)
    const size = Number.parseInt(text(header, 124, 12), 8)
    if (!Number.isSafeInteger(size)) return null
    const start = at + blockBytes
    const type = text(header, 156, 1)
    if ((type === '0' || type === '') && nameOf(header) === member) {
      return start + size <= tar.length ? tar.subarray(start, start + size) : null
    }
    at = start + Math.ceil(size / blockBytes) * blockBytes
  }
  return null
}

function nameOf(header: Buffer): string {
  // The prefix exists in the POSIX format only; the old GNU format keeps times there.
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? text(header, 345, 155) : ''
  const name = text(header, 0, 100)
  return (prefix === '' ? name : `${prefix}/${name}`).replace(/^\.\//, '')
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.toString('latin1', start, start + length)
  const end = field.indexOf('\0')
  return (end === -1 ? field : field.slice(0, end)).trim()
}

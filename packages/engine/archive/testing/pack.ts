// Makes archives for tests, also such as no honest program writes.
import { gzipSync } from 'node:zlib'
import { Header } from 'tar'

/** A member to be packed, under exactly this name. */
export interface Packed {
  readonly path: string
  readonly content?: string | Buffer
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'Directory' | 'CharacterDevice' | 'FIFO'
  readonly linkpath?: string
}

const BLOCK = 512

/** A `.tar` of the members in the order given. */
export function packTar(members: readonly Packed[]): Buffer {
  return Buffer.concat([...members.flatMap(blocksOf), Buffer.alloc(2 * BLOCK)])
}

/** A `.tar.gz` of the members. */
export function packTarGz(members: readonly Packed[]): Buffer {
  return gzipSync(packTar(members))
}

function blocksOf({ path, content = '', type = 'File', linkpath }: Packed): readonly Buffer[] {
  const bytes = Buffer.from(content)
  const block = Buffer.alloc(BLOCK)
  const size = type === 'File' ? bytes.length : 0
  new Header({
    path,
    size,
    type,
    mode: 0o644,
    mtime: new Date(0),
    ...(linkpath === undefined ? {} : { linkpath }),
  }).encode(block)
  return [block, bytes.subarray(0, size), Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)]
}

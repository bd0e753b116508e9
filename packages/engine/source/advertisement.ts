// What a Git server says of itself and of its refs, in the old protocol and in version 2.
import { parseRemoteRefs, type RemoteRef } from './parse.ts'
import { DELIMITER, FLUSH, type Packet, PacketError, packet } from './pkt-line.ts'

/** A server's first words: either what it can do (version 2), or all its refs (before that). */
export type Advertisement =
  | { readonly kind: 'capabilities'; readonly objectFormat: string; readonly lists: boolean }
  | { readonly kind: 'refs'; readonly refs: readonly RemoteRef[] }

/** A sequence of packets that can be read on later. */
export type Packets = AsyncIterator<Packet, void, undefined>

/**
 * Reads the first words of a server up to their end, and no further.
 * @throws PacketError where they are not whole
 */
export async function readAdvertisement(packets: Packets): Promise<Advertisement> {
  let lines = await linesUntilFlush(packets)
  // Over HTTP the old protocol, and some servers in the new one too, name the service first.
  if (lines.length === 1 && text(lines[0]).startsWith('# service=')) lines = await linesUntilFlush(packets)
  const first = text(lines[0])
  if (first === 'version 2') return capabilities(lines.slice(1).map(text))
  return { kind: 'refs', refs: oldRefs(first === 'version 1' ? lines.slice(1) : lines) }
}

/**
 * Which refs are asked for: what people name, or every one. A host may keep a ref for each proposal that was ever made,
 * and those would be most of each answer. Only version 2 of the protocol can ask for less than all.
 */
export type RefScope = 'branches and tags' | 'all'

/** The question for refs in version 2. */
export function refsQuestion(objectFormat: string, scope: RefScope): string {
  const named = ['HEAD', 'refs/heads/', 'refs/tags/']
  const prefixes = scope === 'all' ? [] : named.map((prefix) => packet(`ref-prefix ${prefix}\n`))
  const head = [packet('command=ls-refs\n'), packet('agent=mainstay\n'), packet(`object-format=${objectFormat}\n`)]
  return [...head, DELIMITER, packet('peel\n'), packet('symrefs\n'), ...prefixes, FLUSH].join('')
}

/** The answer to that question. @throws PacketError where it is not whole */
export async function readRefs(packets: Packets): Promise<readonly RemoteRef[]> {
  return (await linesUntilFlush(packets)).map((line) => {
    const [id = '', name = '', ...attributes] = text(line).split(' ')
    if (!isId(id) || name === '') throw new PacketError('the answer is not a list of refs')
    const of = (key: string) => attributes.find((one) => one.startsWith(key))?.slice(key.length) ?? null
    const peeled = of('peeled:')
    return { name, id: peeled !== null && isId(peeled) ? peeled : id, target: of('symref-target:') }
  })
}

function capabilities(lines: readonly string[]): Advertisement {
  const format = lines.find((line) => line.startsWith('object-format='))?.slice('object-format='.length)
  const lists = lines.some((line) => line === 'ls-refs' || line.startsWith('ls-refs='))
  return { kind: 'capabilities', objectFormat: format ?? 'sha1', lists }
}

/** The list of the old protocol in the form of `git ls-remote --symref`, which is read elsewhere. */
function oldRefs(lines: readonly Buffer[]): readonly RemoteRef[] {
  const [first, ...rest] = lines
  if (first === undefined) return []
  const zero = first.indexOf(0)
  const head = text(zero < 0 ? first : first.subarray(0, zero))
  const words = zero < 0 ? [] : text(first.subarray(zero + 1)).split(' ')
  const symbolic = words.flatMap((word) => {
    const [, name, target] = /^symref=([^:]+):(.+)$/.exec(word) ?? []
    return name === undefined ? [] : [`ref: ${target}\t${name}`]
  })
  const listed = [head, ...rest.map(text)].map((line) => {
    const [id = '', name = ''] = line.split(' ')
    if (!isId(id) || name === '') throw new PacketError('the answer is not a list of refs')
    return /^0+$/.test(id) ? '' : `${id}\t${name}`
  })
  return parseRemoteRefs([...symbolic, ...listed].join('\n'))
}

/** Every line until a flush. An end of the stream is no end of the message: what is missing must not read as nothing. */
async function linesUntilFlush(packets: Packets): Promise<readonly Buffer[]> {
  const lines: Buffer[] = []
  for (;;) {
    const next = await packets.next()
    if (next.done === true) throw new PacketError('the answer ends too early')
    const { value } = next
    if (value.kind === 'flush') return lines
    if (value.kind !== 'line') continue
    if (text(value.bytes).startsWith('ERR ')) throw new PacketError(text(value.bytes).slice(4))
    lines.push(value.bytes)
  }
}

function text(bytes: Buffer | undefined): string {
  return bytes?.toString('utf8').replace(/\n$/, '') ?? ''
}

function isId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)
}

// Cuts a stream of bytes into lines of text.
import { ClusterFault } from './cluster-fault.ts'

/**
 * The complete lines of a stream, without their line ends and without empty ones. A character whose bytes arrive in two
 * pieces stays whole. What follows the last line end is dropped: it was only half sent.
 *
 * @throws ClusterFault `too-large` when a line grows beyond `maxLength` characters
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, maxLength: number): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true })
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = rest + text.slice(from, end)
      rest = ''
      from = end + 1
      if (line !== '') yield line
    }
    rest += text.slice(from)
    if (rest.length > maxLength) {
      const why = `one line is longer than ${maxLength} characters`
      throw new ClusterFault({ kind: 'too-large', what: 'cannot read a stream of the API server', why })
    }
  }
}

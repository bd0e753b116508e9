// Reads a watch: one JSON value a line.

import type { WatchLine } from './subject.ts'

/** Parsed lines of a stream of bytes. */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<WatchLine> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield JSON.parse(line) as WatchLine // The form that Kubernetes documents.
  }
}

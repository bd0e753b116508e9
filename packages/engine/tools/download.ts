// Downloads one file of an official release and lets it through only with the pinned digest.

import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { EnvHttpProxyAgent, fetch } from 'undici'
import { memberOf } from './archive.ts'
import type { ToolContext } from './context.ts'
import type { ReleaseFile } from './recipe.ts'

/** A network that says no must not keep anybody: no connection, no headers or no byte for so long ends the try. */
const patienceMs = 6_000
const limitBytes = 256 << 20

/** What came of a download: the file is in place, or why the release cannot be had here. */
export type Downloaded = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly why: string }

/** Downloads the release's program to `output`. Never throws for what the network does; throws for the disk. */
export async function download(
  release: ReleaseFile,
  tool: string,
  context: ToolContext,
  output: string,
): Promise<Downloaded> {
  let body: Uint8Array
  try {
    body = await fetchAll(release.url, tool, context)
  } catch (error) {
    context.signal?.throwIfAborted()
    return { kind: 'refused', why: reasonOf(error) }
  }
  const sha256 = createHash('sha256').update(body).digest('hex')
  if (sha256 !== release.sha256) {
    return { kind: 'refused', why: `the file has SHA-256 ${sha256}, and ${release.sha256} is pinned` }
  }
  const program = release.member === null ? body : await memberOf(body, release.member)
  if (program === null) return { kind: 'refused', why: `the archive holds no ${release.member}` }
  await writeFile(output, program)
  return { kind: 'done' }
}

async function fetchAll(url: string, tool: string, context: ToolContext): Promise<Uint8Array> {
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: patienceMs },
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
  })
  try {
    const response = await fetch(url, { dispatcher, ...(context.signal ? { signal: context.signal } : {}) })
    if (!response.ok || response.body === null) {
      await response.body?.cancel()
      throw new Error(`the server answered ${response.status}`)
    }
    const total = Number(response.headers.get('content-length') ?? '') || null
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of response.body) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > limitBytes) throw new Error(`the file is larger than ${limitBytes >> 20} MiB`)
      context.onEvent({ kind: 'downloading', tool, bytes, total })
    }
    return Buffer.concat(chunks)
  } finally {
    await dispatcher.destroy()
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

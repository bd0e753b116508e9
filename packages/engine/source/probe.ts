// Whether a repository can be read with an access: asked once, before the access is written down.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import { systemClock } from '../clock.ts'
import { cancelled } from './git.ts'
import { Remotes } from './remotes.ts'

/** What a repository answered. */
export interface RepositoryProbe {
  /** `refs/heads/main`: what HEAD names; null where the repository has no commits, or its HEAD names none. */
  readonly head: string | null
  readonly branches: number
  readonly tags: number
}

/** Milliseconds that the answer may take. */
const TIMEOUT_MS = 30_000

/**
 * Asks a Git repository for its refs. Nothing is kept of it.
 * @throws FaultError of any kind that reading the repository would end in
 */
export async function probeRepository(
  repoURL: string,
  access: RepositoryAccess,
  signal?: AbortSignal,
): Promise<RepositoryProbe> {
  const stop = new AbortController()
  const callOff = () => stop.abort(cancelled())
  if (signal?.aborted === true) callOff()
  signal?.addEventListener('abort', callOff, { once: true })
  const cache = await mkdtemp(join(tmpdir(), 'mainstay-probe-'))
  const remotes = new Remotes({
    cache,
    temporary: null,
    accesses: { accessOf: async () => access },
    clock: systemClock,
    timeoutMs: TIMEOUT_MS,
    fetchTimeoutMs: TIMEOUT_MS,
    stallMs: TIMEOUT_MS,
    fetchBytes: 0,
    signal: stop.signal,
    observe: undefined,
  })
  try {
    const refs = await (await remotes.of(repoURL, null)).refs()
    const head = refs.find(({ name }) => name === 'HEAD')?.target ?? null
    const under = (folder: string) => refs.filter(({ name }) => name.startsWith(folder)).length
    return { head, branches: under('refs/heads/'), tags: under('refs/tags/') }
  } finally {
    signal?.removeEventListener('abort', callOff)
    await remotes.close()
    await rm(cache, { recursive: true, force: true })
  }
}

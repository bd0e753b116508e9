// Repositories for tests of commands: the real thing over records in memory, a control plane of objects, a probe that answers.
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import { Repositories } from '@mainstay/engine/repository/repositories.ts'
import { type AccessBed, accessBed } from '@mainstay/engine/repository/testing/accesses.ts'
import { MemorySession } from './session.ts'
import { shopWorld } from './world.ts'

/** Everything such a test looks at. */
export interface RepositoryBench extends AccessBed {
  readonly session: MemorySession
  /** Accesses that were tried, in order. */
  readonly tried: RepositoryAccess[]
  /** What trying ends in; null: it can be read. */
  refusal: FaultError | null
}

/** A repository that does not let us in. */
export const REFUSED = new FaultError({ kind: 'unauthorized', what: 'the repository cannot be read', where: 'there' })

export function repositoryBench(): RepositoryBench {
  const bed = accessBed()
  const tried: RepositoryAccess[] = []
  const world = shopWorld()
  const bench: RepositoryBench = { ...bed, session: new MemorySession(world), tried, refusal: null }
  world.repositories = new Repositories({
    ...bed,
    probe: async (_, access) => {
      tried.push(access)
      if (bench.refusal !== null) throw bench.refusal
      return 'readable'
    },
  })
  return bench
}

// Accesses for tests: what is needed is said, everything else is as where nobody wrote anything.
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import type { RepositoryAccesses } from '../../ports.ts'
import { NO_ACCESS } from '../../source/access.ts'

let made = 0

/** An access without credentials, but for what a test gives. */
export function accessWith(more: Partial<RepositoryAccess> = {}): RepositoryAccess {
  return {
    ...NO_ACCESS,
    origin: 'Secret argocd/repo-test',
    version: `test-${made++}`,
    ...more,
  }
}

/** The same access for every repository, until another one is set. */
export class OneAccess implements RepositoryAccesses {
  access: RepositoryAccess

  constructor(access: RepositoryAccess) {
    this.access = access
  }

  async accessOf(): Promise<RepositoryAccess> {
    return this.access
  }
}

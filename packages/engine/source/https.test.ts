// The source over HTTPS: the contract, with a certificate of its own authority and a password.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import { NO_ACCESS } from './access.ts'
import { sourceContract } from './contract.ts'
import type { GitCommand } from './git.ts'
import { gitSource } from './git-source.ts'
import { basic, startGitServer } from './testing/https-server.ts'

for (const protocol of [2, 0] as const) {
  sourceContract(`https (protocol ${protocol})`, async () => {
    const server = await startGitServer({ authorization: basic('ana', 'pass:word'), protocol })
    const access: RepositoryAccess = {
      ...NO_ACCESS,
      auth: { kind: 'basic', username: 'ana', password: 'pass:word' },
      tls: { ...NO_ACCESS.tls, ca: server.ca },
      version: '1',
    }
    const cache = mkdtempSync(join(tmpdir(), 'mainstay-cache-'))
    const commands: GitCommand[] = []
    const source = gitSource({
      cache,
      accesses: { accessOf: async () => access },
      observe: (command) => commands.push(command),
    })
    return {
      source,
      urlOf: (repository) => server.urlOf(repository),
      countOf: (word) => commands.filter(({ args }) => args.includes(word)).length,
      async end() {
        await source.close()
        await server.close()
        rmSync(cache, { recursive: true, force: true })
      },
    }
  })
}

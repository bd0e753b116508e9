// The source over SSH: the contract, through OpenSSH's own client and a server in process.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import { NO_ACCESS } from './access.ts'
import { sourceContract } from './contract.ts'
import type { GitCommand } from './git.ts'
import { gitSource } from './git-source.ts'
import { newKey, startSshServer } from './testing/ssh-server.ts'

sourceContract('ssh', async () => {
  const key = newKey()
  const server = await startSshServer({ letIn: [key.public] })
  const access: RepositoryAccess = {
    ...NO_ACCESS,
    auth: { kind: 'ssh-key', privateKey: key.private, passphrase: null },
    hostKeys: { kind: 'known', knownHosts: server.knownHosts },
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

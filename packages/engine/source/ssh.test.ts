// The source over SSH: the contract, through OpenSSH's own client and server; without the server, with one in process.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import { noteUse } from '../../../test/run/usage.ts'
import { NO_ACCESS } from './access.ts'
import { type SourceUnderTest, sourceContract } from './contract.ts'
import type { GitCommand } from './git.ts'
import { gitSource } from './git-source.ts'
import { newKey } from './testing/keys.ts'
import type { TestRepository } from './testing/repository.ts'
import { startSshServer } from './testing/ssh-server.ts'
import { findSshd, startSshd } from './testing/sshd.ts'

interface Server {
  readonly knownHosts: string
  urlOf(repository: TestRepository): string
  close(): Promise<void>
}

const key = newKey()

async function under(server: Server): Promise<SourceUnderTest> {
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
}

// The real one is the judge; where it is not, the one in process takes its place.
const sshd = findSshd()
if ('missing' in sshd) {
  sourceContract('ssh', async () => under(await startSshServer({ letIn: [key.public] })))
} else {
  sourceContract("ssh (OpenSSH's server)", async () => {
    noteUse(['sshd'])
    return under(await startSshd(sshd.path, key))
  })
}

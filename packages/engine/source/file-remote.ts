// Repositories in a folder of this machine: Git reads them itself.
import { join } from 'node:path'
import type { FaultError } from '../fault.ts'
import type { FileAddress } from './address.ts'
import { sourceFault } from './faults.ts'
import { presence } from './files.ts'
import type { GitResult, Way } from './git.ts'
import { parseRemoteRefs, type RemoteRef } from './parse.ts'
import type { Transport } from './remote.ts'

/** Reaches one folder. `git` runs a command with the mirror's own settings, which name the folder as a safe one. */
export class FileTransport implements Transport {
  readonly #address: FileAddress
  readonly #git: (args: readonly string[], way: Way) => Promise<GitResult>

  constructor(address: FileAddress, git: (args: readonly string[], way: Way) => Promise<GitResult>) {
    this.#address = address
    this.#git = git
  }

  async refs(): Promise<readonly RemoteRef[]> {
    const result = await this.reach((way) => this.#git(['ls-remote', '--symref', '--quiet', '--', way.url], way))
    if (result.code !== 0) throw await this.#unreadable(result.stderr)
    return parseRemoteRefs(result.stdout.toString('utf8'))
  }

  reach<T>(work: (way: Way) => Promise<T>): Promise<T> {
    return work({ url: this.#address.url, protocol: 'file', config: [], env: {}, isSecret: false })
  }

  async #unreadable(stderr: string): Promise<FaultError> {
    const { path } = this.#address
    const [folder, ...inside] = await Promise.all(
      ['', 'HEAD', '.git', 'objects'].map((name) => presence(join(path, name))),
    )
    if (folder === 'missing') return sourceFault(this.#address, 'not-found', 'the repository does not exist', null)
    const what = inside.every((one) => one === 'missing')
      ? 'the folder is not a Git repository'
      : 'the repository cannot be read'
    return sourceFault(this.#address, 'source-unreadable', what, stderr)
  }
}

// What tests of repositories on servers share: a source with an access of its own, and an end for everything.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import type { RepositoryAccesses } from '../../ports.ts'
import { NO_ACCESS } from '../access.ts'
import type { GitCommand } from '../git.ts'
import { type GitSourceOptions, gitSource } from '../git-source.ts'
import type { Source } from '../source.ts'
import { type Change, TestRepository } from './repository.ts'

/** A source under test and what can be seen of it. */
export interface Bed {
  readonly source: Source
  readonly cache: string
  readonly commands: readonly GitCommand[]
  /** Commands so far whose arguments contain a word. */
  countOf(word: string): number
}

/** Makes things for one test and ends them after it. */
export class Beds {
  readonly #ends: (() => void | Promise<void>)[] = []

  /** Ends everything, the newest first. */
  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end()
  }

  /** Something to be ended. */
  keep<T extends { close(): Promise<void> }>(one: T): T {
    this.#ends.push(() => one.close())
    return one
  }

  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'mainstay-cache-'))
    this.#ends.push(() => rmSync(folder, { recursive: true, force: true }))
    return folder
  }

  repository(files: Readonly<Record<string, Change>> | null): TestRepository {
    const repository = new TestRepository()
    this.#ends.push(() => repository.remove())
    if (files !== null) repository.commit('one', files)
    return repository
  }

  /** A source that reaches everything with one access, or as `accesses` says. */
  open(access: Partial<RepositoryAccess> | RepositoryAccesses, options: Partial<GitSourceOptions> = {}): Bed {
    const cache = options.cache ?? this.folder()
    const commands: GitCommand[] = []
    const accesses =
      'accessOf' in access ? access : { accessOf: async () => ({ ...NO_ACCESS, version: 'test', ...access }) }
    const observe = (command: GitCommand) => commands.push(command)
    const source = this.keep(gitSource({ cache, accesses, observe, ...options }))
    return { source, cache, commands, countOf: (word) => commands.filter(({ args }) => args.includes(word)).length }
  }
}

/** Names in the folder of the only copy of a cache. */
export function inCopy(cache: string): readonly string[] {
  const [name, ...others] = readdirSync(cache)
  if (name === undefined || others.length > 0) throw new Error('one copy was expected')
  return readdirSync(join(cache, name))
}

/** The text of a file of a repository. */
export async function readFrom(source: Source, url: string, path: string, revision = 'main'): Promise<string> {
  const snapshot = await source.snapshot(await source.resolve(url, revision))
  return Buffer.from((await snapshot.read(path)).bytes).toString('utf8')
}

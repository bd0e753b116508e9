// A real Git repository in a temporary folder, made commit by commit with fixed names and times.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** What a commit changes: text or bytes to write, `{link}` for a symlink, null to remove. */
export type Change = string | Uint8Array | { readonly link: string } | null

/** Who commits in tests, and when the first commit is made; each later one is a minute after. */
export const AUTHOR = 'Ada Example <ada@example.com>'
const FIRST_COMMIT = Date.UTC(2026, 0, 1, 12, 0, 0)

/**
 * Makes an empty repository on the branch main in a folder, as `git init` does, but without a process: the files are
 * those of gitrepository-layout(5). It packs nothing by itself and does not wait for the disk.
 */
export function initRepository(folder: string, objectFormat: 'sha1' | 'sha256' = 'sha1'): void {
  const own = join(folder, '.git')
  for (const name of ['objects', 'refs']) mkdirSync(join(own, name), { recursive: true })
  writeFileSync(join(own, 'HEAD'), 'ref: refs/heads/main\n')
  const config = [
    '[core]',
    `\trepositoryformatversion = ${objectFormat === 'sha1' ? 0 : 1}`,
    '\tbare = false',
    '\tlogallrefupdates = true',
    '\tfsync = none',
    '[gc]\n\tauto = 0',
    '[maintenance]\n\tauto = false',
    ...(objectFormat === 'sha1' ? [] : [`[extensions]\n\tobjectformat = ${objectFormat}`]),
  ]
  writeFileSync(join(own, 'config'), `${config.join('\n')}\n`)
}

/** The id of the commit that was made last on the branch (or detached HEAD) that is checked out. */
export function headCommit(folder: string): string {
  const head = readFileSync(join(folder, '.git', 'HEAD'), 'utf8').trim()
  return head.startsWith('ref: ') ? readFileSync(join(folder, '.git', head.slice(5)), 'utf8').trim() : head
}

/** A repository to read from in tests. */
export class TestRepository {
  readonly path: string
  #minutes = 0

  constructor(options: { readonly objectFormat?: 'sha1' | 'sha256' } = {}) {
    this.path = mkdtempSync(join(tmpdir(), 'mainstay-repository-'))
    initRepository(this.path, options.objectFormat)
  }

  /** Runs git in the repository; returns what it printed, without the last line break. */
  git(...args: readonly string[]): string {
    const date = new Date(FIRST_COMMIT + this.#minutes * 60_000).toISOString()
    return execFileSync('git', [...args], {
      cwd: this.path,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: this.path,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_ALLOW_PROTOCOL: 'file',
        GIT_AUTHOR_NAME: 'Ada Example',
        GIT_AUTHOR_EMAIL: 'ada@example.com',
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: 'Ada Example',
        GIT_COMMITTER_EMAIL: 'ada@example.com',
        GIT_COMMITTER_DATE: date,
      },
    }).trimEnd()
  }

  /** Writes files without committing. */
  write(changes: Readonly<Record<string, Change>>): void {
    for (const [name, change] of Object.entries(changes)) {
      const path = join(this.path, name)
      rmSync(path, { recursive: true, force: true })
      if (change === null) continue
      mkdirSync(dirname(path), { recursive: true })
      if (typeof change === 'string' || change instanceof Uint8Array) writeFileSync(path, change)
      else symlinkSync(change.link, path)
    }
  }

  /** Commits changes on the current branch; returns the commit's id. */
  commit(message: string, changes: Readonly<Record<string, Change>> = {}): string {
    this.write(changes)
    this.#minutes++
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', `--message=${message}`)
    return headCommit(this.path)
  }

  /** Removes the folder. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

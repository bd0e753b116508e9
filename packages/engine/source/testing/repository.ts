// A real Git repository in a temporary folder, made commit by commit with fixed names and times.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** What a commit changes: text or bytes to write, `{link}` for a symlink, null to remove. */
export type Change = string | Uint8Array | { readonly link: string } | null

/** Who commits in tests, and when the first commit is made; each later one is a minute after. */
export const AUTHOR = 'Ada Example <ada@example.com>'
const FIRST_COMMIT = Date.UTC(2026, 0, 1, 12, 0, 0)

/** A repository to read from in tests. */
export class TestRepository {
  readonly path: string
  #minutes = 0

  constructor(options: { readonly objectFormat?: 'sha1' | 'sha256' } = {}) {
    this.path = mkdtempSync(join(tmpdir(), 'mainstay-repository-'))
    this.git('init', '--quiet', '--initial-branch=main', `--object-format=${options.objectFormat ?? 'sha1'}`)
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
    return this.git('rev-parse', 'HEAD')
  }

  /** Removes the folder. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

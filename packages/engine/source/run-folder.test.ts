// The private folder: what is in it is ours alone, goes with the work it is for, and does not outlive a crash.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { RunFolder } from './run-folder.ts'
import { Beds } from './testing/bed.ts'

const beds = new Beds()
afterEach(() => beds.end())

describe('files for one piece of work', () => {
  it('can be read by us alone, and are gone after it', async () => {
    const base = beds.folder()
    const run = beds.keep(new RunFolder(base))
    const seen = await run.withFiles(
      (folder) => ({ key: `secret in ${folder}` }),
      async (folder) => {
        expect(readFileSync(join(folder, 'key'), 'utf8')).toBe(`secret in ${folder}`)
        expect(statSync(join(folder, 'key')).mode & 0o777).toBe(0o600)
        expect(statSync(folder).mode & 0o777).toBe(0o700)
        expect(statSync(await run.path()).mode & 0o777).toBe(0o700)
        return folder
      },
    )
    expect(existsSync(seen)).toBe(false)
    await run.close()
    expect(readdirSync(base)).toEqual([])
  })

  it('are gone after work that failed', async () => {
    const run = beds.keep(new RunFolder(beds.folder()))
    let seen = ''
    const work = run.withFiles(
      () => ({ key: 'secret' }),
      async (folder) => {
        seen = folder
        throw new RangeError('failed')
      },
    )
    await expect(work).rejects.toThrow(RangeError)
    expect(existsSync(seen)).toBe(false)
  })
})

describe('what a crash left', () => {
  it('is removed by the next source, and the folder of a living one is not', async () => {
    const base = beds.folder()
    const living = beds.keep(new RunFolder(base))
    const kept = await living.path()
    const script = `
      import { RunFolder } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'run-folder.ts')).href)}
      const run = new RunFolder(process.argv[1])
      await run.withFiles(() => ({ key: 'secret' }), async (folder) => { process.stdout.write(folder); process.exit(1) })`
    let left = ''
    try {
      execFileSync(process.execPath, ['--input-type=module', '--eval', script, base], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    } catch (error) {
      left = String((error as { stdout: Buffer }).stdout) // It ends with code 1.
    }
    expect(existsSync(join(left, 'key'))).toBe(true)
    await beds.keep(new RunFolder(base)).path()
    expect(existsSync(left)).toBe(false)
    expect(existsSync(kept)).toBe(true)
  })

  it('is removed where it does not say whose it was, once it cannot be in the making', async () => {
    const base = beds.folder()
    const [young, old, other] = ['mainstay-git-young', 'mainstay-git-old', 'somebody-else'].map((name) =>
      join(base, name),
    )
    for (const folder of [young, old, other]) mkdirSync(folder ?? '')
    writeFileSync(join(old ?? '', 'owner.json'), '{')
    utimesSync(old ?? '', 0, 0)
    utimesSync(other ?? '', 0, 0)
    await beds.keep(new RunFolder(base)).path()
    expect(readdirSync(base)).toEqual(expect.arrayContaining(['mainstay-git-young', 'somebody-else']))
    expect(existsSync(old ?? '')).toBe(false)
  })
})

// The completion scripts, run by the shells they are for where those are on the machine.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../testing/io.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-completion-'))
  writeFileSync(join(folder, 'plan.json'), '')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function has(shell: string): boolean {
  try {
    execFileSync(shell, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.runIf(has('bash'))('in bash', () => {
  /** What bash offers after these words; the last is the one being typed. */
  async function offered(...words: readonly string[]): Promise<readonly string[]> {
    const { out } = await run('completion bash')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a variable of the shell
    const ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mainstay; printf "%s\\n" "${COMPREPLY[@]}"'
    const answer = execFileSync('bash', ['--norc', '-c', `${out}\n${ask}`, 'bash', 'mainstay', ...words], {
      cwd: folder,
      encoding: 'utf8',
    })
    return answer.split('\n').filter((line) => line !== '')
  }

  it('offers the commands of each level', async () => {
    expect(await offered('')).toEqual([
      'app',
      'plan',
      'approve',
      'apply',
      'trash',
      'repo',
      'cert',
      'sandbox',
      'tools',
      'completion',
      'version',
    ])
    expect(await offered('app', 'd')).toEqual(['diff', 'delete'])
    expect(await offered('trash', '')).toEqual(['list', 'show', 'restore'])
  })

  it('offers the flags of the command, and those of every command', async () => {
    expect(await offered('app', 'plan', '--re')).toEqual(['--revision', '--resource'])
    expect(await offered('app', 'plan', 'shop', '--kube')).toEqual(['--kubeconfig'])
    expect(await offered('plan', 'show', '--pru')).toEqual([])
  })

  it('offers the values of a flag, also behind an equals sign as bash splits it', async () => {
    expect(await offered('app', 'get', '-o', 'j')).toEqual(['json'])
    expect(await offered('app', 'get', '--output', '=', 'y')).toEqual(['yaml'])
    expect(await offered('app', 'manifests', '--source', '')).toEqual(['git', 'live'])
    expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish'])
  })

  it('offers files where a file is meant', async () => {
    expect(await offered('apply', 'pl')).toEqual(['plan.json'])
    expect(await offered('app', 'plan', '-f', 'pl')).toEqual(['plan.json'])
    expect(await offered('app', 'plan', '--revision', '')).toEqual([])
  })

  it('is not confused by a flag in front of the command', async () => {
    expect(await offered('--context', 'prod', 'app', 'h')).toEqual(['history'])
  })
})

for (const [shell, flag] of [
  ['bash', '-n'],
  ['zsh', '-n'],
  ['fish', '--no-execute'],
] as const) {
  // A shell that is not installed cannot say anything; bash is everywhere.
  const itWhereInstalled = has(shell) ? it : () => undefined
  itWhereInstalled(`${shell} accepts its script`, async () => {
    const file = join(folder, `script.${shell}`)
    writeFileSync(file, (await run(`completion ${shell}`)).out)
    expect(() => execFileSync(shell, [flag, file], { stdio: 'pipe' })).not.toThrow()
  })
}

it('every script knows every command', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { out } = await run(`completion ${shell}`)
    for (const path of ['app plan', 'app manifests', 'plan show', 'trash restore', 'completion']) {
      expect(out).toContain(path)
    }
  }
})

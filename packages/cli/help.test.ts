// The help texts as files, one a command: a change of words is seen in review. UPDATE_GOLDEN=1 writes them anew.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allNodes } from './commands.ts'
import { run } from './testing/io.ts'

const FOLDER = join(import.meta.dirname, 'testdata', 'help')
const nodes = await allNodes()
const commands = nodes.flatMap((node) =>
  node.kind === 'group' ? [node.name, ...node.commands.map((command) => `${node.name} ${command.name}`)] : [node.name],
)

describe('help', () => {
  for (const words of ['', ...commands]) {
    it(`of "${`mainstay ${words}`.trim()}" is the one that was reviewed`, async () => {
      const { code, out, err } = await run(`${words} --help`)
      expect(code).toBe(0)
      expect(err).toBe('')
      expect(out).toBe(golden(words === '' ? 'mainstay' : words.replaceAll(' ', '-'), out))
    })
  }

  it('has a file for each command and for nothing else', () => {
    const names = ['mainstay', ...commands.map((words) => words.replaceAll(' ', '-'))].map((name) => `${name}.txt`)
    expect(readdirSync(FOLDER).sort()).toEqual(names.sort())
  })

  it('fits into 100 columns', async () => {
    for (const words of ['', ...commands]) {
      const { out } = await run(`${words} --help`)
      const tooLong = out.split('\n').filter((line) => line.length > 100)
      expect(tooLong).toEqual([])
    }
  })

  it('shows an example and the exit codes for every command', async () => {
    for (const node of nodes.flatMap((each) => (each.kind === 'group' ? each.commands : [each]))) {
      expect(node.examples.length).toBeGreaterThan(0)
      expect(node.exits).toContain(0)
      expect(node.exits).toContain(2)
    }
  })
})

function golden(name: string, actual: string): string {
  const file = join(FOLDER, `${name}.txt`)
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(file, actual)
  }
  return readFileSync(file, 'utf8')
}

// Runs the whole check as a command: a broken tree fails with file and line, a sound one passes.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { registryHosts } from './registry-hosts.ts'
import { treeOf } from './testing/trees.ts'
import { readTree } from './tree.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

async function repository(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'checks-'))
  folders.push(root)
  for (const [path, text] of treeOf(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}

function run(root: string): Promise<{ readonly code: number; readonly output: string }> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  return new Promise((resolve) => {
    execFile(process.execPath, [main, root], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr })
    })
  })
}

it('passes on a sound tree', async () => {
  const root = await repository({ 'packages/core/object/x.ts': '// X.\nexport const a = 1\n' })
  expect(await run(root)).toEqual({ code: 0, output: 'architecture: 1 source files, every rule holds\n' })
})

it('fails with file, line and what to do', async () => {
  const root = await repository({ 'packages/core/object/x.ts': "// X.\nimport 'node:fs'\nDate.now()\n" })
  const { code, output } = await run(root)
  expect(code).toBe(1)
  expect(output).toContain(
    'packages/core/object/x.ts:2: core may not import node:fs — take what it gives as a parameter',
  )
  expect(output).toContain('packages/core/object/x.ts:3: uses Date — take the instant')
  expect(output).toContain('2 broken rules')
})

it('reads neither dependencies nor binary files', async () => {
  const root = await repository({ 'node_modules/x/x.ts': 'x', 'a.png': '\0x', 'docs/x.md': 'x' })
  expect([...readTree(root).keys()].filter((path) => !path.endsWith('package.json'))).toEqual(['docs/x.md'])
})

it('takes hosts of registries from the environment, and leaves plain words alone', () => {
  const env = {
    npm_config_registry: 'http://packages.example.net:8080/npm',
    GOPROXY: 'https://go.example.net|direct,off',
  }
  expect(registryHosts(env)).toEqual(['packages.example.net:8080', 'go.example.net'])
  expect(registryHosts({ npm_config_registry: 'http://localhost:4873' })).toEqual([])
})

// `mainstay tools`: which programs are there, and where.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from '../testing/io.ts'

let folder: string
let env: Record<string, string>

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-tools-'))
  const jsonnet = join(folder, 'my-jsonnet')
  writeFileSync(jsonnet, '#!/bin/sh\necho "Jsonnet commandline interpreter (Go implementation) v0.22.0"\n')
  chmodSync(jsonnet, 0o755)
  env = { MAINSTAY_TOOL_JSONNET: jsonnet, PATH: '', MAINSTAY_TOOLS_CACHE: join(folder, 'cache') }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('finds the program that the environment names', async () => {
  const { code, out } = await run('tools jsonnet --list', { env })
  expect(code).toBe(0)
  expect(out).toMatch(/jsonnet {2}✓ found {2}0\.22\.0 +environment {2}.*my-jsonnet\n/)
})

it('exits 1 with --list where one is missing, and says where it looked', async () => {
  const { code, out } = await run('tools --list', { env })
  expect(code).toBe(1)
  expect(out).toMatch(/helm +✗ missing +no helm or helm3 on PATH/)
  expect(out).toMatch(/jsonnet +✓ found/)
  expect(out).toMatch(/\n\nTools run with.* memory and .* network/)
})

it('is a list as JSON', async () => {
  const { out } = await run('tools --list -o json', { env })
  expect(JSON.parse(out).map((tool: { name: string }) => tool.name)).toEqual(['helm', 'kustomize', 'jsonnet'])
})

// The command `npm run tools`: what it prints and how it exits.

import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'

interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the command on a machine that has nothing but one folder on PATH. */
function tools(bin: string, ...args: readonly string[]): Promise<Run> {
  const env = { PATH: bin, HOME: bin, MAINSTAY_TOOLS_CACHE: join(bin, 'cache'), MAINSTAY_TOOLS_NETWORK: 'none' }
  return new Promise((resolve) => {
    const program = join(import.meta.dirname, 'main.ts')
    execFile(process.execPath, [program, ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err })
    })
  })
}

function emptyMachine(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-tools-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

describe('npm run tools', () => {
  it('lists what is there and what is missing, and exits with 1 while something is missing', async () => {
    const bin = emptyMachine()
    writeFileSync(join(bin, 'etcd'), '#!/bin/sh\necho "etcd Version: 3.6.1"\n')
    chmodSync(join(bin, 'etcd'), 0o755)
    const both = await tools(bin, '--list', 'etcd', 'helm')
    expect(both).toMatchObject({ code: 1, err: '' })
    expect(both.out).toMatch(/^etcd +3\.6\.1 +path +.*\/etcd$/m)
    expect(both.out).toMatch(/^helm +missing: no helm or helm3 on PATH; no helm 3\.22\.0 in /m)
    expect((await tools(bin, '--list', 'etcd')).code).toBe(0)
  })

  it('prints one JSON array on request', async () => {
    const bin = emptyMachine()
    const { out } = await tools(bin, '--list', '--json', 'jsonnet')
    expect(JSON.parse(out)).toMatchObject([{ kind: 'missing', name: 'jsonnet' }])
  })

  it('says what to install when a tool can be neither found nor made, and exits with 2', async () => {
    const { code, out } = await tools(emptyMachine(), 'jsonnet')
    expect(code).toBe(2)
    expect(out).toContain('there is no Go toolchain on PATH')
    expect(out).toContain('install Go 1.26 or newer')
  })

  it('refuses a name and an option that it does not know, and explains itself', async () => {
    const bin = emptyMachine()
    const unknown = await tools(bin, 'helmet')
    expect(unknown.code).toBe(2)
    expect(unknown.err).toContain('there is no tool named helmet')
    expect((await tools(bin, '--liste')).code).toBe(2)
    const help = await tools(bin, '--help')
    expect(help.code).toBe(0)
    expect(help.out).toContain('Exit codes')
  })
})

// The command `npm run cluster`: a cluster for a script, gone when the script ends.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeRealCluster } from './shared.ts'

interface Run {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function cluster(...args: readonly string[]): Promise<Run> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args])
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

describe('npm run cluster', () => {
  it('explains itself and refuses what it does not know', async () => {
    expect(await cluster('--help')).toMatchObject({ code: 0, out: expect.stringContaining('mainstay.dev/stage') })
    expect(await cluster('--helpless')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Usage') })
    expect(await cluster('--exec')).toMatchObject({ code: 2, err: expect.stringContaining('--exec needs a command') })
  })
})

describeRealCluster('npm run cluster -- --exec', () => {
  it('runs a command with KUBECONFIG and kubectl, ends with its code and leaves nothing', async () => {
    const script = 'echo "$KUBECONFIG"; kubectl get namespace default -o name; exit 7'
    const { code, out, err } = await cluster('--no-controllers', '--exec', 'sh', '-c', script)
    const [kubeconfig = '', namespace] = out.split('\n')
    expect({ code, err, namespace }).toEqual({ code: 7, err: '', namespace: 'namespace/default' })
    expect(kubeconfig).toMatch(/admin\.kubeconfig$/)
    expect(existsSync(dirname(kubeconfig))).toBe(false)
  })
})

// Proves that a second write path is found, however it is spelled.
import { describe, expect, it } from 'vitest'
import { shown, treeOf } from './testing/trees.ts'
import { COMPOSITION, checkWrites, NETWORK, POSTS } from './writes.ts'

const at = (path: string, text: string): readonly string[] => shown(checkWrites(treeOf({ [path]: `// X.\n${text}\n` })))

describe('the one write path', () => {
  it.each([
    ["import { request } from 'undici'", 'imports undici'],
    ["import { request } from 'node:https'", 'imports node:https'],
    ["const http = await import('node:http')", 'imports node:http'],
    ["await fetch('https://example.com')", 'uses fetch'],
    ["const method = 'PATCH'", 'names the write verb PATCH'],
    ['send(`DELETE`)', 'names the write verb DELETE'],
    ["import { applyObject } from '../cluster/write.ts'", 'imports packages/engine/cluster/write.ts'],
    ["import type { ExecuteTarget } from '../execute/target.ts'", 'imports packages/engine/execute/target.ts'],
    ["import { KubernetesTarget } from '../execute/kubernetes.ts'", 'imports packages/engine/execute/kubernetes.ts'],
    ['await parts.target.delete(address, options, signal)', 'calls target.delete'],
    ['await target.apply(request, signal)', 'calls target.apply'],
  ])('refuses %s in planning', (text, what) => {
    expect(at('packages/engine/reconcile/x.ts', text)).toEqual([`packages/engine/reconcile/x.ts:2 ${what}`])
  })

  it('refuses a write by a command as well', () => {
    const text = "import { applyObject } from '@mainstay/engine/cluster/write.ts'"
    expect(at('packages/cli/command/x.ts', text)).toEqual([
      'packages/cli/command/x.ts:2 imports packages/engine/cluster/write.ts',
    ])
  })

  it('refuses a second file of requests inside the cluster, and a way round the first', () => {
    expect(at('packages/engine/cluster/more.ts', "const method = 'POST'")).toHaveLength(1)
    expect(at('packages/engine/cluster/more.ts', "export * from './write.ts'")).toHaveLength(1)
    expect(at('packages/engine/cluster/dry-run.ts', "import { applyObject } from './write.ts'")).toEqual([])
  })

  it('lets composition hold the port, and send nothing itself', () => {
    for (const file of COMPOSITION.keys()) {
      expect(at(file, "import type { ExecuteTarget } from '../execute/target.ts'")).toEqual([])
      expect(at(file, "import { applyObject } from '../cluster/write.ts'")).toHaveLength(1)
      expect(at(file, 'await target.apply(request, signal)')).toHaveLength(1)
    }
  })

  it('lets the cluster send and the executor call', () => {
    expect(at('packages/engine/cluster/write.ts', "import 'undici'\nsend('PATCH')")).toEqual([])
    const call = "import '../cluster/write.ts'\nawait context.target.delete(a, b, c)"
    expect(at('packages/engine/execute/delete.ts', call)).toEqual([])
  })

  it('lets maps be deleted from, and tests do as they need', () => {
    expect(at('packages/engine/reconcile/x.ts', 'seen.delete(key)')).toEqual([])
    expect(at('packages/engine/reconcile/x.test.ts', "await fetch('x', { method: 'POST' })")).toEqual([])
    expect(at('test/cluster/x.ts', "await fetch('x', { method: 'POST' })")).toEqual([])
  })

  it('gives each exception its reason', () => {
    for (const [file, reason] of [...NETWORK, ...POSTS, ...COMPOSITION]) {
      expect(file).toMatch(/^packages\/.*\.ts$/)
      expect(reason.length).toBeGreaterThan(20)
    }
  })
})

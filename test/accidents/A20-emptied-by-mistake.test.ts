// A20 (argoproj/argo-cd#16600): pointing an application at an empty branch, or a job that says yes to all, empties nothing.
import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { SERVICE, WEB } from '../scenarios/manifests.ts'
import type { Bed } from './bed.ts'
import { config, openBed } from './bed.ts'

describeCluster('A20: an environment is emptied by mistake', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    const files = { 'shop/web.yaml': WEB, 'shop/service.yaml': SERVICE, 'shop/config.yaml': config('settings') }
    bed = await openBed(await cluster(), 'emptied', files)
    // A branch beside main that holds no file at all.
    const cwd = bed.bench.repository
    const tree = execFileSync('git', ['mktree'], { cwd, input: '', encoding: 'utf8' }).trim()
    const who = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com']
    const commit = execFileSync('git', [...who, 'commit-tree', tree, '-m', 'nothing'], { cwd, encoding: 'utf8' }).trim()
    execFileSync('git', ['branch', 'empty', commit], { cwd })
  })
  afterAll(() => bed.dispose())

  const pointAt = (path: string, syncPolicy: unknown = {}): Promise<void> =>
    bed.bench.writeApp({
      source: { repoURL: `file://${bed.bench.repository}`, path, targetRevision: 'empty' },
      syncPolicy,
    })

  it('refuses a branch that has no such folder', async () => {
    const memory = await bed.remember()
    await pointAt('shop')
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(2)
    expect(ran.err).toContain('the path "shop" does not exist')
    await memory.unharmed()
  })

  it('blocks a branch that holds nothing at all, with force and replace, too', async () => {
    const memory = await bed.remember()
    await pointAt('.', { syncOptions: ['Replace=true', 'Force=true'] })
    for (const flags of [['--prune'], ['--prune', '--force', '--yes']]) {
      const ran = await bed.app('sync', ...flags)
      expect(ran.code, ran.out + ran.err).toBe(4)
      expect(ran.out).toContain('the revision holds no objects at all')
    }
    await memory.unharmed()
  })

  it('lists everything and waits for approval where the application says that empty is allowed', async () => {
    const memory = await bed.remember()
    await pointAt('.', { automated: { allowEmpty: true, prune: true } })
    const ran = await bed.app('sync', '--yes')
    expect(ran.code, ran.out + ran.err).toBe(3)
    for (const name of ['Deployment/web', 'Service/web', 'ConfigMap/settings']) expect(ran.out).toContain(name)
    expect(ran.out).toContain('3 of 3 objects (100 %) would be deleted')
    await memory.unharmed()
  })

  it('waits for approval of its deletion whatever a job says, and --yes approves nothing', async () => {
    const memory = await bed.remember()
    const ran = await bed.app('delete', '--yes')
    expect(ran.code, ran.out + ran.err).toBe(3)
    await memory.unharmed()
  })

  it('is as before when the branch is put right', async () => {
    const memory = await bed.remember()
    await bed.bench.writeApp({})
    const plan = await bed.app('sync', '--prune')
    expect(plan.code, plan.out + plan.err).toBe(0)
    expect(plan.out).toContain('3 objects: 3 same')
    await memory.unharmed()
  })
})

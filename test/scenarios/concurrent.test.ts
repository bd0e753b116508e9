// Several syncs at once: one of an application at a time, different ones side by side, a killed one taken up again.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import { stageAnnotation } from '../cluster/stage.ts'
import { CONFIG, LEGACY, WEB } from './manifests.ts'
import type { Workbench } from './workbench.ts'
import { openWorkbench } from './workbench.ts'

const PROGRAM = fileURLToPath(new URL('../../packages/cli/bin/mainstay.js', import.meta.url))

/** A Deployment whose Pods never start, so that a sync waits for it until somebody ends it. */
const STUCK = WEB.replace(
  'labels: {app: web}',
  `labels: {app: web}\n      annotations: {${stageAnnotation}: never-starts}`,
)
const LATER = CONFIG.replace('name: web-config', 'name: later\n  annotations: {argocd.argoproj.io/sync-wave: "1"}')

describeCluster('syncs at once', (sharedCluster) => {
  let cluster: SharedCluster
  let bench: Workbench

  beforeAll(async () => {
    cluster = await sharedCluster()
    bench = await openWorkbench(cluster, 'concurrent')
  })
  afterAll(() => bench.dispose())

  const uidOf = async (name: string): Promise<string | undefined> => {
    const answer = await cluster.api.request('GET', `/api/v1/namespaces/${bench.namespace}/configmaps/${name}`)
    return (answer.body as { metadata?: { uid?: string } }).metadata?.uid
  }

  /** Starts a sync in a process of its own and answers when it waits for the Deployment. */
  async function startSync(): Promise<{ readonly kill: () => Promise<void> }> {
    const argv = ['app', 'sync', 'concurrent', '-f', bench.appFile, '--home', `${bench.folder}/home`]
    const child = spawn(process.execPath, [PROGRAM, ...argv, '--kubeconfig', cluster.kubeconfig], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: bench.folder },
    })
    const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
    let told = ''
    await new Promise<void>((resolve, reject) => {
      const look = (chunk: Buffer): void => {
        told += chunk.toString('utf8')
        if (told.includes('wait Deployment/web: started')) resolve()
      }
      child.stdout.on('data', look)
      child.stderr.on('data', look)
      void ended.then(() => reject(new Error(`the sync ended before it waited:\n${told}`)))
    })
    return {
      kill: async () => {
        child.kill('SIGKILL')
        await ended
      },
    }
  }

  it('of one application: the second is refused and told by whom; a killed one is taken up, nothing twice', async () => {
    await bench.commit('a stuck deployment', {
      'shop/web.yaml': STUCK,
      'shop/config.yaml': CONFIG,
      'shop/later.yaml': LATER,
    })
    const first = await startSync()
    const uid = await uidOf('web-config')
    expect(uid).toBeDefined()
    const second = await bench.mainstay('app', 'sync', 'concurrent', '-f', bench.appFile)
    expect(second.code, second.out + second.err).toBe(2)
    expect(second.err).toContain('another run of this application is under way')
    await first.kill()
    expect(await uidOf('later')).toBeUndefined()
    await bench.commit('mended', { 'shop/web.yaml': WEB })
    const next = await bench.mainstay('app', 'sync', 'concurrent', '-f', bench.appFile)
    expect(next, next.out + next.err).toMatchObject({ code: 0 })
    expect(await uidOf('web-config')).toBe(uid)
    expect(await uidOf('later')).toBeDefined()
    const plan = await bench.mainstay('app', 'plan', 'concurrent', '-f', bench.appFile)
    expect(plan, plan.out + plan.err).toMatchObject({ code: 0 })
  })

  it('of different applications: both run', async () => {
    const other = await openWorkbench(cluster, 'other')
    try {
      await bench.commit('more', { 'shop/legacy.yaml': LEGACY })
      await other.commit('the other', { 'shop/config.yaml': CONFIG })
      const ran = await Promise.all([
        bench.mainstay('app', 'sync', 'concurrent', '-f', bench.appFile),
        bench.mainstay('app', 'sync', 'other', '-f', other.appFile),
      ])
      expect(
        ran.map(({ code }) => code),
        ran.map(({ out, err }) => out + err).join('\n'),
      ).toEqual([0, 0])
    } finally {
      await other.dispose()
    }
  })
})

// A18 (argoproj/argo-cd#22656): whatever is typed but the very id of the plan is a no, and a no writes nothing.
import { join } from 'node:path'
import { run } from '@mainstay/cli/testing/io.ts'
import { openSession } from '@mainstay/engine/reconcile/open.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { auditMark, auditSince, isWrite } from '../cluster/audit.ts'
import { describeCluster } from '../cluster/shared.ts'
import { CLAIM } from '../scenarios/manifests.ts'
import type { Bed } from './bed.ts'
import { config, openBed } from './bed.ts'

/** What people type, press or do; null is the end of input, as after Ctrl-D, Ctrl-C or a closed terminal. */
const NO: readonly (string | null)[] = ['n', 'N', '', 'no', 'x', 'y', 'Y', 'yes', 'answered', ' ', null]

describeCluster('A18: the answer is no', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'answered', { 'shop/a.yaml': config('a'), 'shop/claim.yaml': CLAIM })
    await bed.bench.commit('the claim goes', { 'shop/claim.yaml': null })
  })
  afterAll(() => bed.dispose())

  /** Runs `mainstay app …` on a terminal where somebody answers each question so. */
  async function typing(verb: string, answers: readonly (string | null)[]) {
    const { folder, appFile } = bed.bench
    const { kubeconfig } = bed.cluster
    const options = { home: join(folder, 'home'), kubeconfig, context: null, controlPlaneNamespace: 'argocd', env: {} }
    const session = await openSession(options)
    return await run(`app ${verb} answered -f ${appFile}`, { session, answers, isTTY: true })
  }

  /** Requests of ours that could have changed something. */
  async function writesOf(work: () => Promise<void>): Promise<readonly string[]> {
    const mark = await auditMark(bed.cluster)
    await work()
    const sent = await auditSince(bed.cluster, mark, (entry) => {
      return isWrite(entry) && entry.userAgent?.startsWith('mainstay/') === true
    })
    return sent.flatMap(({ verb, objectRef }) => {
      return objectRef?.namespace === bed.namespace ? [`${verb} ${objectRef.resource}/${objectRef.name}`] : []
    })
  }

  for (const [verb, answers] of [
    ['delete', NO],
    ['sync --prune', ['n', '', null]],
  ] as const) {
    it(`sends nothing for any other answer to app ${verb}`, async () => {
      const memory = await bed.remember()
      const writes = await writesOf(async () => {
        for (const answer of answers) {
          const { code, io } = await typing(verb, [answer])
          expect([answer, code]).toEqual([answer, 3])
          expect(io.seen.prompts).toHaveLength(1)
        }
      })
      expect(writes).toEqual([])
      await memory.unharmed()
    })
  }

  it('sends nothing where nobody can be asked, and --yes is no consent', async () => {
    const writes = await writesOf(async () => {
      expect((await bed.app('delete')).code).toBe(3)
      expect((await bed.app('delete', '--yes')).code).toBe(3)
      expect((await typing('delete --yes', ['y'])).io.seen.prompts).toEqual([])
    })
    expect(writes).toEqual([])
  })

  it('takes the id of one plan for no consent to another', async () => {
    const prune = /Type ([0-9a-f]{6,}) to approve/.exec((await typing('sync --prune', [null])).io.seen.prompts[0] ?? '')
    const writes = await writesOf(async () => {
      expect((await typing('delete', [prune?.[1] ?? ''])).code).toBe(3)
    })
    expect(writes).toEqual([])
  })

  it('deletes for the exact id of the plan that was shown', async () => {
    const asked = await typing('delete', [null])
    const id = /Type ([0-9a-f]{6,}) to approve/.exec(asked.io.seen.prompts[0] ?? '')?.[1] ?? ''
    const writes = await writesOf(async () => {
      const { code, out, err } = await typing('delete', [id])
      expect(code, out + err).toBe(0)
    })
    expect([...writes].sort()).toEqual(['delete configmaps/a', 'delete persistentvolumeclaims/uploads'])
  })
})

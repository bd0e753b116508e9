// A10 (argoproj/argo-cd#20440): an application that renders everybody's objects takes none over unasked.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { CONFIG, WEB } from '../scenarios/manifests.ts'
import type { Bed } from './bed.ts'
import { config, openBed } from './bed.ts'

describeCluster('A10: a parent renders the objects of others', (cluster) => {
  let bed: Bed
  let parent: string

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'taken', { 'shop/web.yaml': WEB, 'shop/config.yaml': CONFIG })
    parent = join(bed.bench.folder, 'parent.yaml')
    await writeFile(
      parent,
      JSON.stringify({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: 'parent', namespace: 'argocd', finalizers: ['resources-finalizer.argocd.argoproj.io'] },
        spec: {
          project: 'default',
          source: {
            repoURL: `file://${bed.bench.repository}`,
            path: '.',
            targetRevision: 'main',
            directory: { recurse: true },
          },
          destination: { server: 'https://kubernetes.default.svc', namespace: bed.bench.namespace },
        },
      }),
    )
  })
  afterAll(() => bed.dispose())

  const ofParent = (verb: string, ...flags: readonly string[]) =>
    bed.bench.mainstay('app', verb, 'parent', '-f', parent, ...flags)

  it('is refused until somebody approves that very transfer, and names the owner', async () => {
    const memory = await bed.remember()
    const ran = await ofParent('sync')
    expect(ran.code, ran.out + ran.err).toBe(3)
    expect(ran.out).toContain('application argocd/taken')
    await memory.unharmed()
    expect((await bed.app('plan')).code).toBe(0)
  })

  it('deletes only what was first recorded for it when it goes', async () => {
    await bed.bench.commit('an object of its own', { 'own.yaml': config('own') })
    const synced = await ofParent('sync', '--resource', ':ConfigMap:own')
    expect(synced.code, synced.out + synced.err).toBe(0)
    const asked = await ofParent('delete')
    expect(asked.code, asked.out + asked.err).toBe(3)
    const memory = await bed.remember()
    const ran = await bed.approve(asked)
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(await memory.deleted()).toEqual(['configmaps/own'])
    expect((await bed.app('plan')).code).toBe(0)
  })
})

// V07 (argoproj/argo-cd#17361): another tracking method changes neither what is ours nor what goes with the application.
import { expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { doomed } from './bed.ts'
import { openMarked } from './marked.ts'

const ALL = ['ConfigMap/b', 'ConfigMap/own', 'PersistentVolumeClaim/claim']

describeCluster('V07: the tracking method is changed', (cluster) => {
  for (const [before, after] of [
    ['label', 'annotation'],
    ['annotation', 'label'],
  ] as const) {
    it(`from ${before} to ${after}, with all own objects found and no foreign one`, async () => {
      await using marked = await openMarked(await cluster(), before)
      const { app, approve, planned, foreign, own, track } = marked
      expect((await app('sync')).code).toBe(0)
      await track(after)
      const memory = await own.remember()
      const release = await foreign.remember()
      expect(doomed(await planned('delete'))).toEqual(ALL)
      const synced = await app('sync', '--prune')
      expect(synced.code, synced.out + synced.err).toBe(0)
      await memory.unharmed()
      await release.unharmed()
      const ran = await approve(await app('delete'))
      expect(ran.code, ran.out + ran.err).toBe(0)
      expect([...(await memory.deleted())].sort()).toEqual(['configmaps/b', 'persistentvolumeclaims/claim'])
      expect(await release.deleted()).toEqual(['configmaps/own'])
    })
  }
})

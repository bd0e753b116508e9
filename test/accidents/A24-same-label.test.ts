// A24 (argoproj/argo-cd#5431): a release of the same name in another namespace is nobody's business, whatever marks it carries.
import { expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { doomed } from './bed.ts'
import { openMarked } from './marked.ts'

describeCluster('A24: a release of the same name elsewhere', (cluster) => {
  for (const method of ['label', 'annotation+label', 'annotation'] as const) {
    it(`never enters a plan nor goes with the application, tracked by ${method}`, async () => {
      await using marked = await openMarked(await cluster(), method)
      const { app, approve, planned, foreign } = marked
      const memory = await foreign.remember()
      const synced = await app('sync', '--prune')
      expect(synced.code, synced.out + synced.err).toBe(0)
      expect(doomed(await planned('delete'))).toEqual(['ConfigMap/b', 'ConfigMap/own', 'PersistentVolumeClaim/claim'])
      const ran = await approve(await app('delete'))
      expect(ran.code, ran.out + ran.err).toBe(0)
      // Its own object beside the release goes; the release stays.
      expect(await memory.deleted()).toEqual(['configmaps/own'])
      for (const kind of ['configmaps', 'persistentvolumeclaims']) {
        const found = await foreign.get(`/api/v1/namespaces/NS/${kind}/data`)
        expect(found?.metadata.deletionTimestamp, kind).toBeUndefined()
        expect(found?.metadata.uid, kind).toBeDefined()
      }
    })
  }
})

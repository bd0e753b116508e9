// What the killed runs are about: worlds in which a plan does everything that a plan can do.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { FIELD_MANAGER } from '@mainstay/core/object/manager.ts'
import { LAST_APPLIED } from '@mainstay/core/object/secret.ts'
import type { Intent } from '@mainstay/core/plan/plan.ts'
import { config, object } from '@mainstay/core/testing/manifests.ts'
import type { Bench } from './world.ts'
import { refIn, SYNC } from './world.ts'

/** Prepares the world, Git included, and returns the intent that is planned, approved and run. */
export type CrashScenario = (bench: Bench) => Promise<Intent>

const service = (name: string, fields: JsonObject = {}) =>
  object('v1', 'Service', name, { spec: { type: 'ClusterIP', ports: [{ port: 80 }], ...fields } })
const fixed = (value: string) => ({ ...config('fixed', {}, { a: value }), immutable: true })
const wave = { 'argocd.argoproj.io/sync-wave': '1' }
const finalizers = ['example.com/hold']

/** Whoever holds an object lets go of it once its end was asked for: it is gone a moment after the answer. */
function letGo(bench: Bench): void {
  bench.target.on = (when, { verb, ref }) => {
    const ending = bench.target.find(ref)?.metadata.deletionTimestamp !== undefined
    if (when === 'after' && verb === 'delete' && ending) bench.target.edit(ref, { metadata: { finalizers: null } })
  }
}

/** Create, change, take back a hand edit, hand over, take over from another application, replace, delete. */
export const synchronisation: CrashScenario = async (bench) => {
  await bench.sync('blog', [config('moved')], { metadata: { name: 'blog' } })
  const kept = [config('same'), config('edited')]
  await bench.sync('one', [...kept, config('plain'), fixed('1'), config('old'), config('held')])
  bench.clock.advance(60_000)
  bench.target.edit(refIn('ConfigMap', 'edited'), { data: { a: 'by hand' } })
  bench.target.edit(refIn('ConfigMap', 'held'), { metadata: { finalizers } })
  const mark = { 'argocd.argoproj.io/tracking-id': 'shop:/ConfigMap:shop/left' }
  const text = JSON.stringify({
    ...config('left', mark, { a: '1', b: '1' }),
    metadata: { name: 'left', annotations: mark },
  })
  bench.make(config('left', { ...mark, [LAST_APPLIED]: text }, { a: '1', b: '1' }), { manager: FIELD_MANAGER })
  letGo(bench)
  const changed = [config('plain', {}, { a: '2' }), fixed('2')]
  bench.commit('two', [...kept, ...changed, config('moved'), config('left'), config('new'), service('late')])
  return { ...SYNC, force: true }
}

/** A claim with its volume and a service with its address come back from the trash. */
export const restoration: CrashScenario = async (bench) => {
  const claim = object('v1', 'PersistentVolumeClaim', 'data', { spec: { accessModes: ['ReadWriteOnce'] } })
  await bench.sync('one', [claim, service('web'), config('stays')])
  bench.target.edit(refIn('PersistentVolumeClaim', 'data'), { spec: { volumeName: 'pv-1' } }, { manager: 'binder' })
  bench.target.edit(refIn('Service', 'web'), { spec: { clusterIP: '10.0.0.7' } }, { manager: 'kube-apiserver' })
  const uid = bench.live('PersistentVolumeClaim/data')?.metadata.uid ?? ''
  const claimRef = { namespace: 'shop', name: 'data', uid }
  bench.make(object('v1', 'PersistentVolume', 'pv-1', { spec: { claimRef }, status: { phase: 'Released' } }))
  bench.commit('two', [config('stays')])
  await bench.run(await bench.decide())
  const trash = await bench.records.trash({ key: bench.key })
  return { kind: 'restore', entries: trash.map(({ id }) => id).toReversed() }
}

/** Everything of an application goes, in waves, with a finalizer in the way. */
export const deletion: CrashScenario = async (bench) => {
  await bench.sync('one', [config('a'), config('held'), service('web'), config('last', wave)])
  bench.target.edit(refIn('ConfigMap', 'held'), { metadata: { finalizers } })
  letGo(bench)
  return { kind: 'delete', cascade: 'foreground' }
}

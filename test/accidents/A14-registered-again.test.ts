// A14 (2019): deleting a registration to change the repository's address lists what would be lost; changing it in place loses nothing.
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { CONFIG, SERVICE, WEB } from '../scenarios/manifests.ts'
import type { Bed } from './bed.ts'
import { openBed } from './bed.ts'

const BALANCER = SERVICE.replace('type: NodePort', 'type: LoadBalancer')

describeCluster('A14: the repository gets another address', (cluster) => {
  let bed: Bed
  let elsewhere: string

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'address', {
      'shop/web.yaml': WEB,
      'shop/service.yaml': BALANCER,
      'shop/config.yaml': CONFIG,
    })
    elsewhere = join(bed.bench.folder, 'elsewhere')
    await cp(bed.bench.repository, elsewhere, { recursive: true })
    const edit = { spec: { replicas: 5 } }
    const path = '/apis/apps/v1/namespaces/NS/deployments/web?fieldManager=kubectl-edit'
    await bed.put('PATCH', path, edit, 'application/merge-patch+json')
  })
  afterAll(() => bed.dispose())

  it('names the address that would change and the hand edits that Git cannot bring back, and deletes nothing', async () => {
    const memory = await bed.remember()
    const asked = await bed.app('delete')
    expect(asked.code, asked.out + asked.err).toBe(3)
    expect(asked.out).toMatch(/Service\/web holds address 198\.18\.\d+\.\d+/)
    expect(asked.out).toContain('loses edits that Git does not know')
    expect(asked.out).toContain('spec.replicas')
    expect(asked.out).toContain('--cascade=false')
    await memory.unharmed()
  })

  it('changes nothing in the cluster when the address is changed in place: the same commit is the same application', async () => {
    const memory = await bed.remember()
    await bed.bench.writeApp({ source: { repoURL: `file://${elsewhere}`, path: 'shop', targetRevision: 'main' } })
    const plan = await bed.app('plan', '--prune')
    expect(plan.out).not.toContain('- delete')
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(0)
    await memory.unharmed()
  })

  it('keeps everything at the last good state while the new address cannot be read', async () => {
    const memory = await bed.remember()
    await bed.bench.writeApp({
      source: { repoURL: `file://${bed.bench.folder}/nowhere`, path: 'shop', targetRevision: 'main' },
    })
    const ran = await bed.app('sync', '--prune')
    expect(ran.code).toBe(2)
    expect(ran.err).toContain('nowhere')
    await memory.unharmed()
  })

  it('finds everything again when the application was forgotten and registered anew', async () => {
    await bed.bench.writeApp({})
    const memory = await bed.remember()
    const asked = await bed.app('delete', '--cascade=false')
    const forgotten = asked.code === 3 ? await bed.approve(asked) : asked
    expect(forgotten.code, forgotten.out + forgotten.err).toBe(0)
    const again = await bed.app('sync', '--prune')
    expect(again.code, again.out + again.err).toBe(0)
    await memory.unharmed()
  })
})

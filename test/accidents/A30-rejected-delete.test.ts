// A30 (fluxcd/kustomize-controller#1664): a DELETE that is rejected or not finished stays recorded and is tried again.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Bed } from './bed.ts'
import { config, openBed } from './bed.ts'

const PATH = '/api/v1/namespaces/NS/configmaps/app-1a'

describeCluster('A30: a deletion is rejected', (cluster) => {
  let bed: Bed
  let policy: string

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'rejected', {
      'shop/app-1a.yaml': config('app-1a'),
      'shop/app-1b.yaml': config('app-1b'),
      'shop/flat.yaml': config('flat'),
    })
    policy = `${bed.bench.namespace}-no-delete`
    await deny()
  })
  afterAll(async () => {
    await allow()
    await bed.dispose()
  })

  const GROUP = '/apis/admissionregistration.k8s.io/v1'

  /** Nobody may delete app-1a in this namespace; waits until the API server acts on it. */
  async function deny(): Promise<void> {
    const { namespace } = bed.bench
    await bed.put('POST', `${GROUP}/validatingadmissionpolicies`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: policy },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['configmaps'] }],
        },
        validations: [
          {
            expression: `request.namespace != '${namespace}' || request.name != 'app-1a'`,
            message: 'a policy keeps app-1a',
          },
        ],
      },
    })
    await bed.put('POST', `${GROUP}/validatingadmissionpolicybindings`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: policy },
      spec: { policyName: policy, validationActions: ['Deny'] },
    })
    await until(422)
  }

  async function allow(): Promise<void> {
    await bed.cluster.api.request('DELETE', `${GROUP}/validatingadmissionpolicybindings/${policy}`)
    await bed.cluster.api.request('DELETE', `${GROUP}/validatingadmissionpolicies/${policy}`)
  }

  /**
   * Asks with dry runs until the API server answers a deletion with this status, for half a minute at most. Several times
   * in a row: it takes policies and bindings in one after the other.
   */
  async function until(status: number): Promise<void> {
    const path = `${PATH.replace('NS', bed.bench.namespace)}?dryRun=All`
    const deadline = performance.now() + 30_000
    for (let times = 0; times < 10; ) {
      const answer = await bed.cluster.api.request('DELETE', path)
      times = answer.status === status ? times + 1 : 0
      if (performance.now() > deadline) throw new Error(`the policy does not act: ${answer.status}`)
    }
  }

  it('names the policy, goes on with the others, and keeps the object on record', async () => {
    await bed.bench.commit('both go', { 'shop/app-1a.yaml': null, 'shop/app-1b.yaml': null })
    const asked = await bed.app('sync', '--prune')
    const ran = asked.code === 3 ? await bed.approve(asked) : asked
    expect(ran.code, ran.out + ran.err).toBe(2)
    expect(ran.out + ran.err).toContain('a policy keeps app-1a')
    expect(await bed.get(PATH)).not.toBeNull()
    expect(await bed.get(PATH.replace('1a', '1b'))).toBeNull()
    const plan = await bed.app('plan', '--prune')
    expect(plan.out).toMatch(/- delete {2}ConfigMap\/app-1a/)
  })

  it('is tried again, also from a later commit, until the object is gone', async () => {
    await bed.bench.commit('something else', { 'shop/flat.yaml': config('flat', '2') })
    await allow()
    await until(200)
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(await bed.get(PATH)).toBeNull()
    expect((await bed.app('plan', '--prune')).code).toBe(0)
  })

  it('stays recorded as being deleted while a finalizer holds it, and leaves the records only when it is gone', async () => {
    await bed.bench.commit('back', { 'shop/app-1a.yaml': config('app-1a') })
    expect((await bed.app('sync')).code).toBe(0)
    const hold = (finalizers: readonly string[]): Promise<unknown> =>
      bed.put('PATCH', PATH, { metadata: { finalizers } }, 'application/merge-patch+json')
    await hold(['example.com/hold'])
    await bed.bench.commit('gone again', { 'shop/app-1a.yaml': null })
    const ran = await bed.app('sync', '--prune', '--timeout', '1')
    expect(ran.code, ran.out + ran.err).toBe(2)
    expect(ran.out + ran.err).toContain('example.com/hold')
    // Many commits later it is still known, named, and not deleted twice.
    await bed.bench.commit('something else again', { 'shop/flat.yaml': config('flat', '3') })
    const memory = await bed.remember()
    const later = await bed.app('sync', '--prune')
    expect(later.out).toContain('ConfigMap/app-1a is being deleted already')
    expect(later.out).toContain('it waits for its finalizers: example.com/hold')
    expect(await memory.deleted()).toEqual([])
    await hold([])
    const after = await bed.app('sync', '--prune')
    expect(after.out).not.toContain('app-1a is being deleted')
    expect(await bed.get(PATH)).toBeNull()
    expect((await bed.app('plan', '--prune')).code).toBe(0)
  })
})

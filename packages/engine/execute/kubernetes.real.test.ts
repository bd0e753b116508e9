// The Kubernetes target on a real API server, against the contract of the executor's port.

import { uidOf } from '@mainstay/core/object/object.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import { discover } from '../cluster/discovery.ts'
import { getObject } from '../cluster/get.ts'
import { configMaps, describeReal } from '../cluster/testing/real.ts'
import { createObject, deleteObject, mergePatch } from '../cluster/write.ts'
import { targetContract } from './contract.ts'
import { KubernetesTarget } from './kubernetes.ts'

const hand = { fieldManager: 'kubectl-edit' }

describeReal('on a real API server', (real) => {
  targetContract('the Kubernetes target', async () => {
    const { shared, transport } = real()
    const namespace = await shared.namespace('target')
    const target = new KubernetesTarget(transport, async () => (await discover(transport)).table)
    return {
      target,
      namespace,
      create: async (manifest) => (await createObject(transport, configMaps, manifest, hand)).object,
      edit: async (ref, patch) => void (await mergePatch(transport, configMaps, ref, patch, hand)),
      remove: async (ref: ObjectRef) => {
        const live = await getObject(transport, configMaps, ref)
        const uid = live === null ? '' : (uidOf(live) ?? '')
        await deleteObject(transport, configMaps, ref, { uid, cascade: 'background' })
      },
    }
  })
})

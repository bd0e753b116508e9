// Kinds of storage, limits and classes.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { type FuzzKind, fuzzKind, specKind } from './kind.ts'
import { conditions, metadata, oneOf, quantity, record, selector, texts, word, words } from './values.ts'

const modes = texts('ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany')
const size = oneOf('1Gi', '1024Mi', '2Gi')

const claim = specKind({
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  versions: ['v1'],
  spec: (lot) =>
    record(
      lot,
      {
        accessModes: () => ['ReadWriteOnce'],
        resources: (own) => ({ requests: { storage: size(own) ?? '1Gi' } }),
        storageClassName: oneOf('none', ''),
      },
      {
        accessModes: modes,
        volumeName: oneOf('v', 'w'),
        volumeMode: oneOf('Filesystem', 'Block'),
        selector,
        dataSource: (own) => (own.chance(0.3) ? { kind: 'PersistentVolumeClaim', name: 'x' } : undefined),
      },
      0.2,
    ),
  status: (lot) =>
    record(
      lot,
      {},
      {
        phase: oneOf('Pending', 'Bound', 'Lost'),
        capacity: (own) => ({ storage: size(own) ?? '1Gi' }),
        accessModes: modes,
        conditions: conditions('Resizing'),
      },
      0.5,
    ),
})

const volume = specKind({
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  versions: ['v1'],
  namespaced: false,
  spec: (lot) => ({
    ...record(
      lot,
      {
        capacity: (own) => ({ storage: size(own) ?? '1Gi' }),
        accessModes: (own) => ['ReadWriteOnce', ...own.some(['ReadOnlyMany'])],
      },
      {
        persistentVolumeReclaimPolicy: oneOf('Retain', 'Delete'),
        storageClassName: oneOf('none', 'x'),
        volumeMode: oneOf('Filesystem', 'Block'),
        mountOptions: texts('ro', 'soft'),
        claimRef: () => ({ namespace: 'x', name: 'a' }),
      },
    ),
    ...lot.one<JsonObject>(
      { hostPath: { path: '/a' } },
      { hostPath: { path: '/b', type: '' } },
      { nfs: { server: 's', path: '/p' } },
      { csi: { driver: 'd.example.com', volumeHandle: 'h' } },
    ),
  }),
  status: (lot) =>
    record(
      lot,
      {},
      { phase: oneOf('Available', 'Bound', 'Released'), message: oneOf('said', ''), reason: oneOf('Why') },
      0.5,
    ),
})

const storageClass = fuzzKind({
  kind: 'StorageClass',
  plural: 'storageclasses',
  versions: ['storage.k8s.io/v1'],
  namespaced: false,
  wish: (lot) =>
    record(
      lot,
      { metadata, provisioner: oneOf('x.example.com/p', 'x.example.com/q') },
      {
        reclaimPolicy: oneOf('Delete', 'Retain'),
        volumeBindingMode: oneOf('Immediate', 'WaitForFirstConsumer'),
        allowVolumeExpansion: oneOf(true, false),
        parameters: words,
        mountOptions: texts('a', 'b'),
        allowedTopologies: () => [{ matchLabelExpressions: [{ key: 'zone', values: ['a', 'b'] }] }],
      },
    ),
})

const priorityClass = fuzzKind({
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  versions: ['scheduling.k8s.io/v1'],
  namespaced: false,
  wish: (lot) =>
    record(
      lot,
      { metadata, value: oneOf(1, 2, 1000) },
      { description: word, preemptionPolicy: oneOf('Never', 'PreemptLowerPriority') },
    ),
})

const ingressClass = specKind({
  kind: 'IngressClass',
  plural: 'ingressclasses',
  versions: ['networking.k8s.io/v1'],
  namespaced: false,
  spec: (lot) =>
    record(
      lot,
      { controller: oneOf('example.com/a', 'example.com/b') },
      {
        parameters: (own) =>
          record(own, { kind: oneOf('X'), name: word }, { apiGroup: oneOf('x.example.com'), scope: oneOf('Cluster') }),
      },
    ),
})

const limitRange = specKind({
  kind: 'LimitRange',
  plural: 'limitranges',
  versions: ['v1'],
  spec: (lot) => ({
    limits: Array.from({ length: 1 + lot.below(2) }, () =>
      record(
        lot,
        { type: oneOf('Container', 'Pod', 'Container') },
        {
          max: (own) => record(own, {}, { cpu: oneOf('2', 2), memory: oneOf('2Gi') }, 0.7),
          min: (own) => record(own, {}, { cpu: oneOf('100m', '0.1'), memory: oneOf('1Mi') }, 0.7),
          default: () => ({ cpu: '1' }),
          defaultRequest: () => ({ cpu: '500m' }),
          maxLimitRequestRatio: () => ({ cpu: '10' }),
        },
      ),
    ),
  }),
})

const quota = specKind({
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  versions: ['v1'],
  spec: (lot) =>
    record(
      lot,
      {
        hard: (own) =>
          record(
            own,
            {},
            {
              pods: oneOf('1', 2),
              cpu: quantity,
              'limits.memory': oneOf('1Gi', '1024Mi'),
              'count/deployments.apps': oneOf('5'),
              services: oneOf('3'),
            },
            0.5,
          ),
      },
      { scopes: (own) => own.one(['Terminating'], ['NotTerminating'], ['BestEffort']) },
      0.2,
    ),
  status: (lot) =>
    record(lot, {}, { hard: () => ({ pods: '1' }), used: (own) => ({ pods: own.one('0', '1', 0) }) }, 0.7),
})

/** All but those that decide about others. */
export const storageKinds: readonly FuzzKind[] = [claim, volume, storageClass, priorityClass, ingressClass]

/** Kinds that decide about Pods beside them: the server learns of them when it does, so no Pod is with them. */
export const limitKinds: readonly FuzzKind[] = [limitRange, quota]

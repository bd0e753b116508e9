// Stories of claims, volumes and classes.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Story } from '../story.ts'
import { made, spec } from './builders.ts'

const claim = (rest: JsonObject = {}): JsonObject =>
  made('v1', 'PersistentVolumeClaim', 'data', {
    storageClassName: 'none',
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1024Mi' } },
    ...rest,
  })

/** Claims. */
export const claimStories: readonly Story[] = [
  {
    name: 'a claim',
    object: claim(),
    updates: [
      (live) => spec(live, { accessModes: ['ReadWriteMany'] }),
      (live) => spec(live, { resources: { requests: { storage: '2Gi' } } }),
      (live) => spec(live, { volumeName: 'v' }),
      (live) => spec(live, { volumeName: 'w' }),
      (live) => spec(live, { volumeMode: 'Block' }),
      (live) => ({ ...live, metadata: { ...live.metadata, labels: { a: 'b' } } }),
    ],
  },
  {
    name: 'a claim without a class',
    object: claim({ storageClassName: null }),
    updates: [(live) => spec(live, { storageClassName: 'x' })],
  },
  { name: 'an empty claim', object: made('v1', 'PersistentVolumeClaim', 'data', {}) },
  {
    name: 'a bad claim',
    object: claim({
      accessModes: ['Some', 'ReadWriteOncePod', 'ReadOnlyMany'],
      resources: { requests: { storage: '-1' } },
      storageClassName: 'A',
      volumeMode: 'X',
      selector: { matchLabels: { 'a b': '' } },
    }),
  },
  { name: 'a claim with sources', object: claim({ dataSource: { kind: 'PersistentVolumeClaim', name: 'x' } }) },
  {
    name: 'a claim with a new source',
    object: claim({ dataSourceRef: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'x' } }),
  },
  {
    name: 'a claim with bad sources',
    object: claim({ dataSource: { kind: 'X', name: '' }, dataSourceRef: { kind: 'X', name: '' } }),
  },
  { name: 'a claim of fractions', object: claim({ resources: { requests: { storage: '1500m' } } }) },
]

const volume = (rest: JsonObject = {}): JsonObject =>
  made('v1', 'PersistentVolume', 'vol', {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: '/x' },
    ...rest,
  })

/** Volumes. */
export const volumeStories: readonly Story[] = [
  {
    name: 'a volume',
    object: volume(),
    updates: [
      (live) => spec(live, { hostPath: { path: '/y' } }),
      (live) => spec(live, { persistentVolumeReclaimPolicy: 'Delete' }),
      (live) => spec(live, { capacity: { storage: '2Gi' } }),
      (live) => spec(live, { claimRef: { namespace: 'a', name: 'b' } }),
      (live) => spec(live, { volumeMode: 'Block' }),
    ],
  },
  { name: 'an empty volume', object: made('v1', 'PersistentVolume', 'vol', {}) },
  {
    name: 'a bad volume',
    object: volume({
      capacity: { storage: '-1', cpu: '1' },
      accessModes: ['X'],
      persistentVolumeReclaimPolicy: 'Y',
      nfs: { path: '' },
      volumeMode: 'Z',
    }),
  },
  {
    name: 'a local volume without a node',
    object: made('v1', 'PersistentVolume', 'vol', {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      local: { path: '/x' },
    }),
  },
  {
    name: 'a volume of a driver',
    object: made('v1', 'PersistentVolume', 'vol', {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      csi: { driver: 'd.example.com', volumeHandle: '' },
    }),
  },
]

const storage = (rest: JsonObject): JsonObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'fast' },
  ...rest,
})

/** Classes of storage. */
export const classStories: readonly Story[] = [
  {
    name: 'a class',
    object: storage({ provisioner: 'example.com/x' }),
    updates: [
      (live) => ({ ...live, provisioner: 'example.com/y' }),
      (live) => ({ ...live, parameters: { a: 'b' } }),
      (live) => ({ ...live, reclaimPolicy: 'Retain' }),
      (live) => ({ ...live, volumeBindingMode: 'WaitForFirstConsumer' }),
      (live) => ({ ...live, allowVolumeExpansion: true }),
    ],
  },
  { name: 'a bad class', object: storage({ provisioner: '', reclaimPolicy: 'Recycle', volumeBindingMode: 'X' }) },
]

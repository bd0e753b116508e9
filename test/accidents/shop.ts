// The shop of the accident replays: one object of every sort that somebody lost once, and beside it what Git does not know.
import { expect, vi } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import { openWorkbench } from '../scenarios/workbench.ts'
import type { Bed, Memory, Seen } from './bed.ts'
import { bedOf } from './bed.ts'
import type { Cloud } from './simulators.ts'
import { openCloud } from './simulators.ts'

/** The shop, synced, with hand edits and with objects that were made by hand. */
export interface Shop extends Bed {
  readonly cloud: Cloud
  /** API group of its own kind, Widget. */
  readonly group: string
  /** Its files in Git, by path. */
  readonly files: Readonly<Record<string, string>>
  /** What cannot be made again: addresses, volumes, names, what is on the disks. */
  readonly identity: () => Promise<Readonly<Record<string, unknown>>>
  /** Writes the Application with other fields of its spec. */
  readonly writeApp: (spec: Readonly<Record<string, unknown>>) => Promise<void>
}

/** What a replay decides about its shop. */
export interface ShopOptions {
  /** `given`: the Namespace is not in Git. */
  readonly namespace?: 'in-git' | 'given'
  readonly reclaim?: 'Delete' | 'Retain'
  /** True: the StatefulSet takes its claims with it. */
  readonly claimsGo?: boolean
  /** False: nothing beside what Git says. */
  readonly byHand?: boolean
}

/** Makes a shop of its own: namespace, kinds and volumes have names that nobody else has. */
export async function openShop(cluster: SharedCluster, name: string, options: ShopOptions = {}): Promise<Shop> {
  const bench = await openWorkbench(cluster, name)
  const namespace = `${bench.namespace}-prod`
  const group = `${bench.namespace}.example.com`
  const given = options.namespace === 'given'
  const files = shopFiles(namespace, group, options)
  const bed = bedOf(cluster, bench, name, {
    namespace,
    also: [
      '/api/v1/namespaces/NS',
      `/apis/${group}/v1/namespaces/NS/widgets`,
      `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`,
      ...['uploads', 'db'].map((volume) => `/api/v1/persistentvolumes/${namespace}-${volume}`),
    ],
  })
  const cloud = openCloud(cluster, namespace)
  const reclaim = options.reclaim ?? 'Retain'
  await cloud.addDisk({ volume: `${namespace}-uploads`, claim: 'uploads', reclaim, content: 'marker file M2' })
  await cloud.addDisk({ volume: `${namespace}-db`, claim: 'data-db-0', reclaim, content: 'marker row M1' })
  if (given) await bed.put('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
  const destination = { server: 'https://kubernetes.default.svc', namespace }
  const writeApp: Shop['writeApp'] = (spec) =>
    bench.writeApp({ destination, syncPolicy: { automated: { prune: true, selfHeal: true } }, ...spec })
  await writeApp({})
  await bench.commit('the shop', files)
  const first = await bed.app('sync')
  expect(first.code, first.out + first.err).toBe(0)
  if (options.byHand !== false) await workByHand(bed)
  const identity = (): Promise<Readonly<Record<string, unknown>>> => identityOf(bed, cloud)
  await vi.waitUntil(async () => isComplete(await identity()), { timeout: 20_000, interval: 50 })
  return {
    ...bed,
    ...{ cloud, group, files, identity, writeApp },
    remember: async () => rememberIdentity(await bed.remember(), identity),
    dispose: async () => {
      await cloud.stop()
      await bed.dispose()
    },
  }
}

async function rememberIdentity(memory: Memory, identity: Shop['identity']): Promise<Memory> {
  const before = await identity()
  return {
    ...memory,
    unharmed: async () => {
      await memory.unharmed()
      expect(await identity()).toEqual(before)
    },
  }
}

/** What people do beside Git: a Secret, an Ingress, and two edits of the Deployment. */
async function workByHand(bed: Bed): Promise<void> {
  await bed.put('POST', '/apis/networking.k8s.io/v1/namespaces/NS/ingresses', {
    metadata: { name: 'legacy-admin' },
    spec: { rules: [{ host: 'admin.example.net' }], defaultBackend: BACKEND },
  })
  await bed.put('POST', '/api/v1/namespaces/NS/secrets', { metadata: { name: 'manual-key' }, stringData: { key: 'x' } })
  const env = [{ name: 'DEBUG_UNTIL', value: 'friday' }]
  await bed.put(
    'PATCH',
    '/apis/apps/v1/namespaces/NS/deployments/web?fieldManager=kubectl-edit',
    { spec: { replicas: 5, template: { spec: { containers: [{ name: 'web', env }] } } } },
    'application/strategic-merge-patch+json',
  )
}

const BACKEND = { service: { name: 'web-lb', port: { number: 80 } } }

/** The claims of the shop, by the place of their disk. */
const CLAIMS = ['uploads', 'data-db-0'] as const

async function identityOf(bed: Bed, cloud: Cloud): Promise<Readonly<Record<string, unknown>>> {
  const service = await bed.get('/api/v1/namespaces/NS/services/web-lb')
  const claims = await Promise.all(
    CLAIMS.map(async (name) => {
      const claim = await bed.get(`/api/v1/namespaces/NS/persistentvolumeclaims/${name}`)
      const volume = String(claim?.spec?.volumeName ?? '')
      const bound = volume === '' ? null : await bed.get(`/api/v1/persistentvolumes/${volume}`)
      const { uid } = (bound?.spec?.claimRef ?? {}) as { readonly uid?: string } // Of a PersistentVolume.
      return [name, { volume, claimedBy: uid, content: cloud.contentOf(volume), phase: claim?.status?.phase }] as const
    }),
  )
  return {
    clusterIP: service?.spec?.clusterIP,
    address: addressOf(service),
    dns: await cloud.records(),
    ...Object.fromEntries(claims),
  }
}

function addressOf(service: Seen | null): string | undefined {
  const status = service?.status as
    | { readonly loadBalancer?: { readonly ingress?: readonly { ip?: string }[] } }
    | undefined
  return status?.loadBalancer?.ingress?.[0]?.ip
}

function isComplete(identity: Readonly<Record<string, unknown>>): boolean {
  const bound = CLAIMS.every((name) => (identity[name] as { readonly phase?: string }).phase === 'Bound')
  return bound && identity.address !== undefined
}

/** The files of the shop in a repository; everything names its namespace only by where it is deployed. */
function shopFiles(namespace: string, group: string, options: ShopOptions): Readonly<Record<string, string>> {
  return {
    ...(options.namespace === 'given'
      ? {}
      : { 'shop/namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n` }),
    'shop/web.yaml': WEB,
    'shop/service.yaml': SERVICE,
    'shop/ingress.yaml': INGRESS,
    'shop/db.yaml': options.claimsGo === true ? `${DATABASE}${CLAIMS_GO}` : DATABASE,
    'shop/uploads.yaml': UPLOADS,
    'shop/definition.yaml': definition(group),
    'shop/widgets.yaml': ['w1', 'w2', 'w3'].map((name) => widget(group, name)).join('---\n'),
  }
}

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: web
          image: registry.example/web:1.0
          envFrom: [{configMapRef: {name: web-config}}, {secretRef: {name: web-secret}}]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-config
data:
  LEVEL: info
---
apiVersion: v1
kind: Secret
metadata:
  name: web-secret
stringData:
  password: correct-horse-battery
`

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: web-lb
spec:
  type: LoadBalancer
  selector: {app: web}
  ports:
    - port: 80
      targetPort: 8080
`

const INGRESS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - host: shop.example.net
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: web-lb, port: {number: 80}}}
`

const DATABASE = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 1
  selector:
    matchLabels: {app: db}
  template:
    metadata:
      labels: {app: db}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: db
          image: registry.example/db:1.0
          volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: ""
        resources: {requests: {storage: 1Gi}}
`

const CLAIMS_GO = '  persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}\n'

const UPLOADS = `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: uploads
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: ""
  resources:
    requests: {storage: 1Gi}
`

const definition = (group: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.${group}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true}}}}
`

const widget = (group: string, name: string): string =>
  `apiVersion: ${group}/v1\nkind: Widget\nmetadata:\n  name: ${name}\nspec: {size: 1}\n`

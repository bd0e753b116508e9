// The objects that the sandbox is measured with: a Deployment as people write them, and a mix as clusters hold it.
import type { Manifest } from '../objects.ts'

/** The path of an object, below which it is applied, and what is applied. */
export interface Placed {
  readonly path: string
  readonly manifest: Manifest
}

/** A Deployment as most are: one container with probes, resources, variables and mounts. */
export function deployment(namespace: string, index: number, version: number): Placed {
  const name = `web-${index}`
  const labels = labelsOf(index)
  const template = {
    metadata: { labels, annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' } },
    spec: {
      serviceAccountName: 'default',
      securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 2000 },
      containers: [serving('web', `registry.example.com/shop/web:1.0.${version}`, 8080)],
      volumes: [
        { name: 'settings', configMap: { name: `${name}-settings` } },
        { name: 'scratch', emptyDir: {} },
      ],
    },
  }
  const spec = {
    replicas: 3,
    revisionHistoryLimit: 5,
    selector: { matchLabels: { app: `app-${index}` } },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template,
  }
  const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels }, spec }
  return { path: `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`, manifest }
}

function labelsOf(index: number): Readonly<Record<string, string>> {
  return {
    app: `app-${index}`,
    'app.kubernetes.io/name': 'web',
    'app.kubernetes.io/part-of': 'shop',
    'app.kubernetes.io/managed-by': 'mainstay',
    tier: `tier-${index % 3}`,
  }
}

function serving(name: string, image: string, port: number): unknown {
  const probe = (path: string): unknown => ({ httpGet: { path, port }, periodSeconds: 10, timeoutSeconds: 2 })
  return {
    name,
    image,
    ports: [{ name: 'http', containerPort: port }],
    env: [
      { name: 'LEVEL', value: 'info' },
      { name: 'DATABASE_HOST', value: 'database.shop.svc' },
      { name: 'DATABASE_PASSWORD', valueFrom: { secretKeyRef: { name: 'database', key: 'password' } } },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    livenessProbe: probe('/live'),
    readinessProbe: probe('/ready'),
    volumeMounts: [
      { name: 'settings', mountPath: '/etc/settings', readOnly: true },
      { name: 'scratch', mountPath: '/tmp' },
    ],
  }
}

/** A ConfigMap of about 1 kB. */
export function configMap(namespace: string, index: number): Placed {
  const name = `settings-${index}`
  const data = Object.fromEntries(
    Array.from({ length: 12 }, (_, key) => [`KEY_${key}`, `value ${key} of object ${index} ${'x'.repeat(40)}`]),
  )
  const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: labelsOf(index) }, data }
  return { path: `/api/v1/namespaces/${namespace}/configmaps/${name}`, manifest }
}

/** A Pod of about 1 kB. */
export function pod(namespace: string, index: number): Placed {
  const name = `pod-${index}`
  const spec = {
    containers: [serving('web', `registry.example.com/shop/web:1.0.${index % 50}`, 8080)],
    volumes: VOLUMES,
  }
  const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: labelsOf(index) }, spec }
  return { path: `/api/v1/namespaces/${namespace}/pods/${name}`, manifest }
}

const VOLUMES = [
  { name: 'settings', configMap: { name: 'settings' } },
  { name: 'scratch', emptyDir: {} },
]

/** Half ConfigMaps, a third Pods, the rest Deployments. */
export function mixed(namespace: string, index: number): Placed {
  const at = index % 6
  if (at < 3) return configMap(namespace, index)
  return at < 5 ? pod(namespace, index) : deployment(namespace, index, 0)
}

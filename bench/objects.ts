// The objects that benchmarks apply: kinds that no controller acts on, so that only the API server is measured.

/** One manifest as plain data. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly [field: string]: unknown }
  readonly [field: string]: unknown
}

/** `count` manifests of about 1.5 kB: ConfigMaps, Secrets, Services without selector, Roles, in equal parts. */
export function manifests(count: number): readonly Manifest[] {
  return Array.from({ length: count }, (_, i) => manifest(i))
}

function manifest(i: number): Manifest {
  const metadata = {
    name: `object-${i}`,
    labels: { app: `app-${i % 20}`, tier: `tier-${i % 3}`, 'app.example.com/part': 'bench' },
  }
  const values = Object.fromEntries(
    Array.from({ length: 20 }, (_, k) => [`KEY_${k}`, `value ${k} of object ${i} ${'x'.repeat(30)}`]),
  )
  switch (i % 4) {
    case 0:
      return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: values }
    case 1:
      return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData: values }
    case 2:
      return {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { ...metadata, annotations: values },
        automountServiceAccountToken: false,
      }
    default:
      return {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata,
        rules: Array.from({ length: 8 }, (_, k) => ({
          apiGroups: ['apps'],
          resources: [`deployments-${k}`],
          verbs: ['get', 'list', 'watch'],
        })),
      }
  }
}

// The command lines of the programs of a test cluster: the real defaults, minus what only slows a test down.

import { join } from 'node:path'

/** Where things are in the folder of a cluster. */
export interface Layout {
  readonly folder: string
  readonly caCertificate: string
  readonly serverCertificate: string
  readonly serverKey: string
  readonly serviceAccountKey: string
  readonly tokens: string
  readonly auditPolicy: string
  readonly auditLog: string
}

/** The layout below a folder. */
export function layoutOf(folder: string): Layout {
  return {
    folder,
    caCertificate: join(folder, 'ca.crt'),
    serverCertificate: join(folder, 'server.crt'),
    serverKey: join(folder, 'server.key'),
    serviceAccountKey: join(folder, 'service-account.key'),
    tokens: join(folder, 'tokens.csv'),
    auditPolicy: join(folder, 'audit-policy.json'),
    auditLog: join(folder, 'audit.log'),
  }
}

/**
 * etcd insists on host:port even for a socket, and makes a socket file of that name in its working folder, which is
 * the cluster's folder for every program.
 */
const etcdClients = 'unix://localhost:2379'
const etcdPeers = 'unix://localhost:2380'

/** etcd on socket files: no port that another process could take; and nothing here is worth an fsync. */
export function etcdArgs(layout: Layout): readonly string[] {
  return [
    `--data-dir=${join(layout.folder, 'etcd')}`,
    `--listen-client-urls=${etcdClients}`,
    `--advertise-client-urls=${etcdClients}`,
    `--listen-peer-urls=${etcdPeers}`,
    `--initial-advertise-peer-urls=${etcdPeers}`,
    `--initial-cluster=default=${etcdPeers}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
    '--quota-backend-bytes=2147483648',
  ]
}

/** What a caller may decide about the API server. */
export interface ApiServerChoice {
  readonly port: number
  /** With controllers, Pods need a ServiceAccount that the controllers make; without them nobody makes one. */
  readonly controllers: boolean
  readonly extra: readonly string[]
}

/** The API server: RBAC, client certificates and tokens, everything recorded in the audit log. */
export function apiServerArgs(layout: Layout, choice: ApiServerChoice): readonly string[] {
  return [
    `--etcd-servers=${etcdClients}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${choice.port}`,
    `--cert-dir=${layout.folder}`,
    `--tls-cert-file=${layout.serverCertificate}`,
    `--tls-private-key-file=${layout.serverKey}`,
    `--client-ca-file=${layout.caCertificate}`,
    `--token-auth-file=${layout.tokens}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${layout.serviceAccountKey}`,
    `--service-account-signing-key-file=${layout.serviceAccountKey}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--service-node-port-range=30000-32767',
    '--allow-privileged=true',
    // There is no endpoint of its own to keep up to date, and the reconciler delays the end.
    '--endpoint-reconciler-type=none',
    '--shutdown-delay-duration=0s',
    '--profiling=false',
    `--audit-policy-file=${layout.auditPolicy}`,
    `--audit-log-path=${layout.auditLog}`,
    '--audit-log-maxsize=2000',
    ...(choice.controllers ? [] : ['--disable-admission-plugins=ServiceAccount']),
    ...choice.extra,
  ]
}

/** The controllers of a real cluster, without those for nodes' networks, clouds and bootstrap. */
export function controllerManagerArgs(layout: Layout, kubeconfig: string): readonly string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--controllers=*,-node-ipam-controller,-node-route-controller,-cloud-node-lifecycle-controller,-service-lb-controller,-node-lifecycle-controller',
    `--service-account-private-key-file=${layout.serviceAccountKey}`,
    `--root-ca-file=${layout.caCertificate}`,
    '--use-service-account-credentials=false',
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    '--profiling=false',
  ]
}

/**
 * Who is asked about what in the audit log: writes with their bodies (so that a test can see a precondition), reads
 * without; values of Secrets never; the control plane's own traffic only where it writes objects of users.
 */
export const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'None', users: ['system:apiserver'] },
    { level: 'None', nonResourceURLs: ['/readyz*', '/livez*', '/healthz*'] },
    {
      level: 'None',
      users: ['system:kube-controller-manager', 'mainstay:kubelet'],
      verbs: ['get', 'list', 'watch'],
    },
    {
      level: 'None',
      resources: [{ group: 'coordination.k8s.io', resources: ['leases'] }],
      users: ['mainstay:kubelet'],
    },
    {
      level: 'Metadata',
      resources: [{ group: '', resources: ['secrets', 'configmaps', 'serviceaccounts/token'] }],
    },
    { level: 'Request', verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'] },
    { level: 'Metadata' },
  ],
} as const

// Which objects are more than their manifest: what is lost with them does not come back from Git.
import type { KubeObject } from '../object/object.ts'
import { stringAt } from '../object/object.ts'
import type { GroupKind } from '../object/ref.ts'
import { kindKey } from '../object/ref.ts'

/** Why an object is precious. */
export type Precious =
  | 'namespace'
  | 'definition'
  | 'volume'
  | 'claim'
  | 'stateful-set'
  | 'load-balancer'
  | 'database'
  | 'backup'
  | 'application'

const KINDS: ReadonlyMap<string, Precious> = new Map([
  ['/Namespace', 'namespace'],
  ['apiextensions.k8s.io/CustomResourceDefinition', 'definition'],
  ['/PersistentVolume', 'volume'],
  ['/PersistentVolumeClaim', 'claim'],
  ['apps/StatefulSet', 'stateful-set'],
  ['argoproj.io/Application', 'application'],
  ['argoproj.io/ApplicationSet', 'application'],
  ['argoproj.io/AppProject', 'application'],
  ['postgresql.cnpg.io/Backup', 'backup'],
  ['postgresql.cnpg.io/ScheduledBackup', 'backup'],
  ['k8s.mariadb.com/Backup', 'backup'],
  ['snapshot.storage.k8s.io/VolumeSnapshot', 'backup'],
  ['snapshot.storage.k8s.io/VolumeSnapshotContent', 'backup'],
  ['longhorn.io/Volume', 'volume'],
])

/** Groups of operators whose objects stand for data. */
const GROUPS: ReadonlyMap<string, Precious> = new Map([
  ['acid.zalan.do', 'database'],
  ['cassandra.datastax.com', 'database'],
  ['ceph.rook.io', 'database'],
  ['clickhouse.altinity.com', 'database'],
  ['databases.spotahome.com', 'database'],
  ['elasticsearch.k8s.elastic.co', 'database'],
  ['k8s.mariadb.com', 'database'],
  ['k8ssandra.io', 'database'],
  ['kafka.strimzi.io', 'database'],
  ['kubedb.com', 'database'],
  ['minio.min.io', 'database'],
  ['mongodb.com', 'database'],
  ['mongodbcommunity.mongodb.com', 'database'],
  ['mysql.oracle.com', 'database'],
  ['opensearch.opster.io', 'database'],
  ['pgv2.percona.com', 'database'],
  ['planetscale.com', 'database'],
  ['postgres-operator.crunchydata.com', 'database'],
  ['postgresql.cnpg.io', 'database'],
  ['psmdb.percona.com', 'database'],
  ['pxc.percona.com', 'database'],
  ['rabbitmq.com', 'database'],
  ['redis.redis.opstreelabs.in', 'database'],
  ['scylla.scylladb.com', 'database'],
  ['k8up.io', 'backup'],
  ['stash.appscode.com', 'backup'],
  ['velero.io', 'backup'],
])

/** Why an object is precious, or null for one that Git brings back as it was. */
export function preciousness(kind: GroupKind, live: KubeObject): Precious | null {
  if (kind.group === '' && kind.kind === 'Service') {
    return stringAt(live, 'spec', 'type') === 'LoadBalancer' ? 'load-balancer' : null
  }
  return KINDS.get(kindKey(kind)) ?? GROUPS.get(kind.group) ?? null
}

/** True for an object that holds data or stands for it: created anew, it starts empty. */
export function isStateful(kind: GroupKind): boolean {
  const why = KINDS.get(kindKey(kind)) ?? GROUPS.get(kind.group)
  return why === 'claim' || why === 'stateful-set' || why === 'database' || why === 'volume'
}

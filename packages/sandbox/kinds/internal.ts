// The server's own form of a value, which some refusals show: Go's names and order, every field, nothing left out.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { definition } from '../schema/lookup.ts'
import type { Field, FieldType, StructType } from '../schema/type.ts'
import { goJson } from './causes.ts'
import { objectAt } from './look.ts'

/** A value of a type (`core.v1.PodSpec`) in the server's own form. */
export function internalForm(name: string, value: JsonObject): JsonObject {
  const type = definition(`io.k8s.api.${name}`)
  if (type === null) throw new Error(`there is no type ${name}`)
  return structForm(type, value)
}

/** The same as text on lines of its own, as it is compared; of some fields alone where they are named. */
export function internalLines(name: string, value: JsonObject, fields: readonly string[] | null = null): string {
  const form = internalForm(name, value)
  if (fields === null) return goJson(form, 1)
  const wanted = new Set(fields.map((key) => goName(name, key)))
  return goJson(Object.fromEntries(Object.entries(form).filter(([key]) => wanted.has(key))), 1)
}

/** Types of the machinery are shown as they are sent. */
const SENT = 'io.k8s.apimachinery.'
const CORE = 'io.k8s.api.core.v1.'

function structForm(type: StructType, value: JsonObject): JsonObject {
  const name = type.name ?? ''
  const own: Record<string, Json> = {}
  const inner = name === `${CORE}PodSpec` ? withHost(value) : value
  for (const key of orderOf(type)) {
    const field = type.field(key)
    if (field === null) continue
    if (key === 'metadata') Object.assign(own, objectAt(inner, 'metadata'))
    else own[goName(name, key)] = fieldForm(field, inner[key])
  }
  return name === `${CORE}PodSpec` ? withHostFields(own, value) : own
}

/** The server keeps what a Pod shares with its host beside the security settings. */
const HOST = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers']

function withHost(spec: JsonObject): JsonObject {
  return { ...spec, securityContext: objectAt(spec, 'securityContext') }
}

function withHostFields(form: JsonObject, spec: JsonObject): JsonObject {
  const shared = HOST.map((key) => [capital(key), spec[key] ?? (key.length > 11 || key === 'hostUsers' ? null : false)])
  return { ...form, SecurityContext: { ...Object.fromEntries(shared), ...objectAt(form, 'SecurityContext') } }
}

function fieldForm(field: Field, value: Json | undefined): Json {
  if (value !== undefined && value !== null) return valueForm(field.type, value)
  return field.go?.pointer === true ? null : nothing(field.type)
}

function valueForm(type: FieldType, value: Json): Json {
  if (type.kind === 'struct')
    return type.name?.startsWith(SENT) === true || !isObject(value) ? value : structForm(type, value)
  if (type.kind === 'list') return isList(value) ? value.map((each) => valueForm(type.items, each)) : value
  return value
}

/** What Go has where nothing was said. */
function nothing(type: FieldType): Json {
  if (type.kind === 'struct') return type.name?.startsWith(SENT) === true ? {} : structForm(type, {})
  if (type.kind !== 'scalar') return null
  if (type.type === 'boolean') return false
  if (type.type === 'quantity') return '0'
  return type.type === 'string' ? (type.format === null ? '' : null) : 0
}

/** Where the server's own order is another than that of its API: what comes right before what. */
const BEFORE: Readonly<Record<string, readonly (readonly [key: string, before: string])[]>> = {
  [`${CORE}PodSpec`]: [
    ['setHostnameAsFQDN', 'affinity'],
    ['preemptionPolicy', 'dnsConfig'],
    ['overhead', 'enableServiceLinks'],
  ],
  [`${CORE}PodSecurityContext`]: [['fsGroupChangePolicy', 'sysctls']],
  [`${CORE}Volume`]: [['quobyte', 'flexVolume']],
  [`${CORE}PersistentVolumeSpec`]: [
    ['quobyte', 'iscsi'],
    ['flexVolume', 'cinder'],
  ],
}

/** What the server keeps elsewhere. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = { [`${CORE}PodSpec`]: ['serviceAccount', ...HOST] }

function orderOf(type: StructType): readonly string[] {
  const name = type.name ?? ''
  const away = ELSEWHERE[name] ?? []
  const moved = BEFORE[name] ?? []
  const rest = type.names.filter((each) => !away.includes(each) && !moved.some(([key]) => key === each))
  return rest.flatMap((each) => [...moved.filter(([, before]) => before === each).map(([key]) => key), each])
}

/** Fields whose name in Go is not only a capital letter away. */
const NAMES: Readonly<Record<string, string>> = {
  apiGroup: 'APIGroup',
  apiVersion: 'APIVersion',
  awsElasticBlockStore: 'AWSElasticBlockStore',
  cephfs: 'CephFS',
  csi: 'CSI',
  dnsConfig: 'DNSConfig',
  dnsPolicy: 'DNSPolicy',
  fc: 'FC',
  fsGroup: 'FSGroup',
  fsGroupChangePolicy: 'FSGroupChangePolicy',
  fsType: 'FSType',
  gcePersistentDisk: 'GCEPersistentDisk',
  gmsaCredentialSpec: 'GMSACredentialSpec',
  gmsaCredentialSpecName: 'GMSACredentialSpecName',
  grpc: 'GRPC',
  httpGet: 'HTTPGet',
  httpHeaders: 'HTTPHeaders',
  ip: 'IP',
  iqn: 'IQN',
  iscsi: 'ISCSI',
  iscsiInterface: 'ISCSIInterface',
  nfs: 'NFS',
  os: 'OS',
  pdName: 'PDName',
  rbd: 'RBD',
  seLinuxChangePolicy: 'SELinuxChangePolicy',
  seLinuxOptions: 'SELinuxOptions',
  sslEnabled: 'SSLEnabled',
  storageos: 'StorageOS',
  tcpSocket: 'TCPSocket',
  tty: 'TTY',
  wwids: 'WWIDs',
}

/** Names of single types. */
const OWN_NAMES: readonly (readonly [type: RegExp, names: Readonly<Record<string, string>>])[] = [
  [/ISCSI\w*VolumeSource$/, { chapAuthDiscovery: 'DiscoveryCHAPAuth', chapAuthSession: 'SessionCHAPAuth' }],
  [/Glusterfs\w*VolumeSource$/, { endpoints: 'EndpointsName' }],
  [/RBD\w*VolumeSource$/, { monitors: 'CephMonitors', image: 'RBDImage', pool: 'RBDPool', user: 'RadosUser' }],
  [/AzureDiskVolumeSource$/, { diskURI: 'DataDiskURI' }],
]

function goName(type: string, key: string): string {
  const own = OWN_NAMES.find(([pattern]) => pattern.test(type))?.[1][key]
  return own ?? NAMES[key] ?? capital(key)
}

function capital(key: string): string {
  return `${key.charAt(0).toUpperCase()}${key.slice(1)}`
}

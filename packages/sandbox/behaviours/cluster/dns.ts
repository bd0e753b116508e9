// A zone of DNS names that follows the addresses of Services and Ingresses, as external-dns keeps one.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf, stringAt } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { objectsAt, textAt } from '../../kinds/look.ts'
import { equalJson } from '../../verbs/equal.ts'
import type { World } from '../../world.ts'
import type { Controller } from '../controller.ts'

/** How names follow. */
export interface DnsOptions {
  /** How often names are compared with addresses. */
  readonly intervalMs?: number
  /** `sync` deletes names that nobody wants any more, `upsert-only` never does. */
  readonly policy?: 'sync' | 'upsert-only'
}

/** A name and where it leads. */
export interface DnsRecord {
  readonly name: string
  readonly type: 'A' | 'CNAME'
  readonly targets: readonly string[]
  /** Whose name it is: `service/namespace/name`. */
  readonly owner: string
}

const HOSTNAME = 'external-dns.alpha.kubernetes.io/hostname'
const TARGET = 'external-dns.alpha.kubernetes.io/target'
const NAMESPACE = 'external-dns'
const STORE = { apiVersion: 'v1', kind: 'ConfigMap', namespace: NAMESPACE, name: 'records' } as const
const WRITER = { manager: 'external-dns' } as const
/** A look that comes so soon after a tick belongs to it. */
const TICK_MS = 1000

/** external-dns with a zone that is kept in the sandbox itself. */
export function externalDns({ intervalMs = 60_000, policy = 'sync' }: DnsOptions = {}): Controller {
  return {
    name: 'external-dns',
    follows: ['/services', 'networking.k8s.io/ingresses'].map((resource) => ({
      resource,
      subjects: (object) => (namesOf(object).length === 0 ? [] : ['records']),
    })),
    reconcile: (_subject, { world, now }) => {
      const known = dnsRecords(world)
      const wanted = merged(known, wantedRecords(world), policy)
      if (equalJson(asData(known), asData(wanted))) return null
      const since = now % intervalMs
      if (since > TICK_MS) return intervalMs - since
      write(world, wanted)
      return null
    },
  }
}

/** The names of the zone, in order. */
export function dnsRecords(world: World): readonly DnsRecord[] {
  const data = world.get(STORE)?.data ?? {}
  return Object.values(data)
    .map((text) => JSON.parse(String(text)) as DnsRecord) // Written below.
    .sort((a, b) => compareText(a.name, b.name))
}

/** The record of a name; null where the name leads nowhere. */
export function resolveName(world: World, name: string): DnsRecord | null {
  return dnsRecords(world).find((each) => each.name === name) ?? null
}

function wantedRecords(world: World): readonly DnsRecord[] {
  const services = [...world.all('/services')]
  const ingresses = world.list('networking.k8s.io/v1', 'Ingress')
  return [...services, ...ingresses].flatMap((object) => {
    const targets = targetsOf(object)
    const owner = [object.kind.toLowerCase(), textAt(object, 'metadata', 'namespace'), object.metadata.name].join('/')
    if (targets.length === 0) return []
    const type = targets.every((each) => /^[\d.]+$/.test(each)) ? 'A' : 'CNAME'
    return namesOf(object).map((name): DnsRecord => ({ name, type, targets, owner }))
  })
}

/** The names that an object asks for. */
function namesOf(object: KubeObject): readonly string[] {
  const noted = (annotationOf(object, HOSTNAME) ?? '').split(',').map((each) => each.trim().replace(/\.$/, ''))
  const hosts = object.kind === 'Ingress' ? objectsAt(object, 'spec', 'rules').map((rule) => textAt(rule, 'host')) : []
  return [...new Set([...noted, ...hosts])].filter((each) => each !== '')
}

function targetsOf(object: KubeObject): readonly string[] {
  const fixed = annotationOf(object, TARGET)
  if (fixed !== undefined) return fixed.split(',').map((each) => each.trim())
  if (object.kind === 'Service' && stringAt(object, 'spec', 'type') !== 'LoadBalancer') return []
  return objectsAt(object, 'status', 'loadBalancer', 'ingress')
    .map((each) => textAt(each, 'ip') || textAt(each, 'hostname'))
    .filter((each) => each !== '')
    .sort(compareText)
}

/** A name stays with whom it belongs to as long as that one wants it. */
function merged(
  known: readonly DnsRecord[],
  wanted: readonly DnsRecord[],
  policy: 'sync' | 'upsert-only',
): readonly DnsRecord[] {
  const byName = new Map<string, DnsRecord>()
  if (policy === 'upsert-only') for (const each of known) byName.set(each.name, each)
  const owners = new Map(known.map((each) => [each.name, each.owner]))
  for (const name of new Set(wanted.map((each) => each.name))) {
    const candidates = wanted.filter((each) => each.name === name)
    const own = candidates.find((each) => each.owner === owners.get(name))
    const first = own ?? candidates.sort((a, b) => compareText(a.owner, b.owner))[0]
    if (first !== undefined) byName.set(name, first)
  }
  return [...byName.values()]
}

function asData(records: readonly DnsRecord[]): Readonly<Record<string, string>> {
  // A star is no letter of keys.
  return Object.fromEntries(records.map((each) => [each.name.replaceAll('*', '_any'), JSON.stringify(each)]))
}

function write(world: World, records: readonly DnsRecord[]): void {
  const data = asData(records)
  const live = world.get(STORE)
  if (live !== null) {
    world.update({ ...live, data }, WRITER)
    return
  }
  const place = { apiVersion: 'v1', kind: 'Namespace', namespace: null, name: NAMESPACE }
  if (world.get(place) === null) {
    world.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }, WRITER)
  }
  const { apiVersion, kind, name } = STORE
  world.create({ apiVersion, kind, metadata: { name, namespace: NAMESPACE }, data }, WRITER)
}

// Addresses and node ports: each is given out once in the cluster.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Behaviour, Cause, Surroundings } from '../../registry/kind.ts'
import { holds, readAddress, readRange } from '../address.ts'
import { invalid } from '../causes.ts'
import { has, isTrue, objectAt, objectsAt, textAt, textsAt, wholeAt } from '../look.ts'
import { isHeadless, needsHealthPort, typeOf } from './service-fields.ts'

/** The range of service addresses: that of the real server beside which the sandbox is tested. */
export const SERVICE_RANGE = '10.96.0.0/16'
const FIRST_PORT = 30_000
const LAST_PORT = 32_767
const SIZE = 65_536

type Allocate = NonNullable<Behaviour['allocate']>

/** What is given out already, and what this request asks for. */
interface Books {
  readonly addresses: ReadonlySet<string>
  readonly ports: Set<number>
  readonly around: Surroundings
  readonly causes: Cause[]
}

/** Gives a Service what it needs and does not have. */
export const allocateService: Allocate = (object, old, around) => {
  const books = openBooks(old, around)
  const before = objectAt(old, 'spec')
  const spec = withPorts(withAddresses(objectAt(object, 'spec'), before, books), before, books)
  return { object: { ...object, spec: withHealthPort(spec, before, books) }, causes: books.causes }
}

function openBooks(old: KubeObject | null, around: Surroundings): Books {
  const services = around
    .list({ group: '', plural: 'services' }, null)
    .filter((each) => old === null || each.metadata.uid !== old.metadata.uid)
  const ports = services.flatMap((each) => [
    ...objectsAt(each, 'spec', 'ports').map((port) => wholeAt(port, 'nodePort') ?? 0),
    wholeAt(each, 'spec', 'healthCheckNodePort') ?? 0,
  ])
  return {
    addresses: new Set(services.flatMap((each) => textsAt(each, 'spec', 'clusterIPs'))),
    ports: new Set(ports.filter((port) => port !== 0)),
    around,
    causes: [],
  }
}

function withAddresses(spec: JsonObject, before: JsonObject, books: Books): JsonObject {
  if (typeOf(spec) === 'ExternalName' || isHeadless(spec)) return spec
  const unfit = familyCauses(spec)
  books.causes.push(...unfit)
  if (unfit.length > 0) return spec
  const given = textsAt(spec, 'clusterIPs')
  const old = textsAt(before, 'clusterIPs')
  for (const address of given) if (!old.includes(address)) checkAddress(address, spec, books)
  if (given.length > 0) return spec
  const address = freeAddress(books)
  return { ...spec, clusterIP: address, clusterIPs: [address] }
}

/** This cluster has addresses of IPv4 alone. */
function familyCauses(spec: JsonObject): readonly Cause[] {
  const policy = textAt(spec, 'ipFamilyPolicy')
  const dual = 'this cluster is not configured for dual-stack services'
  return [
    ...(policy === 'RequireDualStack' ? [invalid('spec.ipFamilyPolicy', policy, dual)] : []),
    ...textsAt(spec, 'ipFamilies').flatMap((each, at) =>
      each === 'IPv6' ? [invalid(`spec.ipFamilies[${at}]`, each, 'not configured on this cluster')] : [],
    ),
  ]
}

function checkAddress(address: string, spec: JsonObject, books: Books): void {
  const bytes = readAddress(address)
  const range = readRange(SERVICE_RANGE)
  if (bytes === null || range === null) return
  const why = !holds(range, { bytes, prefix: 32 })
    ? `the provided network does not match the current range`
    : books.addresses.has(address)
      ? 'provided IP is already allocated'
      : null
  if (why === null) return
  const shown: Json = [...textsAt(spec, 'clusterIPs')]
  books.causes.push(invalid('spec.clusterIPs', shown, `failed to allocate IP ${address}: ${why}`))
}

/** A free address out of the upper part of the range, as the server prefers it. */
function freeAddress({ addresses, around }: Books): string {
  const reserved = 256
  const start = reserved + Math.floor(around.random() * (SIZE - reserved - 1))
  for (let step = 0; step < SIZE; step += 1) {
    const at = 1 + ((start - 1 + step) % (SIZE - 2))
    const address = `10.96.${at >> 8}.${at & 255}`
    if (!addresses.has(address)) return address
  }
  return ''
}

function withPorts(spec: JsonObject, before: JsonObject, books: Books): JsonObject {
  const type = typeOf(spec)
  if ((type !== 'NodePort' && type !== 'LoadBalancer') || !has(spec, 'ports')) return spec
  const gives = type === 'NodePort' || isTrue(spec, 'allocateLoadBalancerNodePorts')
  const own = new Set(objectsAt(before, 'ports').map((port) => wholeAt(port, 'nodePort') ?? 0))
  const byPort = new Map<number, number>()
  const ports = objectsAt(spec, 'ports')
  for (const [at, port] of ports.entries()) {
    const asked = wholeAt(port, 'nodePort') ?? 0
    const number = wholeAt(port, 'port') ?? 0
    if (asked === 0) continue
    // The same number may stand for TCP and UDP of one Service.
    if (byPort.get(number) !== asked && !own.has(asked)) takePort(asked, at, books)
    byPort.set(number, asked)
  }
  return {
    ...spec,
    ports: ports.map((port) => {
      if ((wholeAt(port, 'nodePort') ?? 0) !== 0 || !gives) return port
      const number = wholeAt(port, 'port') ?? 0
      const node = byPort.get(number) ?? freePort(books)
      byPort.set(number, node)
      return { ...port, nodePort: node }
    }),
  }
}

function takePort(port: number, at: number, books: Books): void {
  const path = `spec.ports[${at}].nodePort`
  if (port < FIRST_PORT || port > LAST_PORT) {
    const text = `provided port is not in the valid range. The range of valid ports is ${FIRST_PORT}-${LAST_PORT}`
    books.causes.push(invalid(path, port, text))
  } else if (books.ports.has(port)) books.causes.push(invalid(path, port, 'provided port is already allocated'))
  books.ports.add(port)
}

function freePort({ ports, around }: Books): number {
  const count = LAST_PORT - FIRST_PORT + 1
  const start = Math.floor(around.random() * count)
  for (let step = 0; step < count; step += 1) {
    const port = FIRST_PORT + ((start + step) % count)
    if (ports.has(port)) continue
    ports.add(port)
    return port
  }
  return 0
}

function withHealthPort(spec: JsonObject, before: JsonObject, books: Books): JsonObject {
  if (!needsHealthPort(spec) || (wholeAt(spec, 'healthCheckNodePort') ?? 0) !== 0) return spec
  return needsHealthPort(before) ? spec : { ...spec, healthCheckNodePort: freePort(books) }
}

// What the API server does to a Service before it judges it: one address and a list of them say the same, values that it
// gave out are kept, and what the new type cannot have goes.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isIpv6 } from '../address.ts'
import { same } from '../causes.ts'
import { changeEach, has, objectAt, objectsAt, textAt, textsAt, wholeAt, withAt } from '../look.ts'
import { externallyReachable, isHeadless, needsHealthPort, needsNodePorts, typeOf } from './service-fields.ts'

/** A new Service. */
export function prepareService(object: KubeObject): KubeObject {
  const spec = objectAt(object, 'spec')
  const address = textAt(spec, 'clusterIP')
  const listed = address !== '' && !has(spec, 'clusterIPs') ? { ...spec, clusterIPs: [address] } : spec
  return { ...object, spec: families(listed, null) }
}

/** A changed Service; the steps and their order are the server's. */
export function prepareServiceUpdate(object: KubeObject, old: KubeObject): KubeObject {
  const before = objectAt(old, 'spec')
  const kept = oneAddress(keptValues(objectAt(object, 'spec'), before), before)
  const spec = withoutOthersFields(families(kept, before), before)
  const made = { ...object, spec }
  return typeOf(spec) === 'LoadBalancer' ? made : withAt(made, ['status', 'loadBalancer'], {})
}

/** The values that the server gave out and the client did not repeat. */
function keptValues(spec: JsonObject, before: JsonObject): JsonObject {
  const addressed = typeOf(spec) !== 'ExternalName' && typeOf(before) !== 'ExternalName'
  const made: Record<string, Json> = { ...spec }
  if (addressed && textAt(spec, 'clusterIP') === '' && has(before, 'clusterIP')) made.clusterIP = before.clusterIP ?? ''
  if (addressed && !has(spec, 'clusterIPs') && has(before, 'clusterIPs')) made.clusterIPs = before.clusterIPs ?? []
  if (needsHealthPort(spec) && needsHealthPort(before) && !has(spec, 'healthCheckNodePort')) {
    made.healthCheckNodePort = before.healthCheckNodePort ?? 0
  }
  return needsNodePorts(spec) && needsNodePorts(before) ? keptNodePorts(made, before) : made
}

function keptNodePorts(spec: JsonObject, before: JsonObject): JsonObject {
  const node = (port: JsonObject): number => wholeAt(port, 'nodePort') ?? 0
  const old = objectsAt(before, 'ports')
  const known = new Set(old.map(node))
  const used = new Set(
    objectsAt(spec, 'ports')
      .map(node)
      .filter((each) => known.has(each)),
  )
  const byName = new Map(old.map((port) => [textAt(port, 'name'), node(port)] as const))
  return changeEach(spec, 'ports', (port) => {
    const value = byName.get(textAt(port, 'name')) ?? 0
    return node(port) !== 0 || value === 0 || used.has(value) ? port : { ...port, nodePort: value }
  })
}

/** A client that sets or empties one of `clusterIP` and `clusterIPs` means both. */
function oneAddress(spec: JsonObject, before: JsonObject): JsonObject {
  const address = textAt(spec, 'clusterIP')
  const old = textAt(before, 'clusterIP')
  if (address === old || !same(spec.clusterIPs, before.clusterIPs)) return spec
  return old !== '' && address === '' ? withAt(spec, ['clusterIPs'], undefined) : { ...spec, clusterIPs: [address] }
}

/** The families and their policy; this cluster has IPv4. */
function families(spec: JsonObject, before: JsonObject | null): JsonObject {
  if (typeOf(spec) === 'ExternalName') return withAt(spec, ['internalTrafficPolicy'], undefined)
  const headless = textAt(spec, 'clusterIP') === 'None' && !has(spec, 'selector')
  const chosen = has(spec, 'ipFamilyPolicy') ? spec.ipFamilyPolicy : before?.ipFamilyPolicy
  const policy = chosen ?? (headless ? 'RequireDualStack' : 'SingleStack')
  const given = textsAt(spec, 'ipFamilies')
  const addressed = isHeadless(spec) ? [] : textsAt(spec, 'clusterIPs').map((each) => (isIpv6(each) ? 'IPv6' : 'IPv4'))
  const all = [...given, ...addressed.slice(given.length)]
  const own = all.length === 0 ? ['IPv4'] : all
  const dual = headless && own.length < 2 && policy !== 'SingleStack'
  return { ...spec, ipFamilyPolicy: policy, ipFamilies: dual ? [...own, own[0] === 'IPv4' ? 'IPv6' : 'IPv4'] : own }
}

/** Fields that only the old type had, where the client left them as they were. */
function withoutOthersFields(given: JsonObject, before: JsonObject): JsonObject {
  const gone: string[] = []
  const kept = (key: string): boolean => same(given[key], before[key])
  const was = typeOf(before)
  const is = typeOf(given)
  if (was !== 'ExternalName' && is === 'ExternalName') {
    if (kept('clusterIP') && kept('clusterIPs')) gone.push('clusterIP', 'clusterIPs')
    gone.push(...['ipFamilies', 'ipFamilyPolicy'].filter(kept))
  }
  if (needsHealthPort(before) && !needsHealthPort(given) && kept('healthCheckNodePort'))
    gone.push('healthCheckNodePort')
  if (was === 'LoadBalancer' && is !== 'LoadBalancer') {
    gone.push(...['allocateLoadBalancerNodePorts', 'loadBalancerClass'].filter(kept))
  }
  if (externallyReachable(before) && !externallyReachable(given) && kept('externalTrafficPolicy')) {
    gone.push('externalTrafficPolicy')
  }
  const spec = gone.reduce((at, key) => withAt(at, [key], undefined), given)
  return lostNodePorts(spec, before) ? changeEach(spec, 'ports', (port) => withAt(port, ['nodePort'], undefined)) : spec
}

function lostNodePorts(spec: JsonObject, before: JsonObject): boolean {
  const open = (each: JsonObject): boolean => typeOf(each) === 'NodePort' || typeOf(each) === 'LoadBalancer'
  if (!open(before) || open(spec)) return false
  const known = new Set(objectsAt(before, 'ports').map((port) => wholeAt(port, 'nodePort') ?? 0))
  return objectsAt(spec, 'ports').every((port) => !has(port, 'nodePort') || known.has(wholeAt(port, 'nodePort') ?? 0))
}

// What the parts of a Service say together: its type, whether it is headless, which addresses fit it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { addressCauses, isIpv6 } from '../address.ts'
import { duplicate, invalid, notSupported, required } from '../causes.ts'
import { has, isTrue, textAt, textsAt } from '../look.ts'

const FAMILIES = ['IPv4', 'IPv6']
const POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack']

/** `spec.type`. */
export function typeOf(spec: JsonObject): string {
  return textAt(spec, 'type')
}

/** A service without an address of its own. */
export function isHeadless(spec: JsonObject): boolean {
  const addresses = textsAt(spec, 'clusterIPs')
  return addresses.length === 1 && addresses[0] === 'None'
}

/** Reachable from outside the cluster. */
export function externallyReachable(spec: JsonObject): boolean {
  const type = typeOf(spec)
  return type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && has(spec, 'externalIPs'))
}

/** A load balancer that asks each node whether it serves. */
export function needsHealthPort(spec: JsonObject): boolean {
  return typeOf(spec) === 'LoadBalancer' && textAt(spec, 'externalTrafficPolicy') === 'Local'
}

/** Its ports are open on every node. */
export function needsNodePorts(spec: JsonObject): boolean {
  const type = typeOf(spec)
  if (type === 'NodePort') return true
  const chosen = !has(spec, 'allocateLoadBalancerNodePorts') || isTrue(spec, 'allocateLoadBalancerNodePorts')
  return type === 'LoadBalancer' && chosen
}

/** The addresses of a service and the families that they belong to. */
export function addressesCauses(spec: JsonObject, known: readonly string[]): readonly Cause[] {
  if (typeOf(spec) === 'ExternalName') return []
  const addresses = textsAt(spec, 'clusterIPs')
  const wrong = addresses.flatMap((each, at) => singleCauses(spec, each, at, known))
  const many = addresses.length > 2 ? [invalid('spec.clusterIPs', [...addresses], 'may only hold up to 2 values')] : []
  return [
    ...primaryCauses(spec, addresses),
    ...familyCauses(spec),
    ...wrong,
    ...many,
    ...(wrong.length > 0 ? [] : pairCauses(spec, addresses)),
  ]
}

function primaryCauses(spec: JsonObject, addresses: readonly string[]): readonly Cause[] {
  const address = textAt(spec, 'clusterIP')
  const path = 'spec.clusterIPs'
  if (address === '') {
    const text = 'must be empty when `clusterIP` is not specified'
    return addresses.length > 0 ? [invalid(path, [...addresses], text)] : []
  }
  if (addresses.length === 0) return [required(path)]
  return addresses[0] === address ? [] : [invalid(path, [...addresses], 'first value must match `clusterIP`')]
}

function familyCauses(spec: JsonObject): readonly Cause[] {
  const families = textsAt(spec, 'ipFamilies')
  const policy = textAt(spec, 'ipFamilyPolicy')
  return [
    ...families.flatMap((each, at) => [
      ...(FAMILIES.includes(each) ? [] : [notSupported(`spec.ipFamilies[${at}]`, each, FAMILIES)]),
      ...(families.indexOf(each) < at ? [duplicate(`spec.ipFamilies[${at}]`, each)] : []),
    ]),
    ...(has(spec, 'ipFamilyPolicy') && !POLICIES.includes(policy)
      ? [notSupported('spec.ipFamilyPolicy', policy, POLICIES)]
      : []),
  ]
}

function singleCauses(spec: JsonObject, address: string, at: number, known: readonly string[]): readonly Cause[] {
  if (at === 0 && address === 'None') {
    const all = textsAt(spec, 'clusterIPs')
    return all.length > 1 ? [invalid('spec.clusterIPs', [...all], "'None' must be the first and only value")] : []
  }
  return addressCauses(`spec.clusterIPs[${at}]`, address, known)
}

function pairCauses(spec: JsonObject, addresses: readonly string[]): readonly Cause[] {
  const families = textsAt(spec, 'ipFamilies')
  const sixes = addresses.filter(isIpv6).length
  const single = addresses.length > 1 && (sixes === 0 || sixes === addresses.length)
  const text = 'may specify no more than one IP for each IP family'
  return [
    ...(single ? [invalid('spec.clusterIPs', [...addresses], text)] : []),
    ...(isHeadless(spec) ? [] : addresses).flatMap((each, at) => {
      const family = families[at]
      const fits = family === undefined || (family === 'IPv6') === isIpv6(each)
      const expected = `expected an ${family} value as indicated by \`ipFamilies[${at}]\``
      return fits ? [] : [invalid(`spec.clusterIPs[${at}]`, each, expected)]
    }),
  ]
}

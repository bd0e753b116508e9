// Ingresses and their classes.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { readAddress } from '../address.ts'
import { invalid, invalids, notSupported, required } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { dnsLabel, dnsSubdomain, portName, portNumber, wildcardSubdomain } from '../formats.ts'
import { has, objectAt, objectsAt, textAt, textsAt, wholeAt } from '../look.ts'
import { balancerStatusCauses } from './balancer.ts'

const CLASS = 'kubernetes.io/ingress.class'
const TYPES = ['Exact', 'ImplementationSpecific', 'Prefix']

function ingressCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const name = textAt(spec, 'ingressClassName')
  const empty = !has(spec, 'rules') && !has(spec, 'defaultBackend')
  return [
    ...(empty ? [invalid('spec', null, 'either `defaultBackend` or `rules` must be specified')] : []),
    ...(has(spec, 'defaultBackend') ? backendCauses(objectAt(spec, 'defaultBackend'), 'spec.defaultBackend') : []),
    ...objectsAt(spec, 'rules').flatMap((rule, at) => ruleCauses(rule, `spec.rules[${at}]`)),
    ...objectsAt(spec, 'tls').flatMap((tls, at) => tlsCauses(tls, `spec.tls[${at}]`)),
    ...(has(spec, 'ingressClassName') ? invalids('spec.ingressClassName', name, dnsSubdomain(name)) : []),
  ]
}

function classCauses(object: KubeObject): readonly Cause[] {
  const noted = textAt(object, 'metadata', 'annotations', CLASS)
  const both = has(object, 'metadata', 'annotations', CLASS) && has(object, 'spec', 'ingressClassName')
  if (!both || noted === textAt(object, 'spec', 'ingressClassName')) return []
  return [invalid(`annotations.${CLASS}`, noted, 'must match `ingressClassName` when both are specified')]
}

function hostCauses(host: string, path: string): readonly Cause[] {
  return invalids(path, host, host.includes('*') ? wildcardSubdomain(host) : dnsSubdomain(host))
}

function tlsCauses(tls: JsonObject, path: string): readonly Cause[] {
  const secret = textAt(tls, 'secretName')
  return [
    ...textsAt(tls, 'hosts').flatMap((host, at) => hostCauses(host, `${path}.hosts[${at}]`)),
    ...(secret === '' ? [] : invalids(`${path}.secretName`, secret, dnsSubdomain(secret))),
  ]
}

function ruleCauses(rule: JsonObject, path: string): readonly Cause[] {
  const host = textAt(rule, 'host')
  const paths = objectsAt(rule, 'http', 'paths')
  const field = `${path}.host`
  return [
    ...(host !== '' && readAddress(host) !== null
      ? [invalid(field, host, 'must be a DNS name, not an IP address')]
      : []),
    ...(host === '' ? [] : hostCauses(host, field)),
    ...(has(rule, 'http') && paths.length === 0 ? [required(`${path}.http.paths`)] : []),
    ...paths.flatMap((each, at) => pathCauses(each, `${path}.http.paths[${at}]`)),
  ]
}

function pathCauses(entry: JsonObject, path: string): readonly Cause[] {
  const type = textAt(entry, 'pathType')
  if (!has(entry, 'pathType')) return [required(`${path}.pathType`, 'pathType must be specified')]
  return [
    ...placeCauses(type, textAt(entry, 'path'), `${path}.path`),
    ...(TYPES.includes(type) ? [] : [notSupported(`${path}.pathType`, type, TYPES)]),
    ...backendCauses(objectAt(entry, 'backend'), `${path}.backend`),
  ]
}

const SEQUENCES = ['//', '/./', '/../', '%2f', '%2F']
const SUFFIXES = ['/..', '/.']

function placeCauses(type: string, place: string, path: string): readonly Cause[] {
  const absolute = place.startsWith('/') ? [] : [invalid(path, place, 'must be an absolute path')]
  if (type === 'ImplementationSpecific') return place === '' ? [] : absolute
  if (type !== 'Exact' && type !== 'Prefix') return []
  return [
    ...absolute,
    ...SEQUENCES.filter((each) => place.includes(each)).map((each) =>
      invalid(path, place, `must not contain '${each}'`),
    ),
    ...SUFFIXES.filter((each) => place.endsWith(each)).map((each) => invalid(path, place, `cannot end with '${each}'`)),
  ]
}

function backendCauses(backend: JsonObject, path: string): readonly Cause[] {
  const [resource, service] = [has(backend, 'resource'), has(backend, 'service')]
  if (resource && service) return [invalid(path, '', 'cannot set both resource and service backends')]
  if (resource) return resourceCauses(objectAt(backend, 'resource'), `${path}.resource`)
  if (!service) return [invalid(path, '', 'resource or service backend is required')]
  const name = textAt(backend, 'service', 'name')
  const own = `${path}.service.name`
  return [
    ...(name === '' ? [required(own)] : invalids(own, name, dnsLabel(name))),
    ...backendPortCauses(objectAt(backend, 'service', 'port'), path),
  ]
}

function backendPortCauses(port: JsonObject, path: string): readonly Cause[] {
  const name = textAt(port, 'name')
  const number = wholeAt(port, 'number') ?? 0
  if (name !== '' && number !== 0) return [invalid(path, '', 'cannot set both port name & port number')]
  if (name !== '') return invalids(`${path}.service.port.name`, name, portName(name))
  if (number !== 0) return invalids(`${path}.service.port.number`, number, portNumber(number))
  return [required(path, 'port name or number is required')]
}

function resourceCauses(ref: JsonObject, path: string): readonly Cause[] {
  return ['kind', 'name'].filter((key) => textAt(ref, key) === '').map((key) => required(`${path}.${key}`))
}

/** `example.com + 2 more...` */
function hostsCell(object: KubeObject): string {
  const hosts = objectsAt(object, 'spec', 'rules').map((each) => textAt(each, 'host') || '*')
  if (hosts.length === 0) return '*'
  const shown = hosts.slice(0, 3).join(',')
  return hosts.length > 3 ? `${shown} + ${hosts.length - 3} more...` : shown
}

function addressCell(object: KubeObject): string {
  const addresses = objectsAt(object, 'status', 'loadBalancer', 'ingress').map(
    (each) => textAt(each, 'ip') || textAt(each, 'hostname'),
  )
  return [...new Set(addresses.filter((each) => each !== ''))].sort().join(',')
}

function noteWarnings(object: KubeObject, old: KubeObject | null): readonly string[] {
  const noted = has(object, 'metadata', 'annotations', CLASS)
  const text = `annotation "${CLASS}" is deprecated, please use 'spec.ingressClassName' instead`
  return old === null && noted ? [text] : []
}

/** Ingresses. */
export const ingress: Entry = {
  validateStatus: (object) => balancerStatusCauses(object),
  generation: 'spec',
  validate: ingressCauses,
  validateCreate: classCauses,
  warnings: noteWarnings,
  cells: {
    Class: (object) => textAt(object, 'spec', 'ingressClassName') || '<none>',
    Hosts: hostsCell,
    Address: addressCell,
    Ports: (object) => (has(object, 'spec', 'tls') ? '80, 443' : '80'),
  },
}

// EndpointSlices: addresses of one type, ports that differ in their names.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { addressCauses, isIpv6, reachableCauses } from '../address.ts'
import { duplicate, invalid, invalids, notSupported, oneOf, required, tooMany, unchanged } from '../causes.ts'
import { listCell } from '../core/cells.ts'
import { appProtocolCauses } from '../core/cluster.ts'
import type { Entry } from '../entry.ts'
import { dnsLabel, dnsSubdomain, type Form, labelValue } from '../formats.ts'
import { changeEach, has, objectsAt, textAt, textsAt, wholeAt, withAt } from '../look.ts'

const TYPES = ['FQDN', 'IPv4', 'IPv6']
const MOST_ADDRESSES = 100
const MOST_HINTS = 8

function sliceCauses(object: KubeObject): readonly Cause[] {
  const type = textAt(object, 'addressType')
  return [
    ...oneOf('addressType', type, TYPES),
    ...objectsAt(object, 'endpoints').flatMap((each, at) => endpointCauses(each, type, `endpoints[${at}]`)),
    ...portsCauses(objectsAt(object, 'ports')),
  ]
}

function endpointCauses(endpoint: JsonObject, type: string, path: string): readonly Cause[] {
  const addresses = textsAt(endpoint, 'addresses')
  const list = `${path}.addresses`
  const name = (key: string, form: Form): readonly Cause[] =>
    has(endpoint, key) ? invalids(`${path}.${key}`, textAt(endpoint, key), form(textAt(endpoint, key))) : []
  return [
    ...(addresses.length === 0 ? [required(list, 'must contain at least 1 address')] : []),
    ...(addresses.length > MOST_ADDRESSES ? [tooMany(list, addresses.length, MOST_ADDRESSES)] : []),
    ...addresses.flatMap((each, at) => addressOfTypeCauses(each, type, list, at)),
    ...name('nodeName', dnsSubdomain),
    ...name('hostname', dnsLabel),
    ...hintsCauses(endpoint, 'forZones', labelValue, `${path}.hints.forZones`),
    ...hintsCauses(endpoint, 'forNodes', dnsSubdomain, `${path}.hints.forNodes`),
  ]
}

function addressOfTypeCauses(address: string, type: string, list: string, at: number): readonly Cause[] {
  const path = `${list}[${at}]`
  if (type === 'FQDN') return invalids(path, address, dnsSubdomain(address))
  if (!TYPES.includes(type)) return []
  const wrong = addressCauses(path, address)
  if (wrong.length > 0) return wrong
  const other = isIpv6(address) !== (type === 'IPv6')
  return [...(other ? [invalid(list, address, `must be an ${type} address`)] : []), ...reachableCauses(path, address)]
}

function hintsCauses(endpoint: JsonObject, key: string, form: Form, path: string): readonly Cause[] {
  const names = objectsAt(endpoint, 'hints', key).map((each) => textAt(each, 'name'))
  if (names.length > MOST_HINTS) return [tooMany(path, names.length, MOST_HINTS)]
  return names.flatMap((name, at) => [
    ...(names.indexOf(name) < at ? [duplicate(`${path}[${at}].name`, name)] : []),
    ...invalids(`${path}[${at}].name`, name, form(name)),
  ])
}

function portsCauses(ports: readonly JsonObject[]): readonly Cause[] {
  const names = ports.map((each) => textAt(each, 'name'))
  return ports.flatMap((port, at) => {
    const path = `ports[${at}]`
    const [name, protocol] = [names[at] ?? '', textAt(port, 'protocol')]
    const known = ['SCTP', 'TCP', 'UDP']
    return [
      ...(name === '' ? [] : invalids(`${path}.name`, name, dnsLabel(name))),
      ...(names.indexOf(name) < at ? [duplicate(`${path}.name`, name)] : []),
      ...(known.includes(protocol) ? [] : [notSupported(`${path}.protocol`, protocol, known)]),
      ...appProtocolCauses(port, path),
    ]
  })
}

/** Where endpoints lie is said in fields of their own today. */
function withoutTopology(object: KubeObject): KubeObject {
  return changeEach(object, 'endpoints', (each) => withAt(each, ['deprecatedTopology'], undefined))
}

/** EndpointSlices. */
export const endpointSlice: Entry = {
  generation: 'anything',
  prepareCreate: withoutTopology,
  warnings: (object, old) =>
    old === null && textAt(object, 'addressType') === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : [],
  validate: sliceCauses,
  validateUpdate: (object, old) => unchanged('addressType', object.addressType, old.addressType),
  cells: {
    AddressType: (object) => textAt(object, 'addressType'),
    Ports: (object) =>
      listCell(
        objectsAt(object, 'ports').map((each) => String(wholeAt(each, 'port') ?? (textAt(each, 'name') || '*'))),
        '<unset>',
      ),
    Endpoints: (object) =>
      listCell(
        objectsAt(object, 'endpoints').flatMap((each) => textsAt(each, 'addresses')),
        '<unset>',
      ),
  },
}

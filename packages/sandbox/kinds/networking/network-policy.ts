// NetworkPolicies.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { holds, rangeCauses, readRange } from '../address.ts'
import { selectorText } from '../apps/template.ts'
import { forbidden, invalid, invalids, notSupported, required } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { portName, portNumber } from '../formats.ts'
import { has, objectAt, objectsAt, textAt, textsAt, wholeAt } from '../look.ts'
import { selectorCauses } from '../metadata.ts'

const TYPES = ['Ingress', 'Egress']

function policyCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const types = textsAt(spec, 'policyTypes')
  const many = 'may not specify more than two policyTypes'
  return [
    ...selectorCauses(objectAt(spec, 'podSelector'), 'spec.podSelector'),
    ...ruleCauses(spec, 'ingress', 'from'),
    ...ruleCauses(spec, 'egress', 'to'),
    ...(types.length > 2
      ? [invalid('spec.policyTypes', [...types], many)]
      : types.flatMap((each, at) =>
          TYPES.includes(each) ? [] : [notSupported(`spec.policyTypes[${at}]`, each, TYPES)],
        )),
  ]
}

function ruleCauses(spec: JsonObject, key: string, peers: string): readonly Cause[] {
  return objectsAt(spec, key).flatMap((rule, at) => {
    const path = `spec.${key}[${at}]`
    return [
      ...objectsAt(rule, 'ports').flatMap((each, index) => portCauses(each, `${path}.ports[${index}]`)),
      ...objectsAt(rule, peers).flatMap((each, index) => peerCauses(each, `${path}.${peers}[${index}]`)),
    ]
  })
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP']

function portCauses(port: JsonObject, path: string): readonly Cause[] {
  const protocol = textAt(port, 'protocol')
  return [
    ...(PROTOCOLS.includes(protocol) ? [] : [notSupported(`${path}.protocol`, protocol, PROTOCOLS)]),
    ...endCauses(port, path),
  ]
}

function endCauses(port: JsonObject, path: string): readonly Cause[] {
  const value = port.port
  const end = wholeAt(port, 'endPort')
  const field = `${path}.endPort`
  if (typeof value === 'number') {
    return [
      ...invalids(`${path}.port`, value, portNumber(value)),
      ...(end !== null && end < value ? [invalid(field, value, 'must be greater than or equal to `port`')] : []),
      ...(end === null ? [] : invalids(field, end, portNumber(end))),
    ]
  }
  const why = typeof value === 'string' ? 'non-numeric' : 'not specified'
  return [
    ...(end === null ? [] : [invalid(field, end, `may not be specified when \`port\` is ${why}`)]),
    ...(typeof value === 'string' ? invalids(`${path}.port`, value, portName(value)) : []),
  ]
}

function peerCauses(peer: JsonObject, path: string): readonly Cause[] {
  const given = ['podSelector', 'namespaceSelector', 'ipBlock'].filter((key) => has(peer, key))
  const block = has(peer, 'ipBlock')
  return [
    ...given.filter((key) => key !== 'ipBlock').flatMap((key) => selectorCauses(objectAt(peer, key), `${path}.${key}`)),
    ...(block ? blockCauses(objectAt(peer, 'ipBlock'), `${path}.ipBlock`) : []),
    ...(given.length === 0 ? [required(path, 'must specify a peer')] : []),
    ...(given.length > 1 && block ? [forbidden(path, 'may not specify both ipBlock and another peer')] : []),
  ]
}

function blockCauses(block: JsonObject, path: string): readonly Cause[] {
  const text = textAt(block, 'cidr')
  if (text === '') return [required(`${path}.cidr`)]
  const whole = readRange(text)
  const own = rangeCauses(`${path}.cidr`, text)
  if (whole === null) return own
  const except = textsAt(block, 'except').flatMap((each, at) => {
    const field = `${path}.except[${at}]`
    const part = readRange(each)
    const inside = part === null || (holds(whole, part) && part.prefix > whole.prefix)
    return [...rangeCauses(field, each), ...(inside ? [] : [invalid(field, each, 'must be a strict subset of `cidr`')])]
  })
  return [...own, ...except]
}

/** NetworkPolicies. */
export const networkPolicy: Entry = {
  tellsEmpty: true,
  generation: 'spec',
  validate: policyCauses,
  cells: { 'Pod-Selector': (object) => selectorText(objectAt(object, 'spec', 'podSelector')) },
}

// Services: what goes with each type, and what may change.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { addressCauses, rangeCauses, reachableCauses } from '../address.ts'
import { duplicate, forbidden, invalid, invalids, notSupported, oneOf, required } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { betweenText, dnsLabel, dnsSubdomain, portNumber, qualifiedName } from '../formats.ts'
import { has, objectAt, objectsAt, textAt, textsAt, wholeAt } from '../look.ts'
import { labelCauses } from '../metadata.ts'
import { balancerStatusCauses } from '../networking/balancer.ts'
import { numberOrNameCauses } from '../pod/probes.ts'
import { labelsCell } from './cells.ts'
import { allocateService } from './service-allocation.ts'
import { addressesCauses, externallyReachable, isHeadless, needsHealthPort, typeOf } from './service-fields.ts'
import { prepareService, prepareServiceUpdate } from './service-preparation.ts'

const PROTOCOLS = ['SCTP', 'TCP', 'UDP']

function serviceCauses(object: KubeObject, old: KubeObject | null): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  // Asked before anything is given out, so that nothing else is said where an address is wrong.
  const addressed = addressesCauses(spec, textsAt(old, 'spec', 'clusterIPs'))
  if (addressed.length > 0) return addressed
  return [
    ...typeCauses(spec),
    ...objectsAt(spec, 'ports').flatMap((_each, at) => portCauses(spec, at)),
    ...labelCauses(spec, 'spec.selector', 'selector'),
    ...affinityCauses(spec),
    ...textsAt(spec, 'externalIPs').flatMap((each, at) => {
      const wrong = addressCauses(`spec.externalIPs[${at}]`, each, textsAt(old, 'spec', 'externalIPs'))
      return wrong.length > 0 ? wrong : reachableCauses(`spec.externalIPs[${at}]`, each)
    }),
    ...oneOf('spec.type', typeOf(spec), ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']),
    ...nodePortCauses(spec),
    ...repeatedPortCauses(spec),
    ...balancerCauses(object, spec, old),
    ...trafficCauses(spec),
  ]
}

function typeCauses(spec: JsonObject): readonly Cause[] {
  const type = typeOf(spec)
  const headless = isHeadless(spec)
  const none = (what: string): Cause =>
    invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${what} services`)
  const portless = objectsAt(spec, 'ports').length === 0 && !headless && type !== 'ExternalName'
  return [
    ...(portless ? [required('spec.ports')] : []),
    ...(headless && (type === 'LoadBalancer' || type === 'NodePort') ? [none(type)] : []),
    ...(type === 'ExternalName' ? externalNameCauses(spec) : []),
  ]
}

function externalNameCauses(spec: JsonObject): readonly Cause[] {
  const name = textAt(spec, 'externalName').replace(/\.$/, '')
  const fields = ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy'].filter((key) => has(spec, key))
  return [
    ...fields.map((key) => forbidden(`spec.${key}`, 'may not be set for ExternalName services')),
    ...(name === '' ? [required('spec.externalName')] : invalids('spec.externalName', name, dnsSubdomain(name))),
  ]
}

function portCauses(spec: JsonObject, at: number): readonly Cause[] {
  const ports = objectsAt(spec, 'ports')
  const port = ports[at]
  const path = `spec.ports[${at}]`
  const name = textAt(port, 'name')
  const number = wholeAt(port, 'port') ?? 0
  const protocol = textAt(port, 'protocol')
  const appProtocol = textAt(port, 'appProtocol')
  const taken = ports.slice(0, at).some((each) => textAt(each, 'name') === name)
  return [
    ...(name === '' && ports.length > 1 ? [required(`${path}.name`)] : []),
    ...(name === '' ? [] : invalids(`${path}.name`, name, dnsLabel(name))),
    ...(name !== '' && taken ? [duplicate(`${path}.name`, name)] : []),
    ...invalids(`${path}.port`, number, portNumber(number)),
    ...oneOf(`${path}.protocol`, protocol, PROTOCOLS),
    ...numberOrNameCauses(port?.targetPort, `${path}.targetPort`),
    ...(has(port, 'appProtocol') ? invalids(`${path}.appProtocol`, appProtocol, qualifiedName(appProtocol)) : []),
  ]
}

function affinityCauses(spec: JsonObject): readonly Cause[] {
  const affinity = textAt(spec, 'sessionAffinity')
  const seconds = wholeAt(spec, 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds') ?? 0
  const path = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds'
  const range = 'must be greater than 0 and less than 86400'
  return [
    ...oneOf('spec.sessionAffinity', affinity, ['ClientIP', 'None']),
    ...(affinity === 'ClientIP' && (seconds <= 0 || seconds > 86_400) ? [invalid(path, seconds, range)] : []),
  ]
}

function nodePortCauses(spec: JsonObject): readonly Cause[] {
  const ports = objectsAt(spec, 'ports')
  const key = (port: JsonObject | undefined): string => `${textAt(port, 'protocol')} ${wholeAt(port, 'nodePort')}`
  const used = ports.flatMap((port, at) => ((wholeAt(port, 'nodePort') ?? 0) === 0 ? [] : [at]))
  const own = typeOf(spec) === 'ClusterIP' ? used : []
  const again = used.filter((at) => used.some((other) => other < at && key(ports[other]) === key(ports[at])))
  return [
    ...own.map((at) => forbidden(`spec.ports[${at}].nodePort`, "may not be used when `type` is 'ClusterIP'")),
    ...again.map((at) => duplicate(`spec.ports[${at}].nodePort`, wholeAt(ports[at], 'nodePort'))),
  ]
}

function repeatedPortCauses(spec: JsonObject): readonly Cause[] {
  const ports = objectsAt(spec, 'ports')
  const key = (port: JsonObject): string => `${textAt(port, 'protocol')} ${wholeAt(port, 'port')}`
  return ports.flatMap((port, at) => {
    if (!ports.slice(0, at).some((each) => key(each) === key(port))) return []
    // As the server's own type prints it.
    const shown = {
      Name: '',
      Protocol: textAt(port, 'protocol'),
      AppProtocol: null,
      Port: wholeAt(port, 'port'),
      TargetPort: 0,
      NodePort: 0,
    }
    return [duplicate(`spec.ports[${at}]`, shown)]
  })
}

const SOURCES = 'service.beta.kubernetes.io/load-balancer-source-ranges'
const BALANCER_ONLY = "may only be used when `type` is 'LoadBalancer'"

function balancerCauses(object: KubeObject, spec: JsonObject, old: KubeObject | null): readonly Cause[] {
  const balanced = typeOf(spec) === 'LoadBalancer'
  const known = textsAt(old, 'spec', 'loadBalancerSourceRanges').map((each) => each.trim())
  const only = (field: string): readonly Cause[] => (balanced ? [] : [forbidden(field, BALANCER_ONLY)])
  const noted = has(object, 'metadata', 'annotations', SOURCES) && !has(spec, 'loadBalancerSourceRanges')
  const loadBalancerClass = textAt(spec, 'loadBalancerClass')
  return [
    ...(has(spec, 'loadBalancerSourceRanges') ? only('spec.LoadBalancerSourceRanges') : []),
    ...textsAt(spec, 'loadBalancerSourceRanges').flatMap((each, at) =>
      rangeCauses(`spec.LoadBalancerSourceRanges[${at}]`, each.trim(), known),
    ),
    ...(noted ? only(`metadata.annotations[${SOURCES}]`) : []),
    ...(has(spec, 'allocateLoadBalancerNodePorts') ? only('spec.allocateLoadBalancerNodePorts') : []),
    ...(has(spec, 'loadBalancerClass') ? only('spec.loadBalancerClass') : []),
    ...(balanced && has(spec, 'loadBalancerClass')
      ? invalids('spec.loadBalancerClass', loadBalancerClass, qualifiedName(loadBalancerClass))
      : []),
  ]
}

const DISTRIBUTIONS = ['PreferClose', 'PreferSameZone', 'PreferSameNode']

function trafficCauses(spec: JsonObject): readonly Cause[] {
  const external = textAt(spec, 'externalTrafficPolicy')
  const internal = textAt(spec, 'internalTrafficPolicy')
  const path = 'spec.externalTrafficPolicy'
  const distribution = textAt(spec, 'trafficDistribution')
  const outside = externallyReachable(spec)
    ? oneOf(path, external, ['Cluster', 'Local'])
    : external === ''
      ? []
      : [invalid(path, external, 'may only be set for externally-accessible services')]
  return [
    ...outside,
    ...healthPortCauses(spec),
    ...(internal === '' || internal === 'Cluster' || internal === 'Local'
      ? []
      : [notSupported('spec.internalTrafficPolicy', internal, ['Cluster', 'Local'])]),
    ...(!has(spec, 'trafficDistribution') || DISTRIBUTIONS.includes(distribution)
      ? []
      : [notSupported('spec.trafficDistribution', distribution, DISTRIBUTIONS)]),
  ]
}

function healthPortCauses(spec: JsonObject): readonly Cause[] {
  const port = wholeAt(spec, 'healthCheckNodePort') ?? 0
  const path = 'spec.healthCheckNodePort'
  if (!needsHealthPort(spec)) {
    const text = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
    return port === 0 ? [] : [invalid(path, port, text)]
  }
  return port < 0 || port > 65_535 ? [invalid(path, port, betweenText(1, 65_535))] : []
}

function changeCauses(object: KubeObject, old: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const before = objectAt(old, 'spec')
  const balanced = typeOf(spec) === 'LoadBalancer' && typeOf(before) === 'LoadBalancer'
  const classes = [spec.loadBalancerClass, before.loadBalancerClass]
  const healthy = needsHealthPort(spec) && needsHealthPort(before)
  return [
    ...changedAddressCauses(spec, before),
    ...(balanced && classes[0] !== classes[1]
      ? [invalid('spec.loadBalancerClass', classes[0], 'may not change once set')]
      : []),
    ...(typeOf(spec) === 'LoadBalancer' && has(spec, 'loadBalancerClass')
      ? invalids(
          'spec.loadBalancerClass',
          textAt(spec, 'loadBalancerClass'),
          qualifiedName(textAt(spec, 'loadBalancerClass')),
        )
      : []),
    // Asked here, and with everything else once more.
    ...(typeOf(spec) !== 'LoadBalancer' && has(spec, 'loadBalancerClass')
      ? [onlyBalanced('spec.loadBalancerClass')]
      : []),
    ...(healthy && wholeAt(spec, 'healthCheckNodePort') !== wholeAt(before, 'healthCheckNodePort')
      ? [forbidden('spec.healthCheckNodePort', 'field is immutable')]
      : []),
  ]
}

/** What a load balancer reports, of a Service that has one. */
function balancedStatusCauses(object: KubeObject): readonly Cause[] {
  const path = 'status.loadBalancer.ingress'
  const all = objectsAt(object, 'status', 'loadBalancer', 'ingress')
  const text = "may only be used when `spec.type` is 'LoadBalancer'"
  const balanced = typeOf(objectAt(object, 'spec')) === 'LoadBalancer'
  return [...(all.length > 0 && !balanced ? [forbidden(path, text)] : []), ...balancerStatusCauses(object)]
}

function onlyBalanced(path: string): Cause {
  return forbidden(path, "may only be used when `type` is 'LoadBalancer'")
}

function changedAddressCauses(spec: JsonObject, before: JsonObject): readonly Cause[] {
  const named = typeOf(spec) === 'ExternalName' || typeOf(before) === 'ExternalName'
  if (named || (isHeadless(spec) && isHeadless(before))) return []
  const addresses = textsAt(spec, 'clusterIPs')
  const old = textsAt(before, 'clusterIPs')
  const path = 'spec.clusterIPs'
  if (old.length > 0 && addresses.length === 0) {
    return [invalid(`${path}[0]`, spec.clusterIPs, 'primary clusterIP can not be unset')]
  }
  const changed = old.length === addresses.length ? old.map((_each, at) => at) : [0]
  return changed
    .filter((at) => old[at] !== undefined && old[at] !== addresses[at])
    .map((at) => invalid(`${path}[${at}]`, spec.clusterIPs, 'may not change once set'))
}

const HINTS = 'service.kubernetes.io/topology-aware-hints'

function warnings(object: KubeObject): readonly string[] {
  const spec = objectAt(object, 'spec')
  const headless = typeOf(spec) === 'ClusterIP' && textAt(spec, 'clusterIP') === 'None'
  const named = typeOf(spec) === 'ExternalName'
  const when = (condition: boolean, text: string): readonly string[] => (condition ? [text] : [])
  const external = has(spec, 'externalIPs')
  return [
    ...when(
      has(object, 'metadata', 'annotations', HINTS),
      `annotation ${HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead`,
    ),
    ...when(headless && has(spec, 'loadBalancerIP'), 'spec.loadBalancerIP is ignored for headless services'),
    ...when(headless && external, 'spec.externalIPs is ignored for headless services'),
    ...when(
      headless && textAt(spec, 'sessionAffinity') !== 'None',
      'spec.SessionAffinity is ignored for headless services',
    ),
    ...when(
      external && !headless && !named,
      'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
    ),
    ...when(named && external, 'spec.externalIPs is ignored when spec.type is "ExternalName"'),
    ...when(!named && has(spec, 'externalName'), 'spec.externalName is ignored when spec.type is not "ExternalName"'),
    ...when(
      textAt(spec, 'trafficDistribution') === 'PreferClose',
      'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
    ),
  ]
}

function externalAddress(object: KubeObject): string {
  const spec = objectAt(object, 'spec')
  const external = textsAt(spec, 'externalIPs')
  switch (typeOf(spec)) {
    case 'LoadBalancer': {
      const given = objectsAt(object, 'status', 'loadBalancer', 'ingress')
        .map((each) => textAt(each, 'ip') || textAt(each, 'hostname'))
        .filter((each) => each !== '')
      const all = [...new Set(given)].sort()
      if (external.length > 0) return [...(all.length > 0 ? [all.join(',')] : []), ...external].join(',')
      return all.length > 0 ? all.join(',') : '<pending>'
    }
    case 'ExternalName':
      return textAt(spec, 'externalName')
    default:
      return external.length > 0 ? external.join(',') : '<none>'
  }
}

function portsCell(object: KubeObject): string {
  const ports = objectsAt(object, 'spec', 'ports').map((port) => {
    const node = wholeAt(port, 'nodePort') ?? 0
    return `${wholeAt(port, 'port')}${node > 0 ? `:${node}` : ''}/${textAt(port, 'protocol')}`
  })
  return ports.length === 0 ? '<none>' : ports.join(',')
}

/** Services. */
export const service: Entry = {
  name: dnsLabel,
  prepareCreate: prepareService,
  prepareUpdate: prepareServiceUpdate,
  validate: (object) => serviceCauses(object, null),
  validateUpdate: (object, old) => {
    const addressed = addressesCauses(objectAt(object, 'spec'), textsAt(old, 'spec', 'clusterIPs'))
    return addressed.length > 0 ? addressed : [...changeCauses(object, old), ...serviceCauses(object, old)]
  },
  validateStatus: balancedStatusCauses,
  warnings,
  allocate: allocateService,
  cells: {
    Type: (object) => textAt(object, 'spec', 'type'),
    'Cluster-IP': (object) => textsAt(object, 'spec', 'clusterIPs')[0] ?? '<none>',
    'External-IP': externalAddress,
    'Port(s)': portsCell,
    Selector: (object) => labelsCell(objectAt(object, 'spec', 'selector')),
  },
}

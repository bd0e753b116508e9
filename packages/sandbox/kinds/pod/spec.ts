// What the API server demands of the spec of a Pod, alone or in a template.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { Recent, RecentSet } from '../../schema/recent.ts'
import { addressCauses } from '../address.ts'
import { duplicate, forbidden, invalid, invalids, notSupported, oneOf, required } from '../causes.ts'
import { betweenText, dnsLabel, dnsSubdomain, portName, portNumber } from '../formats.ts'
import { has, isTrue, objectAt, objectsAt, textAt, textsAt, wholeAt } from '../look.ts'
import { annotationCauses, labelCauses } from '../metadata.ts'
import { environmentCauses } from './environment.ts'
import { mountsCauses, type Volumes } from './mounts.ts'
import {
  deviceClaimsCauses,
  ephemeralCauses,
  hostnameOverrideCauses,
  namedClaimsCauses,
  podResourcesCauses,
} from './parts.ts'
import { lifecycleCauses, probesCauses } from './probes.ts'
import { resourceCauses } from './resources.ts'
import { affinityCauses, schedulingCauses, tolerationCauses } from './scheduling.ts'
import { containerSecurityCauses, podSecurityCauses } from './security.ts'
import { profileNoteCauses, systemCauses } from './system.ts'
import { volumesCauses } from './volumes.ts'

/** A template of Pods. */
export function templateCauses(template: JsonObject, path: string, isPod = false): readonly Cause[] {
  const metadata = objectAt(template, 'metadata')
  const spec = objectAt(template, 'spec')
  return [
    ...labelCauses(metadata, `${path}.labels`, 'labels'),
    ...annotationCauses(metadata, `${path}.annotations`),
    ...profileNoteCauses(template, `${path}.annotations`),
    ...podSpecCauses(spec, `${path}.spec`, isPod),
    ...(has(spec, 'ephemeralContainers')
      ? [forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template')]
      : []),
  ]
}

/** Specs of late with which nothing is wrong, in a Pod or (false) in a template. */
const fineSpecs = new Recent<JsonObject, boolean>()

/** The spec of a Pod. */
export function podSpecCauses(spec: JsonObject, path: string, isPod: boolean): readonly Cause[] {
  if (fineSpecs.get(spec) === isPod) return []
  const causes = freshSpecCauses(spec, path, isPod)
  if (causes.length === 0) fineSpecs.set(spec, isPod)
  return causes
}

function freshSpecCauses(spec: JsonObject, path: string, isPod: boolean): readonly Cause[] {
  const { causes, volumes } = volumesCauses(spec, `${path}.volumes`)
  return [
    ...causes,
    ...deviceClaimsCauses(spec, path),
    ...containersCauses(spec, volumes, path),
    ...initContainersCauses(spec, volumes, path),
    ...ephemeralCauses(spec, path),
    ...(has(spec, 'resources') ? podResourcesCauses(spec, path) : []),
    ...hostPortCauses(spec, path, isPod),
    ...oneOf(`${path}.restartPolicy`, textAt(spec, 'restartPolicy'), ['Always', 'OnFailure', 'Never']),
    ...oneOf(`${path}.dnsPolicy`, textAt(spec, 'dnsPolicy'), [
      'ClusterFirstWithHostNet',
      'ClusterFirst',
      'Default',
      'None',
    ]),
    ...labelCauses(spec, `${path}.nodeSelector`, 'nodeSelector'),
    ...podSecurityCauses(spec, path),
    ...affinityCauses(objectAt(spec, 'affinity'), `${path}.affinity`),
    ...dnsCauses(spec, `${path}.dnsConfig`),
    ...schedulingCauses(spec, path),
    ...hostnameOverrideCauses(spec, path),
    ...othersCauses(spec, path),
  ]
}

/** What of a Pod a container is judged by. */
interface Around {
  readonly volumes: Json | undefined
  readonly hostUsers: Json | undefined
  readonly grace: number | null
  readonly claims: Json | undefined
}

/** Containers of late with which nothing is wrong, with what was around them. */
const fineContainers = new Recent<JsonObject, Around>()

function isFine(container: JsonObject, { volumes, hostUsers, grace, claims }: Around): boolean {
  const known = fineContainers.get(container)
  if (known?.volumes !== volumes || known?.claims !== claims) return false
  return known?.hostUsers === hostUsers && known?.grace === grace
}

function containersCauses(spec: JsonObject, volumes: Volumes, parent: string): readonly Cause[] {
  const path = `${parent}.containers`
  const containers = objectsAt(spec, 'containers')
  if (containers.length === 0) return [required(path)]
  const grace = wholeAt(spec, 'terminationGracePeriodSeconds')
  const around: Around = { volumes: spec.volumes, hostUsers: spec.hostUsers, grace, claims: spec.resourceClaims }
  return [
    ...containers.flatMap((container, at) => {
      const own = `${path}[${at}]`
      const name = textAt(container, 'name')
      const again = containers.slice(0, at).some((each) => textAt(each, 'name') === name)
      if (!again && isFine(container, around)) return []
      const causes = [
        ...containerCauses(container, spec, volumes, own),
        ...(again ? [duplicate(`${own}.name`, name)] : []),
        ...(has(container, 'lifecycle')
          ? lifecycleCauses(objectAt(container, 'lifecycle'), `${own}.lifecycle`, grace)
          : []),
        ...probesCauses(container, own),
        ...restartCauses(container, own),
      ]
      if (causes.length === 0) fineContainers.set(container, around)
      return causes
    }),
    ...repeatedHostPortCauses(containers, path),
  ]
}

function initContainersCauses(spec: JsonObject, volumes: Volumes, parent: string): readonly Cause[] {
  const path = `${parent}.initContainers`
  const containers = objectsAt(spec, 'initContainers')
  const taken = new Set(objectsAt(spec, 'containers').map((each) => textAt(each, 'name')))
  const grace = wholeAt(spec, 'terminationGracePeriodSeconds')
  return containers.flatMap((container, at) => {
    const own = `${path}[${at}]`
    const name = textAt(container, 'name')
    const again = taken.has(name)
    if (name !== '') taken.add(name)
    const stays = textAt(container, 'restartPolicy') === 'Always'
    const parts = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'].filter((key) => has(container, key))
    const text = 'may not be set for init containers without restartPolicy=Always'
    return [
      ...containerCauses(container, spec, volumes, own),
      ...restartCauses(container, own),
      ...(again ? [duplicate(`${own}.name`, name)] : []),
      ...repeatedHostPortCauses([container], path),
      ...(stays ? probesCauses(container, own) : parts.map((key) => forbidden(`${own}.${key}`, text))),
      ...(stays && has(container, 'lifecycle')
        ? lifecycleCauses(objectAt(container, 'lifecycle'), `${own}.lifecycle`, grace)
        : []),
    ]
  })
}

const RESTARTS = ['Always', 'Never', 'OnFailure']

function restartCauses(container: JsonObject, path: string): readonly Cause[] {
  const policy = textAt(container, 'restartPolicy')
  const field = `${path}.restartPolicy`
  if (!has(container, 'restartPolicy')) {
    const text = 'must specify restartPolicy when restart rules are used'
    return has(container, 'restartPolicyRules') ? [required(field, text)] : []
  }
  return RESTARTS.includes(policy) ? [] : [notSupported(field, policy, RESTARTS)]
}

const MESSAGES = ['File', 'FallbackToLogsOnError']
const PULLS = ['Always', 'IfNotPresent', 'Never']

function containerCauses(container: JsonObject, spec: JsonObject, volumes: Volumes, path: string): readonly Cause[] {
  const name = textAt(container, 'name')
  return [
    ...(name === '' ? [required(`${path}.name`)] : invalids(`${path}.name`, name, dnsLabel(name))),
    ...(textAt(container, 'image') === '' ? [required(`${path}.image`)] : []),
    ...oneOf(`${path}.terminationMessagePolicy`, textAt(container, 'terminationMessagePolicy'), MESSAGES),
    ...portsCauses(container, `${path}.ports`),
    ...environmentCauses(container, path),
    ...mountsCauses(container, volumes, path),
    ...oneOf(`${path}.imagePullPolicy`, textAt(container, 'imagePullPolicy'), PULLS),
    ...ownResourcesCauses(objectAt(container, 'resources'), `${path}.resources`),
    ...namedClaimsCauses(container, spec, path),
    ...containerSecurityCauses(
      objectAt(container, 'securityContext'),
      `${path}.securityContext`,
      spec.hostUsers !== false,
    ),
  ]
}

/** Resources of containers of late with which nothing is wrong. */
const fineResources = new RecentSet<JsonObject>()

function ownResourcesCauses(resources: JsonObject, path: string): readonly Cause[] {
  if (fineResources.has(resources)) return []
  const causes = resourceCauses(resources, path)
  if (causes.length === 0) fineResources.add(resources)
  return causes
}

function portsCauses(container: JsonObject, list: string): readonly Cause[] {
  const names = new Set<string>()
  return objectsAt(container, 'ports').flatMap((port, at) => {
    const path = `${list}[${at}]`
    const number = wholeAt(port, 'containerPort') ?? 0
    const host = wholeAt(port, 'hostPort') ?? 0
    return [
      ...portNameCauses(textAt(port, 'name'), names, path),
      ...(number === 0
        ? [required(`${path}.containerPort`)]
        : invalids(`${path}.containerPort`, number, portNumber(number))),
      ...(host === 0 ? [] : invalids(`${path}.hostPort`, host, portNumber(host))),
      ...oneOf(`${path}.protocol`, textAt(port, 'protocol'), ['SCTP', 'TCP', 'UDP']),
    ]
  })
}

function portNameCauses(name: string, names: Set<string>, path: string): readonly Cause[] {
  if (name === '') return []
  const wrong = invalids(`${path}.name`, name, portName(name))
  if (wrong.length > 0) return wrong
  if (names.has(name)) return [duplicate(`${path}.name`, name)]
  names.add(name)
  return []
}

function repeatedHostPortCauses(containers: readonly JsonObject[], path: string): readonly Cause[] {
  const seen = new Set<string>()
  return containers.flatMap((container, at) =>
    objectsAt(container, 'ports').flatMap((port, index) => {
      const number = wholeAt(port, 'hostPort') ?? 0
      const key = `${textAt(port, 'protocol')}/${textAt(port, 'hostIP')}/${number}`
      const again = number !== 0 && seen.has(key)
      seen.add(key)
      return again ? [duplicate(`${path}[${at}].ports[${index}].hostPort`, key)] : []
    }),
  )
}

function hostPortCauses(spec: JsonObject, path: string, isPod: boolean): readonly Cause[] {
  if (!isTrue(spec, 'hostNetwork')) return []
  const text = 'must match `containerPort` when `hostNetwork` is true'
  return objectsAt(spec, 'containers').flatMap((container, at) =>
    objectsAt(container, 'ports').flatMap((port, index) => {
      const host = wholeAt(port, 'hostPort') ?? 0
      const differs = (isPod || host !== 0) && host !== (wholeAt(port, 'containerPort') ?? 0)
      return differs ? [invalid(`${path}.containers[${at}].ports[${index}].hostPort`, host, text)] : []
    }),
  )
}

function dnsCauses(spec: JsonObject, path: string): readonly Cause[] {
  const servers = textsAt(spec, 'dnsConfig', 'nameservers')
  if (textAt(spec, 'dnsPolicy') === 'None' && servers.length === 0) {
    const text = (what: string): string => `must provide ${what} when \`dnsPolicy\` is None`
    if (!has(spec, 'dnsConfig')) return [required(path, text('`dnsConfig`'))]
    return [required(`${path}.nameservers`, text('at least one DNS nameserver'))]
  }
  const many = `must not have more than 3 nameservers`
  return [
    ...(servers.length > 3 ? [invalid(`${path}.nameservers`, [...servers], many)] : []),
    ...servers.flatMap((each, at) => addressCauses(`${path}.nameservers[${at}]`, each)),
    ...objectsAt(spec, 'dnsConfig', 'options').flatMap((each, at) =>
      textAt(each, 'name') === '' ? [required(`${path}.options[${at}]`, 'must not be empty')] : [],
    ),
  ]
}

function subdomainCauses(spec: JsonObject, path: string, keys: readonly string[]): readonly Cause[] {
  return keys.flatMap((key) => {
    const name = textAt(spec, key)
    return name === '' ? [] : invalids(`${path}.${key}`, name, dnsSubdomain(name))
  })
}

function hostCauses(spec: JsonObject, path: string): readonly Cause[] {
  return [
    ...['hostname', 'subdomain'].flatMap((key) => {
      const name = textAt(spec, key)
      return name === '' ? [] : invalids(`${path}.${key}`, name, dnsLabel(name))
    }),
    ...objectsAt(spec, 'tolerations').flatMap((each, at) => tolerationCauses(each, `${path}.tolerations[${at}]`)),
    ...objectsAt(spec, 'hostAliases').flatMap((alias, at) => [
      ...addressCauses(`${path}.hostAliases[${at}].ip`, textAt(alias, 'ip')),
      ...textsAt(alias, 'hostnames').flatMap((each, index) =>
        invalids(`${path}.hostAliases[${at}].hostnames[${index}]`, each, dnsSubdomain(each)),
      ),
    ]),
  ]
}

const MOST = 2_147_483_647

function othersCauses(spec: JsonObject, path: string): readonly Cause[] {
  const deadline = wholeAt(spec, 'activeDeadlineSeconds')
  const late = deadline !== null && (deadline < 1 || deadline > MOST)
  const os = textAt(spec, 'os', 'name')
  return [
    ...subdomainCauses(spec, path, ['serviceAccountName', 'nodeName']),
    ...(late ? [invalid(`${path}.activeDeadlineSeconds`, deadline, betweenText(1, MOST))] : []),
    ...hostCauses(spec, path),
    ...subdomainCauses(spec, path, ['priorityClassName', 'runtimeClassName']),
    ...(has(spec, 'preemptionPolicy')
      ? oneOf(`${path}.preemptionPolicy`, textAt(spec, 'preemptionPolicy'), ['PreemptLowerPriority', 'Never'])
      : []),
    ...(has(spec, 'overhead') ? resourceCauses({ limits: objectAt(spec, 'overhead') }, `${path}.overhead`) : []),
    ...(has(spec, 'os') && os === '' ? [required(`${path}.os.name`)] : []),
    ...(os === '' || ['linux', 'windows'].includes(os) ? [] : [notSupported(`${path}.os`, os, ['linux', 'windows'])]),
    ...systemCauses(spec, path),
  ]
}

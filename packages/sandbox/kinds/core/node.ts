// Nodes: the ranges of their Pods, their taints, and what is shown of them.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { isIpv6, rangeCauses } from '../address.ts'
import { forbidden, goJson, invalid, invalids, oneOf } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { labelValue, qualifiedName } from '../formats.ts'
import { internalForm } from '../internal.ts'
import { entriesAt, has, isTrue, objectAt, objectsAt, textAt, textsAt, withAt } from '../look.ts'
import { amountCauses } from '../pod/resources.ts'

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }

/** A node's one range and the list of them are kept in step; what is said once is believed before the list. */
function withRanges(object: KubeObject): KubeObject {
  const own = textAt(object, 'spec', 'podCIDR')
  const [first = ''] = textsAt(object, 'spec', 'podCIDRs')
  if (own === first) return object
  return own === '' ? withAt(object, ['spec', 'podCIDR'], first) : withAt(object, ['spec', 'podCIDRs'], [own])
}

/** A new node takes no Pods until it says that it is ready. */
function withTaint(object: KubeObject): KubeObject {
  const taints = objectsAt(object, 'spec', 'taints')
  const there = taints.some((each) => textAt(each, 'key') === NOT_READY.key && textAt(each, 'effect') === 'NoSchedule')
  return there ? object : withAt(object, ['spec', 'taints'], [...taints, NOT_READY])
}

function nodeCauses(object: KubeObject): readonly Cause[] {
  return [...taintsCauses(object), ...amountsCauses(object), ...podRangeCauses(object)]
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

function taintsCauses(object: KubeObject): readonly Cause[] {
  const taints = objectsAt(object, 'spec', 'taints')
  const pair = (taint: JsonObject): string => `${textAt(taint, 'effect')} ${textAt(taint, 'key')}`
  return taints.flatMap((taint, at) => {
    const path = `metadata.taints[${at}]`
    const [key, value] = [textAt(taint, 'key'), textAt(taint, 'value')]
    const again = taints.slice(0, at).some((each) => pair(each) === pair(taint))
    const shown = goJson(internalForm('core.v1.Taint', taint))
    const message = `Duplicate value: ${shown}: taints must be unique by key and effect pair`
    return [
      ...invalids(`${path}.key`, key, qualifiedName(key)),
      ...invalids(`${path}.value`, value, labelValue(value)),
      ...oneOf(`${path}.effect`, textAt(taint, 'effect'), EFFECTS),
      ...(again ? [{ reason: 'FieldValueDuplicate', field: path, message } as const] : []),
    ]
  })
}

function amountsCauses(object: KubeObject): readonly Cause[] {
  return ['capacity', 'allocatable'].flatMap((key) =>
    Object.entries(objectAt(object, 'status', key)).flatMap(([name, value]) =>
      amountCauses(name, value, `status.${key}.${name}`),
    ),
  )
}

function podRangeCauses(object: KubeObject): readonly Cause[] {
  const ranges = textsAt(object, 'spec', 'podCIDRs')
  const both = ranges.length === 2 && ranges.some(isIpv6) && !ranges.every(isIpv6)
  const text = 'may specify no more than one CIDR for each IP family'
  return [
    ...ranges.flatMap((each, at) => rangeCauses(`spec.podCIDRs[${at}]`, each)),
    ...(ranges.length > 1 && !both ? [invalid('spec.podCIDRs', [...ranges], text)] : []),
  ]
}

function changeCauses(object: KubeObject, old: KubeObject): readonly Cause[] {
  const given = textsAt(old, 'spec', 'podCIDRs')
  const moved = given.length > 0 && given.join(' ') !== textsAt(object, 'spec', 'podCIDRs').join(' ')
  const provider = textAt(old, 'spec', 'providerID')
  const text = (what: string): string => `node updates may not change ${what} except from "" to valid`
  return [
    ...(moved ? [forbidden('spec.podCIDRs', text('podCIDR'))] : []),
    ...(provider !== '' && provider !== textAt(object, 'spec', 'providerID')
      ? [forbidden('spec.providerID', text('providerID'))]
      : []),
    // The server asks twice.
    ...taintsCauses(object),
  ]
}

function nodeStatus(object: KubeObject): string {
  const ready = objectsAt(object, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Ready')
  const word = ready === undefined ? 'Unknown' : textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady'
  return isTrue(object, 'spec', 'unschedulable') ? `${word},SchedulingDisabled` : word
}

const ROLE = 'node-role.kubernetes.io/'

function nodeRoles(object: KubeObject): string {
  const roles = entriesAt(object, 'metadata', 'labels').flatMap(([key, value]) =>
    key.startsWith(ROLE) ? [key.slice(ROLE.length)] : key === 'kubernetes.io/role' ? [value] : [],
  )
  return [...new Set(roles.filter((each) => each !== ''))].sort().join(',') || '<none>'
}

function nodeAddress(object: KubeObject, type: string): string {
  const found = objectsAt(object, 'status', 'addresses').find((each) => textAt(each, 'type') === type)
  return textAt(found, 'address') || '<none>'
}

function kernel(object: KubeObject): string {
  const info = objectAt(object, 'status', 'nodeInfo')
  const architecture = textAt(info, 'architecture')
  const version = textAt(info, 'kernelVersion') || '<unknown>'
  return architecture === '' ? version : `${version} (${architecture})`
}

/** Nodes. */
export const node: Entry = {
  keepsStatus: true,
  read: withRanges,
  prepareCreate: (object) => withAt(withTaint(object), ['spec', 'configSource'], undefined),
  prepareUpdate: (object, old) => {
    const kept = withAt(object, ['status'], old.status)
    return has(old, 'spec', 'configSource') ? kept : withAt(kept, ['spec', 'configSource'], undefined)
  },
  warnings: (object) =>
    textAt(object, 'spec', 'externalID') === ''
      ? []
      : ['spec.externalID: this field is deprecated, and is unused by Kubernetes'],
  validate: nodeCauses,
  validateUpdate: changeCauses,
  cells: {
    Status: nodeStatus,
    Roles: nodeRoles,
    Version: (object) => textAt(object, 'status', 'nodeInfo', 'kubeletVersion'),
    'Internal-IP': (object) => nodeAddress(object, 'InternalIP'),
    'External-IP': (object) => nodeAddress(object, 'ExternalIP'),
    'OS-Image': (object) => textAt(object, 'status', 'nodeInfo', 'osImage') || '<unknown>',
    'Kernel-Version': kernel,
    'Container-Runtime': (object) => textAt(object, 'status', 'nodeInfo', 'containerRuntimeVersion') || '<unknown>',
  },
}

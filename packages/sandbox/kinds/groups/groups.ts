// The kinds that a cluster's own parts use: each with its columns and the little that is special about it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { addressCauses, isIpv6, rangeCauses } from '../address.ts'
import { invalid, required, unchanged } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { has, isTrue, objectAt, objectsAt, textAt, textsAt, wholeAt, withAt } from '../look.ts'
import { NEGATIVE } from '../pod/numbers.ts'

/** The kind of an owner that controls: `Kind.group/name`. */
function controllerCell(object: KubeObject): string {
  const owner = objectsAt(object, 'metadata', 'ownerReferences').find((each) => isTrue(each, 'controller'))
  if (owner === undefined) return '<none>'
  const version = textAt(owner, 'apiVersion')
  const group = version.includes('/') ? `.${version.split('/')[0]}` : ''
  return `${textAt(owner, 'kind').toLowerCase()}${group}/${textAt(owner, 'name')}`
}

/** ControllerRevisions. */
export const controllerRevision: Entry = {
  validateUpdate: (object, old) => unchanged('data', object.data, old.data),
  validate: (object) => [
    ...((wholeAt(object, 'revision') ?? 0) < 0 ? [invalid('revision', object.revision, NEGATIVE)] : []),
    ...(has(object, 'data') ? [] : [required('data', 'data is mandatory')]),
    ...(has(object, 'data') && !isObject(object.data) ? [required('data', 'data must be a valid JSON object')] : []),
  ],
  cells: { Controller: controllerCell, Revision: (object) => wholeAt(object, 'revision') ?? 0 },
}

/** Elections among several candidates are off. */
function withoutElection(object: KubeObject, old: KubeObject | null): KubeObject {
  const gone = ['strategy', 'preferredHolder'].filter((key) => !has(old ?? undefined, 'spec', key))
  return gone.reduce((at, key) => withAt(at, ['spec', key], undefined), object)
}

/** Leases. */
export const lease: Entry = {
  prepareCreate: (object) => withoutElection(object, null),
  prepareUpdate: withoutElection,
  validate: (object) => {
    const seconds = wholeAt(object, 'spec', 'leaseDurationSeconds')
    const changes = wholeAt(object, 'spec', 'leaseTransitions')
    return [
      ...(seconds !== null && seconds <= 0
        ? [invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0')]
        : []),
      ...(changes !== null && changes < 0
        ? [invalid('spec.leaseTransitions', changes, 'must be greater than or equal to 0')]
        : []),
    ]
  },
  cells: { Holder: (object) => textAt(object, 'spec', 'holderIdentity') },
}

/** Addresses that are given out. */
export const ipAddress: Entry = {
  name: (value) => addressCauses('', value).map(({ message }) => message.replace(/^Invalid value: "[^"]*": /, '')),
  validate: (object) => {
    const ref = objectAt(object, 'spec', 'parentRef')
    if (!has(object, 'spec', 'parentRef')) return [required('spec.parentRef')]
    return ['resource', 'name'].flatMap((key) => (textAt(ref, key) === '' ? [required(`spec.parentRef.${key}`)] : []))
  },
  cells: {
    ParentRef: (object) => {
      const ref = objectAt(object, 'spec', 'parentRef')
      const group = textAt(ref, 'group') === '' ? '' : `.${textAt(ref, 'group')}`
      const namespace = textAt(ref, 'namespace') === '' ? '' : `/${textAt(ref, 'namespace')}`
      return `${textAt(ref, 'resource')}${group}${namespace}/${textAt(ref, 'name')}`.toLowerCase()
    },
  },
}

function rangesCauses(object: KubeObject): readonly Cause[] {
  const ranges = textsAt(object, 'spec', 'cidrs')
  const path = 'spec.cidrs'
  const both = ranges.length === 2 && ranges.some(isIpv6) && !ranges.every(isIpv6)
  const text = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64'
  return [
    ...(ranges.length === 0 ? [required(path, 'at least one CIDR required')] : []),
    ...(ranges.length > 1 && !both ? [invalid(path, [...ranges], text)] : []),
    ...ranges.flatMap((each, at) => rangeCauses(`${path}[${at}]`, each)),
  ]
}

/** Ranges of addresses for Services. */
export const serviceCidr: Entry = {
  validate: rangesCauses,
  cells: { CIDRs: (object) => textsAt(object, 'spec', 'cidrs').join(',') },
}

function claimState(object: JsonObject): string {
  const ending = has(object, 'metadata', 'deletionTimestamp')
  if (!has(object, 'status', 'allocation')) return ending ? 'deleted' : 'pending'
  const reserved = objectsAt(object, 'status', 'reservedFor').length > 0 ? ['reserved'] : []
  return [...(ending ? ['deleted'] : []), 'allocated', ...reserved].join(',')
}

/** Claims of devices. */
export const resourceClaim: Entry = { cells: { State: claimState } }

/** Kinds of devices. */
export const deviceClass: Entry = { generation: 'spec' }

/** The devices of a node. */
export const resourceSlice: Entry = {
  generation: 'spec',
  cells: {
    Node: (object) => textAt(object, 'spec', 'nodeName'),
    Driver: (object) => textAt(object, 'spec', 'driver'),
    Pool: (object) => textAt(object, 'spec', 'pool', 'name'),
  },
}

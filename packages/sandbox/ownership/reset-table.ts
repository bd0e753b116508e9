// Which fields count through which resource and subresource: what the strategies of the real server reset does not.
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import { type FieldFilter, only, type ResetFields, without } from './reset.ts'

/** A resource, as far as its fields are reset. */
export interface ResettingResource {
  readonly group: string
  readonly plural: string
  /** From a CustomResourceDefinition. */
  readonly custom: boolean
  /** It has a status subresource. */
  readonly status: boolean
}

/** What counts through a resource (null) or a subresource. */
export function resetFieldsOf(
  resource: ResettingResource,
  subresource: string | null,
  apiVersion: string,
): ResetFields {
  const filter = filterOf(resource, subresource)
  // A custom resource's own strategy knows only the version of the request; the one of its status knows all.
  if (resource.custom && subresource === null) return (version) => (version === apiVersion ? filter : null)
  return (version) => (parseApiVersion(version).group === resource.group ? filter : null)
}

function filterOf(resource: ResettingResource, subresource: string | null): FieldFilter | null {
  const key = `${resource.plural}.${resource.group}`
  if (subresource === null || subresource === '') {
    if (key === 'certificatesigningrequests.certificates.k8s.io') return without(['spec'], ['status'])
    return resource.status && key !== 'podcertificaterequests.certificates.k8s.io' ? STATUS : null
  }
  if (subresource === 'status') return resource.custom ? NO_METADATA : (STATUSES.get(key) ?? SPEC)
  return OTHERS.get(`${key}/${subresource}`) ?? null
}

const STATUS = without(['status'])
const SPEC = without(['spec'])
const NO_METADATA = without(['metadata'], ['spec'])

/** What may be written through a status is mostly all but the spec; here it is less. */
const STATUSES: ReadonlyMap<string, FieldFilter> = new Map([
  ['deployments.apps', without(['spec'], ['metadata', 'labels'])],
  ['pods.', without(['spec'], ['metadata', 'deletionTimestamp'], ['metadata', 'ownerReferences'])],
  ['certificatesigningrequests.certificates.k8s.io', without(['spec'], ['status', 'conditions'])],
  ...[
    'podgroups.scheduling.k8s.io',
    'servicecidrs.networking.k8s.io',
    'storageversionmigrations.storagemigration.k8s.io',
    'resourceclaims.resource.k8s.io',
    'devicetaintrules.resource.k8s.io',
    'resourcepoolstatusrequests.resource.k8s.io',
    'storageversions.internal.apiserver.k8s.io',
    'volumeattachments.storage.k8s.io',
    'flowschemas.flowcontrol.apiserver.k8s.io',
    'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
    'validatingadmissionpolicies.admissionregistration.k8s.io',
    'apiservices.apiregistration.k8s.io',
  ].map((key): [string, FieldFilter] => [key, NO_METADATA]),
])

const OTHERS: ReadonlyMap<string, FieldFilter> = new Map([
  ['certificatesigningrequests.certificates.k8s.io/approval', without(['spec'], ['status', 'certificate'])],
  ['namespaces./finalize', STATUS],
  ['pods./ephemeralcontainers', only(['spec', 'ephemeralContainers'])],
  [
    'pods./resize',
    only(
      ['spec', 'containers', '*', 'resources'],
      ['spec', 'containers', '*', 'resizePolicy'],
      ['spec', 'initContainers', '*', 'resources'],
      ['spec', 'initContainers', '*', 'resizePolicy'],
    ),
  ],
])

// StatefulSets.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { forbidden, invalid, invalids, notSupported, required, same } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { dnsLabel } from '../formats.ts'
import { changeEach, filled, has, objectAt, objectsAt, textAt, wholeAt, withAt } from '../look.ts'
import { annotationCauses, labelCauses } from '../metadata.ts'
import { countsCauses } from '../pod/numbers.ts'
import { templateWarnings } from '../pod/warnings.ts'
import { claimSpecCauses } from '../storage/claim.ts'
import { statefulSetStatus } from './status.ts'
import {
  amountCauses,
  amountOf,
  atMostAllCauses,
  containerCells,
  isBroken,
  lastingTemplateCauses,
  ownSelectorCauses,
} from './template.ts'

function statefulSetCauses(object: KubeObject, old: KubeObject | null): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const service = textAt(spec, 'serviceName')
  return [
    ...orderCauses(textAt(spec, 'podManagementPolicy')),
    ...strategyCauses(objectAt(spec, 'updateStrategy'), 'spec.updateStrategy'),
    ...['whenDeleted', 'whenScaled'].flatMap((key) => {
      const policy = textAt(spec, 'persistentVolumeClaimRetentionPolicy', key)
      const path = `spec.persistentVolumeClaimRetentionPolicy.${key}`
      return ['Retain', 'Delete'].includes(policy) ? [] : [notSupported(path, policy, ['Retain', 'Delete'])]
    }),
    ...(old === null ? objectsAt(spec, 'volumeClaimTemplates') : []).flatMap((each, at) =>
      claimSpecCauses(objectAt(each, 'spec'), `spec.volumeClaimTemplates[${at}].spec`),
    ),
    ...countsCauses(spec, ['replicas', 'minReadySeconds'], 'spec'),
    ...countsCauses(objectAt(spec, 'ordinals'), ['start'], 'spec.ordinals'),
    ...(old === null && service !== '' ? invalids('spec.serviceName', service, dnsLabel(service)) : []),
    ...ownSelectorCauses(spec, 'statefulset'),
    ...lastingTemplateCauses(withClaims(spec), 'StatefulSet', ''),
    ...metadataAgainCauses(spec),
  ]
}

/** The server looks at the metadata of this kind's template twice. */
function metadataAgainCauses(spec: JsonObject): readonly Cause[] {
  if (isBroken(objectAt(spec, 'selector'))) return []
  const metadata = objectAt(spec, 'template', 'metadata')
  return [
    ...labelCauses(metadata, 'spec.template.labels', 'labels'),
    ...annotationCauses(metadata, 'spec.template.annotations'),
  ]
}

/** The claims are volumes of the template. */
function withClaims(spec: JsonObject): JsonObject {
  const claims = objectsAt(spec, 'volumeClaimTemplates').map((each) => textAt(each, 'metadata', 'name'))
  const pod = objectAt(spec, 'template', 'spec')
  const { hostname: _hostname, subdomain: _subdomain, ...rest } = pod
  const others = objectsAt(pod, 'volumes').filter((each) => !claims.includes(textAt(each, 'name')))
  const made = [...new Set(claims)].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }))
  const volumes = claims.length === 0 ? others : [...made, ...others]
  return withAt(spec, ['template', 'spec'], { ...rest, ...(volumes.length > 0 ? { volumes } : {}) })
}

function orderCauses(policy: string): readonly Cause[] {
  const path = 'spec.podManagementPolicy'
  if (policy === '') return [required(path)]
  return ['OrderedReady', 'Parallel'].includes(policy)
    ? []
    : [invalid(path, policy, "must be 'OrderedReady' or 'Parallel'")]
}

function strategyCauses(strategy: JsonObject, path: string): readonly Cause[] {
  const update = objectAt(strategy, 'rollingUpdate')
  const own = `${path}.rollingUpdate`
  const given = has(strategy, 'rollingUpdate')
  const shown = { Partition: update.partition ?? 0, MaxUnavailable: update.maxUnavailable ?? null }
  switch (textAt(strategy, 'type')) {
    case 'OnDelete':
      return given ? [invalid(own, shown, "only allowed for updateStrategy 'RollingUpdate'")] : []
    case 'RollingUpdate':
      return given ? rollingCauses(update, own) : []
    default: {
      const whole = { Type: textAt(strategy, 'type'), RollingUpdate: given ? shown : null }
      return [invalid(path, whole, "must be 'RollingUpdate' or 'OnDelete'")]
    }
  }
}

function rollingCauses(update: JsonObject, path: string): readonly Cause[] {
  const { maxUnavailable } = update
  const field = `${path}.maxUnavailable`
  return [
    ...countsCauses(update, ['partition'], path),
    ...amountCauses(maxUnavailable, field),
    ...(has(update, 'maxUnavailable') && amountOf(maxUnavailable) === 0
      ? [invalid(field, maxUnavailable, 'cannot be 0')]
      : []),
    ...atMostAllCauses(maxUnavailable, field),
  ]
}

const FREE = [
  'replicas',
  'template',
  'updateStrategy',
  'minReadySeconds',
  'ordinals',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
]

const FIXED =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"

function changeCauses(object: KubeObject, old: KubeObject): readonly Cause[] {
  const fixed = (each: KubeObject): JsonObject =>
    FREE.reduce((at, key) => withAt(at, [key], undefined), objectAt(each, 'spec'))
  return [...statefulSetCauses(object, old), ...(same(fixed(object), fixed(old)) ? [] : [forbidden('spec', FIXED)])]
}

/** Claims in a template are written as whole objects. */
function withWholeClaims(object: KubeObject): KubeObject {
  const spec = changeEach(objectAt(object, 'spec'), 'volumeClaimTemplates', (claim) => ({
    ...filled(claim, { kind: 'PersistentVolumeClaim', apiVersion: 'v1' }),
    status: filled(objectAt(claim, 'status'), { phase: 'Pending' }),
  }))
  return { ...object, spec }
}

function historyWarnings(object: KubeObject): readonly string[] {
  const text = 'a negative value retains all historical revisions; a value >= 0 is recommended'
  const kept = wholeAt(object, 'spec', 'revisionHistoryLimit') ?? 0
  return kept < 0 ? [`spec.revisionHistoryLimit: ${text}`] : []
}

/** StatefulSets. */
export const statefulSet: Entry = {
  read: withWholeClaims,
  generation: 'spec',
  validate: (object) => statefulSetCauses(object, null),
  validateUpdate: changeCauses,
  validateStatus: statefulSetStatus,
  warnings: (object, old) => [...templateWarnings(object, old), ...historyWarnings(object)],
  cells: {
    Ready: (object) => `${wholeAt(object, 'status', 'readyReplicas') ?? 0}/${wholeAt(object, 'spec', 'replicas') ?? 0}`,
    ...containerCells,
  },
}

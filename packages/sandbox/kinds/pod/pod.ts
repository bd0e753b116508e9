// Pods: what a new one becomes, and the little that may change of one that is there.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { timeText } from '../../schema/time.ts'
import { forbidden, invalid } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { dnsLabel } from '../formats.ts'
import { filled, has, objectAt, objectsAt, textAt, wholeAt, withAt } from '../look.ts'
import { nanoOf } from '../quantity.ts'
import { admitted, withTolerations } from './admission.ts'
import { podCells } from './cells.ts'
import { podChangeCauses } from './change.ts'
import { podSpecCauses } from './spec.ts'
import { appArmorWarnings, profileMatchCauses, profileNoteCauses, withAppArmor, withGrace } from './system.ts'
import { podWarnings } from './warnings.ts'

/** How sure a Pod can be of what it requests. */
export function qualityOf(spec: JsonObject): string {
  const all = [...objectsAt(spec, 'containers'), ...objectsAt(spec, 'initContainers')]
  const amount = (each: JsonObject, kind: string, name: string): bigint =>
    nanoOf(objectAt(each, 'resources', kind)[name])
  const names = ['cpu', 'memory']
  const any = all.some((each) =>
    names.some((name) => amount(each, 'requests', name) + amount(each, 'limits', name) > 0n),
  )
  if (!any) return 'BestEffort'
  const sure = all.every((each) =>
    names.every((name) => {
      const limit = amount(each, 'limits', name)
      return limit > 0n && amount(each, 'requests', name) === limit
    }),
  )
  return sure ? 'Guaranteed' : 'Burstable'
}

function gated(object: KubeObject, now: number): JsonObject {
  if (!has(object, 'spec', 'schedulingGates')) return {}
  const message = 'Scheduling is blocked due to non-empty scheduling gates'
  const since = { lastTransitionTime: timeText(now) }
  return { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message, ...since }] }
}

function podCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  return [
    ...profileNoteCauses(object, 'metadata.annotations'),
    ...podSpecCauses(spec, 'spec', true),
    ...tokenCauses(spec),
    ...['containers', 'initContainers'].flatMap((key) =>
      objectsAt(spec, key).flatMap((each, at) => {
        const image = textAt(each, 'image')
        const text = 'must not have leading or trailing whitespace'
        return image === image.trim() ? [] : [invalid(`spec.${key}[${at}].image`, image, text)]
      }),
    ),
  ]
}

/** A token is somebody's token. */
function tokenCauses(spec: JsonObject): readonly Cause[] {
  if (has(spec, 'serviceAccountName')) return []
  const text = 'must not be specified when serviceAccountName is not set'
  return objectsAt(spec, 'volumes').flatMap((volume, at) =>
    objectsAt(volume, 'projected', 'sources').flatMap((source, index) =>
      has(source, 'serviceAccountToken')
        ? [forbidden(`spec.volumes[${at}].projected.sources[${index}].serviceAccountToken`, text)]
        : [],
    ),
  )
}

function createCauses(object: KubeObject): readonly Cause[] {
  const gatedNode = has(object, 'spec', 'nodeName') && has(object, 'spec', 'schedulingGates')
  return [
    ...profileMatchCauses(object),
    ...(has(object, 'spec', 'ephemeralContainers')
      ? [forbidden('spec.ephemeralContainers', 'cannot be set on create')]
      : []),
    ...(gatedNode ? [forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared')] : []),
  ]
}

function warnings(object: KubeObject, old: KubeObject | null): readonly string[] {
  if (old !== null) return []
  const wrong = dnsLabel(object.metadata.name)
  const text =
    "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended"
  return [
    ...appArmorWarnings(object),
    ...(wrong.length === 0 ? [] : [`${text}: [${wrong.join(' ')}]`]),
    ...podWarnings(object, ''),
  ]
}

/** A Pod's one address and the list of them are kept in step; what is said once is believed before the list. */
function withAddresses(object: KubeObject): KubeObject {
  const own = textAt(object, 'status', 'podIP')
  const first = textAt(objectsAt(object, 'status', 'podIPs')[0], 'ip')
  if (own === first) return object
  return own === '' ? withAt(object, ['status', 'podIP'], first) : withAt(object, ['status', 'podIPs'], [{ ip: own }])
}

/** Pods. */
export const pod: Entry = {
  generation: 'spec',
  read: withAddresses,
  prepareCreate: (object, around) => {
    // The object keeps what every object has.
    const made = admitted(withGrace(withAppArmor(object)) as KubeObject, around)
    return {
      ...made,
      status: { phase: 'Pending', qosClass: qualityOf(objectAt(made, 'spec')), ...gated(made, around.now) },
    }
  },
  prepareUpdate: (object, old) => {
    const policy = textAt(old, 'spec', 'preemptionPolicy')
    const tolerant = withTolerations(object)
    const said = policy === '' || has(tolerant, 'spec', 'preemptionPolicy')
    const kept = said ? tolerant : withAt(tolerant, ['spec', 'preemptionPolicy'], policy)
    return has(kept, 'spec', 'priority')
      ? kept
      : withAt(kept, ['spec', 'priority'], wholeAt(old, 'spec', 'priority') ?? 0)
  },
  prepareStatus: (object, old) => ({
    ...object,
    metadata:
      old.metadata.ownerReferences === undefined
        ? object.metadata
        : { ...object.metadata, ownerReferences: old.metadata.ownerReferences },
    spec: objectAt(old, 'spec'),
    status: filled(objectAt(object, 'status'), { qosClass: objectAt(old, 'status').qosClass ?? null }),
  }),
  validate: podCauses,
  validateCreate: createCauses,
  validateUpdate: podChangeCauses,
  warnings,
  graceSeconds: (object, asked) => {
    const phase = textAt(object, 'status', 'phase')
    const away = !has(object, 'spec', 'nodeName') || phase === 'Failed' || phase === 'Succeeded'
    const seconds = asked ?? wholeAt(object, 'spec', 'terminationGracePeriodSeconds') ?? 0
    return away ? 0 : seconds < 0 ? 1 : seconds
  },
  cells: podCells,
}

// The Pods of a StatefulSet: each has an ordinal, a name and claims of its own.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { labelOf } from '@mainstay/core/object/object.ts'
import { objectAt, objectsAt, textAt, wholeAt } from '../../../kinds/look.ts'
import { podFrom } from '../pod.ts'

/** The label that names the record from which a Pod was made. */
export const REVISION_LABEL = 'controller-revision-hash'

/** The ordinal of a Pod by its name; -1 where the Pod is not a member. */
export function ordinalOf(set: KubeObject, pod: KubeObject): number {
  const found = /^(?<parent>.*)-(?<ordinal>\d+)$/.exec(pod.metadata.name)
  return found?.groups?.parent === set.metadata.name ? Number(found.groups.ordinal) : -1
}

/** The first ordinal of a set. */
export function startOf(set: KubeObject): number {
  return wholeAt(set, 'spec', 'ordinals', 'start') ?? 0
}

/** The record from which a Pod was made. */
export function revisionOf(pod: KubeObject): string {
  return labelOf(pod, REVISION_LABEL) ?? ''
}

/** A new member, from a recorded template. */
export function memberOf(set: KubeObject, template: JsonObject, revision: string, ordinal: number): KubeObject {
  const name = `${set.metadata.name}-${ordinal}`
  const labels = {
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
    [REVISION_LABEL]: revision,
  }
  const pod = podFrom(set, template, { name, labels })
  const subdomain = textAt(set, 'spec', 'serviceName')
  const spec = { ...objectAt(pod, 'spec'), hostname: name, ...(subdomain === '' ? {} : { subdomain }) }
  const metadata = { ...pod.metadata, generateName: `${set.metadata.name}-` }
  return { ...pod, metadata, spec: withClaims(set, ordinal, spec) }
}

function withClaims(set: KubeObject, ordinal: number, spec: JsonObject): JsonObject {
  const claims = objectsAt(set, 'spec', 'volumeClaimTemplates').map((each) => textAt(each, 'metadata', 'name'))
  if (claims.length === 0) return spec
  const made = claims.map((name) => ({ name, persistentVolumeClaim: { claimName: claimName(set, name, ordinal) } }))
  const others = objectsAt(spec, 'volumes').filter((each) => !claims.includes(textAt(each, 'name')))
  return { ...spec, volumes: [...made, ...others] }
}

function claimName(set: KubeObject, claim: string, ordinal: number): string {
  return `${claim}-${set.metadata.name}-${ordinal}`
}

/** The claims that a member has. */
export function claimsFor(set: KubeObject, ordinal: number): readonly KubeObject[] {
  const namespace = textAt(set, 'metadata', 'namespace')
  const selected = objectAt(set, 'spec', 'selector', 'matchLabels')
  return objectsAt(set, 'spec', 'volumeClaimTemplates').map((claim) => {
    const given = objectAt(claim, 'metadata')
    const name = claimName(set, textAt(given, 'name'), ordinal)
    const metadata = { ...given, name, namespace, labels: { ...objectAt(given, 'labels'), ...selected } }
    return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: objectAt(claim, 'spec') }
  })
}

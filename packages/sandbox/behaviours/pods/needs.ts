// What a Pod needs before its containers can start, and what is missing of it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { has, isTrue, objectAt, objectsAt, textAt } from '../../kinds/look.ts'
import type { World } from '../../world.ts'
import { claimNames } from './claims.ts'

type Kind = 'ConfigMap' | 'Secret'

/** Why the volumes of a Pod cannot be mounted: the message of the event; null where they can. */
export function missingVolume(world: World, pod: KubeObject): string | null {
  for (const volume of objectsAt(pod, 'spec', 'volumes')) {
    const why = volumeFault(world, pod, volume)
    if (why !== null) return `MountVolume.SetUp failed for volume ${JSON.stringify(textAt(volume, 'name'))} : ${why}`
  }
  for (const name of claimNames(pod)) {
    const namespace = textAt(pod, 'metadata', 'namespace')
    const claim = world.get({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name })
    if (textAt(claim ?? {}, 'status', 'phase') === 'Bound') continue
    const why = claim === null ? `persistentvolumeclaims ${JSON.stringify(name)} not found` : 'it is not bound'
    return `Unable to attach or mount volumes: error processing PVC ${namespace}/${name}: ${why}`
  }
  return null
}

function volumeFault(world: World, pod: KubeObject, volume: JsonObject): string | null {
  if (has(volume, 'configMap')) return sourceFault(world, pod, 'ConfigMap', objectAt(volume, 'configMap'), 'name')
  if (has(volume, 'secret')) return sourceFault(world, pod, 'Secret', objectAt(volume, 'secret'), 'secretName')
  for (const source of objectsAt(volume, 'projected', 'sources')) {
    const why =
      (has(source, 'configMap') ? sourceFault(world, pod, 'ConfigMap', objectAt(source, 'configMap'), 'name') : null) ??
      (has(source, 'secret') ? sourceFault(world, pod, 'Secret', objectAt(source, 'secret'), 'name') : null)
    if (why !== null) return why
  }
  return null
}

function sourceFault(world: World, pod: KubeObject, kind: Kind, source: JsonObject, key: string): string | null {
  if (isTrue(source, 'optional')) return null
  const name = textAt(source, key)
  const found = find(world, pod, kind, name)
  if (found === null) return `${kind.toLowerCase()} ${JSON.stringify(name)} not found`
  const absent = objectsAt(source, 'items').find((item) => !isKeyOf(found, textAt(item, 'key')))
  return absent === undefined
    ? null
    : `references non-existent ${kind === 'Secret' ? 'secret' : 'config'} key: ${textAt(absent, 'key')}`
}

/** Why a container cannot be configured: the message of its waiting; null where it can. */
export function missingConfig(world: World, pod: KubeObject, container: JsonObject): string | null {
  for (const source of objectsAt(container, 'envFrom')) {
    const why =
      referenceFault(world, pod, 'ConfigMap', objectAt(source, 'configMapRef')) ??
      referenceFault(world, pod, 'Secret', objectAt(source, 'secretRef'))
    if (why !== null) return why
  }
  for (const variable of objectsAt(container, 'env')) {
    const why =
      referenceFault(world, pod, 'ConfigMap', objectAt(variable, 'valueFrom', 'configMapKeyRef')) ??
      referenceFault(world, pod, 'Secret', objectAt(variable, 'valueFrom', 'secretKeyRef'))
    if (why !== null) return why
  }
  return null
}

function referenceFault(world: World, pod: KubeObject, kind: Kind, reference: JsonObject): string | null {
  if (!has(reference, 'name') || isTrue(reference, 'optional')) return null
  const name = textAt(reference, 'name')
  const found = find(world, pod, kind, name)
  if (found === null) return `${kind.toLowerCase()} ${JSON.stringify(name)} not found`
  const key = textAt(reference, 'key')
  if (key === '' || isKeyOf(found, key)) return null
  return `couldn't find key ${key} in ${kind} ${textAt(pod, 'metadata', 'namespace')}/${name}`
}

function find(world: World, pod: KubeObject, kind: Kind, name: string): KubeObject | null {
  return world.get({ apiVersion: 'v1', kind, namespace: textAt(pod, 'metadata', 'namespace'), name })
}

function isKeyOf(object: KubeObject, key: string): boolean {
  return has(object, 'data', key) || has(object, 'binaryData', key)
}

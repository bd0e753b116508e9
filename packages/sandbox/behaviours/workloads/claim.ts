// A controller takes in what its selector chooses and nobody controls, and lets go of what it chooses no more.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { objectAt, objectsAt, textAt, withAt } from '../../kinds/look.ts'
import { selects } from '../../kinds/metadata.ts'
import type { Desk } from '../controller.ts'
import type { Owned } from './owned.ts'
import { MANAGER } from './writer.ts'

/** The reference by which a controller owns what it makes. */
export function ownerReference(owner: KubeObject): JsonObject {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: textAt(owner, 'metadata', 'uid'),
    controller: true,
    blockOwnerDeletion: true,
  }
}

/** What else happens to an object that is taken in, or let go. */
export interface ClaimRules {
  readonly finalizer?: string
  /** Which orphans may be taken in; all where absent. */
  readonly adopts?: (object: KubeObject) => boolean
}

/** All that an owner controls from now on. */
export function claim(desk: Desk, owner: KubeObject, owned: Owned, rules: ClaimRules = {}): readonly KubeObject[] {
  const { world } = desk
  const selector = objectAt(owner, 'spec', 'selector')
  const chosen = (object: KubeObject): boolean => selects(selector, objectAt(object, 'metadata', 'labels'))
  const kept: KubeObject[] = []
  for (const object of owned.of(world, owner)) {
    if (chosen(object)) kept.push(object)
    else if (!isTerminating(owner)) release(desk, owner, object, rules)
  }
  if (isTerminating(owner)) return kept
  for (const object of owned.orphans(world, textAt(owner, 'metadata', 'namespace'))) {
    const free = !isTerminating(object) && rules.adopts?.(object) !== false
    if (free && chosen(object)) kept.push(adopt(desk, owner, object, rules))
  }
  return kept
}

function adopt({ world }: Desk, owner: KubeObject, object: KubeObject, { finalizer }: ClaimRules): KubeObject {
  const references = objectsAt(object, 'metadata', 'ownerReferences')
  const adopted = withAt(object, ['metadata', 'ownerReferences'], [...references, ownerReference(owner)])
  const finalizers = object.metadata.finalizers
  const held = Array.isArray(finalizers) ? finalizers : []
  const whole =
    finalizer === undefined || held.includes(finalizer)
      ? adopted
      : withAt(adopted, ['metadata', 'finalizers'], [...held, finalizer])
  return world.update(whole, MANAGER)
}

function release({ world }: Desk, owner: KubeObject, object: KubeObject, { finalizer }: ClaimRules): void {
  const uid = textAt(owner, 'metadata', 'uid')
  const references = objectsAt(object, 'metadata', 'ownerReferences').filter((each) => textAt(each, 'uid') !== uid)
  const free = withAt(object, ['metadata', 'ownerReferences'], references.length === 0 ? undefined : references)
  world.update(finalizer === undefined ? free : withoutFinalizer(free, finalizer), MANAGER)
}

/** An object without one of its finalizers; the same object where it has it not. */
export function withoutFinalizer(object: KubeObject, finalizer: string): KubeObject {
  const { finalizers } = object.metadata
  if (!Array.isArray(finalizers) || !finalizers.includes(finalizer)) return object
  const others = finalizers.filter((each) => each !== finalizer)
  return withAt(object, ['metadata', 'finalizers'], others.length === 0 ? undefined : others)
}

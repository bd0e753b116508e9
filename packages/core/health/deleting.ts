// What a deletion that is under way waits for: the same for every kind.
import { isList } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { isTerminating, valueAt } from '../object/object.ts'
import { conditionsOf, health } from './conditions.ts'
import type { Health } from './health.ts'

/** Put on hooks so that they stay readable until their result is known: its removal is no cleaning-up to wait for. */
const HOOK_FINALIZER = 'argocd.argoproj.io/hook-finalizer'

/** Conditions by which a Namespace tells what is still in it. */
const REMAINS = new Set([
  'NamespaceContentRemaining',
  'NamespaceFinalizersRemaining',
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
])

/** Progressing while an object is being deleted, with what holds it; null for all others. */
export function deletingHealth(object: KubeObject): Health | null {
  if (!isTerminating(object)) return null
  const finalizers = finalizersOf(object)
  if (finalizers.includes(HOOK_FINALIZER)) return null
  const left = conditionsOf(object).filter((each) => REMAINS.has(each.type) && each.status === 'True')
  const reasons = [
    ...(finalizers.length === 0 ? [] : [`waits for finalizers: ${finalizers.join(', ')}`]),
    ...left.map((each) => each.message),
  ]
  return health('Progressing', ['deleting', ...reasons].join('; '))
}

function finalizersOf(object: KubeObject): readonly string[] {
  const list = valueAt(object, 'metadata', 'finalizers')
  return isList(list) ? list.filter((each) => typeof each === 'string') : []
}

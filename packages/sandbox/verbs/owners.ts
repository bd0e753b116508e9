// Owner references that come twice are kept once, and the client is told.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { equalJson } from './equal.ts'
import type { WriteOptions } from './target.ts'

/** An object that names each owner once. */
export function withOwnersOnce(object: KubeObject, { warn }: Pick<WriteOptions, 'warn'>, when = ''): KubeObject {
  const owners = object.metadata.ownerReferences
  if (!isList(owners) || owners.length < 2) return object
  const kept: Json[] = []
  const twice: string[] = []
  for (const owner of owners) {
    if (kept.some((each) => equalJson(each, owner))) twice.push(stringAt(owner, 'uid') ?? '')
    else kept.push(owner)
  }
  if (twice.length === 0) return object
  const advice = 'API server dedups owner references in 1.20+, and may reject such requests as early as 1.24'
  const uids = `duplicate UID(s) observed: ${twice.join(', ')}`
  warn(`.metadata.ownerReferences contains duplicate entries${when}; ${advice}; please fix your requests; ${uids}`)
  return { ...object, metadata: { ...object.metadata, ownerReferences: kept } }
}

// Reads one object: the object, or null only where the server says that this very object does not exist.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import { answerJson } from './answer.ts'
import { detailOf } from './cluster-fault.ts'
import { objectOf } from './list.ts'
import { holdsSecrets, objectName, objectPath, type Resource } from './resource-path.ts'
import type { Transport } from './transport.ts'

/**
 * Reads an object.
 * @returns null for an object that does not exist. A kind that is not served is a fault, not an absence.
 * @throws FaultError `not-found` with detail `no-resource` when the kind is not served, and every other failure
 */
export async function getObject(
  transport: Transport,
  resource: Resource,
  ref: Pick<ObjectRef, 'namespace' | 'name'>,
  signal?: AbortSignal,
): Promise<KubeObject | null> {
  const path = objectPath(resource, ref)
  const what = `cannot read ${objectName({ kind: resource.kind, ...ref })}`
  try {
    const answer = await transport.send({
      verb: 'get',
      method: 'GET',
      path,
      what,
      where: path,
      secret: holdsSecrets(resource),
      ...(signal === undefined ? {} : { signal }),
    })
    return objectOf(answerJson(answer.text, what, path), resource, path)
  } catch (error) {
    if (saysAbsent(error, resource, ref.name)) return null
    throw error
  }
}

/** True when a refusal says that this object (and not, say, its namespace) does not exist. */
export function saysAbsent(error: unknown, resource: Resource, name: string): boolean {
  const detail = detailOf(error)
  if (detail.kind !== 'no-object' || detail.name !== name) return false
  return detail.resource !== 'namespaces' || resource.resource === 'namespaces'
}

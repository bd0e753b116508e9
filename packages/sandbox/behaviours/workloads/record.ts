// Records of templates (ControllerRevisions): what StatefulSets and DaemonSets can go back to.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { objectAt, textAt, wholeAt } from '../../kinds/look.ts'
import { equalJson, without } from '../../verbs/equal.ts'
import type { World } from '../../world.ts'
import { ownerReference } from './claim.ts'
import { MANAGER } from './writer.ts'

/** The revision number of a record. */
export function numberOf(record: KubeObject): number {
  return wholeAt(record, 'revision') ?? 0
}

/** Records by their number, the latest last. */
export function sorted(records: readonly KubeObject[]): readonly KubeObject[] {
  const time = (each: KubeObject): string => textAt(each, 'metadata', 'creationTimestamp')
  return [...records].sort(
    (a, b) =>
      numberOf(a) - numberOf(b) || compareText(time(a), time(b)) || compareText(a.metadata.name, b.metadata.name),
  )
}

/** What is recorded of an owner: a patch that puts its template back. */
export function dataOf(owner: KubeObject): JsonObject {
  return { spec: { template: { ...objectAt(owner, 'spec', 'template'), $patch: 'replace' } } }
}

/** The template that was recorded. */
export function templateIn(record: KubeObject): JsonObject {
  return without(objectAt(record, 'data', 'spec', 'template'), '$patch')
}

/** True where a record is of the template that its owner has now. */
export function isOf(record: KubeObject, owner: KubeObject): boolean {
  return equalJson(record.data, dataOf(owner))
}

/** Records the template of an owner. */
export function createRecord(
  world: World,
  owner: KubeObject,
  name: string,
  labels: JsonObject,
  revision: number,
): KubeObject {
  const annotations = objectAt(owner, 'metadata', 'annotations')
  const metadata = {
    name,
    namespace: textAt(owner, 'metadata', 'namespace'),
    labels: { ...objectAt(owner, 'spec', 'template', 'metadata', 'labels'), ...labels },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ownerReferences: [ownerReference(owner)],
  }
  const record = { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, data: dataOf(owner), revision }
  return world.create(record, MANAGER)
}

/** Gives a record another number. */
export function renumber(world: World, record: KubeObject, revision: number): KubeObject {
  return numberOf(record) === revision ? record : world.update({ ...record, revision }, MANAGER)
}

/** Deletes records that nobody uses, the oldest first, as far as there are more than wanted. */
export function forgetRecords(world: World, unused: readonly KubeObject[], surplus: number): void {
  for (const record of sorted(unused).slice(0, Math.max(0, surplus))) {
    const namespace = textAt(record, 'metadata', 'namespace')
    world.delete({ apiVersion: 'apps/v1', kind: 'ControllerRevision', namespace, name: record.metadata.name })
  }
}

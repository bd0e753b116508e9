// The Namespace that CreateNamespace=true asks for, unless Git has it.
import type { Application } from '../app/application.ts'
import type { KubeObject } from '../object/object.ts'
import type { ObjectRef } from '../object/ref.ts'
import { sameRef } from '../object/ref.ts'
import type { DesiredObject, HookObject, ResourceOptions } from './desired.ts'

/** It is never removed with the application: other things may live in it by then. */
const OPTIONS: ResourceOptions = {
  prune: 'no',
  delete: 'no',
  replace: false,
  force: false,
  validate: true,
  skipDryRunOnMissing: false,
  pruneLast: false,
  ignoreExtraneous: true,
  ignoreHealth: false,
}

/**
 * The destination namespace as an object to apply before everything else, or null: not asked for, no namespace named,
 * written in Git, or nothing to put into it. The last matters: a set that rendered to nothing must stay empty, so that
 * the guard against empty sets sees it. It carries no mark of the application (trap T07).
 */
export function createdNamespace(
  application: Application,
  objects: readonly DesiredObject[],
  hooks: readonly HookObject[],
  digestOf: (manifest: KubeObject) => string,
): DesiredObject | null {
  const { options, managedNamespaceMetadata } = application.syncPolicy
  const name = application.destination.namespace
  if (!options.createNamespace || name === null || objects.length === 0) return null
  const ref: ObjectRef = { group: '', kind: 'Namespace', namespace: null, name }
  if ([...objects, ...hooks].some((each) => sameRef(each.ref, ref))) return null
  const { labels = {}, annotations = {} } = managedNamespaceMetadata ?? {}
  const manifest: KubeObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
  }
  return {
    ref,
    manifest,
    origin: { file: '(CreateNamespace=true)', document: 1, line: null },
    wave: objects.reduce((lowest, object) => Math.min(lowest, object.wave), 0) - 1,
    options: OPTIONS,
    digest: digestOf(manifest),
  }
}

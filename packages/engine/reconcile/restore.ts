// Turns trash entries into what a restore plan wants: the objects as they were, without what only the server may write.
import type { DesiredObject, DesiredSet } from '@mainstay/core/desired/desired.ts'
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { Digest, Mask } from '@mainstay/core/object/digest.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { maskSecret } from '@mainstay/core/object/secret.ts'
import type { TrashEntry } from '../ports.ts'

/** What the server writes and what belongs to the dead object alone: it does not come back. */
const SERVER_METADATA: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
  'ownerReferences',
  'finalizers',
])

/** Bookkeeping of binders and controllers that would make the server or a controller refuse the restored object. */
const SERVER_ANNOTATIONS: ReadonlySet<string> = new Set([
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  'deployment.kubernetes.io/revision',
])

/**
 * The manifest that brings an object back with its identity: clusterIP, node ports, volume names and labels stay;
 * status, uid and server bookkeeping go.
 */
export function restoredManifest(object: KubeObject): KubeObject {
  const metadata: Record<string, JsonObject[string]> = {}
  for (const [key, value] of Object.entries(object.metadata)) {
    if (!SERVER_METADATA.has(key) && value !== undefined) metadata[key] = value
  }
  const annotations = Object.entries((metadata.annotations ?? {}) as JsonObject).filter(
    ([key]) => !SERVER_ANNOTATIONS.has(key),
  )
  if (annotations.length > 0) metadata.annotations = Object.fromEntries(annotations)
  else delete metadata.annotations
  const { status: _, ...rest } = object
  return {
    ...rest,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { ...metadata, name: object.metadata.name },
  }
}

/** The desired set of a restore: one object an entry, in the recorded order of application. */
export function desiredFromTrash(
  entries: readonly { readonly entry: TrashEntry; readonly object: KubeObject }[],
  functions: { readonly digest: Digest; readonly mask: Mask; readonly sourceDigest: string },
): DesiredSet {
  const ordered = [...entries].sort((a, b) => place(a.entry) - place(b.entry) || (a.entry.id < b.entry.id ? -1 : 1))
  return {
    objects: ordered.map(({ entry, object }) => desiredFrom(entry, restoredManifest(object), functions)),
    hooks: [],
    revisions: [],
    sourceDigest: functions.sourceDigest,
  }
}

function place(entry: TrashEntry): number {
  return (entry.entry?.wave ?? 0) * 100_000 + (entry.entry?.order ?? 0)
}

function desiredFrom(
  entry: TrashEntry,
  manifest: KubeObject,
  functions: { readonly digest: Digest; readonly mask: Mask },
): DesiredObject {
  return {
    ref: entry.ref,
    manifest,
    origin: entry.entry?.origin ?? { file: `trash ${entry.id}`, document: 1, line: null },
    wave: entry.entry?.wave ?? 0,
    options: {
      prune: entry.entry?.prune ?? 'yes',
      delete: entry.entry?.delete ?? 'yes',
      replace: false,
      force: false,
      validate: true,
      skipDryRunOnMissing: false,
      pruneLast: false,
      ignoreExtraneous: false,
      ignoreHealth: false,
    },
    digest: functions.digest(canonicalJson(maskSecret(manifest, functions.mask))),
  }
}

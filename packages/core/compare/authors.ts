// Who put a live value where it is, and whether an apply would undo somebody's edit of what we had applied.
import { coverage, ownedPaths } from '../diff/fields.ts'
import type { Path } from '../diff/path.ts'
import { printPath } from '../diff/path.ts'
import { compareTimes } from '../diff/time.ts'
import type { KubeObject, ManagedFieldsEntry } from '../object/object.ts'
import { compareText } from '../object/ref.ts'
import { LAST_APPLIED } from '../object/secret.ts'
import type { Author } from './drift.ts'
import type { Ownership } from './ownership.ts'
import { fieldsOf, hasSubresource, latest, ownershipOf, ownsPath } from './ownership.ts'

/** What tells whether we had applied a field before somebody else wrote it. */
export interface Evidence {
  readonly ownership: Ownership
  /** The very manifest that is wanted now was the last one applied to this object. */
  readonly appliedThis: boolean
  /** True when our last client-side apply held the path; null where there was none. */
  readonly lastApplied: ((path: Path) => boolean) | null
}

/** The author of the live value at a path: the latest other manager that owns it, else we; null where nobody does. */
export function authorOf(ownership: Ownership, path: Path): ManagedFieldsEntry | null {
  const { others, applied, updated } = ownership
  return (
    latest(others.filter((entry) => coverage(fieldsOf(entry), path) === 'owns')) ??
    latest([...applied, ...updated].filter((entry) => coverage(fieldsOf(entry), path) === 'owns')) ??
    latest(others.filter((entry) => coverage(fieldsOf(entry), path) === 'below'))
  )
}

/** An entry of managedFields as the author of a change. */
export function toAuthor(entry: ManagedFieldsEntry): Author {
  return {
    manager: entry.manager,
    operation: entry.operation,
    subresource: entry.subresource ?? null,
    time: entry.time ?? null,
  }
}

/** True when another manager's Update changed what we had applied: its edit would be lost by applying again. */
export function isHandEdit(author: ManagedFieldsEntry | null, path: Path, evidence: Evidence): boolean {
  if (author === null || author.operation !== 'Update' || author.subresource === 'status') return false
  const { applied, updated } = evidence.ownership
  if (applied.includes(author) || updated.includes(author)) return false
  return hadApplied(author, path, evidence)
}

function hadApplied(author: ManagedFieldsEntry, path: Path, evidence: Evidence): boolean {
  if (evidence.appliedThis || ownsPath(evidence.ownership.applied, path)) return true
  if (evidence.lastApplied !== null) return evidence.lastApplied(path)
  // An edit after our last apply took the field from us; one before it was about a field we did not have.
  const ours = latest(evidence.ownership.applied)
  return ours !== null && compareTimes(author.time ?? null, ours.time ?? null) > 0
}

/** Managers of the control plane itself: what they write is not an edit that somebody would miss. */
const CONTROL_PLANE: ReadonlySet<string> = new Set([
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'kubelet',
  'cloud-controller-manager',
])

/** The copy of a manifest that client-side apply leaves behind says nothing by itself. */
const LAST_APPLIED_PATH = printPath(['metadata', 'annotations', LAST_APPLIED])

/** Fields that others wrote into an object which is about to be deleted, by path; each with its latest author. */
export function editsOfOthers(live: KubeObject): readonly { readonly path: string; readonly by: Author }[] {
  const byPath = new Map<string, ManagedFieldsEntry>()
  for (const entry of ownershipOf(live).others) {
    if (entry.operation !== 'Update' || hasSubresource(entry) || CONTROL_PLANE.has(entry.manager)) continue
    for (const path of ownedPaths(fieldsOf(entry))) {
      const text = printPath(path)
      if (path[0] === 'status' || text === LAST_APPLIED_PATH) continue
      const known = byPath.get(text)
      byPath.set(text, known === undefined ? entry : (latest([known, entry]) ?? entry))
    }
  }
  return [...byPath].sort(([a], [b]) => compareText(a, b)).map(([path, entry]) => ({ path, by: toAuthor(entry) }))
}

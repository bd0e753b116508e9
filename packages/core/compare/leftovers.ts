// What client-side apply left behind: fields it put there that Git dropped since, and that no server-side apply removes.
import type { RawChange } from '../diff/draft.ts'
import { own } from '../diff/draft.ts'
import type { Path } from '../diff/path.ts'
import { findItem, removedFields } from '../diff/removal.ts'
import type { Schema } from '../diff/schema.ts'
import { canonicalJson } from '../object/canonical.ts'
import type { Json, JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { annotationOf } from '../object/object.ts'
import { foldStringData, LAST_APPLIED } from '../object/secret.ts'
import type { Ownership } from './ownership.ts'
import { fieldsOf, ownsPath } from './ownership.ts'

/** The manifest of our last client-side apply, as it stands in the live object. */
export interface LastApplied {
  readonly text: string
  /** True when it held the path; the text is parsed at the first question. */
  readonly holds: (path: Path) => boolean
}

/**
 * The last client-side apply, where it was ours: the annotation that kubectl wrote for somebody else says nothing of
 * what we applied.
 */
export function lastAppliedOf(live: KubeObject, ownership: Ownership): LastApplied | null {
  const text = annotationOf(live, LAST_APPLIED)
  if (text === undefined || !ownsPath(ownership.updated, ['metadata', 'annotations', LAST_APPLIED])) return null
  let manifest: JsonObject | null | undefined
  return {
    text,
    holds: (path) => {
      if (manifest === undefined) manifest = readManifest(text, live)
      return manifest !== null && valueAtPath(manifest, path) !== undefined
    },
  }
}

/** What leftovers follow from; `wanted` and `live` without what rules ignore. */
export interface LeftoversInput {
  readonly last: LastApplied
  readonly ownership: Ownership
  readonly schema: Schema | null
  readonly wanted: JsonObject
  readonly live: JsonObject
}

/**
 * Fields of the last client-side apply that are still ours and no longer wanted. Our own server-side applies count as
 * us: a field that both own stays when only the one lets go of it.
 */
export function leftoversOf({ last, ownership, schema, wanted, live }: LeftoversInput): readonly RawChange[] {
  const others = ownership.others.map(fieldsOf)
  return ownership.updated
    .filter((entry) => entry.apiVersion === live.apiVersion)
    .flatMap((entry) => removedFields({ fields: fieldsOf(entry), others, schema, wanted, live }))
    .filter((change) => mayMention(last.text, change.path) && last.holds(change.path))
}

/** Client-side apply writes the manifest with its keys in order and a line break: mostly the very text of today's. */
export function isTextOf(last: LastApplied, manifest: KubeObject): boolean {
  const text = canonicalJson(manifest)
  return last.text.length === text.length + 1 && last.text.startsWith(text)
}

/** Most candidates are defaults that the server filled in: their names do not occur in the text at all. */
function mayMention(text: string, path: Path): boolean {
  const name = path.findLast((segment) => typeof segment === 'string')
  return name === undefined || !/^\w+$/.test(name) || text.includes(`"${name}"`) || path[0] === 'data'
}

function readManifest(text: string, live: KubeObject): JsonObject | null {
  const parsed = parse(text)
  if (parsed === null) return null
  const given = own(parsed, 'metadata')
  const metadata = { ...(isObject(given) ? given : {}), name: live.metadata.name }
  return foldStringData({ ...parsed, apiVersion: live.apiVersion, kind: live.kind, metadata })
}

function parse(text: string): JsonObject | null {
  try {
    const value: Json = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    // Cut off or edited by hand: it proves nothing, so nothing is removed because of it.
    return null
  }
}

/** The value at a path; list items by their keys, whatever a key leaves out counts as its default. */
export function valueAtPath(root: Json, path: Path): Json | undefined {
  let at: Json | undefined = root
  for (const segment of path) {
    if (at === undefined) return undefined
    if (typeof segment === 'string') at = isObject(at) ? own(at, segment) : undefined
    else at = isList(at) ? findItem({ kind: 'unknown' }, at, segment) : undefined
  }
  return at
}

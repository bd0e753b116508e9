// The manifest that is sent where ignore rules are to be respected: what they are about stays as it is in the cluster.
import type { IgnoreRule } from '../app/application.ts'
import type { RawChange } from '../diff/draft.ts'
import { own, UNKNOWN } from '../diff/draft.ts'
import { itemSegment } from '../diff/lists.ts'
import type { Path, Place, Segment } from '../diff/path.ts'
import { printPath } from '../diff/path.ts'
import { findItem, removedFields } from '../diff/removal.ts'
import type { Schema } from '../diff/schema.ts'
import { diffObjects } from '../diff/structural.ts'
import type { Json, JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import type { ObjectRef } from '../object/ref.ts'
import { foldStringData } from '../object/secret.ts'
import type { CompiledRule } from './ignore.ts'
import { compileRules, leftToManager, placesOf, rulesFor } from './ignore.ts'
import { fieldsOf, ownershipOf } from './ownership.ts'

/** What respecting needs to know. */
export interface RespectInput {
  readonly ref: ObjectRef
  readonly manifest: KubeObject
  readonly live: KubeObject
  readonly rules: readonly IgnoreRule[]
  /** Null where no type is at hand: then list items are matched by position. */
  readonly schema: Schema | null
}

/**
 * The manifest with the live value of every field that a rule is about: a field that an apply would set keeps its
 * value, one that it would add stays away, one that it would take stays. Without a rule that fits, the manifest itself.
 * Source: Argo CD's `RespectIgnoreDifferences=true`, https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
 */
export function respectIgnored({ ref, manifest, live, rules, schema }: RespectInput): KubeObject {
  const fitting = rulesFor(compileRules(rules), ref)
  if (fitting.length === 0) return manifest
  const wanted = foldStringData(manifest)
  const ownership = ownershipOf(live)
  const ignored = ignoredPaths(wanted, live, fitting, schema)
  const others = [...ownership.others, ...ownership.updated].map(fieldsOf)
  const all = [
    ...diffObjects({ schema, wanted, live, scope: 'fields' }).changes,
    ...ownership.applied.flatMap((entry) => removedFields({ fields: fieldsOf(entry), others, schema, wanted, live })),
  ]
  const changes = all.filter(
    (change) => isUnder(change.path, ignored) || leftToManager(fitting, ownership, change.path),
  )
  const whole = all.filter((change) => !isUnder(change.path, ignored)).map(({ path }) => printPath(path))
  let kept: JsonObject = whole.length === 0 ? wanted : keptInLists(wanted, live, fitting, whole)
  if (changes.length === 0 && kept === wanted) return manifest
  // From the end, so that what is taken out of a list moves nothing that is still to be found by its position.
  for (const change of changes.toReversed()) kept = undoAt(kept, change, schema ?? UNKNOWN)
  const metadata = isObject(kept.metadata) ? kept.metadata : {}
  const { apiVersion, kind } = manifest
  return { ...kept, apiVersion, kind, metadata: { ...metadata, name: manifest.metadata.name } }
}

/**
 * Lists of different length whose items have no keys change as a whole: there an ignored value stays by its position,
 * as a JSON pointer names it. An item that only one of them has has no counterpart.
 */
function keptInLists(
  wanted: JsonObject,
  live: JsonObject,
  rules: readonly CompiledRule[],
  changed: readonly string[],
): JsonObject {
  let kept = wanted
  // A rule may choose items by what is in them: a position means the same item only where it leads there on both sides.
  const both = new Set(placesOf(wanted, rules).map((place) => JSON.stringify(place)))
  for (const place of placesOf(live, rules)) {
    if (!both.has(JSON.stringify(place))) continue
    const inChanged = place.some((_, at) => at > 0 && changed.includes(printPath(place.slice(0, at))))
    const value = inChanged ? valueAtPlace(live, place) : undefined
    if (value === undefined) continue
    const put = putAt(kept, place, value)
    if (isObject(put)) kept = put
  }
  return kept
}

function valueAtPlace(root: Json, place: Place): Json | undefined {
  let at: Json | undefined = root
  for (const step of place) {
    if (typeof step === 'number') at = isList(at) ? at[step] : undefined
    else at = isObject(at) ? own(at, step) : undefined
  }
  return at
}

/** A value with another one at a place; itself where nothing leads there. */
function putAt(root: Json, place: Place, value: Json): Json {
  const [step, ...rest] = place
  if (step === undefined) return value
  const before = valueAtPlace(root, [step])
  if (before === undefined && (rest.length > 0 || typeof step === 'number')) return root
  const put = putAt(before ?? null, rest, value)
  if (put === before) return root
  if (typeof step === 'number') return isList(root) ? root.with(step, put) : root
  return isObject(root) ? { ...root, [step]: put } : root
}

/** True for a path at or below an ignored one. */
function isUnder(path: Path, ignored: ReadonlySet<string>): boolean {
  return path.some((_, at) => ignored.has(printPath(path.slice(0, at + 1))))
}

/** Where the rules lead in an object, list items named by their keys as differences name them. */
function pathsOf(object: JsonObject, rules: readonly CompiledRule[], schema: Schema | null): ReadonlyMap<string, Path> {
  const paths = placesOf(object, rules).map((place) => keyedPath(object, place, schema ?? UNKNOWN))
  return new Map(paths.map((path) => [printPath(path), path]))
}

/** Paths of either side; one that goes by a position in a list only where it leads there on both. */
function ignoredPaths(
  wanted: JsonObject,
  live: JsonObject,
  rules: readonly CompiledRule[],
  schema: Schema | null,
): ReadonlySet<string> {
  const [ours, theirs] = [pathsOf(wanted, rules, schema), pathsOf(live, rules, schema)]
  const byPosition = (path: Path): boolean => path.some((segment) => typeof segment === 'number')
  const all = new Map([...ours, ...theirs])
  return new Set(
    [...all].flatMap(([text, path]) => (byPosition(path) && !(ours.has(text) && theirs.has(text)) ? [] : text)),
  )
}

function keyedPath(root: Json, place: Place, schema: Schema): Path {
  const path: Segment[] = []
  let at: Json | undefined = root
  let type: Schema = schema
  for (const step of place) {
    if (typeof step === 'number' && isList(at)) {
      path.push(segmentAt(at[step] ?? null, step, type))
      at = at[step]
      type = type.kind === 'list' ? type.items : UNKNOWN
    } else {
      path.push(step)
      at = isObject(at) ? own(at, String(step)) : undefined
      type = fieldType(type, String(step))
    }
  }
  return path
}

function segmentAt(item: Json, index: number, list: Schema): Segment {
  if (list.kind !== 'list' || list.merge.by === 'atomic') return index
  if (list.merge.by === 'set') return { value: item }
  return itemSegment({ items: list.items, keys: list.merge.keys }, item)
}

function fieldType(type: Schema, name: string): Schema {
  if (type.kind !== 'map') return UNKNOWN
  return type.field(name) ?? type.values ?? UNKNOWN
}

/** The object as if the change were not wanted: with the live value at its place, or with nothing there. */
function undoAt(object: JsonObject, change: RawChange, schema: Schema): JsonObject {
  const undone = undo(object, change, schema, 0)
  return isObject(undone) ? undone : object
}

function undo(value: Json | undefined, change: RawChange, type: Schema, depth: number): Json {
  const segment = change.path[depth]
  if (segment === undefined) return change.from
  const ends = depth === change.path.length - 1
  if (typeof segment === 'string') {
    const { [segment]: before, ...rest } = isObject(value) ? value : {}
    if (ends && change.op === 'add') return rest
    return { ...rest, [segment]: undo(before, change, fieldType(type, segment), depth + 1) }
  }
  const list = isList(value) ? value : []
  const items = type.kind === 'list' ? type.items : UNKNOWN
  const found = findItem(items, list, segment)
  const index = typeof segment === 'number' ? segment : found === undefined ? -1 : list.indexOf(found)
  if (index < 0 || index >= list.length) return ends && change.op !== 'add' ? [...list, change.from] : list
  if (ends && change.op === 'add') return list.toSpliced(index, 1)
  return list.with(index, undo(list[index], change, items, depth + 1))
}

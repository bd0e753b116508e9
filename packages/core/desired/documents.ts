// From documents as they were written to Kubernetes objects: lists unwrapped, identity checked, all problems at once.
import { hookPhases } from '../app/wave.ts'
import { fieldPath, findUnrepresentable, MAX_DEPTH } from '../object/canonical.ts'
import type { Json, JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import {
  apiVersionFault,
  isNamespaceName,
  kindFault,
  labelValueFault,
  metadataKeyFault,
  nameFault,
} from '../object/names.ts'
import type { KubeObject } from '../object/object.ts'
import type { Problem } from '../object/problem.ts'
import { parseApiVersion } from '../object/ref.ts'
import type { Origin } from './desired.ts'
import { originText } from './origin.ts'

/** One document and where it was written. */
export interface SourceDocument {
  readonly value: JsonObject
  readonly origin: Origin
}

/** One object and where it was written; the objects of a list share the list's origin. */
export interface SourceObject {
  readonly object: KubeObject
  readonly origin: Origin
}

export type ReadObjects =
  | { readonly kind: 'objects'; readonly objects: readonly SourceObject[] }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }

/**
 * Reads all documents, or says everything that is wrong with them: one bad document makes the whole set invalid,
 * because the objects in it would otherwise count as removed. `List` and every kind `…List` with items is unwrapped.
 * Two objects of one name are not judged here.
 */
export function readObjects(documents: readonly SourceDocument[]): ReadObjects {
  const problems: Problem[] = []
  const objects = documents.flatMap((document) => {
    const reading: Reading = { origin: document.origin, problems }
    const bad = findUnrepresentable(document.value)
    if (bad === null) return readValue(document.value, '', reading)
    addProblem(reading, bad.path, `is ${bad.found}`, bad.found === TOO_DEEP ? DEPTH_FIX : 'write a finite number')
    return []
  })
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'objects', objects }
}

const TOO_DEEP = 'nested too deep'
const DEPTH_FIX = `nest values at most ${MAX_DEPTH} deep`

/** The document being read and where its problems go. */
interface Reading {
  readonly origin: Origin
  readonly problems: Problem[]
}

function readValue(value: Json, path: string, reading: Reading): readonly SourceObject[] {
  if (!isObject(value)) {
    addProblem(reading, path, 'is not an object', 'write apiVersion, kind and metadata')
    return []
  }
  const items = listItems(value)
  if (items !== null) {
    return items.flatMap((item, index) => readValue(typedItem(value, item), `${at(path, 'items')}[${index}]`, reading))
  }
  const object = readObject(value, path, reading)
  return object === null ? [] : [{ object, origin: reading.origin }]
}

/** The items of a list, or null for anything that is no list. `kind: List` without items is an empty one. */
function listItems(value: JsonObject): readonly Json[] | null {
  if (typeof value.kind !== 'string' || !value.kind.endsWith('List')) return null
  if (isList(value.items)) return value.items
  const isEmpty = value.items === undefined || value.items === null
  return value.kind === 'List' && isEmpty ? [] : null
}

/** The API server leaves apiVersion and kind out of the items of a typed list: `ConfigMapList` holds ConfigMaps. */
function typedItem(list: JsonObject, item: Json): Json {
  if (!isObject(item) || list.kind === 'List' || typeof list.kind !== 'string') return item
  const apiVersion = item.apiVersion ?? list.apiVersion
  const kind = item.kind ?? list.kind.slice(0, -'List'.length)
  return { ...item, ...(apiVersion === undefined ? {} : { apiVersion }), kind }
}

function readObject(value: JsonObject, path: string, reading: Reading): KubeObject | null {
  const before = reading.problems.length
  const apiVersion = wordAt(value, 'apiVersion', path, 'write for example apiVersion: apps/v1', reading)
  const kind = wordAt(value, 'kind', path, 'write for example kind: Deployment', reading)
  check(apiVersion, apiVersionFault, at(path, 'apiVersion'), 'write for example apps/v1', reading)
  check(kind, kindFault, at(path, 'kind'), 'write the name of a kind', reading)
  const metadata = value.metadata
  if (!isObject(metadata)) {
    const what = metadata === undefined || metadata === null ? 'is missing' : 'is not an object'
    addProblem(reading, at(path, 'metadata'), what, 'write metadata: with a name')
    return null
  }
  const inMetadata = at(path, 'metadata')
  readNamespace(metadata, inMetadata, reading)
  readTextMap(metadata.labels, at(inMetadata, 'labels'), labelValueFault, reading)
  readTextMap(metadata.annotations, at(inMetadata, 'annotations'), () => null, reading)
  if (apiVersion === null || kind === null) return null
  const name = readName({ ...value, apiVersion, kind, metadata: { ...metadata, name: '' } }, metadata, path, reading)
  if (name === null || reading.problems.length > before) return null
  return { ...value, apiVersion, kind, metadata: { ...withoutEmptyNamespace(metadata), name } }
}

/** The name; empty for a hook that lets the server name each of its runs. Null where it is a problem. */
function readName(object: KubeObject, metadata: JsonObject, path: string, reading: Reading): string | null {
  const field = at(at(path, 'metadata'), 'name')
  if (typeof metadata.name === 'string' && metadata.name !== '') {
    const kind = { group: parseApiVersion(object.apiVersion).group, kind: object.kind }
    check(metadata.name, (name) => nameFault(kind, name), field, 'rename it', reading)
    return metadata.name
  }
  if (metadata.name !== undefined && metadata.name !== null && metadata.name !== '') {
    addProblem(reading, field, 'is not a text', 'put it in quotes')
    return null
  }
  if (typeof metadata.generateName !== 'string' || metadata.generateName === '') {
    addProblem(reading, field, 'is missing', 'name the object')
    return null
  }
  if (hookPhases(object) !== null) return ''
  addProblem(
    reading,
    at(at(path, 'metadata'), 'generateName'),
    'would make a new object on every sync, which can never be compared nor removed',
    'write metadata.name (generateName is for hooks alone)',
  )
  return null
}

function readNamespace(metadata: JsonObject, path: string, reading: Reading): void {
  const { namespace } = metadata
  if (namespace === undefined || namespace === null || namespace === '') return
  const field = at(path, 'namespace')
  if (typeof namespace !== 'string') addProblem(reading, field, 'is not a text', 'put it in quotes')
  else if (!isNamespaceName(namespace)) {
    addProblem(reading, field, 'is not a name of a namespace', 'write lower-case letters, digits and dashes')
  }
}

/** An empty namespace says nothing; it must not look like one. */
function withoutEmptyNamespace(metadata: JsonObject): JsonObject {
  if (!('namespace' in metadata) || (typeof metadata.namespace === 'string' && metadata.namespace !== '')) {
    return metadata
  }
  const { namespace: _, ...rest } = metadata
  return rest
}

function readTextMap(
  map: Json | undefined,
  path: string,
  valueFault: (value: string) => string | null,
  reading: Reading,
): void {
  if (map === undefined || map === null) return
  if (!isObject(map)) {
    addProblem(reading, path, 'is not a map of texts', 'write one key: "value" a line')
    return
  }
  for (const [key, value] of Object.entries(map)) {
    const field = fieldPath(path, key)
    check(key, metadataKeyFault, field, 'rename the key', reading)
    if (typeof value === 'string')
      check(value, valueFault, field, 'shorten it or replace its special characters', reading)
    // Booleans and numbers are the usual slip: `"true"` and `"5"` need their quotes.
    else addProblem(reading, field, 'is not a text', 'put it in quotes')
  }
}

function wordAt(value: JsonObject, key: string, path: string, fix: string, reading: Reading): string | null {
  const word = value[key]
  if (typeof word === 'string' && word !== '') return word
  const isMissing = word === undefined || word === null || word === ''
  addProblem(reading, at(path, key), isMissing ? 'is missing' : 'is not a text', fix)
  return null
}

function check(
  text: string | null,
  fault: (text: string) => string | null,
  field: string,
  fix: string,
  reading: Reading,
): void {
  const what = text === null ? null : fault(text)
  if (what !== null) addProblem(reading, field, what, fix)
}

function addProblem(reading: Reading, field: string, what: string, fix: string): void {
  const subject = field === '' ? 'the document' : field
  reading.problems.push({
    where: originText(reading.origin),
    field: field === '' ? null : field,
    what: `${subject} ${what}`,
    fix,
  })
}

function at(path: string, key: string): string {
  return fieldPath(path, key)
}

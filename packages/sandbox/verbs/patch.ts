// Changes an object by a patch: JSON patch, merge patch, strategic merge patch, server-side apply.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { writeJson } from '../http/json.ts'
import type { PatchKind } from '../http/negotiate.ts'
import { applyPatch, type Conflict } from '../ownership/apply.ts'
import { jsonPatch } from '../patch/json.ts'
import { mergePatch } from '../patch/merge.ts'
import { strategicMerge } from '../patch/strategic.ts'
import { conflict, failure, invalid } from '../registry/status.ts'
import { timeText } from '../schema/time.ts'
import {
  asObject,
  type Body,
  hold,
  kindFault,
  repeatedText,
  tellStrict,
  textOr,
  withDefaults,
  withHead,
} from './accept.ts'
import { inNamespace, withMetadata } from './create.ts'
import { DecodeFault } from './decode.ts'
import { inGoOrder } from './go-order.ts'
import { withOwnersOnce } from './owners.ts'
import { ownableOf, trackedThrough } from './ownership.ts'
import { ofSubresource } from './part.ts'
import type { Cluster, Target, WriteOptions } from './target.ts'
import { aboutOf, served, versionOf } from './target.ts'
import { checkName, type Make, type Remake, type Written, write } from './update.ts'

/** What a client may say about a patch. */
export interface PatchOptions extends WriteOptions {
  readonly force: boolean
}

/** A PATCH of an object or one of its subresources. */
export function patch(
  cluster: Cluster,
  target: Target,
  name: string,
  kind: PatchKind,
  body: Body,
  options: PatchOptions,
): Written {
  const remake = patching(cluster, target, name, kind, body, options)
  const make: Make = (live) => remake(live === null ? null : served(target, live))
  return write(cluster, target, name, make, { ...options, create: kind === 'apply' })
}

/** What a PATCH makes of an object. */
export function patching(
  cluster: Cluster,
  target: Target,
  name: string,
  kind: PatchKind,
  body: Body,
  options: PatchOptions,
): Remake {
  return (before) => {
    const made =
      kind === 'apply' || before === null
        ? applied(cluster, target, name, before, body, options)
        : patched(cluster, target, kind, before, body, options)
    const placed = inNamespace(target, made)
    checkName(placed, name)
    return placed
  }
}

function applied(
  cluster: Cluster,
  target: Target,
  name: string,
  live: KubeObject | null,
  body: Body,
  options: PatchOptions,
): KubeObject {
  const sent = appliedObject(target, live, body)
  const outcome = applyPatch({
    live,
    patch: sent,
    manager: options.manager,
    force: options.force,
    subresource: target.subresource,
    now: timeText(cluster.clock.now()),
    ...ownableOf(target),
  })
  if (outcome.kind === 'conflict') throw applyConflict(outcome.conflicts)
  tellStrict(repeatedText(body, options), options, (told) =>
    failure(400, 'BadRequest', `error strict decoding YAML: error converting YAML to JSON: ${told}`),
  )
  // An apply that changes nothing gives the live object itself.
  if (outcome.object === live) return live
  checkTyped(target, outcome.object, sent)
  const filled = withOwnersOnce(withDefaults(target, outcome.object, true), options, AFTER_ADMISSION)
  checkName(inNamespace(target, filled), name)
  const whole = live === null ? filled : ofSubresource(target, filled, live)
  if (live !== null) return whole
  const uid = stringAt(whole, 'metadata', 'uid') ?? ''
  if (uid === '') return withMetadata(whole, { uid: null })
  const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`
  throw conflict(aboutOf(target, name), why)
}

/** What was merged is read into the types of Go, where the server has such. */
function checkTyped(target: Target, object: KubeObject, sent: KubeObject): void {
  if (target.resource.custom === true) return
  try {
    hold(target, object)
  } catch (error) {
    if (!(error instanceof DecodeFault)) throw error
    const version = sent.apiVersion.includes('/') ? sent.apiVersion : `/${sent.apiVersion}`
    const kind = `${version}, Kind=${sent.kind}`
    const place = `${stringAt(sent, 'metadata', 'namespace') ?? ''}/${sent.metadata.name}`
    const what = `failed to convert new object (${place}; ${kind}) to proper version`
    throw failure(500, '', `${what}: unable to convert unstructured object to ${kind}: ${convertText(error)}`)
  }
}

/** What was sent, refused where it is of another kind. Whoever names no object means the one in the path. */
function appliedObject(target: Target, live: KubeObject | null, body: Body): KubeObject {
  const value = isObject(body.value) ? body.value : {}
  const apiVersion = textOr(value.apiVersion, '')
  const kind = textOr(value.kind, '')
  if (apiVersion !== versionOf(target) || kind !== target.resource.kind) {
    const shown = apiVersion === '' ? '/' : apiVersion.includes('/') ? apiVersion : `/${apiVersion}`
    throw failure(400, 'BadRequest', `invalid object type: ${shown}, Kind=${kind}`)
  }
  const metadata = isObject(value.metadata) ? value.metadata : {}
  const name = textOr(metadata.name, live === null ? '' : live.metadata.name)
  return { ...value, apiVersion, kind, metadata: { ...metadata, name } }
}

/** 409 with one cause a field; the message lists the fields of each manager. */
function applyConflict(conflicts: readonly Conflict[]): Error {
  const causes = conflicts.map((each) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${managerText(each)}`,
    field: each.field,
  }))
  const [only] = causes
  if (only !== undefined && causes.length === 1) {
    return failure(409, 'Conflict', `Apply failed with 1 conflict: ${only.message}: ${only.field}`, { causes })
  }
  const managers = [...new Set(conflicts.map(managerText))].sort()
  const told = managers.flatMap((manager) => {
    const fields = conflicts.filter((each) => managerText(each) === manager).map(({ field }) => `- ${field}`)
    return [`conflicts with ${manager}:`, ...fields]
  })
  return failure(409, 'Conflict', `Apply failed with ${causes.length} conflicts: ${told.join('\n')}`, { causes })
}

function managerText({ manager, operation, apiVersion, subresource }: Conflict): string {
  const name = JSON.stringify(manager)
  const through = subresource === null || subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`
  return operation === 'Update' ? `${name}${through} using ${apiVersion}` : `${name}${through}`
}

function patched(
  cluster: Cluster,
  target: Target,
  kind: Exclude<PatchKind, 'apply'>,
  live: KubeObject,
  body: Body,
  options: PatchOptions,
): KubeObject {
  const raw = changedBy(target, kind, live, body)
  if (kind !== 'strategic') checkHead(raw, (value) => inOrder(target, value, live, kind, body))
  if (kind !== 'strategic' && target.resource.custom !== true && textOr(raw.apiVersion, '') === '') {
    return withoutVersion(target, kind, raw, body, live, options)
  }
  const whole = withHead(raw, textOr(raw.apiVersion, live.apiVersion), textOr(raw.kind, live.kind))
  // The order matters only to what is said.
  const order: Order = (value) => inOrder(target, value, live, kind, body)
  const shown = (): Json => (kind === 'strategic' ? raw : order(raw))
  const refuse = (why: string): Error => {
    const text = kind === 'strategic' ? goMap(patchAsMerged(body.value, live)) : writeJson(shown())
    const message = `Invalid value: ${JSON.stringify(text)}: ${why}`
    return invalid({ group: '', resource: '', name: '' }, [{ reason: 'FieldValueInvalid', field: 'patch', message }])
  }
  if (target.resource.custom === true) checkCustom(raw, live, order, refuse)
  // A custom resource of another kind is refused when it is judged.
  else {
    const wrong = kindFault(cluster, target, textOr(whole.apiVersion, ''), textOr(whole.kind, ''))
    if (wrong !== null) throw refuse(wrong.why)
  }
  const decoded = decodedOr(target, whole, kind, order, refuse)
  if (decoded.strict.length > 0 || kind === 'json' || body.duplicates !== null) {
    const ordered = kind === 'strategic' || decoded.strict.length === 0 ? decoded : hold(target, objectOr(shown()))
    const strict = [...operationFaults(kind, body), ...patchDuplicates(kind, body), ...ordered.strict]
    tellStrict(strict, options, (told) => refuse(`strict decoding error: ${told}`))
  }
  checkName(inNamespace(target, asObject(decoded.value)), live.metadata.name)
  const filled = withOwnersOnce(withDefaults(target, asObject(decoded.value)), options, AFTER_ADMISSION)
  const object = ofSubresource(target, filled, live)
  return trackedThrough(cluster, target, live, filled, object, raw, options)
}

/** The order in which the real server writes what a patch has made. */
type Order = (value: JsonObject) => Json

/** What is no type of Go has sorted fields; a JSON patch puts its values in as they are. */
function inOrder(target: Target, value: JsonObject, live: KubeObject, kind: PatchKind, body: Body): Json {
  const operations = kind === 'json' && isList(body.value) ? body.value : []
  const brought = operations.map((each) => (isObject(each) ? (each.value ?? null) : null))
  const pointers = operations.flatMap((each) => (isObject(each) ? [textOr(each.path, ''), textOr(each.from, '')] : []))
  return inGoOrder(value, live, target.resource.custom === true ? undefined : target.version.type, brought, pointers)
}

/** Kind and version are read before everything else. */
function checkHead(raw: JsonObject, order: Order): void {
  for (const key of ['apiVersion', 'kind']) {
    const value = raw[key] ?? null
    if (value === null || typeof value === 'string') continue
    const what = isList(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
    const why = `couldn't get version/kind; json parse error: json: cannot unmarshal ${what} into Go struct field .${key} of type string`
    const text = JSON.stringify(writeJson(order(raw)))
    const message = `Invalid value: ${text}: ${why}`
    throw invalid({ group: '', resource: '', name: '' }, [{ reason: 'FieldValueInvalid', field: 'patch', message }])
  }
}

/** A custom resource must go on saying what it is. */
function checkCustom(raw: JsonObject, live: KubeObject, order: Order, refuse: (why: string) => Error): void {
  const { metadata } = raw
  const kind = textOr(raw.kind, '')
  if (kind === '') throw refuse(`Object 'Kind' is missing in '${writeJson(order(raw))}'`)
  if (metadata !== undefined && metadata !== null && !isObject(metadata)) {
    const what = isList(metadata) ? 'array' : typeof metadata === 'boolean' ? 'bool' : typeof metadata
    throw refuse(`json: cannot unmarshal ${what} into Go value of type v1.ObjectMeta`)
  }
  const name = isObject(metadata) ? (metadata.name ?? '') : ''
  if (typeof name !== 'string') {
    const what = isList(name) ? 'array' : typeof name === 'boolean' ? 'bool' : typeof name
    throw refuse(`json: cannot unmarshal ${what} into Go struct field ObjectMeta.name of type string`)
  }
  if (raw.apiVersion === null) throw refuse('.apiVersion accessor error: <nil> is of the type <nil>, expected string')
  if (textOr(raw.apiVersion, '') === '') {
    checkName(asObject(raw), live.metadata.name)
    const message = "Object 'apiVersion' is missing in 'object has no apiVersion field'"
    throw failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] })
  }
}

/** A strategic patch as it is left when it was merged: nulls for what was not there and lists of kept keys are gone. */
function patchAsMerged(patch: Json, live: Json | undefined): Json {
  if (!isObject(patch)) return patch
  const before = isObject(live) ? live : {}
  const entries = Object.entries(patch)
    .filter(([key, value]) => key !== '$retainKeys' && !(key === '$patch' && value === 'replace'))
    .filter(([key, value]) => before[key] !== undefined || !isDirected(value))
    .map(([key, value]) => [key, before[key] === undefined ? withoutNulls(value) : patchAsMerged(value, before[key])])
  return Object.fromEntries(entries)
}

function isDirected(value: Json): boolean {
  return isObject(value) && (value.$patch === 'replace' || value.$patch === 'delete')
}

function withoutNulls(value: Json): Json {
  if (isList(value)) return value.filter((item) => !isDirected(item))
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(([, item]) => item !== null && !isDirected(item))
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]))
}

/** What says no version is read into a type that has no names in JSON: nothing of it is known, not even its name. */
function withoutVersion(
  target: Target,
  kind: PatchKind,
  raw: JsonObject,
  body: Body,
  live: KubeObject,
  options: PatchOptions,
): never {
  const shown = objectOr(inOrder(target, raw, live, kind, body))
  const unknown = Object.keys(shown).filter((key) => key !== 'apiVersion' && key !== 'kind')
  const fields = unknown.map((key) => `unknown field ${JSON.stringify(key)}`)
  tellStrict([...operationFaults(kind, body), ...patchDuplicates(kind, body), ...fields], options, (told) => {
    const message = `Invalid value: ${JSON.stringify(writeJson(shown))}: strict decoding error: ${told}`
    return invalid({ group: '', resource: '', name: '' }, [{ reason: 'FieldValueInvalid', field: 'patch', message }])
  })
  checkName(asObject({}), live.metadata.name)
  throw new Error('an object without a name was taken for another one')
}

const AFTER_ADMISSION = ' after mutating admission happens'

function changedBy(target: Target, kind: Exclude<PatchKind, 'apply'>, live: KubeObject, body: Body): JsonObject {
  const { value } = body
  if (kind === 'json') return objectOr(jsonPatch(live, value))
  if (kind === 'merge') return objectOr(mergePatch(live, value))
  return objectOr(strategicMerge(live, objectOr(value), target.version.type))
}

function objectOr(value: Json): JsonObject {
  return isObject(value) ? value : {}
}

const OPERATION = new Set(['op', 'path', 'from', 'value'])

/** Fields that an operation of a JSON patch does not have. */
function operationFaults(kind: PatchKind, { value }: Body): readonly string[] {
  if (kind !== 'json' || !isList(value)) return []
  return value.flatMap((operation, index) =>
    Object.keys(objectOr(operation))
      .filter((key) => !OPERATION.has(key))
      .map((key) => `json patch unknown field ${JSON.stringify(`[${index}].${key}`)}`),
  )
}

function decodedOr(
  target: Target,
  value: JsonObject,
  kind: PatchKind,
  order: Order,
  refuse: (why: string) => Error,
): ReturnType<typeof hold> {
  try {
    return hold(target, value, null, kind === 'strategic')
  } catch (error) {
    if (!(error instanceof DecodeFault)) throw error
    throw refuse(kind === 'strategic' ? convertText(error) : firstFault(target, objectOr(order(value)), error))
  }
}

/** What is wrong first in the order in which the object is written. */
function firstFault(target: Target, value: JsonObject, other: DecodeFault): string {
  try {
    hold(target, value)
    return other.message
  } catch (error) {
    if (error instanceof DecodeFault) return error.message
    throw error
  }
}

/** A strategic merge goes into Go's types without JSON between, and says so in other words. */
function convertText({ message, value }: DecodeFault): string {
  if (message.startsWith('illegal base64')) return `error decoding from json: ${message}`
  const found = /^json: cannot unmarshal .* of type (\S+)$/.exec(message)
  if (found === null || value === undefined) return message
  const [, to = ''] = found
  const from = goKind(value)
  if (to === 'intstr.IntOrString') {
    const json = isList(value) ? 'array' : isObject(value) ? 'object' : from
    return `json: cannot unmarshal ${json} into Go value of type int32`
  }
  if (to.startsWith('map[') || to === 'v1.ResourceList') return `cannot restore map from ${from}`
  if (to === '[]uint8' && isList(value) && value.length > 0) return 'unrecognized type: uint8'
  if (to.startsWith('[]')) return `cannot restore slice from ${from}`
  if (to.includes('.')) return `cannot restore struct from: ${from}`
  // Go turns whole numbers into texts, and means letters by them; nothing else is turned into anything.
  const turned = (from === 'int64' && to !== 'bool') || (from === 'float64' && /^(int|float)/.test(to))
  return turned ? `cannot convert ${from} to ${to}` : `unrecognized type: ${to}`
}

/** The kind of a value as Go calls what it reads JSON into. */
function goKind(value: Json): string {
  if (isList(value)) return 'slice'
  if (isObject(value)) return 'map'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean' ? 'bool' : typeof value === 'bigint' ? 'int64' : 'string'
}

function patchDuplicates(kind: PatchKind, body: Body): readonly string[] {
  if (body.duplicates === null) return []
  const paths = duplicatePaths(body.value, '', body)
  return paths.map((path) => `${kind === 'json' ? 'json patch ' : ''}duplicate field ${JSON.stringify(path)}`)
}

function duplicatePaths(value: Json, path: string, body: Body): readonly string[] {
  if (isList(value)) return value.flatMap((item, index) => duplicatePaths(item, `${path}[${index}]`, body))
  if (!isObject(value)) return []
  const twice = body.duplicates?.get(value)
  return Object.entries(value).flatMap(([key, item]) => {
    const inner = path === '' ? key : `${path}.${key}`
    return [...duplicatePaths(item, inner, body), ...(twice?.has(key) === true ? [inner] : [])]
  })
}

/** A value as Go prints it: `map[data:map[b:1]]`. */
function goMap(value: Json): string {
  if (isList(value)) return `[${value.map(goMap).join(' ')}]`
  if (isObject(value)) {
    const keys = Object.keys(value).sort()
    return `map[${keys.map((key) => `${key}:${goMap(value[key] ?? null)}`).join(' ')}]`
  }
  return value === null ? '<nil>' : String(value)
}

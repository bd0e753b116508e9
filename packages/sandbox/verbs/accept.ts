// Takes what a client sent as an object of the target's type: kind and version, strictness, defaults.
import { encodeUtf8 } from '@mainstay/core/object/base64.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import type { Cause } from '../registry/kind.ts'
import { failure } from '../registry/status.ts'
import { type Decoded, DecodeFault, type Duplicates, decode } from './decode.ts'
import type { Cluster, Target, WriteOptions } from './target.ts'
import { versionOf } from './target.ts'

/** A body as it was read. */
export interface Body {
  readonly value: Json
  readonly duplicates: Duplicates
  /** Keys that stood twice in YAML, in the words of its reader. */
  readonly repeated?: readonly string[]
  /** As it was sent; absent where it never was a text. */
  readonly text?: string
}

/** The object of a create or update, in the target's version, with its defaults. */
export function accept(cluster: Cluster, target: Target, body: Body, options: WriteOptions): KubeObject {
  // The reader lets only objects through.
  const value = isObject(body.value) ? body.value : {}
  if (target.resource.custom === true) checkKind(target, value, body, options)
  const kind = textOr(value.kind, target.resource.kind)
  const apiVersion = textOr(value.apiVersion, versionOf(target))
  const { version } = parseApiVersion(apiVersion)
  const refuse = (why: string): Error => {
    const what = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${target.resource.kind}`
    return failure(400, 'BadRequest', `${what}: ${why}`)
  }
  const wrong = kindFault(cluster, target, apiVersion, kind)
  const late = wrong !== null && target.resource.custom === true
  if (!late && wrong?.known === true) throw failure(400, 'BadRequest', wrong.why)
  if (!late && wrong !== null) throw refuse(wrong.why)
  const whole = withHead(value, apiVersion, kind)
  const decoded = decodeOr(target, whole, moved(body.duplicates, value, whole), refuse)
  const strict = [...repeatedText(body, options), ...decoded.strict]
  tellStrict(strict, options, (told) => refuse(`strict decoding error: ${told}`))
  if (wrong !== null) throw failure(400, 'BadRequest', wrong.why)
  return withDefaults(target, asObject(decoded.value))
}

/** A custom resource of another kind or version is read all the same, and refused when it is judged. */
export function headCauses(target: Target, { apiVersion, kind }: KubeObject): readonly Cause[] {
  if (target.resource.custom !== true) return []
  const expected = versionOf(target)
  return [
    ...(kind === target.resource.kind ? [] : [wrongHead('kind', kind, target.resource.kind)]),
    ...(apiVersion === expected ? [] : [wrongHead('apiVersion', apiVersion, expected)]),
  ]
}

function wrongHead(field: string, value: string, expected: string): Cause {
  const message = `Invalid value: ${JSON.stringify(value)}: must be ${expected}`
  return { reason: 'FieldValueInvalid', field, message }
}

/** What is no type of Go must say its kind. */
function checkKind(target: Target, value: JsonObject, { text = '' }: Body, { validation }: WriteOptions): void {
  if (textOr(value.kind, '') !== '') return
  const { kind } = target.resource
  const why = `Object 'Kind' is missing in '${text}'`
  const what = `${kind} in version ${JSON.stringify(target.version.name)} cannot be handled as a ${kind}`
  // Strict readers give up before they know what they were to read.
  if (validation === 'Ignore') throw failure(400, 'BadRequest', `${what}: ${why}`)
  const unrecognized = `the object provided is unrecognized (must be of type ${kind})`
  throw failure(400, 'BadRequest', `${unrecognized}: ${why} (${summary(text)})`)
}

/** The beginning of a body as the server shows it: text where it looks like JSON, hexadecimal otherwise. */
export function summary(text: string): string {
  if (text === '') return '<empty>'
  if (text.startsWith('{')) return text.length > 30 ? `${text.slice(0, 30)} ...` : text
  const bytes = [...encodeUtf8(text.slice(0, 30))].slice(0, 30)
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return text.length > 30 ? `${hex} ...` : hex
}

/** An object with the defaults of its kind. */
export function withDefaults(target: Target, object: KubeObject, applied = false): KubeObject {
  const { fillIn, fillApplied = fillIn } = target.resource.behaviour
  return (applied ? fillApplied : fillIn)?.(object) ?? object
}

/** Holds an object against its type: what is unknown goes and is told. */
export function hold(target: Target, object: JsonObject, duplicates: Duplicates = null, ownFirst = false): Decoded {
  const { prune } = target.version
  if (prune === undefined) return decode(object, target.version.type, duplicates, ownFirst)
  const { object: value, unknown } = prune(asObject(object))
  return { value, strict: [...unknown.map((path) => `unknown field ${JSON.stringify(path)}`), ...told(duplicates)] }
}

/** Of a custom resource the paths of duplicates are not known to the type; their names must do. */
function told(duplicates: Duplicates): readonly string[] {
  const keys = [...(duplicates?.values() ?? [])].flatMap((each) => [...each])
  return keys.map((key) => `duplicate field ${JSON.stringify(key)}`)
}

/** What YAML had twice: warned of one by one, refused as one. */
export function repeatedText(body: Body, { validation }: Pick<WriteOptions, 'validation'>): readonly string[] {
  const { repeated = [] } = body
  if (repeated.length === 0 || validation !== 'Strict') return repeated
  return [`yaml: unmarshal errors:\n${repeated.map((each) => `  ${each}`).join('\n')}`]
}

/** Says or refuses what strict decoding found, as the client asked for. */
export function tellStrict(
  strict: readonly string[],
  options: Pick<WriteOptions, 'validation' | 'warn'>,
  refuse: (text: string) => Error,
): void {
  if (strict.length === 0 || options.validation === 'Ignore') return
  if (options.validation === 'Strict') throw refuse(strict.join(', '))
  for (const each of strict) options.warn(each)
}

/** JSON with what makes it an object; the name is judged later. */
export function asObject(value: JsonObject): KubeObject {
  const metadata = isObject(value.metadata) ? value.metadata : {}
  // Whoever lacks kind or version got them before; an empty name is refused by validation.
  return { ...value, metadata: { ...metadata, name: textOr(metadata.name, '') } } as KubeObject
}

function decodeOr(target: Target, value: JsonObject, duplicates: Duplicates, refuse: (why: string) => Error): Decoded {
  try {
    return hold(target, value, duplicates)
  } catch (error) {
    if (error instanceof DecodeFault) throw refuse(error.message)
    throw error
  }
}

/** Why an object of this kind and version is not taken; null where it is. `known`: another version of the same kind. */
export function kindFault(
  cluster: Cluster,
  target: Target,
  apiVersion: string,
  kind: string,
): { readonly why: string; readonly known: boolean } | null {
  const expected = versionOf(target)
  // Of custom resources the kind is judged later, see `headCauses`.
  const own = kind === target.resource.kind || target.resource.custom === true
  if (apiVersion === expected && own) return null
  const { group, version } = parseApiVersion(apiVersion)
  const resource = cluster.registry.byKind(group, kind)
  if (target.resource.custom === true && apiVersion !== expected) {
    return {
      why: `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
      known: true,
    }
  }
  if (resource?.versions.some((each) => each.name === version) !== true) {
    const scheme = 'scheme "pkg/runtime/scheme.go:111"'
    return {
      why: `no kind ${JSON.stringify(kind)} is registered for version "${apiVersion}" in ${scheme}`,
      known: false,
    }
  }
  if (resource === target.resource) {
    const why = `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`
    return { why, known: true }
  }
  const internal = `${goPackage(target.resource.group)}.${target.resource.kind}`
  return { why: `converting (${version}.${kind}) to (${internal}): unknown conversion`, known: false }
}

/** The package in which the server keeps the types of a group. */
function goPackage(group: string): string {
  return group === '' ? 'core' : (group.split('.')[0] ?? group)
}

/** Duplicates are kept by object, and the outermost one may be a copy now. */
function moved(duplicates: Duplicates, from: JsonObject, to: JsonObject): Duplicates {
  const own = from === to ? undefined : duplicates?.get(from)
  return own === undefined || duplicates === null ? duplicates : new Map([...duplicates, [to, own]])
}

/** An object that says what it is. */
export function withHead(value: JsonObject, apiVersion: string, kind: string): JsonObject {
  if (value.apiVersion === apiVersion && value.kind === kind && isObject(value.metadata)) return value
  return { ...value, apiVersion, kind, metadata: value.metadata ?? {} }
}

/** A text, or another where there is none. */
export function textOr(value: Json | undefined, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback
}

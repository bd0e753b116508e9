// Bodies of requests: read once, with the faults that the API server finds in them.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../registry/kind.ts'
import { failure, type StatusError } from '../registry/status.ts'
import { type Body, summary } from '../verbs/accept.ts'
import type { DeleteOptions } from '../verbs/delete.ts'
import { JsonFault, type ParsedJson, parseJson } from './json.ts'
import { bodyMedia, type PatchKind, unsupportedBody } from './negotiate.ts'
import { isProtobuf, parseProtobuf } from './protobuf.ts'
import { dryRunCauses, flag, integer, refused } from './query.ts'
import { WireFault } from './wire.ts'
import { parseYaml, YamlFault } from './yaml.ts'

/** The largest body that is read, in bytes. */
const MAX_BYTES = 3 * 1024 * 1024

/** The object in the body of a create or update. */
export async function objectBody(request: Request, kind: string): Promise<Body> {
  const media = bodyMedia(request.headers.get('content-type'))
  const bytes = await bytesOf(request)
  if (media === 'protobuf' && isProtobuf(bytes)) return protobufBody(bytes)
  const text = new TextDecoder().decode(bytes)
  const unrecognized = (why: string): StatusError => {
    const what = `the object provided is unrecognized (must be of type ${kind})`
    return failure(400, 'BadRequest', `${what}: ${why} (${summary(text)})`)
  }
  const refuse = (why: string, fault?: JsonFault): StatusError =>
    unrecognized(fault instanceof YamlFault ? why : `couldn't get version/kind; json parse error: ${why}`)
  if (media === 'protobuf') {
    throw unrecognized('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]')
  }
  const parsed = parseOr(() => (media === 'json' ? parseJson(text) : parseYaml(text)), refuse)
  if (isObject(parsed.value)) return { ...parsed, text }
  const shape = isList(parsed.value) ? 'array' : parsed.value === null ? 'null' : typeof parsed.value
  throw refuse(
    `json: cannot unmarshal ${shape} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
  )
}

/** A message of a kind that is known here; nobody else has numbers for its fields. */
function protobufBody(bytes: Uint8Array): Body {
  try {
    const value = parseProtobuf(bytes)
    if (value === null) throw unsupportedBody()
    return { value, duplicates: null }
  } catch (error) {
    if (error instanceof WireFault) throw failure(400, 'BadRequest', error.message)
    throw error
  }
}

/** The body of a patch. */
export async function patchBody(request: Request, kind: PatchKind): Promise<Body> {
  const text = await textOf(request)
  const refuse = (why: string, fault?: JsonFault): StatusError =>
    failure(
      400,
      'BadRequest',
      patchFault(kind, fault instanceof YamlFault ? `error converting YAML to JSON: ${why}` : why),
    )
  const parsed = parseOr(() => (kind === 'apply' ? parseApply(text) : parseJson(text)), refuse)
  // What the others are, their own functions judge.
  if (kind === 'json' || kind === 'merge' || isObject(parsed.value)) return parsed
  const shape = isList(parsed.value) ? 'array' : parsed.value === null ? 'null' : typeof parsed.value
  throw refuse(`json: cannot unmarshal ${shape} into Go value of type map[string]interface {}`)
}

function patchFault(kind: PatchKind, why: string): string {
  if (kind === 'strategic') return why
  return `error decoding ${kind === 'apply' ? 'YAML' : 'patch'}: ${why}`
}

/** JSON is YAML too, and most clients send it. */
function parseApply(text: string): ParsedJson {
  if (!/^\s*\{/.test(text)) return parseYaml(text)
  try {
    return parseJson(text)
  } catch {
    return parseYaml(text)
  }
}

/** Options of a deletion: from the body, or where there is none from the query. */
export async function deleteOptions(request: Request, query: URLSearchParams): Promise<DeleteOptions> {
  const bytes = await bytesOf(request)
  if (bytes.length === 0) return checked(fromQuery(query), dryRunCauses(query.getAll('dryRun')))
  const media = bodyMedia(request.headers.get('content-type'))
  if (media === 'protobuf' && isProtobuf(bytes)) return fromBody(objectIn(protobufBody(bytes)))
  const text = new TextDecoder().decode(bytes)
  const refuse = (why: string): StatusError =>
    failure(400, 'BadRequest', `couldn't get version/kind; json parse error: ${why}`)
  if (media === 'protobuf') throw unsupportedBody()
  const { value } = parseOr(() => (media === 'json' ? parseJson(text) : parseYaml(text)), refuse)
  return fromBody(objectIn({ value }))
}

function objectIn({ value }: Pick<Body, 'value'>): JsonObject {
  return isObject(value) ? value : {}
}

function fromQuery(query: URLSearchParams): DeleteOptions {
  return {
    dryRun: query.getAll('dryRun').length > 0,
    uid: null,
    resourceVersion: null,
    propagation: propagationOf(query.get('propagationPolicy')),
    orphanDependents: flag(query, 'orphanDependents'),
    graceSeconds: integer(query, 'gracePeriodSeconds'),
  }
}

function fromBody(body: JsonObject): DeleteOptions {
  const kind = typeof body.kind === 'string' && body.kind !== '' ? body.kind : 'DeleteOptions'
  if (kind !== 'DeleteOptions') {
    const version = typeof body.apiVersion === 'string' ? body.apiVersion : 'v1'
    const scheme = 'scheme "pkg/runtime/scheme.go:111"'
    throw failure(
      400,
      'BadRequest',
      `no kind ${JSON.stringify(kind)} is registered for version "${version}" in ${scheme}`,
    )
  }
  const preconditions = isObject(body.preconditions) ? body.preconditions : {}
  const dryRun = isList(body.dryRun) ? body.dryRun.map(String) : []
  const text = (key: string): string | null => {
    const found = preconditions[key]
    return typeof found === 'string' ? found : null
  }
  const options: DeleteOptions = {
    dryRun: dryRun.length > 0,
    uid: text('uid'),
    resourceVersion: text('resourceVersion'),
    propagation: propagationOf(typeof body.propagationPolicy === 'string' ? body.propagationPolicy : null),
    orphanDependents: typeof body.orphanDependents === 'boolean' ? body.orphanDependents : null,
    graceSeconds: typeof body.gracePeriodSeconds === 'number' ? body.gracePeriodSeconds : null,
  }
  return checked(options, dryRunCauses(dryRun))
}

/** Another word is refused together with everything else that is wrong. */
function propagationOf(text: string | null): DeleteOptions['propagation'] {
  return text === null || text === '' ? null : (text as DeleteOptions['propagation'])
}

function checked(options: DeleteOptions, dryRun: readonly Cause[]): DeleteOptions {
  const causes: Cause[] = []
  const { propagation, orphanDependents } = options
  const invalid = (message: string): void => {
    causes.push({ reason: 'FieldValueInvalid', field: 'propagationPolicy', message: `Invalid value: ${message}` })
  }
  if (propagation !== null && orphanDependents !== null) {
    invalid(`"${propagation}": orphanDependents and deletionPropagation cannot be both set`)
  }
  if (propagation !== null && !['Background', 'Foreground', 'Orphan'].includes(propagation)) {
    const message = `Unsupported value: "${propagation}": supported values: "Foreground", "Background", "Orphan", "nil"`
    causes.push({ reason: 'FieldValueNotSupported', field: 'propagationPolicy', message })
  }
  causes.push(...dryRun)
  if (causes.length > 0) throw refused('DeleteOptions', causes)
  return options
}

async function textOf(request: Request): Promise<string> {
  return new TextDecoder().decode(await bytesOf(request))
}

async function bytesOf(request: Request): Promise<Uint8Array> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (bytes.length <= MAX_BYTES) return bytes
  throw failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BYTES}`)
}

function parseOr(parse: () => ParsedJson, refuse: (why: string, fault: JsonFault) => StatusError): ParsedJson {
  try {
    return parse()
  } catch (error) {
    if (error instanceof JsonFault) throw refuse(error.message, error)
    throw error
  }
}

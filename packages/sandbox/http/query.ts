// Options in the query of a request, read and judged as the API server does.
import type { Cause } from '../registry/kind.ts'
import { failure, invalid } from '../registry/status.ts'

/** Options of a list or watch. */
export interface ListOptions {
  readonly labelSelector: string
  readonly fieldSelector: string
  readonly watch: boolean
  readonly bookmarks: boolean
  readonly resourceVersion: string
  readonly match: '' | 'Exact' | 'NotOlderThan'
  readonly limit: number
  readonly continue: string
  readonly timeoutSeconds: number | null
  readonly sendInitialEvents: boolean | null
}

/** Options of a write. */
export interface WriteQuery {
  readonly dryRun: boolean
  readonly fieldManager: string
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict'
  readonly force: boolean
}

/** Reads the options of a list or watch. */
export function listOptions(query: URLSearchParams): ListOptions {
  const options: ListOptions = {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    watch: flag(query, 'watch') === true,
    bookmarks: flag(query, 'allowWatchBookmarks') === true,
    resourceVersion: query.get('resourceVersion') ?? '',
    // Other words are refused below.
    match: (query.get('resourceVersionMatch') ?? '') as ListOptions['match'],
    limit: integer(query, 'limit') ?? 0,
    continue: query.get('continue') ?? '',
    timeoutSeconds: integer(query, 'timeoutSeconds'),
    sendInitialEvents: flag(query, 'sendInitialEvents'),
  }
  const causes = [...(options.watch ? watchCauses(options) : listCauses(options))]
  if (causes.length > 0) throw refused('ListOptions', causes)
  return options
}

function* listCauses(options: ListOptions): Generator<Cause> {
  const { match, resourceVersion } = options
  if (match !== '') {
    const forbid = (message: string): Cause => forbidden('resourceVersionMatch', message)
    if (resourceVersion === '') yield forbid('resourceVersionMatch is forbidden unless resourceVersion is provided')
    if (options.continue !== '') yield forbid('resourceVersionMatch is forbidden when continue is provided')
    if (match !== 'Exact' && match !== 'NotOlderThan') yield notSupported(match, ['Exact', 'NotOlderThan', ''])
    if (match === 'Exact' && resourceVersion === '0') {
      yield forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"')
    }
  }
  if (options.sendInitialEvents !== null)
    yield forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list')
}

function* watchCauses(options: ListOptions): Generator<Cause> {
  const { match, sendInitialEvents } = options
  const forbid = (message: string): Cause => forbidden('resourceVersionMatch', message)
  if (sendInitialEvents !== null) {
    if (match === '') yield forbid('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')
    if (options.continue !== '') yield forbid('resourceVersionMatch is forbidden when continue is provided')
    if (match !== '' && match !== 'NotOlderThan') {
      yield forbid('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')
      yield notSupported(match, ['NotOlderThan'])
    }
  } else if (match !== '') {
    yield forbid('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided')
  }
}

function notSupported(value: string, supported: readonly string[]): Cause {
  const list = supported.map((each) => JSON.stringify(each)).join(', ')
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`
  return { reason: 'FieldValueNotSupported', field: 'resourceVersionMatch', message }
}

/** Reads the options of a create, update or patch. */
export function writeQuery(
  query: URLSearchParams,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  apply: boolean,
): WriteQuery {
  const manager = query.get('fieldManager') ?? ''
  const validation = query.get('fieldValidation') ?? ''
  const force = flag(query, 'force')
  const causes: Cause[] = [
    ...(kind === 'PatchOptions' ? patchCauses(manager, force, apply) : []),
    ...managerCauses(manager),
    ...dryRunCauses(query.getAll('dryRun')),
    ...validationCauses(validation),
  ]
  if (causes.length > 0) throw refused(kind, causes)
  return {
    dryRun: query.getAll('dryRun').length > 0,
    fieldManager: manager,
    // The causes above leave nothing else.
    fieldValidation: validation === '' ? 'Warn' : (validation as WriteQuery['fieldValidation']),
    force: force === true,
  }
}

function patchCauses(manager: string, force: boolean | null, apply: boolean): readonly Cause[] {
  if (apply && manager === '') {
    const message = 'Required value: is required for apply patch'
    return [{ reason: 'FieldValueRequired', field: 'fieldManager', message }]
  }
  return !apply && force !== null ? [forbidden('force', 'may not be specified for non-apply patch')] : []
}

function managerCauses(manager: string): readonly Cause[] {
  const causes: Cause[] = []
  if (manager.length * 3 > 128 && new TextEncoder().encode(manager).length > 128) {
    const message = 'Too long: may not be more than 128 bytes'
    causes.push({ reason: 'FieldValueTooLong', field: 'fieldManager', message })
  }
  const odd = /\p{C}/u.exec(manager)
  if (odd !== null) {
    const code = (odd[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    const shown = `"${manager.replaceAll(/\p{Cc}/gu, goEscape)}"`
    const message = `Invalid value: ${shown}: invalid character U+${code} (at position ${odd.index})`
    causes.push({ reason: 'FieldValueInvalid', field: 'fieldManager', message })
  }
  return causes
}

/** A control character in Go's quotes. */
function goEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}

/** Causes of a wrong `dryRun`. */
export function dryRunCauses(values: readonly string[]): readonly Cause[] {
  if (values.every((value) => value === 'All')) return []
  const message = `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`
  return [{ reason: 'FieldValueNotSupported', field: 'dryRun', message }]
}

function validationCauses(value: string): readonly Cause[] {
  if (['', 'Ignore', 'Strict', 'Warn'].includes(value)) return []
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: "", "Ignore", "Strict", "Warn"`
  return [{ reason: 'FieldValueNotSupported', field: 'fieldValidation', message }]
}

/** 422 about options. */
export function refused(kind: string, causes: readonly Cause[]): Error {
  return invalid({ group: 'meta.k8s.io', resource: kind, name: '' }, causes)
}

function forbidden(field: string, message: string): Cause {
  return { reason: 'FieldValueForbidden', field, message: `Forbidden: ${message}` }
}

/** A parameter as an integer; null where it is absent or empty. */
export function integer(query: URLSearchParams, name: string): number | null {
  const text = query.get(name)
  if (text === null || text === '') return null
  if (/^[-+]?\d+$/.test(text)) return Number(text)
  throw failure(400, 'BadRequest', `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
}

/** A parameter as a boolean; null where it is absent. Present without a value is true; so is any other word. */
export function flag(query: URLSearchParams, name: string): boolean | null {
  const text = query.get(name)
  if (text === null) return null
  return !/^(0|f|false)$/i.test(text)
}

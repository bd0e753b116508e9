// Printer columns, subresources, selectable fields and conversion of a definition.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import { dns1035Label } from '../../kinds/formats.ts'
import type { Cause } from '../../registry/kind.ts'
import type { Schema } from '../schema/schema.ts'
import { atIndex, child, duplicate, forbidden, invalid, notSupported, required, tooMany } from '../value/cause.ts'
import { findField } from './field-path.ts'

const TYPES = ['boolean', 'date', 'integer', 'number', 'string']
const FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']
const MOST_SELECTABLE = 8

/** What is wrong with a list of printer columns. */
export function columnCauses(columns: Json | undefined, path: string): readonly Cause[] {
  if (!isList(columns)) return []
  return columns.filter(isObject).flatMap((column, index) => {
    const at = atIndex(path, index)
    const types = `must be one of ${TYPES.join(',')}`
    const type = textAt(column, 'type')
    const format = textAt(column, 'format')
    return [
      ...(textAt(column, 'name') === '' ? [required(child(at, 'name'))] : []),
      ...(type === '' ? [required(child(at, 'type'), types)] : []),
      ...(type !== '' && !TYPES.includes(type) ? [invalid(child(at, 'type'), type, types)] : []),
      ...(format !== '' && !FORMATS.includes(format)
        ? [invalid(child(at, 'format'), format, `must be one of ${FORMATS.join(',')}`)]
        : []),
      ...pathCauses(textAt(column, 'jsonPath'), child(at, 'JSONPath'), [], ''),
    ]
  })
}

/** A path that must begin with a dot, and with one of some prefixes where any are named. */
function pathCauses(value: string, path: string, prefixes: readonly string[], where: string): readonly Cause[] {
  if (value === '') return [required(path)]
  if (!value.startsWith('.')) return [invalid(path, value, 'must be a simple json path starting with .')]
  if (prefixes.length === 0 || prefixes.some((each) => value.startsWith(each))) return []
  return [invalid(path, value, `should be a json path under ${where}`)]
}

/** What is wrong with subresources. */
export function subresourceCauses(subresources: Json | undefined, path: string): readonly Cause[] {
  const scale = valueAt(subresources, 'scale')
  if (!isObject(scale)) return []
  const selector = textAt(scale, 'labelSelectorPath')
  const at = (key: string): string => child(path, `scale.${key}`)
  return [
    ...pathCauses(textAt(scale, 'specReplicasPath'), at('specReplicasPath'), ['.spec.'], '.spec'),
    ...pathCauses(textAt(scale, 'statusReplicasPath'), at('statusReplicasPath'), ['.status.'], '.status'),
    ...(selector === ''
      ? []
      : pathCauses(selector, at('labelSelectorPath'), ['.spec.', '.status.'], 'either .spec or .status')),
  ]
}

/** What is wrong with selectable fields. */
export function selectableCauses(fields: Json | undefined, schema: Schema, path: string): readonly Cause[] {
  if (!isList(fields)) return []
  const seen = new Set<string>()
  const causes = fields.filter(isObject).flatMap((raw, index): readonly Cause[] => {
    const at = child(atIndex(path, index), 'jsonPath')
    const value = textAt(raw, 'jsonPath')
    if (value === '') return [required(at)]
    const found = findField(value, schema, false)
    if (found.kind === 'problem') return [invalid(at, value, `is an invalid path: ${found.problem}`)]
    const again = seen.has(found.path)
    seen.add(found.path)
    const allowed = ['string', 'boolean', 'integer'].includes(found.schema.type)
    const types =
      'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'
    return [
      ...(/^metadata(\.|\[|$)/.test(found.path) ? [invalid(at, value, 'must not point to fields in metadata')] : []),
      ...(allowed ? [] : [invalid(at, value, types)]),
      ...(again ? [duplicate(at, value)] : []),
    ]
  })
  return seen.size > MOST_SELECTABLE ? [...causes, tooMany(path, seen.size, MOST_SELECTABLE)] : causes
}

/** What is wrong with the conversion; its webhook is told of as the server holds it inside. */
export function conversionCauses(conversion: JsonObject | null, path: string): readonly Cause[] {
  if (conversion === null) return []
  const strategy = textAt(conversion, 'strategy')
  const webhook = isObject(conversion.webhook) ? conversion.webhook : {}
  const client = isObject(webhook.clientConfig) ? webhook.clientConfig : null
  const reviews = isList(webhook.conversionReviewVersions) ? webhook.conversionReviewVersions.map(String) : []
  const clientPath = child(path, 'webhookClientConfig')
  const reviewPath = child(path, 'conversionReviewVersions')
  const named = strategyCauses(strategy, child(path, 'strategy'))
  if (strategy === 'Webhook')
    return [...named, ...clientCauses(client, clientPath), ...reviewCauses(reviews, reviewPath)]
  const only = 'should not be set when strategy is not set to Webhook'
  return [
    ...named,
    ...(client === null ? [] : [forbidden(clientPath, only)]),
    ...(reviews.length === 0 ? [] : [forbidden(reviewPath, only)]),
  ]
}

function strategyCauses(strategy: string, path: string): readonly Cause[] {
  if (strategy === '') return [required(path)]
  const known = ['None', 'Webhook']
  return known.includes(strategy) ? [] : [notSupported(path, strategy, known)]
}

function clientCauses(client: JsonObject | null, path: string): readonly Cause[] {
  if (client === null) return [required(path, 'required when strategy is set to Webhook')]
  const service = isObject(client.service) ? client.service : null
  const url = typeof client.url === 'string' ? client.url : null
  if ((url === null) === (service === null)) return [required(path, 'exactly one of url or service is required')]
  return url === null ? serviceCauses(service ?? {}, child(path, 'service')) : urlCauses(url, child(path, 'url'))
}

const FORM = '; desired format: https://host[/path]'

function urlCauses(url: string, path: string): readonly Cause[] {
  const found = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/i.exec(url)
  if (found === null) return [required(path, `url parse error${FORM}`)]
  const [, scheme = '', authority = '', , query, fragment] = found
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  return [
    ...(scheme === 'https' ? [] : [invalid(path, scheme, `'https' is the only allowed URL scheme${FORM}`)]),
    ...(host === '' ? [invalid(path, host, `host must be specified${FORM}`)] : []),
    ...(authority.includes('@')
      ? [invalid(path, authority.slice(0, authority.lastIndexOf('@')), 'user information is not permitted in the URL')]
      : []),
    ...(fragment === undefined ? [] : [invalid(path, fragment.slice(1), 'fragments are not permitted in the URL')]),
    ...(query === undefined ? [] : [invalid(path, query.slice(1), 'query parameters are not permitted in the URL')]),
  ]
}

function serviceCauses(service: JsonObject, path: string): readonly Cause[] {
  const port = typeof service.port === 'number' ? service.port : 443
  return [
    ...(textAt(service, 'name') === '' ? [required(child(path, 'name'), 'service name is required')] : []),
    ...(textAt(service, 'namespace') === ''
      ? [required(child(path, 'namespace'), 'service namespace is required')]
      : []),
    ...(port > 0 && port < 65536
      ? []
      : [invalid(child(path, 'port'), port, 'port is not valid: must be between 1 and 65535, inclusive')]),
  ]
}

function reviewCauses(versions: readonly string[], path: string): readonly Cause[] {
  if (versions.length === 0) return [required(path)]
  const faults = versions.flatMap((each, index) => {
    if (versions.indexOf(each) < index) return [invalid(atIndex(path, index), each, 'duplicate version')]
    return dns1035Label(each).map((fault) => invalid(atIndex(path, index), each, fault))
  })
  if (versions.some((each) => each === 'v1' || each === 'v1beta1')) return faults
  return [...faults, invalid(path, [...versions], 'must include at least one of v1, v1beta1')]
}

function textAt(value: JsonObject, key: string): string {
  const text = value[key]
  return typeof text === 'string' ? text : ''
}

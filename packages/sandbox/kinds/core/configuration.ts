// ConfigMaps and Secrets: keys, sizes, immutability.
import { base64OfText, decodeBase64 } from '@mainstay/core/object/base64.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { forbidden, invalid, invalids, required, same, tooLong, unchanged } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { byteLength, configKey } from '../formats.ts'
import { entriesAt, has, isTrue, objectAt, textAt, withAt } from '../look.ts'
import { isSentEmpty } from '../sent.ts'

const MOST = 1024 * 1024

function configMapCauses(object: KubeObject): readonly Cause[] {
  const binary = entriesAt(object, 'binaryData')
  const size = entriesAt(object, 'data').reduce((sum, [, value]) => sum + byteLength(value), 0)
  const whole = binary.reduce((sum, [, value]) => sum + bytesOf(value), size)
  return [
    ...entriesAt(object, 'data').flatMap(([key]) => [
      ...invalids(`data[${key}]`, key, configKey(key)),
      ...(has(object, 'binaryData', key)
        ? [invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')]
        : []),
    ]),
    ...binary.flatMap(([key]) => invalids(`binaryData[${key}]`, key, configKey(key))),
    ...(whole > MOST ? [tooLong('[]', MOST)] : []),
  ]
}

function bytesOf(base64: string): number {
  return decodeBase64(base64)?.length ?? 0
}

const FIXED = 'field is immutable when `immutable` is set'

/** Where bytes are compared as Go has them, an empty map is another than none; texts are compared by what they say. */
function fixedCauses(
  object: KubeObject,
  old: KubeObject,
  keys: readonly string[],
  bytes: readonly string[],
): readonly Cause[] {
  if (!isTrue(old, 'immutable')) return []
  const changed = (key: string): boolean =>
    !same(object[key], old[key]) || (bytes.includes(key) && isSentEmpty(object, key) && !has(object, key))
  return [
    ...(isTrue(object, 'immutable') ? [] : [forbidden('immutable', FIXED)]),
    ...keys.filter(changed).map((key) => forbidden(key, FIXED)),
  ]
}

function secretCauses(object: KubeObject): readonly Cause[] {
  const data = entriesAt(object, 'data')
  const size = data.reduce((sum, [, value]) => sum + bytesOf(value), 0)
  return [
    ...data.flatMap(([key]) => invalids(`data[${key}]`, key, configKey(key))),
    ...(size > MOST ? [tooLong('data', MOST)] : []),
    ...typedSecretCauses(object),
  ]
}

/** What the type of a Secret demands of its data. */
function typedSecretCauses(object: KubeObject): readonly Cause[] {
  const missing = (key: string): readonly Cause[] => (has(object, 'data', key) ? [] : [required(`data[${key}]`)])
  switch (textAt(object, 'type')) {
    case 'kubernetes.io/service-account-token': {
      const key = 'kubernetes.io/service-account.name'
      const named = textAt(object, 'metadata', 'annotations', key)
      return named === '' ? [required(`metadata.annotations[${key}]`)] : []
    }
    case 'kubernetes.io/dockercfg':
      return dockerCauses(object, '.dockercfg')
    case 'kubernetes.io/dockerconfigjson':
      return dockerCauses(object, '.dockerconfigjson')
    case 'kubernetes.io/basic-auth':
      return has(object, 'data', 'username') || has(object, 'data', 'password')
        ? []
        : [...missing('username'), ...missing('password')]
    case 'kubernetes.io/ssh-auth':
      return textAt(object, 'data', 'ssh-privatekey') === '' ? [required('data[ssh-privatekey]')] : []
    case 'kubernetes.io/tls':
      return [...missing('tls.crt'), ...missing('tls.key')]
    default:
      return []
  }
}

function dockerCauses(object: KubeObject, key: string): readonly Cause[] {
  if (!has(object, 'data', key)) return [required(`data[${key}]`)]
  const bytes = decodeBase64(textAt(object, 'data', key))
  const fault = bytes === null ? null : jsonFault(new TextDecoder().decode(bytes))
  return fault === null ? [] : [invalid(`data[${key}]`, '<secret contents redacted>', fault)]
}

/** What Go's JSON says of a text that is no JSON object; null for one that is. */
function jsonFault(text: string): string | null {
  if (text.trim() === '') return 'unexpected end of JSON input'
  try {
    const value: unknown = JSON.parse(text)
    if (value === null || (typeof value === 'object' && !Array.isArray(value))) return null
    const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
    return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`
  } catch {
    const after = afterValue(text)
    if (after !== null) return `invalid character '${after}' after top-level value`
    const first = text.trim().charAt(0)
    return /["[{\d-]/.test(first)
      ? 'unexpected end of JSON input'
      : `invalid character '${first}' looking for beginning of value`
  }
}

/** The first character after a whole JSON value that the text begins with; null where it begins with none. */
function afterValue(text: string): string | null {
  for (let end = text.length - 1; end > 0; end -= 1) {
    try {
      JSON.parse(text.slice(0, end))
      return text.slice(end).trim().charAt(0)
    } catch {
      // Not a whole value yet: one character less.
    }
  }
  return null
}

/** `stringData` is written only: its values come into `data`. */
function withStringData(object: KubeObject): KubeObject {
  const texts = entriesAt(object, 'stringData')
  if (texts.length === 0) return withAt(object, ['stringData'], undefined)
  const encoded = Object.fromEntries(texts.map(([key, value]) => [key, base64OfText(value)]))
  const data: JsonObject = { ...objectAt(object, 'data'), ...encoded }
  return withAt({ ...object, data }, ['stringData'], undefined)
}

/** ConfigMaps. */
export const configMap: Entry = {
  tellsEmpty: true,
  validate: configMapCauses,
  validateUpdate: (object, old) => fixedCauses(object, old, ['data', 'binaryData'], ['binaryData']),
  cells: {
    Data: (object) => entriesAt(object, 'data').length + entriesAt(object, 'binaryData').length,
  },
}

/** Secrets. */
export const secret: Entry = {
  tellsEmpty: true,
  read: withStringData,
  prepareUpdate: (object, old) => (textAt(object, 'type') === '' ? { ...object, type: textAt(old, 'type') } : object),
  validate: secretCauses,
  validateUpdate: (object, old) => [
    ...unchanged('type', object.type, old.type),
    ...fixedCauses(object, old, ['data'], ['data']),
  ],
  cells: {
    Type: (object) => textAt(object, 'type'),
    Data: (object) => entriesAt(object, 'data').length,
  },
}

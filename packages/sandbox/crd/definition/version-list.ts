// The list of versions beside what each of them says: what was stored, and the words for what is deprecated.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { atIndex, invalid } from '../value/cause.ts'
import type { Hub } from './hub.ts'

/** What is wrong with `status.storedVersions`. */
export function storedCauses({ storedVersions, versions }: Hub): readonly Cause[] {
  const path = 'status.storedVersions'
  if (storedVersions === null || storedVersions.length === 0) {
    return [invalid(path, storedVersions, 'must have at least one stored version')]
  }
  const names = versions.map((each) => String(each.name))
  const absent = versions
    .filter((each) => each.storage === true && !storedVersions.includes(String(each.name)))
    .map((each) => invalid(path, storedVersions, `must have the storage version ${String(each.name)}`))
  const gone = storedVersions.flatMap((name, index) => {
    if (names.includes(name)) return []
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`
    return [invalid(atIndex(path, index), name, detail)]
  })
  return [...absent, ...gone]
}

/** What is wrong with the warning of a deprecated version. */
export function warningTextCauses(version: JsonObject, path: string): readonly Cause[] {
  const text = version.deprecationWarning
  if (typeof text !== 'string') return []
  if (version.deprecated !== true) return [invalid(path, text, 'can only be set for deprecated versions')]
  const bytes = new TextEncoder().encode(text).length
  return [
    ...(bytes > 256 ? [invalid(path, text, 'must be <= 256 characters long')] : []),
    ...(text === '' ? [invalid(path, text, 'must not be an empty string')] : []),
    ...unprintable(text).map((at) =>
      invalid(path, text, `must only contain printable UTF-8 characters; non-printable character found at index ${at}`),
    ),
  ]
}

/** Where the first character is that cannot be printed, in bytes; nowhere for most texts. */
function unprintable(text: string): readonly number[] {
  const found = [...text].findIndex((char) => char !== ' ' && /[\p{C}\p{Z}]/u.test(char))
  if (found < 0) return []
  return [new TextEncoder().encode([...text].slice(0, found).join('')).length]
}

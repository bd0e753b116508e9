// Names of a definition: what may be in them.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isList } from '@mainstay/core/object/json.ts'
import { dns1035Label } from '../../kinds/formats.ts'
import type { Cause } from '../../registry/kind.ts'
import { atIndex, child, invalid, required } from '../value/cause.ts'

function textAt(names: JsonObject, key: string): string {
  const value = names[key]
  return typeof value === 'string' ? value : ''
}

/** Names that the spec must have. */
export function missingNames(names: JsonObject, path: string): readonly Cause[] {
  const needed = ['plural', 'singular', 'kind', 'listKind']
  return needed.filter((key) => textAt(names, key) === '').map((key) => required(child(path, key)))
}

/** The form of names, in the spec and in the status. */
export function nameCauses(names: JsonObject, path: string): readonly Cause[] {
  const kind = textAt(names, 'kind')
  const same = kind !== '' && kind === textAt(names, 'listKind')
  return [
    ...labelCauses(names, path, 'plural'),
    ...labelCauses(names, path, 'singular'),
    ...kindCauses(names, path, 'kind'),
    ...kindCauses(names, path, 'listKind'),
    ...listCauses(names, path, 'shortNames'),
    ...(same ? [invalid(child(path, 'listKind'), kind, 'kind and listKind may not be the same')] : []),
    ...listCauses(names, path, 'categories'),
  ]
}

function labelCauses(names: JsonObject, path: string, key: string): readonly Cause[] {
  const value = textAt(names, key)
  const faults = value === '' ? [] : dns1035Label(value)
  return faults.length === 0 ? [] : [invalid(child(path, key), value, faults.join(','))]
}

function kindCauses(names: JsonObject, path: string, key: string): readonly Cause[] {
  const value = textAt(names, key)
  const faults = value === '' ? [] : dns1035Label(value.toLowerCase())
  if (faults.length === 0) return []
  const detail = `may have mixed case, but should otherwise match: ${faults.join(',')}`
  return [invalid(child(path, key), value, detail)]
}

function listCauses(names: JsonObject, path: string, key: string): readonly Cause[] {
  const list = names[key]
  if (!isList(list)) return []
  return list.flatMap((each, index) => {
    const faults = typeof each === 'string' ? dns1035Label(each) : []
    return faults.length === 0 ? [] : [invalid(atIndex(child(path, key), index), each, faults.join(','))]
  })
}

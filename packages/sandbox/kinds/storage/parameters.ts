// The free settings of classes of storage.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { invalid, required, tooLong } from '../causes.ts'
import { byteLength } from '../formats.ts'
import { entriesAt } from '../look.ts'

const MOST = 512
const MOST_BYTES = 256 * 1024

/** Parameters of a class; `none`: it may have none. */
export function parametersCauses(parameters: JsonObject, none: boolean): readonly Cause[] {
  const entries = entriesAt({ parameters }, 'parameters')
  const size = entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0)
  if (entries.length === 0) return none ? [] : [required('parameters', 'must contain at least one key/value pair')]
  return [
    ...(entries.length > MOST ? [tooLong('parameters', MOST)] : []),
    ...entries.filter(([key]) => key === '').map(([key]) => invalid('parameters', key, 'field can not be empty.')),
    ...(size > MOST_BYTES ? [tooLong('parameters', MOST_BYTES)] : []),
  ]
}

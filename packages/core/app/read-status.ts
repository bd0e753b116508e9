// Reads what an Application's status reports: a hint where to look, never a fact to act on.
import { isObject } from '../object/json.ts'
import { stringAt } from '../object/object.ts'
import type { ReportedResource } from './application.ts'
import type { Fields } from './fields.ts'

/**
 * Refs of `status.resources`. Status is written by controllers and can be forged by anyone who may edit the object, so
 * it is only a hint; entries that name nothing are left out.
 */
export function readReported(top: Fields): readonly ReportedResource[] {
  const status = top.any('status')
  const resources = isObject(status) ? status.resources : undefined
  if (!Array.isArray(resources)) return []
  return resources.flatMap((entry) => {
    const kind = stringAt(entry, 'kind')
    const name = stringAt(entry, 'name')
    if (kind === undefined || name === undefined || kind === '' || name === '') return []
    return [
      {
        group: stringAt(entry, 'group') ?? '',
        version: stringAt(entry, 'version') ?? '',
        kind,
        namespace: stringAt(entry, 'namespace') || null,
        name,
      },
    ]
  })
}

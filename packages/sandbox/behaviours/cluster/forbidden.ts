// Refusals of admission.
import { textAt } from '../../kinds/look.ts'
import type { AdmissionRequest } from '../../registry/admission.ts'
import { failure, type StatusError } from '../../registry/status.ts'

/** 403: admission does not let it happen. */
export function forbidden(request: AdmissionRequest, why: string): StatusError {
  const { group, plural } = request.resource
  const object = request.object ?? request.old ?? {}
  const own = textAt(object, 'metadata', 'name') || textAt(object, 'metadata', 'generateName')
  const name = request.name || own || 'Unknown'
  const where = group === '' ? plural : `${plural}.${group}`
  const details = { name, ...(group === '' ? {} : { group }), kind: plural }
  return failure(403, 'Forbidden', `${where} ${JSON.stringify(name)} is forbidden: ${why}`, details)
}

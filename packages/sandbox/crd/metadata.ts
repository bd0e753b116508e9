// The metadata of custom resources. Built-in kinds ask more of finalizers than custom resources do.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Form } from '../kinds/formats.ts'
import { metadataCauses } from '../kinds/metadata.ts'
import type { Cause } from '../registry/kind.ts'

/** What is wrong with the metadata of a new object. */
export function newMetadataCauses(object: JsonObject, name: Form, namespaced: boolean): readonly Cause[] {
  // A finalizer without a domain is refused one by one (`finalizers[0]`) for built-in kinds alone.
  return metadataCauses(object, name, namespaced).filter((cause) => !/\.finalizers\[\d+\]$/.test(cause.field))
}

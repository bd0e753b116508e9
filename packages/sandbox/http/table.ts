// Objects as a client can ask for them beside themselves: a table for people, or their metadata alone.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { withoutNotes } from '../kinds/autoscaling/conversion.ts'
import type { Column } from '../registry/kind.ts'
import { failure } from '../registry/status.ts'
import type { Target } from '../verbs/target.ts'
import type { Form } from './negotiate.ts'

/** How much of each object a table brings along. */
export type Include = 'Metadata' | 'Object' | 'None'

/** `includeObject` of a request. */
export function includeOf(query: URLSearchParams): Include {
  const text = query.get('includeObject') ?? ''
  if (text === '' || text === 'Metadata') return 'Metadata'
  if (text === 'Object' || text === 'None') return text
  const why = `includeObject: Invalid value: ${JSON.stringify(text)}: must be 'Metadata', 'Object', 'None', or empty`
  throw failure(400, 'BadRequest', `Unable to convert to Table as requested: ${why}`)
}

/** A table of objects. Later events of a watch come without the definitions of the columns. */
export function tableOf(
  target: Target,
  form: Form,
  objects: readonly KubeObject[],
  metadata: JsonObject,
  shown: { readonly include: Include; readonly now: number; readonly columns: boolean },
): JsonObject {
  const { columns } = target.version
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${form.asVersion}`,
    metadata,
    columnDefinitions: shown.columns ? columns.map(definitionOf) : null,
    rows: objects.map((object) => ({
      cells: columns.map((column): Json => column.cell(object, shown.now)),
      ...included(object, form, shown.include),
    })),
  }
}

function definitionOf({ name, type, format, description, priority }: Column): JsonObject {
  return { name, type, format, description, priority }
}

function included(object: KubeObject, form: Form, include: Include): JsonObject {
  if (include === 'None') return { object: null }
  return { object: include === 'Object' ? object : partialOf(form, object) }
}

/** The metadata of an object. */
export function partialOf(form: Form, object: JsonObject): JsonObject {
  const whole = object.kind === 'HorizontalPodAutoscaler' ? withoutNotes(object) : object
  const metadata = withoutCount(isObject(whole.metadata) ? whole.metadata : {})
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${form.asVersion}`, metadata }
}

/** The annotation that v1 has for a field of DaemonSets is no metadata to the server. */
function withoutCount(metadata: JsonObject): JsonObject {
  const { annotations, ...rest } = metadata
  if (!isObject(annotations) || annotations[TEMPLATE_COUNT] === undefined) return metadata
  const { [TEMPLATE_COUNT]: _, ...others } = annotations
  return Object.keys(others).length === 0 ? rest : { ...metadata, annotations: others }
}

const TEMPLATE_COUNT = 'deprecated.daemonset.template.generation'

/** Refuses a form that does not fit what is asked for: one object, or a list. */
export function checkForm(target: Target, form: Form, isList: boolean): void {
  const { group, kind } = target.resource
  const name = group === '' ? 'core' : (group.split('.')[0] ?? group)
  const type = target.resource.custom === true ? 'unstructured.Unstructured' : `${name}.${kind}`
  if (form.as === 'PartialObjectMetadata' && isList) {
    throw refuse(`you requested PartialObjectMetadata, but the requested object is a list (*${type}List)`)
  }
  if (form.as === 'PartialObjectMetadataList' && !isList) {
    throw refuse(`you requested PartialObjectMetadataList, but the requested object is not a list (*${type})`)
  }
}

function refuse(message: string): Error {
  return failure(406, 'NotAcceptable', message)
}

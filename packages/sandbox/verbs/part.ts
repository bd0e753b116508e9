// Through a subresource only a part of what was sent counts; the rest stays as it is.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { resetFieldsOf } from '../ownership/reset-table.ts'
import { at, type FieldSet } from '../ownership/set.ts'
import { withMetadata } from './create.ts'
import type { Target } from './target.ts'
import { versionOf } from './target.ts'

/** The object that a write through a subresource means. Both objects are in the target's version. */
export function ofSubresource(target: Target, object: KubeObject, live: KubeObject): KubeObject {
  switch (target.subresource) {
    case 'status':
      return ofStatus(target, object, live)
    case 'approval':
      return withPart(object, live, 'status', 'conditions')
    case 'ephemeralcontainers':
      return withPart(object, live, 'spec', 'ephemeralContainers')
    case 'resize':
      return { ...live, metadata: object.metadata, spec: resized(live.spec ?? null, object.spec ?? null) }
    default:
      return object
  }
}

function ofStatus(target: Target, object: KubeObject, live: KubeObject): KubeObject {
  const { status: _, ...rest } = live
  const own = { ...rest, apiVersion: live.apiVersion, kind: live.kind, metadata: statusMetadata(target, object, live) }
  const written: KubeObject = object.status === undefined ? own : { ...own, status: object.status }
  return target.resource.behaviour.prepareStatus?.({ ...object, metadata: written.metadata }, live) ?? written
}

/** Metadata can mostly be written with the status: all but what the kind's strategy resets. */
function statusMetadata(target: Target, object: KubeObject, live: KubeObject): KubeObject['metadata'] {
  const fields = resetOf(target)
  const lock = {
    resourceVersion: object.metadata.resourceVersion ?? null,
    managedFields: object.metadata.managedFields ?? live.metadata.managedFields ?? null,
    uid: object.metadata.uid ?? live.metadata.uid ?? null,
  }
  const reset = fields === null ? undefined : at(fields, ['f:metadata'])
  if (reset?.own === true) return withMetadata(live, lock).metadata
  const kept: Record<string, Json> = {}
  for (const element of reset?.children?.keys() ?? []) {
    const key = element.slice('f:'.length)
    kept[key] = live.metadata[key] ?? null
  }
  return withMetadata(object, kept).metadata
}

function resetOf(target: Target): FieldSet | null {
  const { group, plural, custom = false } = target.resource
  const version = versionOf(target)
  const filter = resetFieldsOf({ group, plural, custom, status: true }, 'status', version)(version)
  return filter?.kind === 'without' ? filter.fields : null
}

function withPart(object: KubeObject, live: KubeObject, outer: 'spec' | 'status', inner: string): KubeObject {
  const from = object[outer]
  const part = isObject(from) ? from[inner] : undefined
  const to = live[outer]
  const base = isObject(to) ? to : {}
  const metadata = withMetadata(live, { resourceVersion: object.metadata.resourceVersion ?? null }).metadata
  return { ...live, metadata, [outer]: part === undefined ? base : { ...base, [inner]: part } }
}

/** Of containers only their resources and how they are resized. */
function resized(spec: Json, wanted: Json): Json {
  if (!isObject(spec) || !isObject(wanted)) return spec
  const containers = (key: string): Json | undefined => {
    const [own, sent] = [spec[key], wanted[key]]
    if (!isList(own) || !isList(sent)) return own
    return own.map((each, index) => {
      const other = sent[index]
      if (!isObject(each) || !isObject(other)) return each
      const { resources = null, resizePolicy = null } = other
      const changed = { ...each, ...(resources === null ? {} : { resources }) }
      return resizePolicy === null ? changed : { ...changed, resizePolicy }
    })
  }
  const changed = { containers: containers('containers'), initContainers: containers('initContainers') }
  const present = Object.entries(changed).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  )
  return { ...spec, ...Object.fromEntries(present) }
}

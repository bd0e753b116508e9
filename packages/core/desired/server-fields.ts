// Fields that the API server writes and a manifest must not: left over when somebody exported a live object.
import { isObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'

const IN_METADATA = [
  'managedFields',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const

/**
 * The manifest without the server's fields, and which of them said something: an empty `status: {}` and
 * `creationTimestamp: null` are left by many generators and are dropped without a word. A uid or resourceVersion that
 * stayed would make every apply fail or, worse, claim an identity.
 */
export function withoutServerFields(manifest: KubeObject): {
  readonly manifest: KubeObject
  readonly dropped: readonly string[]
} {
  const found = IN_METADATA.filter((name) => Object.hasOwn(manifest.metadata, name))
  const hasStatus = Object.hasOwn(manifest, 'status')
  if (found.length === 0 && !hasStatus) return { manifest, dropped: [] }
  const dropped = [
    ...found.filter((name) => saysSomething(manifest.metadata[name])).map((name) => `metadata.${name}`),
    ...(hasStatus && saysSomething(manifest.status) ? ['status'] : []),
  ]
  const names: ReadonlySet<string> = new Set(found)
  const metadata = Object.fromEntries(Object.entries(manifest.metadata).filter(([name]) => !names.has(name)))
  const { status: _, ...rest } = manifest
  const { apiVersion, kind } = manifest
  return { manifest: { ...rest, apiVersion, kind, metadata: { ...metadata, name: manifest.metadata.name } }, dropped }
}

function saysSomething(value: KubeObject[string] | undefined): boolean {
  if (value === undefined || value === null) return false
  return isObject(value) ? Object.keys(value).length > 0 : !(Array.isArray(value) && value.length === 0)
}

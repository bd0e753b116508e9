// YAML output: what every reader of YAML 1.1 and 1.2 reads back as the same value.
import { jsonOf } from '@mainstay/core/object/canonical.ts'
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import type { Schema } from 'js-yaml'
import { DUMP_SCHEMA, defineScalarTag, dump, intYaml11Tag } from 'js-yaml'

/** The dump schema, in which a `bigint` is an integer with all its digits. */
const SCHEMA: Schema = DUMP_SCHEMA.withTags(integerTag())

function integerTag(): typeof intYaml11Tag {
  const standard = DUMP_SCHEMA.tags.find((tag) => tag.tagName === intYaml11Tag.tagName)
  if (standard?.nodeKind !== 'scalar') throw new TypeError('the dump schema of js-yaml has no integer tag')
  return defineScalarTag(standard.tagName, {
    ...standard,
    identify: (data: unknown) => typeof data === 'bigint' || standard.identify(data),
    represent: (data: unknown) => (typeof data === 'bigint' ? data.toString() : standard.represent(data)),
  })
}

/** One YAML document, in the order of the value's keys; long lines are not folded, nothing is shared by reference. */
export function yamlText(value: unknown): string {
  return dump(jsonOf(value), { schema: SCHEMA, lineWidth: -1, noRefs: true, seqNoIndent: true })
}

/**
 * A Kubernetes object as YAML, keys in alphabetical order as kubectl prints them: two servers' answers about one object
 * differ in nothing but what is different.
 */
export function objectYaml(object: KubeObject): string {
  return yamlText(sorted(object))
}

/** Several objects, each after the first preceded by `---`. */
export function objectStream(objects: readonly KubeObject[]): string {
  return objects.map(objectYaml).join('---\n')
}

function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b))
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]))
}

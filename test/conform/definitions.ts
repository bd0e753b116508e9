// CustomResourceDefinitions for checks: each has a group of its own, named after the namespace of its check.

import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { Answer, Desk } from './desk.ts'

/** What a check decides about a definition of Widgets. */
export interface DefinitionChoice {
  /** Properties of `spec`. */
  readonly spec?: JsonObject
  /** More beside `properties` in the schema of `spec`. */
  readonly rest?: JsonObject
  /** Properties beside `spec`. */
  readonly beside?: JsonObject
  /** The whole schema; the others are without effect then. */
  readonly schema?: JsonObject
  readonly subresources?: JsonObject
  readonly columns?: readonly JsonObject[]
  readonly versions?: readonly JsonObject[]
  readonly names?: JsonObject
  /** More in the spec of the definition. */
  readonly more?: JsonObject
}

/** The group of a check. */
export function groupOf(at: Desk): string {
  return `${at.ns}.example.com`
}

/** A definition of Widgets. */
export function definition(at: Desk, choice: DefinitionChoice = {}): JsonObject {
  const group = groupOf(at)
  const { spec = {}, rest = {}, beside = {}, subresources, columns } = choice
  const openAPIV3Schema = choice.schema ?? {
    type: 'object',
    properties: { spec: { type: 'object', properties: spec, ...rest }, ...beside },
  }
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema },
    ...(subresources === undefined ? {} : { subresources }),
    ...(columns === undefined ? {} : { additionalPrinterColumns: columns }),
  }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget', ...choice.names },
      versions: choice.versions ?? [version],
      ...choice.more,
    },
  }
}

/** Where definitions are. */
export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

/** Sends a definition; it goes away with the check. */
export async function define(at: Desk, choice: DefinitionChoice = {}): Promise<Answer> {
  const made = await at.post(definitions, definition(at, choice))
  if (made.status === 201) at.after(() => at.delete(`${definitions}/widgets.${groupOf(at)}`))
  return made
}

/** Defines Widgets and waits until they are served; returns where those of the check's namespace are. */
export async function widgets(at: Desk, choice: DefinitionChoice = {}): Promise<string> {
  const made = await define(at, choice)
  if (made.status !== 201) throw new Error(made.text)
  const path = `/apis/${groupOf(at)}/v1/~/widgets`
  await at.eventually(path, (answer) => answer.status === 200)
  return path
}

/** A Widget. */
export function widget(at: Desk, spec: Json = {}, rest: JsonObject = {}): JsonObject {
  return { apiVersion: `${groupOf(at)}/v1`, kind: 'Widget', metadata: { name: 'a' }, spec, ...rest }
}

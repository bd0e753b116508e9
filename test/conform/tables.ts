// Checks that are the same but for what is sent and what comes back.

import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { definition, definitions, groupOf, widget } from './definitions.ts'
import type { Answer, Desk } from './desk.ts'
import { faults, part } from './said.ts'
import type { Subject } from './subject.ts'
import type { Check } from './suite.ts'

/** `path` names the part that is looked at; empty for the whole. `NS` stands for the namespace of the check. */
export type DefaultsRow = readonly [title: string, collection: string, object: JsonObject, path: string, seen: unknown]

/** What is filled in, each in a dry run, so that no controller stirs. */
export function checkDefaults(it: Check, rows: readonly DefaultsRow[]): void {
  for (const [title, collection, object, path, seen] of rows) {
    it(`of ${title}${path === '' ? '' : `, at ${path}`}`, async (at) => {
      const made = await at.post(`${collection}?dryRun=All`, JSON.stringify(object).replaceAll('"NS"', `"${at.ns}"`))
      expect(path === '' ? made.body : part(made, path)).toEqual(seen)
    })
  }
}

/** The spec of what came back, or why it was refused. */
export function specOf(answer: Answer): Json {
  return answer.status < 300 ? part(answer, 'spec') : faults(answer)
}

/** One refusal: what is sent and the causes that are named. */
export type RefusalRow = readonly [title: string, collection: string, object: JsonObject, told: unknown]

/** What is refused on create. `NS` stands for the namespace of the check. */
export function checkRefusals(it: Check, rows: readonly RefusalRow[]): void {
  for (const [title, collection, object, told] of rows) {
    it(title, async (at) => {
      const sent = JSON.stringify(object).replaceAll('"NS"', `"${at.ns}"`)
      expect(faults(await at.post(`${collection}?dryRun=All`, sent))).toEqual(told)
    })
  }
}

/** A change of an object by a merge patch, and what is said of it. */
export type ChangeRow = readonly [
  title: string,
  collection: string,
  before: JsonObject,
  patch: JsonObject,
  told: unknown,
]

/** What cannot be changed, each with the object that is to be changed. */
export function checkChanges(it: Check, rows: readonly ChangeRow[]): void {
  for (const [title, collection, before, patch, told] of rows) {
    it(title, async (at) => {
      const named = JSON.parse(JSON.stringify(before).replaceAll('"NS"', `"${at.ns}"`)) as JsonObject
      const name = (named.metadata as JsonObject).name
      await at.given(collection, named)
      const answer = await at.merge(`${collection}/${name}`, patch)
      expect(answer.status === 200 ? 'taken' : faults(answer)).toEqual(told)
    })
  }
}

/** A schema of one field, a value that it refuses, and the causes that are named; the field reads as `x`. */
export type SchemaRow = readonly [title: string, schema: JsonObject, value: Json, told: unknown]

/** What a schema refuses. */
export function checkSchemas(it: Check, rows: readonly SchemaRow[]): void {
  // One definition for all rows of a subject: each takes a while to be served.
  const groups = new Map<Subject, Promise<string>>()
  const shared = (at: Desk): Promise<string> => {
    const there = groups.get(at.subject)
    if (there !== undefined) return there
    const spec = Object.fromEntries(rows.map(([, schema], index) => [`x${index}`, schema]))
    const made = defineForAll(at, spec)
    groups.set(at.subject, made)
    return made
  }

  for (const [title, , value, expected] of rows) {
    it(`refuses ${title}`, async (at) => {
      const group = await shared(at)
      const field = `x${rows.findIndex(([one]) => one === title)}`
      const sent = { ...widget(at, { [field]: value }), apiVersion: `${group}/v1` }
      const told = faults(await at.post(`/apis/${group}/v1/~/widgets`, sent))
      expect(JSON.parse(JSON.stringify(told).replaceAll(field, 'x'))).toEqual(expected)
    })
  }
}

/** Defines Widgets that stay; returns their group. */
async function defineForAll(at: Desk, spec: JsonObject): Promise<string> {
  await at.given(definitions, definition(at, { spec }))
  await at.eventually(`/apis/${groupOf(at)}/v1/widgets`, ({ status }) => status === 200)
  return groupOf(at)
}

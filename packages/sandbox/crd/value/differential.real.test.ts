// Custom resources, valid and not, asked of the sandbox and of a real API server: what is stored and what is said.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeRealCluster } from '../../../../test/cluster/shared.ts'
import { sampled } from '../../../../test/run/whole.ts'
import { definitionBehaviour } from '../definition/behaviour.ts'
import { resourceOf } from '../resource.ts'
import { definitionOf, served, specSchema, thing, version } from '../testing/cases.ts'
import { CHANGE_CASES } from '../testing/change-cases.ts'
import { around, ask, comparable, sorted } from '../testing/local.ts'
import { schemas, valuesFor } from '../testing/random.ts'
import { causesOf, DEFINITIONS, install, replace, send } from '../testing/real.ts'
import { VALUE_CASES } from '../testing/value-cases.ts'

describeRealCluster('custom resources beside a real API server', (cluster) => {
  it.each(sampled(VALUE_CASES, 10))('agree on $name', async ({ schema, objects, more }) => {
    const { api, namespace } = await cluster()
    const space = await namespace('crd')
    const group = `${space}.example.com`
    const crd = definitionOf(group, [version(schema, more)])
    const resource = resourceOf(served(crd))
    await install(api, crd)
    for (const [index, fields] of objects.entries()) {
      const sent = thing(group, `o${index}`, fields, { namespace: space })
      const real = await send(api, 'POST', `/apis/${group}/v1/namespaces/${space}/things`, sent)
      if (resource === null) throw new Error('the definition is served')
      const local = ask(resource, sent)
      expect(shown(local), JSON.stringify(fields)).toEqual(shown(real))
    }
  })

  it.each(sampled([1, 2, 3, 4, 5], 5))('agree on random schemas and values, seed %i', async (seed) => {
    const { api, namespace } = await cluster()
    const space = await namespace('crd')
    const group = `${space}.example.com`
    const fields = fc.sample(schemas, { seed, numRuns: 12 })
    const properties = Object.fromEntries(fields.map((each, at) => [`f${at}`, each]))
    const crd = definitionOf(group, [version(specSchema(properties))])
    const refused = await api.request('POST', `${DEFINITIONS}?dryRun=All`, crd)
    const causes = definitionBehaviour.validateCreate?.(definitionBehaviour.fillIn?.(crd) ?? crd, around) ?? []
    expect(sorted(causes)).toEqual(sorted(causesOf(refused.body as JsonObject))) // A definition or a Status.
    const good = fields.filter((_, at) => !causes.some((cause) => cause.field.includes(`[f${at}]`)))
    const kept = Object.fromEntries(good.map((each, at) => [`f${at}`, each]))
    const sound = definitionOf(group, [version(specSchema(kept))])
    await install(api, sound)
    const resource = resourceOf(served(definitionBehaviour.fillIn?.(sound) ?? sound))
    if (resource === null) throw new Error('the definition is served')
    for (const [at, schema] of good.entries()) {
      for (const [index, value] of fc.sample(valuesFor(schema), { seed, numRuns: 25 }).entries()) {
        const sent = thing(group, `o${at}-${index}`, { spec: { [`f${at}`]: value } }, { namespace: space })
        const real = await send(api, 'POST', `/apis/${group}/v1/namespaces/${space}/things?dryRun=All`, sent)
        expect(shown(ask(resource, sent)), JSON.stringify({ schema, value })).toEqual(shown(real))
      }
    }
  })

  it.each(sampled(CHANGE_CASES, 8))(
    'agree on changes of $name',
    async ({ before, after, object, changes, status, more }) => {
      const { api, namespace } = await cluster()
      const space = await namespace('crd')
      const group = `${space}.example.com`
      const path = `/apis/${group}/v1/namespaces/${space}/things`
      await install(api, definitionOf(group, [version(before, more)]))
      const made = await send(api, 'POST', path, thing(group, 'one', object, { namespace: space }))
      if (made.kind !== 'stored') throw new Error(JSON.stringify(made))
      const strict = definitionOf(group, [version(after, more)])
      await replace(api, strict)
      const resource = resourceOf(served(strict))
      if (resource === null) throw new Error('the definition is served')
      const attempts = [
        ...changes.map((fields) => ({
          part: 'whole' as const,
          fields: { spec: { ...specOf(made.object), ...fields } },
        })),
        ...(status ?? []).map((each) => ({
          part: 'status' as const,
          fields: { spec: specOf(made.object), status: each },
        })),
      ]
      for (const { part, fields } of attempts) {
        // Everything is tried dry, so that each attempt meets the same old object.
        const sent = { ...asKube(made.object), ...fields }
        const target = `${path}/one${part === 'status' ? '/status' : ''}?dryRun=All`
        const real = await send(api, 'PUT', target, sent)
        const local = ask(resource, sent, asKube(made.object), part)
        expect(shown(local), JSON.stringify(fields)).toEqual(shown(real))
      }
    },
  )
})

function specOf(object: JsonObject): JsonObject {
  return isObject(object.spec) ? object.spec : {}
}

/** What a server stores is an object with kind, apiVersion and name. */
function asKube(object: JsonObject): KubeObject {
  return object as KubeObject
}

function shown(outcome: ReturnType<typeof ask>): JsonObject {
  switch (outcome.kind) {
    case 'stored':
      return { stored: comparable(outcome.object) }
    case 'invalid':
      return { causes: sorted(outcome.causes) as unknown as JsonObject[] }
    case 'unreadable':
      return { unreadable: outcome.message }
  }
}

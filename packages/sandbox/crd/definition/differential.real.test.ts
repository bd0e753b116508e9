// CustomResourceDefinitions, good and bad, asked of the sandbox and of a real API server.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { expect, it } from 'vitest'
import { describeRealCluster } from '../../../../test/cluster/shared.ts'
import { definitionOf, version } from '../testing/cases.ts'
import { DEFINITION_CASES, DEFINITION_CHANGES } from '../testing/definition-cases.ts'
import { around, comparable, sorted } from '../testing/local.ts'
import { causesOf, DEFINITIONS, install } from '../testing/real.ts'
import { definitionBehaviour } from './behaviour.ts'

describeRealCluster('definitions beside a real API server', (cluster) => {
  it.each(DEFINITION_CASES)('agree on %s', async (_, crd) => {
    const { api } = await cluster()
    const real = await api.request('POST', `${DEFINITIONS}?dryRun=All`, crd)
    expect(create(crd)).toEqual(shown(real))
  })

  it.each(DEFINITION_CHANGES)('agree on a change to %s', async (_, change) => {
    const { api, namespace } = await cluster()
    const group = `${await namespace('crd')}.example.com`
    const schema = { type: 'object', properties: { spec: { type: 'object', properties: { a: { type: 'string' } } } } }
    const old = await install(api, definitionOf(group, [version(schema)]))
    const sent = { ...old, spec: { ...(old.spec as JsonObject), ...change } }
    const real = await api.request('PUT', `${DEFINITIONS}/${old.metadata.name}?dryRun=All`, sent)
    expect(update(sent, old)).toEqual(shown(real))
  })
})

function create(crd: KubeObject): JsonObject {
  const { fillIn, prepareCreate, validateCreate } = definitionBehaviour
  const filled = fillIn?.(crd) ?? crd
  const made = prepareCreate?.(filled, around) ?? filled
  const causes = validateCreate?.(made, around) ?? []
  return causes.length > 0 ? { causes: sorted(causes) as unknown as JsonObject[] } : { stored: comparable(made) }
}

function update(sent: KubeObject, old: KubeObject): JsonObject {
  const { fillIn, prepareUpdate, validateUpdate } = definitionBehaviour
  const filled = fillIn?.(sent) ?? sent
  const made = prepareUpdate?.(filled, old, around) ?? filled
  const causes = validateUpdate?.(made, old, around) ?? []
  if (causes.length > 0) return { causes: sorted(causes) as unknown as JsonObject[] }
  // The generation is raised by whoever stores the object.
  return { stored: comparable({ ...made, metadata: { ...made.metadata, generation: 2 } }) }
}

function shown(answer: { readonly status: number; readonly body: unknown }): JsonObject {
  const body = answer.body as JsonObject // An object or a Status.
  return answer.status < 300
    ? { stored: comparable(body) }
    : { causes: sorted(causesOf(body)) as unknown as JsonObject[] }
}

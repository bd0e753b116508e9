// Random rows of applies, updates and patches, done by a real API server and by ownership: objects, conflicts and managedFields.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeCluster, type SharedCluster } from '../../../test/cluster/shared.ts'
import { play } from './testing/play.ts'
import { steps } from './testing/steps.ts'
import { customSchema, subjects } from './testing/subjects.ts'

/** A row of requests to one object is so long; so many rows a kind. */
const LENGTH = 12
const ROWS = 8

describeCluster('ownership beside a real API server', (cluster) => {
  it.each([0, 1, 2, 3])(
    'leaves the same object and the same managedFields after every request, kind %i',
    async (at) => {
      const shared = await cluster()
      const namespace = await shared.namespace('own')
      const group = `${namespace}.example.com`
      const subject = subjects(group)[at]
      if (subject === undefined) throw new Error('there are four kinds')
      if (!subject.builtIn) await install(shared, group)
      const rows = fc.sample(steps(subject, LENGTH), { numRuns: ROWS, seed: 7 + at })
      for (const [row, todo] of rows.entries()) {
        for (const [index, step] of todo.entries()) {
          const sides = await play(shared.api, { subject, namespace, name: `o${row}` }, step)
          expect(sides?.ours, `row ${row}, step ${index}: ${JSON.stringify(step)}`).toEqual(sides?.real)
        }
      }
    },
  )
})

async function install({ api }: SharedCluster, group: string): Promise<void> {
  const names = { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' }
  const body = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `things.${group}` },
    spec: {
      group,
      names,
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: customSchema } }],
    },
  }
  const answer = await api.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', body)
  expect(answer.status).toBe(201)
  for (;;) {
    const listed = await api.request('GET', `/apis/${group}/v1/things`)
    if (listed.status === 200) return
  }
}

// Random rows of applies, updates and patches, done by a real API server and by ownership: objects, conflicts and managedFields.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeRealCluster, type SharedCluster } from '../../../test/cluster/shared.ts'
import { sampled } from '../../../test/run/whole.ts'
import { customDefinition, customSubjects } from './testing/custom.ts'
import { play } from './testing/play.ts'
import { steps } from './testing/steps.ts'
import { builtInSubjects, type Subject } from './testing/subjects.ts'

/** A row of requests to one object is so long. */
const LENGTH = 12
/** So many rows a kind, and in a quick run a part of them. */
const ROWS = Array.from({ length: 24 }, (_, at) => at)

describeRealCluster('ownership beside a real API server', (cluster) => {
  it.each(builtInSubjects)('leaves the same $name and the same managedFields after every request', async (subject) => {
    const shared = await cluster()
    await playRows(shared, await shared.namespace('own'), [subject])
  })

  it('leaves the same custom resource and the same managedFields after every request', async () => {
    const shared = await cluster()
    const namespace = await shared.namespace('own')
    const [first] = await installed(shared, `${namespace}.example.com`)
    await playRows(shared, namespace, [first])
  })

  it('does so where requests come in two versions that merge the same fields in different ways', async () => {
    const shared = await cluster()
    const namespace = await shared.namespace('own')
    await playRows(shared, namespace, await installed(shared, `${namespace}.example.com`))
  })
})

async function playRows({ api }: SharedCluster, namespace: string, subjects: readonly Subject[]): Promise<void> {
  const [first] = subjects
  if (first === undefined) throw new Error('something must be played')
  const rows = fc.sample(steps(first, LENGTH), { numRuns: ROWS.length, seed: 7 })
  for (const row of sampled(ROWS, 4)) {
    for (const [index, step] of (rows[row] ?? []).entries()) {
      const subject = subjects[(row + index * index) % subjects.length] ?? first
      const sides = await play(api, { subject, namespace, name: `o${row}` }, step)
      expect(sides?.ours, `row ${row}, step ${index}: ${JSON.stringify(step)}`).toEqual(sides?.real)
    }
  }
}

async function installed({ api }: SharedCluster, group: string): Promise<readonly [Subject, Subject]> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  expect((await api.request('POST', path, customDefinition(group))).status).toBe(201)
  for (const version of ['v1', 'v2']) {
    while ((await api.request('GET', `/apis/${group}/${version}/things`)).status !== 200);
  }
  return customSubjects(group)
}

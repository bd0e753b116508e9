// Random operations, and those that once told the sandbox from a real API server, on both side by side.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeRealCluster } from '../../cluster/shared.ts'
import { sampled } from '../../run/whole.ts'
import { type Bench, openBench } from './bench.ts'
import { foundRows } from './found.ts'
import { told } from './operation.ts'
import { playDrawn, replay } from './run.ts'

/** Episodes of one seed, and in a quick run a part of them. */
const episodes = [0, 1, 2, 3, 4, 5]
const episodeLength = 60

describeRealCluster('random operations beside a real API server', () => {
  let bench: Bench

  // A cluster of its own, without controllers: what others do would come in between.
  beforeAll(async () => {
    bench = await openBench('fuzz')
  })

  afterAll(() => bench[Symbol.asyncDispose]())

  it.each(sampled(episodes, 3))('get the same answers in episode %i', async (episode) => {
    const choice = { seed: 1, kinds: [] }
    const { found, operations } = await playDrawn(bench, choice, episode, episodeLength)
    expect(found, operations.map((each) => told(each)).join('\n')).toBe(null)
  })

  it.each(foundRows)('get the same answers: $title', async ({ operations }) => {
    const { found } = await replay(bench, operations, [])
    expect(found).toBe(null)
  })
})

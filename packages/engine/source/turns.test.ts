// Turns: never more at once than allowed, in order, and a failure gives its turn back.
import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('lets so many run at once, the others in the order in which they came', async () => {
  const turns = new Turns(2)
  const started: number[] = []
  const ends: (() => void)[] = []
  let running = 0
  let most = 0
  const work = [0, 1, 2, 3, 4].map((at) =>
    turns.run(async () => {
      started.push(at)
      most = Math.max(most, ++running)
      await new Promise<void>((resolve) => ends.push(resolve))
      running--
    }),
  )
  for (let ended = 0; ended < 5; ended++) {
    await expect.poll(() => ends.length).toBeGreaterThan(ended)
    ends[ended]?.()
  }
  await Promise.all(work)
  expect([most, started]).toEqual([2, [0, 1, 2, 3, 4]])
})

it('gives the turn of work that failed to the next', async () => {
  const turns = new Turns(1)
  const failed = turns.run(() => Promise.reject(new RangeError('failed')))
  const next = turns.run(async () => 'next')
  await expect(failed).rejects.toThrow(RangeError)
  expect(await next).toBe('next')
})

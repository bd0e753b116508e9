// Turns at the tools: no more at once than allowed, in the order of asking.
import { expect, it } from 'vitest'
import { Queue } from './queue.ts'

it('runs no more at once than allowed, first come first served, also after a failure', async () => {
  const queue = new Queue(2)
  const started: number[] = []
  const release: (() => void)[] = []
  const work = (id: number) => () =>
    new Promise<number>((resolve, reject) => {
      started.push(id)
      release[id] = () => (id === 0 ? reject(new Error('failed')) : resolve(id))
    })
  const [first, ...others] = [0, 1, 2, 3].map((id) => queue.run(work(id)))
  await expect.poll(() => started).toEqual([0, 1])
  release[0]?.()
  await expect(first).rejects.toThrow('failed')
  await expect.poll(() => started).toEqual([0, 1, 2])
  release[1]?.()
  await expect.poll(() => started).toEqual([0, 1, 2, 3])
  release[2]?.()
  release[3]?.()
  expect(await Promise.all(others)).toEqual([1, 2, 3])
})

it('leaves out what was called off while it waited', async () => {
  const queue = new Queue(1)
  let release = () => {}
  const holding = queue.run(() => new Promise<void>((resolve) => (release = resolve)))
  const stop = new AbortController()
  const called = queue.run(async () => 'ran', stop.signal)
  stop.abort(new Error('called off'))
  await expect(called).rejects.toThrow('called off')
  release()
  await holding
  expect(await queue.run(async () => 'next')).toBe('next')
  await expect(queue.run(async () => 'never', AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
})

// The process that reads objects: it goes when nobody asks, and comes back when somebody does.
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { ObjectReader } from './objects.ts'
import { Beds } from './testing/bed.ts'

const beds = new Beds()
afterEach(() => beds.end())

it('ends when nobody has asked for a while, and starts again when somebody does', async () => {
  const repository = beds.repository({ 'a.yaml': 'a: 1\n' })
  const id = repository.git('rev-parse', 'HEAD:a.yaml')
  const reader = beds.keep(new ObjectReader(join(repository.path, '.git'), beds.folder(), 20))
  for (let round = 0; round < 3; round++) {
    const objects = await Promise.all([reader.read(id, 100), reader.read(id, 100)])
    expect(objects.map((object) => object?.bytes.toString())).toEqual(['a: 1\n', 'a: 1\n'])
    await expect.poll(() => reader.isRunning).toBe(false)
  }
  expect(await reader.info('0'.repeat(40))).toBeNull()
})

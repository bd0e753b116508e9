// What is remembered of late, and what is forgotten.
import { expect, test } from 'vitest'
import { Facts, Recent } from './recent.ts'

test('what was asked for of late is remembered', () => {
  const recent = new Recent<object, number>(new Facts(4))
  const key = {}
  recent.set(key, 7)
  for (let at = 0; at < 40; at++) {
    recent.set({}, at)
    expect(recent.get(key)).toBe(7)
  }
})

test('what nobody asks for is forgotten', () => {
  const recent = new Recent<object, number>(new Facts(4))
  const key = {}
  recent.set(key, 7)
  for (let at = 0; at < 8; at++) recent.set({}, at)
  expect(recent.get(key)).toBeUndefined()
})

test('each remembers its own of one object, and the latest of it', () => {
  const facts = new Facts(4)
  const recents = [0, 1, 2].map(() => new Recent<object, number>(facts))
  const key = {}
  for (const round of [0, 10]) for (const [at, recent] of recents.entries()) recent.set(key, round + at)
  expect(recents.map((recent) => recent.get(key))).toEqual([10, 11, 12])
  expect(new Recent<object, number>(facts).get(key)).toBeUndefined()
})

test('whoever is asked for by one is remembered for all', () => {
  const facts = new Facts(4)
  const [one, other] = [new Recent<object, number>(facts), new Recent<object, number>(facts)]
  const key = {}
  one.set(key, 1)
  other.set(key, 2)
  for (let at = 0; at < 40; at++) {
    one.set({}, at)
    expect(one.get(key)).toBe(1)
  }
  expect(other.get(key)).toBe(2)
})

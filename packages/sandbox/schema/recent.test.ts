// What is remembered of late, and what is forgotten.
import { expect, test } from 'vitest'
import { Recent } from './recent.ts'

test('what was asked for of late is remembered', () => {
  const recent = new Recent<object, number>(4)
  const key = {}
  recent.set(key, 7)
  for (let at = 0; at < 40; at++) {
    recent.set({}, at)
    expect(recent.get(key)).toBe(7)
  }
})

test('what nobody asks for is forgotten', () => {
  const recent = new Recent<object, number>(4)
  const key = {}
  recent.set(key, 7)
  for (let at = 0; at < 8; at++) recent.set({}, at)
  expect(recent.get(key)).toBeUndefined()
})

// Chance from a seed.
import { expect, it } from 'vitest'
import { nameFrom, randomFrom, uuidFrom } from './random.ts'

it('gives one seed the same uids and names, another seed others', () => {
  const made = (seed: string): readonly string[] => {
    const random = randomFrom(seed)
    return [uuidFrom(random), uuidFrom(random), nameFrom('web-', random)]
  }
  expect(made('a')).toEqual(made('a'))
  expect(new Set([...made('a'), ...made('b')]).size).toBe(6)
})

it('writes uids in the form of version 4', () => {
  const random = randomFrom(7)
  for (let at = 0; at < 200; at++) {
    expect(uuidFrom(random)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})

it('adds five letters that make no words, and cuts a long prefix', () => {
  const random = randomFrom(7)
  expect(nameFrom('web-', random)).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  expect(nameFrom('x'.repeat(90), random)).toMatch(/^x{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/)
})

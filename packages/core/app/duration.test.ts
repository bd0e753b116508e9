// Durations: Go's syntax and bare seconds.
import { expect, it } from 'vitest'
import { parseDuration } from './duration.ts'

it.each<[string, number]>([
  ['5s', 5],
  ['3m', 180],
  ['1h30m', 5400],
  ['1m30.5s', 90.5],
  ['.5h', 1800],
  ['250ms', 0.25],
  ['7', 7],
  ['0', 0],
  [' 10s ', 10],
])('reads %j as %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBeCloseTo(seconds, 9)
})

it.each(['', 's', '-5s', '-5', '5 s', '5d', '1.5', '5sm', 'm5', '1e3s', '٥s'])('refuses %j', (text) => {
  expect(parseDuration(text)).toBeNull()
})

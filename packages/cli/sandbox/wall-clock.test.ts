// The wall clock of a sandbox: waits that no single timer can hold.
import { expect, it } from 'vitest'
import { wallClock } from './wall-clock.ts'

/** Timers that go off when they are told to, in order. */
function timers() {
  const set: { readonly ms: number; readonly act: () => void }[] = []
  const after = (ms: number, act: () => void): (() => void) => {
    const timer = { ms, act }
    set.push(timer)
    return () => void set.splice(set.indexOf(timer), 1)
  }
  return { set, io: { now: () => 7, after }, next: () => set.shift()?.act() }
}

it('tells the time of the outside', () => {
  expect(wallClock(timers().io).now()).toBe(7)
})

it('waits for a month in pieces that a timer can hold', () => {
  const { set, io, next } = timers()
  let done = false
  wallClock(io).after(30 * 86_400_000, () => {
    done = true
  })
  expect(set.map(({ ms }) => ms)).toEqual([2_147_483_647])
  next()
  expect([done, set.map(({ ms }) => ms)]).toEqual([false, [444_516_353]])
  next()
  expect(done).toBe(true)
})

it('takes a wait back in any of its pieces', () => {
  const { set, io, next } = timers()
  const cancel = wallClock(io).after(30 * 86_400_000, () => {})
  next()
  cancel()
  expect(set).toEqual([])
})

it('never waits for less than nothing', () => {
  const { set, io } = timers()
  wallClock(io).after(-5, () => {})
  expect(set.map(({ ms }) => ms)).toEqual([0])
})

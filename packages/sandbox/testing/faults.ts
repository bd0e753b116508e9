// A sandbox with faults in front of it, for tests.
import type { FaultRule } from '../faults/fault.ts'
import { jumpingClock } from '../faults/jumping-clock.ts'
import { withFaults } from '../faults/open.ts'
import { openSandbox } from '../sandbox.ts'
import { type Client, openClient } from './client.ts'
import { openTestClock } from './clock.ts'

/** A client that meets faults, one that does not, and the strikes so far as `rule METHOD path`. */
export interface FaultyClient extends Client {
  readonly behind: Client
  readonly strikes: string[]
}

/** Opens both on one sandbox. */
export function openFaulty(rules: readonly FaultRule[], seed = 'test'): FaultyClient {
  const clock = openTestClock()
  const jumping = jumpingClock(clock)
  const sandbox = openSandbox({ clock: jumping, seed })
  const strikes: string[] = []
  const fetch = withFaults(sandbox, {
    rules,
    seed,
    jump: jumping.jump,
    onStrike: (rule, request) => void strikes.push(`${rule} ${request.method} ${new URL(request.url).pathname}`),
  })
  return { ...openClient({ ...sandbox, fetch }, clock), behind: openClient(sandbox, clock), strikes }
}

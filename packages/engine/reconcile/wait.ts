// Waits until an application is as asked for: synced, healthy, or gone.
import { isFault } from '../fault.ts'
import type { SessionParts } from './parts.ts'
import type { AppState, LoadedApplication, WaitRequest } from './session.ts'

/** Pauses between two looks: short at first, so that a quick answer is quick. Milliseconds. */
const PAUSES = [500, 500, 1000, 1000, 2000] as const

/** Looks until the state is reached or the time is up. An unreachable cluster in between is waited for, too. */
export async function waitFor(
  loaded: LoadedApplication,
  request: WaitRequest,
  parts: SessionParts,
  look: (loaded: LoadedApplication) => Promise<AppState>,
): Promise<{ readonly reached: boolean; readonly state: AppState }> {
  const until = parts.clock.now() + request.timeoutS * 1000
  for (let attempt = 0; ; attempt++) {
    const state = await lookThrough(() => look(loaded), parts.clock.now() < until)
    if (state !== null) {
      request.onState(state)
      if (reached(state, request)) return { reached: true, state }
      if (parts.clock.now() >= until) return { reached: false, state }
    }
    const pause = PAUSES[Math.min(attempt, PAUSES.length - 1)] ?? 2000
    await parts.clock.sleep(Math.max(0, Math.min(pause, until - parts.clock.now())), request.signal)
  }
}

/** A cluster that cannot be reached for a moment is no answer; at the end of the time it is the answer. */
async function lookThrough(look: () => Promise<AppState>, mayWait: boolean): Promise<AppState | null> {
  try {
    return await look()
  } catch (error) {
    if (mayWait && (isFault(error, 'unreachable') || isFault(error, 'timeout'))) return null
    throw error
  }
}

function reached(state: AppState, request: WaitRequest): boolean {
  if (request.deleted) return state.resources.every((each) => each.uid === null && each.sync !== 'Unknown')
  const synced = !request.sync || state.sync === 'Synced'
  const healthy = !request.health || state.health.status === 'Healthy'
  return synced && healthy
}

// Catches what should fail, so that a test can look at the fault as a value.

import type { Fault } from '../../fault.ts'
import { FaultError } from '../../fault.ts'

/** The fault that the work fails with; a test fails where there is none, or another kind of error. */
export async function faultOf(work: () => unknown): Promise<Fault> {
  try {
    await work()
  } catch (error) {
    if (error instanceof FaultError) return error.fault
    throw error
  }
  throw new Error('nothing failed')
}

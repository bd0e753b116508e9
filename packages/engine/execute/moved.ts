// Tries a write again whose object moved in between: a status update changes nothing that was decided.
import { isFault } from '../fault.ts'

/** How often it is tried. */
const TRIES = 5

/** Does the work again after a `conflict`, from its own look at the object on; any other fault ends it. */
export async function againWhileMoved<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isFault(error, 'conflict') || attempt === TRIES) throw error
    }
  }
}

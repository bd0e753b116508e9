// What the suite of all sources is given: a way of reaching repositories, and how faults are caught.
import { FaultError } from '../../fault.ts'
import type { Source } from '../source.ts'
import type { TestRepository } from './repository.ts'

/** A way of reaching repositories. */
export interface SourceUnderTest {
  readonly source: Source
  /** The URL under which a repository on this machine is reached. */
  urlOf(repository: TestRepository): string
  /** Commands that were run so far whose arguments contain a word, for what must not be done twice. */
  countOf(word: string): number
  end(): Promise<void>
}

/** The fault that a call ends in. */
export async function faultOf(call: Promise<unknown>) {
  try {
    await call
  } catch (error) {
    if (error instanceof FaultError) return error.fault
    throw error
  }
  throw new Error('nothing was refused')
}

/** A file's bytes as text. */
export const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

/** Makes a repository that is removed after the suite. */
export type Make = () => TestRepository

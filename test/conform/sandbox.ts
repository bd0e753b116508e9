// The sandbox as a subject.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Subject } from './subject.ts'

const file = join(import.meta.dirname, '..', '..', 'packages', 'sandbox', 'sandbox.ts')

/** Why there is no sandbox; null where there is one. */
export const sandboxMissing: string | null = existsSync(file) ? null : 'the sandbox is not in this tree'

/** A fresh sandbox as a subject. */
export function openSandboxSubject(): Promise<Subject> {
  throw new Error(sandboxMissing ?? 'not connected yet')
}

// Which subjects a run asks: the same text runs on the real API server and on the sandbox.

import { wholeVariable } from '../run/whole.ts'
import { openReal, realMissing } from './real.ts'
import { openSandboxSubject, sandboxMissing } from './sandbox.ts'
import type { Subject, SubjectName } from './subject.ts'
import { subjectVariable } from './wish.ts'

/** Names of the subjects of this run: the sandbox, and in a real run the real server beside it. */
export function chosenSubjects(): readonly SubjectName[] {
  const everything = process.env[wholeVariable] === '1'
  const wish = process.env[subjectVariable] ?? (everything ? 'both' : 'sandbox')
  switch (wish) {
    case 'real':
    case 'sandbox':
      return [wish]
    case 'both':
      return ['sandbox', 'real']
    default:
      throw new Error(`${subjectVariable} is real, sandbox or both, not ${wish}`)
  }
}

/** Why a subject cannot be asked here; null where it can. */
export function missing(name: SubjectName): string | null {
  return name === 'real' ? realMissing : sandboxMissing
}

/** Opens a subject; the real server is shared by the run, a sandbox is fresh. */
export function openSubject(name: SubjectName): Promise<Subject> {
  return name === 'real' ? openReal() : openSandboxSubject()
}

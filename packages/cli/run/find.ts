// Finds the plan that a command line names: by id, in a file, on standard input.
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Plan } from '@mainstay/core/plan/plan.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import type { Session } from '@mainstay/engine/reconcile/session.ts'
import { planWord } from '../address.ts'
import type { ArgumentSpec, Call } from '../command.ts'

/** The argument of every command about one plan. */
export const PLAN_ARGUMENT: ArgumentSpec = {
  usage: '<plan>',
  description: 'id of a plan (its first digits are enough), a file, or - for standard input',
}

/** A plan of many thousand steps is some tens of megabytes; more is no plan. */
const MAX_PLAN_BYTES = 256 * 1024 * 1024

/** The plan that the first argument names; what comes from a file is checked by the engine. */
export async function findPlan(call: Call, session: Session): Promise<Plan> {
  const word = planWord(call.argument(0) ?? '')
  switch (word.kind) {
    case 'id':
      return await session.findPlan(word.prefix)
    case 'input':
      return session.readPlan(await call.io.readInput(MAX_PLAN_BYTES), 'standard input')
    case 'file':
      return session.readPlan(await readPlanFile(call, word.file), word.file)
  }
}

async function readPlanFile(call: Call, file: string): Promise<string> {
  const handle = await open(resolve(call.io.cwd, file), 'r').catch((error: NodeJS.ErrnoException) => {
    throw new FaultError(
      {
        kind: error.code === 'ENOENT' ? 'not-found' : 'invalid-input',
        what: `cannot read the plan "${file}"`,
        where: file,
        why: error.code === 'ENOENT' ? 'there is no such file' : (error.code ?? null),
        fix: ['give the id of a stored plan (at least 6 digits), or the path of a file made with --out'],
      },
      { cause: error },
    )
  })
  try {
    const { size } = await handle.stat()
    if (size > MAX_PLAN_BYTES) {
      throw new FaultError({ kind: 'too-large', what: `a file of ${size} bytes is no plan`, where: file })
    }
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

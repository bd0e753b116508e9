// Runs a plan for a person or a script: asks for consent where it may, shows progress, prints what came of it.
import type { Plan } from '@mainstay/core/plan/plan.ts'
import { count } from '@mainstay/core/plan/text-ref.ts'
import { isFault } from '@mainstay/engine/fault.ts'
import type { RunResult, Session } from '@mainstay/engine/reconcile/session.ts'
import type { Call, OptionSpec } from '../command.ts'
import type { ExitCode } from '../exit.ts'
import { EXIT } from '../exit.ts'
import { emit, isDocument } from '../output/emit.ts'
import { exitOfProblem, problemLines, problemOf } from '../output/fault.ts'
import type { Line } from '../output/line.ts'
import { line, span } from '../output/line.ts'
import { planLines } from '../output/plan.ts'
import type { ProgressView } from '../output/progress.ts'
import { progressView, silentView } from '../output/progress.ts'
import { idDigits } from '../output/ref.ts'
import { interruptible } from './interrupt.ts'

/** Flags of every command that runs a plan. */
export const RUN_OPTIONS: readonly OptionSpec[] = [
  { usage: '--timeout <seconds>', description: 'start no further step after that time (default: no limit)' },
  { usage: '-y, --yes', description: 'ask nothing; it approves nothing either: exit code 3 where approval is needed' },
]

/** What a run of this call may take and ask. */
export interface RunWishes {
  /** Seconds after which no further step is started; null: no limit. */
  readonly timeoutS: number | null
  /** Whether a person at the terminal may be asked for approval. */
  readonly mayAsk: boolean
}

/** The wishes that the flags of the call say. */
export function runWishes(call: Call): RunWishes {
  return { timeoutS: call.count('timeout'), mayAsk: call.flag('yes') !== true }
}

/** Shows the plan, runs it (with the approval of whoever sits at the terminal, where one is needed), shows the result. */
export async function runPlan(call: Call, session: Session, plan: Plan, wishes: RunWishes): Promise<ExitCode> {
  if (!isDocument(call) && call.format !== 'name') call.out.print(planLines(call, plan))
  try {
    const result = await runWithConsent(call, session, plan, wishes)
    await emit(call, {
      document: () => ({ plan, result }),
      names: () => [plan.id],
      text: () => resultLines(call, plan, result),
    })
    // What could not be seen or is on its way out was not synced: the rest went on, and a script must notice.
    const whole = plan.totals.unseen === 0 && plan.totals.ending === undefined
    return result.outcome === 'succeeded' && whole ? EXIT.done : EXIT.error
  } catch (error) {
    // The plan belongs into the document beside the reason why it was not run.
    if (!isDocument(call) || !isFault(error)) throw error
    const problem = problemOf(error)
    call.notes.print(problemLines(problem))
    await emit(call, { document: () => ({ plan, error: problem }), names: () => [], text: () => [] })
    return exitOfProblem(problem)
  }
}

/** The engine decides whether consent is needed; only then somebody is asked, and only then it is recorded. */
async function runWithConsent(call: Call, session: Session, plan: Plan, wishes: RunWishes): Promise<RunResult> {
  try {
    return await runOnce(call, session, plan, wishes)
  } catch (error) {
    if (!isFault(error, 'needs-approval') || !canAsk(call, wishes) || !(await askFor(call, plan))) throw error
  }
  await session.approve(plan, call.io.user)
  return await runOnce(call, session, plan, wishes)
}

function canAsk(call: Call, wishes: RunWishes): boolean {
  const people = call.format === 'text' || call.format === 'wide'
  return wishes.mayAsk && people && !call.quiet && call.io.inputIsTTY && call.io.out.isTTY
}

/** True only for the plan's short id, typed exactly: every other answer, an end of input and Ctrl-C mean no. */
async function askFor(call: Call, plan: Plan): Promise<boolean> {
  const id = idDigits(plan.id)
  const answer = await call.io.readLine(`Type ${id} to approve this plan and run it; anything else changes nothing: `)
  return answer === id
}

async function runOnce(call: Call, session: Session, plan: Plan, wishes: RunWishes): Promise<RunResult> {
  const view = viewFor(call, plan)
  try {
    return await interruptible(
      call.io,
      {
        timeoutS: wishes.timeoutS,
        stopping: 'Stopping after the steps that are running.',
        note: (text) => view.note(text),
      },
      async (signal) => await session.run(plan, { by: call.io.user, signal, onEvent: (event) => view.onEvent(event) }),
    )
  } finally {
    view.close()
  }
}

function viewFor(call: Call, plan: Plan): ProgressView {
  if (call.quiet) return silentView
  // Beside a document or names the progress goes to the other stream, line by line.
  const terminal = isDocument(call) || call.format === 'name' ? { ...call.notes, live: false } : call.out
  return progressView({ plan, terminal, io: call.io })
}

function resultLines(call: Call, plan: Plan, result: RunResult): readonly Line[] {
  const counts = Object.entries(result.counts).map(([kind, count]) => `${count} ${kind}`)
  const total = counts.length === 0 ? '' : ` (${counts.join(', ')})`
  const good = result.outcome === 'succeeded'
  const failed = call.quiet ? result.failed : []
  return [
    ...failed.map((each) =>
      line(`✗ ${[each.step, each.what, each.why].filter((part) => part !== null).join(': ')}`, 'bad'),
    ),
    [
      span(good ? '✓ ' : '✗ ', good ? 'good' : 'bad'),
      span(`Plan ${idDigits(plan.id)} ${result.outcome}`),
      span(total, 'dim'),
    ],
    ...(good || result.message === '' ? [] : [line(`  ${result.message}`)]),
    ...leftOut(plan.totals.unseen, 'could not be seen and had no part in this run'),
    ...leftOut(plan.totals.ending ?? 0, 'on the way out: sync again when gone'),
  ]
}

/** A line about objects that had no part in a run; none where there are none. */
function leftOut(objects: number, why: string): readonly Line[] {
  return objects === 0 ? [] : [line(`! ${count(objects, 'object')} ${why}`, 'warn')]
}

// `mainstay app history`: the syncs that succeeded, and every run with what came of it.
import { shortRevision } from '@mainstay/core/desired/revision.ts'
import type { HistoryEntry } from '@mainstay/engine/ports.ts'
import { APP_ARGUMENT, APP_OPTIONS, loadFor } from '../../address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import { type Line, line } from '../../output/line.ts'
import { idDigits } from '../../output/ref.ts'
import { table } from '../../output/table.ts'
import { momentText } from '../../output/time.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'history',
  summary: 'List the syncs of an application',
  details: 'Only whole syncs that succeeded are entries to roll back to; --runs lists every run.',
  args: [APP_ARGUMENT],
  options: [...APP_OPTIONS, { usage: '--runs', description: 'every run: also failed, stopped and selective ones' }],
  formats: ['text', 'wide', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [
    { text: 'which revisions were synced?', command: 'mainstay app history shop' },
    { text: 'what was tried and failed?', command: 'mainstay app history shop --runs' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  return await call.session(async (session) => {
    const loaded = await loadFor(call, session)
    if (call.flag('runs') === true) await showRuns(call, await session.runs(loaded))
    else await showHistory(call, await session.history(loaded))
    return EXIT.done
  })
}

async function showHistory(call: Call, history: readonly HistoryEntry[]): Promise<void> {
  await emit(call, {
    document: () => history,
    names: () => history.map((entry) => String(entry.id)),
    text: () => (history.length === 0 ? [nothingYet(call)] : historyLines(call, history)),
  })
}

function nothingYet(call: Call): Line {
  return line(`Nothing was synced yet. The first sync: mainstay app sync ${call.argument(0) ?? '-f FILE'}`, 'dim')
}

function historyLines(call: Call, history: readonly HistoryEntry[]): readonly Line[] {
  const shown = (commit: string) => (call.format === 'wide' ? commit : shortRevision(commit))
  const rows = history.map((entry) => [
    String(entry.id),
    momentText(entry.deployedAt),
    entry.revisions.map((revision) => shown(revision.commit)).join(', '),
    entry.by,
    idDigits(entry.plan),
    entry.revisions[0]?.subject ?? '',
  ])
  return table(['ID', 'DATE', 'REVISION', 'BY', 'PLAN', 'SUBJECT'], rows, { width: call.out.width() })
}

type Runs = Awaited<ReturnType<import('@mainstay/engine/reconcile/session.ts').Session['runs']>>

async function showRuns(call: Call, runs: Runs): Promise<void> {
  await emit(call, {
    document: () => runs,
    names: () => runs.map((run) => run.record.id),
    text: () => (runs.length === 0 ? [nothingYet(call)] : runLines(call, runs)),
  })
}

function runLines(call: Call, runs: Runs): readonly Line[] {
  const rows = runs.map(({ record, events }) => {
    const ended = events.findLast((event) => event.kind === 'run-ended')
    return [
      momentText(record.startedAt),
      record.outcome ?? (record.interrupted ? 'interrupted' : 'running'),
      record.by,
      idDigits(record.plan),
      ended?.kind === 'run-ended' ? ended.message : '',
    ]
  })
  return table(['STARTED', 'OUTCOME', 'BY', 'PLAN', 'MESSAGE'], rows, { width: call.out.width() })
}

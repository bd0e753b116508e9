// `mainstay trash list`: what was destroyed, when, by whom and by which plan.
import { timeText } from '@mainstay/core/plan/text-change.ts'

import type { TrashEntry } from '@mainstay/engine/ports.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import type { Line } from '../../output/line.ts'
import { line } from '../../output/line.ts'
import { fullRefText, idDigits } from '../../output/ref.ts'
import { table } from '../../output/table.ts'
import { chosenEntries, TRASH_OPTIONS } from './filter.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'list',
  summary: 'List what was deleted, newest first',
  details: '',
  args: [],
  options: TRASH_OPTIONS,
  formats: ['text', 'wide', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [
    { text: 'everything', command: 'mainstay trash list' },
    { text: 'what did that plan delete?', command: 'mainstay trash list --plan 9f31c2ab' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  return await call.session(async (session) => {
    const entries = await chosenEntries(call, session)
    await emit(call, {
      document: () => entries,
      names: () => entries.map((entry) => entry.id),
      text: () => (entries.length === 0 ? [line('The trash holds nothing of that.', 'dim')] : linesOf(call, entries)),
    })
    return EXIT.done
  })
}

function linesOf(call: Call, entries: readonly TrashEntry[]): readonly Line[] {
  const rows = entries.map((entry) => [
    entry.id,
    timeText(entry.at, call.io.now()),
    `${entry.key.app.namespace}/${entry.key.app.name}`,
    fullRefText(entry.ref),
    entry.by,
    idDigits(entry.plan),
    ...(call.format === 'wide' ? [entry.uid] : []),
  ])
  const heads = ['ID', 'DELETED', 'APPLICATION', 'OBJECT', 'BY', 'PLAN', ...(call.format === 'wide' ? ['UID'] : [])]
  // Never cut: the id and the object are what people copy.
  return table(heads, rows, { width: null })
}

// `mainstay app diff`: the difference by object, as `git diff` shows it by file.

import { namingOf, refList } from '@mainstay/core/plan/text-ref.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import type { ObjectDiff } from '@mainstay/engine/reconcile/session.ts'
import { APP_ARGUMENT, APP_OPTIONS, loadFor } from '../../address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import type { Line } from '../../output/line.ts'
import { printPaged } from '../../output/pager.ts'
import { selectorText } from '../../output/ref.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'diff',
  summary: 'Show the difference between the cluster and Git, object by object',
  details:
    'Lines with - are in the cluster, lines with + are what a sync would make of them. Secrets are masked. ' +
    'On a terminal the output goes through MAINSTAY_PAGER, PAGER or less.',
  args: [APP_ARGUMENT],
  options: [
    ...APP_OPTIONS,
    { usage: '--revision <revision>', description: 'compare with this branch, tag or commit' },
    { usage: '--no-exit-code', description: 'exit code 0 also where there are differences' },
    { usage: '--no-pager', description: 'print directly, also on a terminal' },
  ],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 1, 2],
  examples: [
    { text: 'what differs?', command: 'mainstay app diff shop' },
    { text: 'what would the branch "next" change?', command: 'mainstay app diff shop --revision next' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  return await call.session(async (session) => {
    const loaded = await loadFor(call, session)
    const revision = call.text('revision')
    const diffs = await session.diff(loaded, revision === null ? {} : { revision })
    const shown = diffs.filter(differs)
    if (call.format === 'text') await printText(call, shown)
    else {
      await emit(call, {
        document: () => shown,
        names: () => shown.map((diff) => selectorText(diff.ref)),
        text: () => [],
      })
    }
    refuseGaps(shown, loaded.application.destination.namespace)
    const different = shown.length > 0 && call.flag('exit-code') !== false
    return different ? EXIT.differences : EXIT.done
  })
}

function differs(diff: ObjectDiff): boolean {
  return diff.kind !== 'same' && diff.kind !== 'foreign'
}

async function printText(call: Call, diffs: readonly ObjectDiff[]): Promise<void> {
  const { objectDiffLines } = await import('../../output/diff.ts')
  // A person at a terminal wants to be told; a script reads the exit code and an empty output.
  if (diffs.length === 0 && call.out.live && !call.quiet) call.notes.say('No differences.')
  const lines: readonly Line[] = diffs.flatMap((diff) => objectDiffLines(diff))
  await printPaged(call.io, call.out, lines, { paging: call.flag('pager') !== false })
}

/** "No differences" may not be said of objects that could not be read. */
function refuseGaps(diffs: readonly ObjectDiff[], namespace: string | null): void {
  const unseen = diffs.filter((diff) => diff.kind === 'unseen')
  if (unseen.length === 0) return
  const refs = unseen.map((diff) => diff.ref)
  throw new FaultError({
    kind: 'unreachable',
    what: `the difference is not complete: ${unseen.length} object(s) could not be read`,
    where: refList(refs, namingOf(namespace, refs), 5),
    fix: ['see why: mainstay app get'],
  })
}

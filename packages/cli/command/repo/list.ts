// `mainstay repo list`: everything that is written about repositories, here and in the control plane.
import type { RepositoryEntry } from '@mainstay/core/repository/entry.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import { problemLines } from '../../output/fault.ts'
import { type Line, line, span } from '../../output/line.ts'
import { table } from '../../output/table.ts'
import { credentialsText, urlText, viewOf } from './view.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'list',
  summary: 'List what is written about repositories',
  details:
    'A star ends a URL that stands for all that begin so. Passwords, tokens and keys are never shown. The exit code ' +
    'is 2 where the Secrets of the control plane could not be read, and the list may miss some.',
  args: [],
  options: [],
  formats: ['text', 'wide', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [
    { text: 'everything', command: 'mainstay repo list' },
    { text: 'with proxies and flags', command: 'mainstay repo list -o wide' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  return await call.session(async ({ repositories }) => {
    const { entries, gap } = await repositories.list()
    await emit(call, {
      document: () => ({ repositories: entries.map(viewOf), gap }),
      names: () => entries.map(urlText),
      text: () => (entries.length === 0 ? emptyLines(gap === null) : linesOf(call, entries)),
    })
    if (gap === null) return EXIT.done
    call.notes.print([
      line('The control plane’s own entries are missing from this list:', 'warn'),
      ...problemLines(gap),
    ])
    return EXIT.error
  })
}

function emptyLines(whole: boolean): readonly Line[] {
  const hint = line(
    'Add one: mainstay repo add https://git.example.com/ops/shop --username NAME --password-stdin',
    'dim',
  )
  return [line(whole ? 'Nothing is written about any repository.' : 'This machine keeps no entry.', 'dim'), hint]
}

function linesOf(call: Call, entries: readonly RepositoryEntry[]): readonly Line[] {
  const wide = call.format === 'wide'
  const yes = (flag: boolean) => (flag ? 'true' : 'false')
  const rows = entries.map((entry) => [
    ...[entry.type, entry.name ?? '', urlText(entry), credentialsText(entry), entry.project ?? ''],
    ...(wide ? [yes(entry.insecure), yes(entry.oci.enabled), yes(entry.lfs), viewOf(entry).proxy ?? ''] : []),
    entry.problems.length === 0 ? span(entry.origin) : span(`${entry.origin}: ${entry.problems[0]?.what}`, 'warn'),
  ])
  const more = wide ? ['INSECURE', 'OCI', 'LFS', 'PROXY'] : []
  return table(['TYPE', 'NAME', 'REPO', 'CREDS', 'PROJECT', ...more, 'FROM'], rows, { width: null })
}

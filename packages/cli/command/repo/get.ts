// `mainstay repo get`: what is written about one repository, and whose word counts.
import { matchRepository } from '@mainstay/core/repository/match.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import { shownAddress } from '@mainstay/engine/source/address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import { line, span } from '../../output/line.ts'
import { PROJECT_OPTION } from './flags.ts'
import { credentialsText, urlText, viewOf } from './view.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'get',
  summary: 'Show how one repository is reached',
  details: 'For an application of a project its own entry counts before the one for all: name it with --project.',
  args: [{ usage: '<url>', description: 'URL of the repository, in any spelling' }],
  options: [PROJECT_OPTION],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [
    { text: 'whose credentials are used?', command: 'mainstay repo get https://git.example.com/ops/shop' },
    { text: 'for a project', command: 'mainstay repo get git@git.example.com:ops/shop --project retail' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  const url = call.argument(0) ?? ''
  return await call.session(async ({ repositories }) => {
    const { entries, gap } = await repositories.list()
    const match = matchRepository(url, call.text('project'), entries)
    const { entry, credentials } = match
    const shown = entry ?? credentials
    // An entry of this machine wins whatever the control plane says; without one, what could not be read may count.
    if (gap !== null && entry?.from !== 'machine') throw new FaultError(gap)
    if (shown === null) throw nothingWritten(url)
    const rows = [
      ['Repo', urlText(shown)],
      ['Type', shown.type],
      ['Name', shown.name ?? ''],
      ['Project', shown.project ?? 'all'],
      ['Credentials', credentials === null ? 'none' : credentialsText(credentials)],
      ['User', credentials?.credentials.username ?? ''],
      ['Insecure', String(shown.insecure)],
      ['Proxy', viewOf(shown).proxy ?? ''],
      ['From', [...new Set([shown.origin, credentials?.origin ?? shown.origin])].join(', ')],
    ]
    const problems = [...new Set([...shown.problems, ...(credentials?.problems ?? [])])]
    await emit(call, {
      document: () => ({ entry: entry && viewOf(entry), credentials: credentials && viewOf(credentials) }),
      names: () => [urlText(shown)],
      text: () => [
        ...rows
          .filter(([, value]) => value !== '')
          .map(([label, value]) => [span(`${label}:`.padEnd(14), 'dim'), span(value ?? '')]),
        ...problems.map(({ where, what }) => line(`✗ ${where}: ${what}`, 'bad')),
      ],
    })
    return EXIT.done
  })
}

function nothingWritten(url: string): FaultError {
  return new FaultError({
    kind: 'not-found',
    what: 'nothing is written about this repository: it is read without credentials',
    where: shownAddress(url),
    fix: ['see: mainstay repo list', 'or write down how it is reached: mainstay repo add URL'],
  })
}

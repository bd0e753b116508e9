// `mainstay repo rm`: forgets what this machine keeps about a repository.
import { matchRepository } from '@mainstay/core/repository/match.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import type { Repositories } from '@mainstay/engine/repository/repositories.ts'
import { shownAddress } from '@mainstay/engine/source/address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import { line } from '../../output/line.ts'
import { PROJECT_OPTION } from './flags.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'rm',
  summary: 'Forget how a repository is reached',
  details:
    'Only what this machine keeps: Secrets of the control plane are not touched, and no application either. An ' +
    'application whose repository can no longer be read is not synced, and nothing of it is deleted.',
  args: [{ usage: '<url>', description: 'URL of the repository, in any spelling' }],
  options: [PROJECT_OPTION],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [{ text: 'forget one', command: 'mainstay repo rm https://git.example.com/ops/shop' }],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  const url = call.argument(0) ?? ''
  const project = call.text('project')
  return await call.session(async ({ repositories }) => {
    if (!(await repositories.remove({ scope: 'exact', url, project }))) throw await notKept(url, project, repositories)
    await emit(call, {
      document: () => ({ url: shownAddress(url), project, removed: true }),
      names: () => [shownAddress(url)],
      text: () => [line(`Repository ${shownAddress(url)} is forgotten.`)],
    })
    return EXIT.done
  })
}

async function notKept(url: string, project: string | null, repositories: Repositories): Promise<FaultError> {
  const { entry } = matchRepository(url, project, (await repositories.list()).entries)
  return new FaultError({
    kind: 'not-found',
    what: 'this machine keeps no entry for this repository',
    where: `${shownAddress(url)}${project === null ? '' : ` (project ${project})`}`,
    why:
      entry === null
        ? null
        : `it is written in ${entry.origin}${entry.project === null ? '' : ` for ${entry.project}`}`,
    fix: [
      entry?.from === 'control-plane'
        ? 'take it away where it was written: kubectl delete secret'
        : 'see: mainstay repo list',
    ],
  })
}

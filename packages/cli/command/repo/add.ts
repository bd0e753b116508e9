// `mainstay repo add`: writes down how a repository is reached, after it was reached so.
import type { RepositoryEntry } from '@mainstay/core/repository/entry.ts'
import { fingerprintOf, knownHostName } from '@mainstay/core/repository/known-hosts.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import { HOST_HASHES } from '@mainstay/engine/repository/hashes.ts'
import type { Repositories, UnknownHost } from '@mainstay/engine/repository/repositories.ts'
import { shownAddress } from '@mainstay/engine/source/address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import { type Line, line } from '../../output/line.ts'
import { interruptible } from '../../run/interrupt.ts'
import { ENTRY_OPTIONS, entryFor } from './flags.ts'
import { viewOf } from './view.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'add',
  summary: 'Write down how a repository is reached, and try it',
  details:
    'It is kept on this machine, encrypted, and wins over a Secret of the control plane for the same URL. Nothing is ' +
    'written where the repository cannot be read. With --upsert the entry for the same URL and project is replaced, so ' +
    'that a key is changed without touching an application. A host over SSH whose key nobody trusts yet is shown, and ' +
    'trusted only by who types the answer.',
  args: [{ usage: '<url>', description: 'URL of the repository' }],
  options: [...ENTRY_OPTIONS, { usage: '--upsert', description: 'replace the entry for the same URL and project' }],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [
    {
      text: 'over HTTPS with a token',
      command: 'mainstay repo add https://git.example.com/ops/shop --username ana --password-stdin < token',
    },
    {
      text: 'over SSH with a deploy key',
      command: 'mainstay repo add git@git.example.com:ops/shop --ssh-private-key-path key',
    },
    {
      text: 'another key in the place of the old one',
      command: 'mainstay repo add git@git.example.com:ops/shop --upsert --ssh-private-key-path new-key',
    },
  ],
  run,
}

/** Seconds for reaching the repository. */
const TIMEOUT_S = 60

async function run(call: Call): Promise<ExitCode> {
  const entry = await entryFor(call)
  const replace = call.flag('upsert') === true
  return await call.session(async ({ repositories }) => {
    // Known before anything is asked: whoever forgot --upsert is not asked about hosts first.
    if (!replace) await repositories.checkNew(entry)
    const limits = {
      timeoutS: TIMEOUT_S,
      stopping: 'Nothing is written down.',
      note: (text: string) => call.notes.say(text),
    }
    const probed = await interruptible(call.io, limits, async (signal) => {
      const unknown = await repositories.unknownHost(entry, signal)
      if (unknown !== null) await agreeOnHost(call, repositories, unknown)
      return await repositories.probe(entry, signal)
    })
    const at = new Date(call.io.now()).toISOString()
    const result = await repositories.put({ entry, at, by: call.io.user }, { replace })
    await emit(call, {
      document: () => ({ result, probed, repository: viewOf(entry) }),
      names: () => [shownAddress(entry.url)],
      text: () => resultLines(entry, result, probed),
    })
    return EXIT.done
  })
}

function resultLines(
  entry: RepositoryEntry,
  result: 'added' | 'replaced' | 'unchanged',
  probed: 'readable' | 'not-asked',
): readonly Line[] {
  const lines = [line(`Repository ${shownAddress(entry.url)} ${result}.`, 'good')]
  if (probed === 'not-asked') {
    lines.push(line('It was not tried: charts in a registry can be asked for only by name.', 'dim'))
  }
  if (entry.insecure)
    lines.push(line('Neither certificates nor host keys are checked: whoever is on the way can answer.', 'warn'))
  return lines
}

/**
 * Shows the keys of a host that nobody trusts yet, and trusts them when a person types so. Without a person nothing is
 * trusted.
 */
async function agreeOnHost(call: Call, repositories: Repositories, unknown: UnknownHost): Promise<void> {
  const { host, keys, port } = unknown
  const name = knownHostName(host, port)
  const shown = keys.map((key) => `${key.keyType} ${fingerprintOf(key, HOST_HASHES)}`)
  const people = call.io.inputIsTTY && call.io.out.isTTY && !call.quiet && call.format === 'text'
  if (people) {
    call.out.print([
      line(`Nobody has said yet which key ${name} has. It shows:`),
      ...shown.map((each) => line(`  ${each}`)),
      line('Compare them with what the owner of the host publishes.', 'dim'),
    ])
    const answer = await call.io.readLine(`Type ${host} to trust these keys; anything else writes nothing down: `)
    if (answer === host) return await repositories.trustKeys(keys)
  }
  const scan = port === 22 ? `ssh-keyscan ${host}` : `ssh-keyscan -p ${port} ${host}`
  throw new FaultError({
    kind: 'unauthorized',
    what: people ? 'the host is not trusted; nothing was written down' : 'nobody has said yet which key the host has',
    where: name,
    why: `it shows ${shown.join(', ')}`,
    fix: [
      'compare the fingerprints with what the owner of the host publishes',
      `if they are the same, trust the keys: ${scan} | mainstay cert add-ssh --batch`,
    ],
  })
}

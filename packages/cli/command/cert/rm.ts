// `mainstay cert rm`: takes back the trust in a host.
import { FaultError } from '@mainstay/engine/fault.ts'
import { shownAddress } from '@mainstay/engine/source/address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import { line } from '../../output/line.ts'
import { TYPE_OPTION } from './list.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'rm',
  summary: 'Take back the trust in a host',
  details:
    'Only what this machine keeps. Hashed lines are found by the host’s name; a line with a pattern, by the pattern as it ' +
    'is written.',
  args: [{ usage: '<host>', description: 'HOST, HOST:PORT or [HOST]:PORT, as mainstay cert list shows it' }],
  options: [TYPE_OPTION],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [
    { text: 'a host whose key changed', command: 'mainstay cert rm git.example.com --cert-type ssh' },
    { text: 'host keys and certificates', command: 'mainstay cert rm git.example.com' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  const host = call.argument(0) ?? ''
  const type = call.text('cert-type')
  const kind = type === 'ssh' || type === 'https' ? type : null
  return await call.session(async ({ repositories }) => {
    const removed = await repositories.distrust(host, kind)
    if (removed === 0) {
      throw new FaultError({
        kind: 'not-found',
        what: 'this machine keeps nothing that makes it trust this host',
        where: shownAddress(host),
        fix: [
          'see: mainstay cert list',
          'what comes from the control plane is taken away there: kubectl edit configmap',
        ],
      })
    }
    await emit(call, {
      document: () => ({ host, removed }),
      names: () => [host],
      text: () => [line(`${host} is no longer trusted (${removed} ${removed === 1 ? 'entry' : 'entries'}).`)],
    })
    return EXIT.done
  })
}

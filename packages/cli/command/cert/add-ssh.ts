// `mainstay cert add-ssh`: trusts host keys that somebody compared.
import { fingerprintOf, type KnownHost, readKnownHosts } from '@mainstay/core/repository/known-hosts.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import { HOST_HASHES } from '@mainstay/engine/repository/hashes.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import { line } from '../../output/line.ts'
import { fileOf, MAX_INPUT_BYTES } from '../../run/read-file.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'add-ssh',
  summary: 'Trust SSH host keys',
  details:
    'Reads lines in the form of OpenSSH’s known_hosts: all of them, or none where one cannot be read. Compare what is ' +
    'printed with what the owner of the host publishes.',
  args: [],
  options: [
    { usage: '--batch', description: 'read lines of known_hosts (the only way, as Argo CD has it)' },
    { usage: '--from <file>', description: 'read them from a file (default: standard input)' },
  ],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [
    { text: 'what a host shows now', command: 'ssh-keyscan git.example.com | mainstay cert add-ssh --batch' },
    { text: 'what you trust yourself', command: 'mainstay cert add-ssh --batch --from ~/.ssh/known_hosts' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  if (call.flag('batch') !== true) {
    const fix = ['give lines of known_hosts: ssh-keyscan HOST | mainstay cert add-ssh --batch']
    throw new FaultError({ kind: 'invalid-input', what: 'host keys are given as lines', where: '--batch', fix })
  }
  const where = call.text('from') ?? 'standard input'
  const keys = keysOf((await fileOf(call, 'from')) ?? (await call.io.readInput(MAX_INPUT_BYTES)), where)
  return await call.session(async ({ repositories }) => {
    await repositories.trustKeys(keys)
    await emit(call, {
      document: () =>
        keys.map(({ hosts, keyType, marker, ...key }) => ({
          hosts,
          keyType,
          marker,
          fingerprint: fingerprintOf(key, HOST_HASHES),
        })),
      names: () => keys.map(({ hosts }) => hosts.join(',')),
      text: () =>
        keys.map((key) =>
          line(`${key.hosts.join(',')}: ${key.keyType} ${fingerprintOf(key, HOST_HASHES)} ${becameOf(key)}.`),
        ),
    })
    return EXIT.done
  })
}

function becameOf({ marker }: KnownHost): string {
  switch (marker) {
    case 'revoked':
      return 'is refused from now on'
    case 'cert-authority':
      return 'is trusted to sign host keys'
    case null:
      return 'is trusted'
  }
}

function keysOf(text: string, where: string): readonly KnownHost[] {
  const { hosts, unreadable } = readKnownHosts(text)
  if (hosts.length > 0 && unreadable.length === 0) return hosts
  throw new FaultError({
    kind: 'invalid-input',
    what:
      hosts.length === 0 && unreadable.length === 0
        ? 'there is no host key'
        : 'not every line is a host key; none was taken',
    where,
    why:
      unreadable
        .slice(0, 5)
        .map(({ number, why }) => `line ${number}: ${why}`)
        .join('; ') || null,
    fix: ['write lines as ssh-keyscan prints them: HOST TYPE KEY'],
  })
}

// `mainstay cert add-tls`: trusts certificates for one host, in place of the system's.
import { FaultError } from '@mainstay/engine/fault.ts'
import { shownAddress } from '@mainstay/engine/source/address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import { line } from '../../output/line.ts'
import { fileOf, MAX_INPUT_BYTES } from '../../run/read-file.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'add-tls',
  summary: 'Trust certificates for a host',
  details:
    'The certificates of the file are trusted for this host in place of the system’s: that of the host itself, or of the ' +
    'authority that signed it.',
  args: [{ usage: '<host>', description: 'HOST, or HOST:PORT for one port alone' }],
  options: [
    { usage: '--from <file>', description: 'PEM file (default: standard input)' },
    { usage: '--upsert', description: 'replace the certificates that are trusted for the host now' },
  ],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [{ text: 'an authority of your own', command: 'mainstay cert add-tls git.example.com --from ca.pem' }],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  const host = hostWord(call.argument(0) ?? '')
  const pem = (await fileOf(call, 'from')) ?? (await call.io.readInput(MAX_INPUT_BYTES))
  const { readCertificates } = await import('@mainstay/engine/repository/certificates.ts')
  const certificates = readCertificates(pem, call.text('from') ?? 'standard input')
  return await call.session(async ({ repositories }) => {
    await repositories.trustCertificate(host, pem, { replace: call.flag('upsert') === true })
    await emit(call, {
      document: () => ({ host, certificates }),
      names: () => [host],
      text: () =>
        certificates.map(({ subject, validTo }) => line(`${host}: ${subject} is trusted, valid until ${validTo}.`)),
    })
    return EXIT.done
  })
}

/** A name or an address with or without a port; a URL is a mistake that would never match. */
function hostWord(word: string): string {
  const host = word.toLowerCase()
  if (/^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:]+:[0-9a-f:]*|\[[0-9a-f:]+\])(?::[0-9]{1,5})?$/.test(host)) {
    return host.replace(/^\[|\](?=:|$)/g, '')
  }
  throw new FaultError({
    kind: 'invalid-input',
    what: `"${shownAddress(word)}" is no host`,
    where: 'HOST',
    fix: ['write its name alone: git.example.com, or git.example.com:8443'],
  })
}

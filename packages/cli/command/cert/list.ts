// `mainstay cert list`: whom among the hosts of repositories is trusted, and by which key.
import { fingerprintOf } from '@mainstay/core/repository/known-hosts.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import { HOST_HASHES } from '@mainstay/engine/repository/hashes.ts'
import type { TrustedHost } from '@mainstay/engine/repository/repositories.ts'
import type { Call, CommandSpec, OptionSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import { problemLines } from '../../output/fault.ts'
import { line } from '../../output/line.ts'
import { table } from '../../output/table.ts'

/** Host keys, or certificates. */
export const TYPE_OPTION: OptionSpec = {
  usage: '--cert-type <type>',
  description: 'only host keys (ssh), or only certificates (https)',
  choices: ['ssh', 'https'],
}

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'list',
  summary: 'List the hosts that are trusted',
  details:
    'Those of this machine, then those of the control plane. The exit code is 2 where the latter cannot be read.',
  args: [],
  options: [TYPE_OPTION],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [
    { text: 'everything', command: 'mainstay cert list' },
    { text: 'host keys', command: 'mainstay cert list --cert-type ssh' },
  ],
  run,
}

/** A line of the list. */
interface Row {
  readonly host: string
  readonly type: 'ssh' | 'https'
  readonly subtype: string
  /** Fingerprint, or whose certificate until when. */
  readonly info: string
  readonly from: TrustedHost['from']
}

async function run(call: Call): Promise<ExitCode> {
  const type = call.text('cert-type')
  return await call.session(async ({ repositories }) => {
    const { hosts, gap } = await repositories.hosts()
    const rows = (await Promise.all(hosts.map(rowsOf))).flat().filter((row) => type === null || row.type === type)
    await emit(call, {
      document: () => ({ hosts: rows, gap }),
      names: () => rows.map(({ host }) => host),
      text: () =>
        rows.length === 0
          ? [line('No host is trusted here beyond what the system trusts.', 'dim')]
          : table(
              ['HOST', 'TYPE', 'SUBTYPE', 'FINGERPRINT/SUBJECT', 'FROM'],
              rows.map(({ host, type, subtype, info, from }) => [host, type, subtype, info, from]),
              { width: null },
            ),
    })
    if (gap === null) return EXIT.done
    call.notes.print([line('The control plane’s own hosts are missing from this list:', 'warn'), ...problemLines(gap)])
    return EXIT.error
  })
}

async function rowsOf(trusted: TrustedHost): Promise<readonly Row[]> {
  const { from } = trusted
  if (trusted.kind === 'ssh') {
    const { hosts, keyType, marker } = trusted.key
    const subtype = marker === null ? keyType : `@${marker} ${keyType}`
    return [{ host: hosts.join(','), type: 'ssh', subtype, info: fingerprintOf(trusted.key, HOST_HASHES), from }]
  }
  const { host, pem } = trusted
  const { readCertificates } = await import('@mainstay/engine/repository/certificates.ts')
  try {
    const certificates = readCertificates(pem, host)
    return certificates.map(({ subject, validTo }) => ({
      ...{ host, type: 'https', subtype: 'x509', info: `${subject}, valid until ${validTo}`, from },
    }))
  } catch (error) {
    // A ConfigMap may hold anything: it is listed, so that it can be mended.
    if (!(error instanceof FaultError)) throw error
    return [{ host, type: 'https', subtype: 'x509', info: `cannot be read: ${error.fault.why}`, from }]
  }
}

// Credentials from an exec plugin: a program that prints an ExecCredential (client.authentication.k8s.io v1 and v1beta1).
import { execFile } from 'node:child_process'
import type { Json } from '@mainstay/core/object/json.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { FaultError } from '../fault.ts'
import { parseJson } from '../json/parse.ts'
import { stringifyJson } from '../json/stringify.ts'
import type { Clock } from '../ports.ts'
import { type Credential, type CredentialSource, checkedHeaderValue } from './config.ts'
import type { ExecEntry } from './kubeconfig-file.ts'

/** Longest run of a plugin. Logging in through a browser takes a while; a hanging program must end all the same. */
const defaultTimeoutMs = 60_000
/** Most that a plugin may print. */
const maxOutputBytes = 1024 * 1024
/** A credential that ends sooner than this is not used any more: a request takes time too. */
const expirySkewMs = 5_000

/** What a plugin is told of the cluster when the kubeconfig says `provideClusterInfo`. */
export interface ExecClusterInfo {
  readonly server: string
  readonly serverName: string | null
  readonly insecure: boolean
  /** PEM. */
  readonly ca: string | null
  readonly proxy: string | null
  readonly config: Json
}

/** A plugin and how to run it. */
export interface ExecPlugin {
  readonly entry: ExecEntry
  readonly cluster: ExecClusterInfo | null
  /** Environment of this process; the entry's own variables are laid over it. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Default 60,000. */
  readonly timeoutMs?: number
}

interface Held {
  readonly credential: Credential
  /** Milliseconds since the epoch; null: never expires. */
  readonly expiresAt: number | null
}

/** A source that runs the plugin when there is no credential, when it expired, and after the server refused it. */
export function execCredentials(plugin: ExecPlugin): CredentialSource {
  let held: Held | null = null
  let running: Promise<Held> | null = null

  const fresh = (): Promise<Held> => {
    // One run serves everybody who waits: a plugin may ask a person or a rate-limited service.
    running ??= runPlugin(plugin).finally(() => {
      running = null
    })
    return running
  }

  return {
    current: async () => {
      const expired = held?.expiresAt != null && held.expiresAt - expirySkewMs <= plugin.clock.now()
      if (held === null || expired) held = await fresh()
      return held.credential
    },
    refused: async (credential) => {
      if (held?.credential === credential) held = null
      return true
    },
  }
}

async function runPlugin(plugin: ExecPlugin): Promise<Held> {
  const { entry } = plugin
  const output = await run(plugin)
  const where = `${entry.at.file}: ${entry.at.field}`
  const answer = parsed(output, where, entry.command)
  if (stringAt(answer, 'kind') !== 'ExecCredential' || stringAt(answer, 'apiVersion') !== entry.apiVersion) {
    throw pluginFault(entry, `it did not print an ExecCredential of ${entry.apiVersion}`)
  }
  return heldOf(valueAt(answer, 'status'), entry)
}

function parsed(output: string, where: string, command: string): Json {
  try {
    return parseJson(output, `output of ${command}`)
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    throw new FaultError({ ...error.fault, what: 'a credential plugin printed no JSON', where }, { cause: error })
  }
}

function heldOf(status: Json | undefined, entry: ExecEntry): Held {
  const token = stringAt(status, 'token') ?? null
  const cert = stringAt(status, 'clientCertificateData') ?? null
  const key = stringAt(status, 'clientKeyData') ?? null
  if ((cert === null) !== (key === null))
    throw pluginFault(entry, 'it printed a certificate without key, or a key alone')
  if (token === null && cert === null) throw pluginFault(entry, 'it printed neither a token nor a client certificate')
  const expires = stringAt(status, 'expirationTimestamp')
  const expiresAt = expires === undefined ? null : Date.parse(expires)
  if (Number.isNaN(expiresAt)) throw pluginFault(entry, 'its expirationTimestamp is not an RFC 3339 time')
  const credential: Credential = {
    authorization: token === null ? null : checkedHeaderValue(`Bearer ${token}`, `token printed by ${entry.command}`),
    certificate: cert === null || key === null ? null : { cert, key },
  }
  return { credential, expiresAt }
}

function run(plugin: ExecPlugin): Promise<string> {
  const { entry } = plugin
  const own = Object.fromEntries(entry.env.map(({ name, value }) => [name, value]))
  const env = { ...plugin.env, ...own, KUBERNETES_EXEC_INFO: stringifyJson(execInfo(plugin)) }
  const timeout = plugin.timeoutMs ?? defaultTimeoutMs
  return new Promise((resolve, reject) => {
    const child = execFile(
      entry.command,
      [...entry.args],
      {
        env,
        timeout,
        killSignal: 'SIGKILL',
        maxBuffer: maxOutputBytes,
        encoding: 'utf8',
        shell: false,
        windowsHide: true,
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else reject(failureOf(error, stderr, entry, timeout))
      },
    )
    child.stdin?.on('error', () => undefined) // a plugin that ended before reading is no failure of ours
    child.stdin?.end()
  })
}

function failureOf(error: Error & { code?: unknown; killed?: boolean }, stderr: string, entry: ExecEntry, ms: number) {
  if (error.code === 'ENOENT' || error.code === 'EACCES') {
    const hint = entry.installHint === null ? [`install ${entry.command} and put it into PATH`] : [entry.installHint]
    return new FaultError(
      {
        kind: 'tool-missing',
        what: 'a credential plugin cannot be started',
        where: `${entry.at.file}: ${entry.at.field}.command`,
        why: `${entry.command}: ${String(error.code)}`,
        fix: hint,
      },
      { cause: error },
    )
  }
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
    return pluginFault(entry, `it printed more than ${maxOutputBytes} bytes`, 'too-large')
  }
  if (error.killed === true) return pluginFault(entry, `it did not end within ${ms / 1000} s`, 'timeout')
  const words = withoutSecrets(stderr.trim()).slice(-500)
  return pluginFault(entry, `it ended with ${String(error.code ?? 'a signal')}${words === '' ? '' : `: ${words}`}`)
}

function pluginFault(entry: ExecEntry, why: string, kind: 'unauthorized' | 'too-large' | 'timeout' = 'unauthorized') {
  return new FaultError({
    kind,
    what: `the credential plugin ${entry.command} gave no credential`,
    where: `${entry.at.file}: ${entry.at.field}`,
    why,
    fix: [`run ${[entry.command, ...entry.args.slice(0, 3)].join(' ')} by hand and see what it says`],
  })
}

/** A plugin's complaint may quote what it was given: long unbroken runs look like credentials and are hidden. */
function withoutSecrets(text: string): string {
  return text.replaceAll(/[\w+/=.~-]{32,}/g, '[hidden]')
}

function execInfo({ entry, cluster }: ExecPlugin): Json {
  return {
    kind: 'ExecCredential',
    apiVersion: entry.apiVersion,
    spec: { interactive: false, ...(cluster === null ? {} : { cluster: clusterJson(cluster) }) },
  }
}

function clusterJson(cluster: ExecClusterInfo): Json {
  return {
    server: cluster.server,
    ...(cluster.serverName === null ? {} : { 'tls-server-name': cluster.serverName }),
    ...(cluster.insecure ? { 'insecure-skip-tls-verify': true } : {}),
    ...(cluster.ca === null ? {} : { 'certificate-authority-data': Buffer.from(cluster.ca).toString('base64') }),
    ...(cluster.proxy === null ? {} : { 'proxy-url': cluster.proxy }),
    config: cluster.config,
  }
}

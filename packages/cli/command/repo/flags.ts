// The flags of `mainstay repo add`, in the words of Argo CD, and the entry that they say.
import type { EntryCredentials, GithubApp, RepositoryEntry, RepositoryType } from '@mainstay/core/repository/entry.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import { MACHINE_ORIGIN } from '@mainstay/engine/repository/kept.ts'
import type { Call, OptionSpec } from '../../command.ts'
import { fileOf, MAX_INPUT_BYTES } from '../../run/read-file.ts'

const TYPES: readonly RepositoryType[] = ['git', 'helm', 'oci']

/** The project of an entry. */
export const PROJECT_OPTION: OptionSpec = {
  usage: '--project <project>',
  description: 'the only project whose applications may use it (default: all)',
}

/** All flags. */
export const ENTRY_OPTIONS: readonly OptionSpec[] = [
  { usage: '--type <type>', description: 'what the repository holds (default: git)', choices: TYPES },
  { usage: '--name <name>', description: 'a name for people' },
  PROJECT_OPTION,
  { usage: '--username <name>', description: 'user over HTTPS' },
  { usage: '--password-stdin', description: 'read the password or token of the user from standard input' },
  { usage: '--password <password>', description: 'refused: everybody on this machine can read arguments' },
  { usage: '--bearer-token-stdin', description: 'read a bearer token from standard input' },
  { usage: '--ssh-private-key-path <file>', description: 'private key over SSH' },
  { usage: '--ssh-passphrase-stdin', description: 'read the passphrase of that key from standard input' },
  { usage: '--tls-client-cert-path <file>', description: 'client certificate in PEM form' },
  { usage: '--tls-client-cert-key-path <file>', description: 'its private key' },
  { usage: '--github-app-id <number>', description: 'GitHub App that reads the repository' },
  { usage: '--github-app-installation-id <number>', description: 'its installation (default: looked up)' },
  { usage: '--github-app-private-key-path <file>', description: 'its private key' },
  { usage: '--github-app-enterprise-base-url <url>', description: 'API of GitHub Enterprise: https://HOST/api/v3' },
  { usage: '--insecure-skip-server-verification', description: 'check neither certificate nor host key' },
  { usage: '--insecure-ignore-host-key', description: 'the same, as Argo CD has it' },
  { usage: '--insecure-oci-force-http', description: 'speak plain HTTP to the registry' },
  { usage: '--enable-oci', description: 'the Helm repository is in a registry' },
  { usage: '--enable-lfs', description: 'kept for Argo CD; files of Git LFS are not read' },
  { usage: '--force-http-basic-auth', description: 'send user and password with the first request' },
  { usage: '--proxy <url>', description: 'proxy to reach the repository by' },
  { usage: '--no-proxy <hosts>', description: 'hosts that are reached without it, by commas' },
]

/** The entry that the words and flags of a call say. Files and standard input are read here. */
export async function entryFor(call: Call): Promise<RepositoryEntry> {
  const url = call.argument(0)?.trim() ?? ''
  checkUrl(url)
  return {
    scope: 'exact',
    url,
    type: TYPES.find((each) => each === call.text('type')) ?? 'git',
    name: call.text('name'),
    project: call.text('project'),
    credentials: await credentialsFor(call),
    insecure: call.flag('insecure-skip-server-verification') === true || call.flag('insecure-ignore-host-key') === true,
    lfs: call.flag('enable-lfs') === true,
    oci: { enabled: call.flag('enable-oci') === true, plainHttp: call.flag('insecure-oci-force-http') === true },
    forceBasicAuth: call.flag('force-http-basic-auth') === true,
    proxy: call.text('proxy'),
    noProxy: call.text('no-proxy'),
    from: 'machine',
    origin: MACHINE_ORIGIN,
    problems: [],
  }
}

async function credentialsFor(call: Call): Promise<EntryCredentials> {
  refuseArguments(call)
  const [password, bearerToken, sshPassphrase] = await fromInput(call)
  const sshPrivateKey = await fileOf(call, 'ssh-private-key-path')
  if (sshPassphrase !== null && sshPrivateKey === null) throw alone('--ssh-passphrase-stdin', '--ssh-private-key-path')
  const [tlsClientCert, tlsClientKey] = await both(call, 'tls-client-cert-path', 'tls-client-cert-key-path')
  return {
    ...{ username: call.text('username'), password, bearerToken, sshPrivateKey, sshPassphrase },
    ...{ githubApp: await githubAppFor(call), tlsClientCert, tlsClientKey, unsupported: [] },
  }
}

/** Of the flags that read standard input at most one can be given. */
async function fromInput(call: Call): Promise<readonly [string | null, string | null, string | null]> {
  const flags = ['password-stdin', 'bearer-token-stdin', 'ssh-passphrase-stdin']
  const given = flags.filter((flag) => call.flag(flag) === true)
  if (given.length === 0) return [null, null, null]
  if (given.length > 1) {
    throw new FaultError({
      kind: 'invalid-input',
      what: 'standard input cannot hold two secrets',
      where: given.map((flag) => `--${flag}`).join(' '),
      fix: ['give one of them'],
    })
  }
  const text = (await call.io.readInput(MAX_INPUT_BYTES)).replace(/\r?\n$/, '')
  const of = (flag: string): string | null => (given.includes(flag) ? text : null)
  if (text !== '') return [of('password-stdin'), of('bearer-token-stdin'), of('ssh-passphrase-stdin')]
  throw new FaultError({
    kind: 'invalid-input',
    what: 'standard input is empty',
    where: `--${given[0]}`,
    fix: ['give the secret there, from a file or a password manager: … --password-stdin < FILE'],
  })
}

async function githubAppFor(call: Call): Promise<GithubApp | null> {
  const appId = call.count('github-app-id')
  const privateKey = await fileOf(call, 'github-app-private-key-path')
  const baseUrl = call.text('github-app-enterprise-base-url')
  const installationId = call.count('github-app-installation-id')
  if (appId === null && privateKey === null) {
    if (baseUrl === null && installationId === null) return null
    throw alone('a GitHub App', '--github-app-id and --github-app-private-key-path')
  }
  if (appId === null) throw alone('--github-app-private-key-path', '--github-app-id')
  if (privateKey === null) throw alone('--github-app-id', '--github-app-private-key-path')
  return { appId, installationId, privateKey, baseUrl }
}

async function both(call: Call, one: string, other: string): Promise<readonly [string | null, string | null]> {
  const [first, second] = [await fileOf(call, one), await fileOf(call, other)]
  if (first !== null && second === null) throw alone(`--${one}`, `--${other}`)
  if (first === null && second !== null) throw alone(`--${other}`, `--${one}`)
  return [first, second]
}

function alone(given: string, missing: string): FaultError {
  return new FaultError({ kind: 'invalid-input', what: `${given} needs ${missing}`, fix: [`give ${missing}, too`] })
}

/** The argument list of a process can be read by every user of a machine, and stays in the history of the shell. */
function refuseArguments(call: Call): void {
  if (call.text('password') === null) return
  throw new FaultError({
    kind: 'invalid-input',
    what: 'a password is not taken from the arguments',
    where: '--password',
    why: 'every user of this machine can read them, and the shell writes them into its history',
    fix: ['give it on standard input: --password-stdin < FILE', 'and change this one: it may have been read'],
  })
}

function checkUrl(url: string): void {
  const fault = (what: string, fix: string) => new FaultError({ kind: 'invalid-input', what, where: 'URL', fix: [fix] })
  if (url === '' || /[\s\p{Cc}]/u.test(url))
    throw fault('this is no URL of a repository', 'write it like https://git.example.com/ops/shop')
  if (/^(?:file:|\/)/i.test(url)) {
    throw fault('a repository on this machine needs no access', 'write its path as repoURL of the application')
  }
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/@]*:[^/@]*@/i.test(url)) {
    throw fault('the URL holds a password', 'write the URL without it, and give --username NAME --password-stdin')
  }
}

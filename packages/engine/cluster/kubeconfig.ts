// Finds the kubeconfig, merges several as kubectl does, and turns a context into what is needed to connect.
import { X509Certificate } from 'node:crypto'
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { systemClock } from '../clock.ts'
import { FaultError } from '../fault.ts'
import type { Clock } from '../ports.ts'
import { anonymous, type ClusterConfig, fixedCredential, type Impersonation, type ServerTrust } from './config.ts'
import { credentialsOf, pemOf } from './credentials.ts'
import { inClusterConfig, serviceAccountFolder } from './in-cluster.ts'
import { badField, below } from './kubeconfig-fields.ts'
import {
  type ClusterEntry,
  type ContextEntry,
  type Kubeconfig,
  readKubeconfigFile,
  type UserEntry,
} from './kubeconfig-file.ts'
import { checkedProxy, proxyFromEnvironment } from './proxy.ts'

/** Where to look and which context to take. Everything has the default that kubectl has. */
export interface LoadOptions {
  /** Path given by the user: only this file, and it must exist. */
  readonly kubeconfig?: string
  /** Name of a context; default: `current-context`. */
  readonly context?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly home?: string
  readonly clock?: Clock
  /** Folder of the pod's service account; for tests. */
  readonly serviceAccount?: string
}

/** One context, for a list. */
export interface ContextInfo {
  readonly name: string
  readonly cluster: string
  readonly user: string | null
  readonly namespace: string | null
  readonly current: boolean
  /** The file it stands in. */
  readonly file: string
}

/**
 * The contexts of the kubeconfig, by name. Empty where there is no kubeconfig at all.
 * @throws FaultError as `loadCluster`
 */
export async function listContexts(options: LoadOptions = {}): Promise<readonly ContextInfo[]> {
  const found = await findKubeconfig(options)
  const current = found.config.currentContext?.name
  return [...found.config.contexts]
    .map(([name, { cluster, user, namespace, at }]) => {
      return { name, cluster, user, namespace, current: name === current, file: at.file }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * The configuration of one context; without any kubeconfig, that of the pod this process runs in.
 * @throws FaultError `not-found` (no kubeconfig, no such context, cluster or user), `invalid-input` naming file and
 *   field, `unsupported`, `source-unreadable`
 */
export async function loadCluster(options: LoadOptions = {}): Promise<ClusterConfig> {
  const clock = options.clock ?? systemClock
  const env = options.env ?? process.env
  const { config, looked } = await findKubeconfig(options)
  if (config.files.length === 0) {
    const pod = await inClusterConfig(env, clock, options.serviceAccount ?? serviceAccountFolder)
    if (pod !== null && options.context === undefined) return pod
    throw notFound('there is no kubeconfig', looked.join(', '), ['give --kubeconfig FILE or set KUBECONFIG'])
  }
  const { name, context } = chooseContext(config, options.context)
  const cluster = pick(config.clusters, context.cluster, context, 'cluster')
  const user = context.user === null ? null : pick(config.users, context.user, context, 'user')
  return configOf(name, context, cluster, user, { clock, env })
}

async function findKubeconfig(options: LoadOptions): Promise<{ config: Kubeconfig; looked: readonly string[] }> {
  const env = options.env ?? process.env
  if (options.kubeconfig !== undefined) {
    const file = resolve(options.kubeconfig)
    const config = await readKubeconfigFile(file)
    if (config === null) throw notFound('the kubeconfig does not exist', file, ['check the path given'])
    return { config, looked: [file] }
  }
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '')
  const looked = listed.length > 0 ? [...new Set(listed.map((path) => resolve(path)))] : [defaultFile(options, env)]
  const read = await Promise.all(looked.map(readKubeconfigFile))
  return { config: merged(read.filter((config) => config !== null)), looked }
}

function defaultFile(options: LoadOptions, env: Readonly<Record<string, string | undefined>>): string {
  return join(options.home ?? env.HOME ?? homedir(), '.kube', 'config')
}

/** The first file that sets a name wins with its whole entry; the first `current-context` wins. */
function merged(configs: readonly Kubeconfig[]): Kubeconfig {
  const backwards = configs.toReversed()
  return {
    files: configs.flatMap((config) => config.files),
    currentContext: configs.find((config) => config.currentContext !== null)?.currentContext ?? null,
    contexts: new Map(backwards.flatMap((config) => [...config.contexts])),
    clusters: new Map(backwards.flatMap((config) => [...config.clusters])),
    users: new Map(backwards.flatMap((config) => [...config.users])),
  }
}

function chooseContext(config: Kubeconfig, wanted: string | undefined): { name: string; context: ContextEntry } {
  const names = [...config.contexts.keys()].sort()
  const files = config.files.join(', ')
  const fix = names.length === 0 ? ['add a context to the kubeconfig'] : [`choose one of: ${names.join(', ')}`]
  const name = wanted ?? config.currentContext?.name
  if (name === undefined) throw notFound('the kubeconfig has no current context', files, fix)
  const context = config.contexts.get(name)
  if (context !== undefined) return { name, context }
  const field = wanted === undefined ? config.currentContext?.at : undefined
  const where = field === undefined ? files : `${field.file}: ${field.field}`
  throw notFound(`the kubeconfig has no context "${name}"`, where, fix)
}

function pick<Entry>(table: ReadonlyMap<string, Entry>, name: string, context: ContextEntry, key: string): Entry {
  const entry = table.get(name)
  if (entry !== undefined) return entry
  const at = below(context.at, key)
  const known = [...table.keys()].sort().join(', ')
  throw notFound(`the kubeconfig has no ${key} "${name}"`, `${at.file}: ${at.field}`, [
    known === '' ? `add the ${key}` : `name one of: ${known}`,
  ])
}

async function configOf(
  name: string,
  context: ContextEntry,
  cluster: ClusterEntry,
  user: UserEntry | null,
  around: { clock: Clock; env: Readonly<Record<string, string | undefined>> },
): Promise<ClusterConfig> {
  const server = serverOf(cluster)
  const trust = await trustOf(cluster, around.clock)
  const proxyAt = below(cluster.at, 'proxy-url')
  const own = cluster.proxy === null ? null : checkedProxy(cluster.proxy, `${proxyAt.file}: ${proxyAt.field}`)
  const info = { server, ...trust, proxy: cluster.proxy, config: cluster.execConfig }
  return {
    name,
    server,
    trust,
    proxy: own ?? proxyFromEnvironment(new URL(server), around.env),
    credentials: user === null ? fixedCredential(anonymous) : await credentialsOf(user, { ...around, cluster: info }),
    impersonate: user === null ? null : impersonationOf(user),
    namespace: context.namespace ?? 'default',
    disableCompression: cluster.disableCompression,
  }
}

function serverOf(cluster: ClusterEntry): string {
  const at = below(cluster.at, 'server')
  const secure = cluster.ca.data !== null || cluster.ca.path !== null || cluster.insecure
  const text = cluster.server.includes('://') ? cluster.server : `${secure ? 'https' : 'http'}://${cluster.server}`
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw badField(at, 'must be a URL with scheme https or http')
  }
  if (url.username !== '' || url.password !== '') throw badField(at, 'must not hold a user name or password')
  if (url.search !== '' || url.hash !== '') throw badField(at, 'must not hold a query or fragment')
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

async function trustOf(cluster: ClusterEntry, clock: Clock): Promise<ServerTrust> {
  const ca = await pemOf(cluster.ca, clock)
  const at = cluster.ca.data === null ? cluster.ca.pathAt : cluster.ca.dataAt
  if (ca !== null && cluster.insecure) {
    throw badField(below(cluster.at, 'insecure-skip-tls-verify'), `cannot be true together with ${at.field}`)
  }
  if (ca !== null) checkCertificates(ca, cluster)
  return { ca, serverName: cluster.serverName, insecure: cluster.insecure }
}

function checkCertificates(ca: string, cluster: ClusterEntry): void {
  const at = cluster.ca.data === null ? cluster.ca.pathAt : cluster.ca.dataAt
  const blocks = ca.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) throw badField(at, 'holds no certificate')
  for (const block of blocks) {
    try {
      new X509Certificate(block)
    } catch (error) {
      throw badField(at, 'holds a certificate that cannot be read', [], error)
    }
  }
}

function impersonationOf({ impersonate, at }: UserEntry): Impersonation | null {
  const { user, uid, groups, extra } = impersonate
  if (user !== null) return { user, uid, groups, extra }
  if (uid !== null || groups.length > 0 || extra.size > 0) throw badField(below(at, 'as'), 'is missing')
  return null
}

function notFound(what: string, where: string, fix: readonly string[]): FaultError {
  return new FaultError({ kind: 'not-found', what, where, fix })
}

// Reads one kubeconfig file into typed entries; nothing is opened yet that the entries point to.
import { readFile, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, sep } from 'node:path'
import type { Json } from '@mainstay/core/object/json.ts'
import { CORE_SCHEMA, FAILSAFE_SCHEMA, load, mergeTag, nullCoreTag, type Schema, YAMLException } from 'js-yaml'
import { FaultError } from '../fault.ts'
import { parseJson } from '../json/parse.ts'
import {
  badField,
  below,
  type Fields,
  flagOf,
  listOf,
  mapOf,
  type Place,
  requiredText,
  textOf,
  textsOf,
} from './kubeconfig-fields.ts'

/** Larger files are no kubeconfigs. */
const maxBytes = 10 * 1024 * 1024

/** Name of the cluster extension that exec plugins are given: client.authentication.k8s.io, Cluster.config. */
const execExtension = 'client.authentication.k8s.io/exec'

/** Text given in the file itself (base64) or in another file. */
export interface Inline {
  /** Base64, as written; wins over `path`. */
  readonly data: string | null
  /** Absolute. */
  readonly path: string | null
  readonly dataAt: Place
  readonly pathAt: Place
}

/** One item of `clusters`. */
export interface ClusterEntry {
  readonly at: Place
  readonly server: string
  readonly ca: Inline
  readonly insecure: boolean
  readonly serverName: string | null
  readonly proxy: string | null
  readonly disableCompression: boolean
  /** What the cluster wants its exec plugins to know; null where nothing is said. */
  readonly execConfig: Json
}

/** One item of `users`. */
export interface UserEntry {
  readonly at: Place
  readonly token: string | null
  readonly tokenFile: string | null
  readonly username: string | null
  readonly password: string | null
  readonly cert: Inline
  readonly key: Inline
  readonly exec: ExecEntry | null
  readonly impersonate: {
    readonly user: string | null
    readonly uid: string | null
    readonly groups: readonly string[]
    readonly extra: ReadonlyMap<string, readonly string[]>
  }
}

/** `user.exec`: a program that hands out credentials. */
export interface ExecEntry {
  readonly at: Place
  readonly apiVersion: 'client.authentication.k8s.io/v1' | 'client.authentication.k8s.io/v1beta1'
  /** A name to be found in PATH, or an absolute path. */
  readonly command: string
  readonly args: readonly string[]
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly installHint: string | null
  readonly provideClusterInfo: boolean
}

/** One item of `contexts`. */
export interface ContextEntry {
  readonly at: Place
  readonly cluster: string
  readonly user: string | null
  readonly namespace: string | null
}

/** A kubeconfig, or several merged. */
export interface Kubeconfig {
  readonly files: readonly string[]
  readonly currentContext: { readonly name: string; readonly at: Place } | null
  readonly contexts: ReadonlyMap<string, ContextEntry>
  readonly clusters: ReadonlyMap<string, ClusterEntry>
  readonly users: ReadonlyMap<string, UserEntry>
}

/**
 * Reads one file. Null when it does not exist.
 * @throws FaultError `invalid-input` naming file and field, `source-unreadable` when the system refuses
 */
export async function readKubeconfigFile(file: string): Promise<Kubeconfig | null> {
  const text = await readText(file)
  return text === null ? null : parseKubeconfig(text, file)
}

/** Reads the text of a kubeconfig; relative paths in it are relative to the folder of `file`. */
export function parseKubeconfig(text: string, file: string): Kubeconfig {
  const root: Place = { file, field: '' }
  const fields = mapOf(loadYaml(text, file, FAILSAFE_SCHEMA.withTags(nullCoreTag, mergeTag)), {
    file,
    field: 'document',
  })
  const kind = textOf(fields, 'kind', root)
  if (kind !== null && kind !== 'Config') throw badField(below(root, 'kind'), 'must be Config')
  const version = textOf(fields, 'apiVersion', root)
  if (version !== null && version !== 'v1') throw badField(below(root, 'apiVersion'), 'must be v1')
  const current = textOf(fields, 'current-context', root)
  const extension = (index: number) => execConfigOf(text, file, index)
  return {
    files: [file],
    currentContext: current === null ? null : { name: current, at: below(root, 'current-context') },
    contexts: named(fields, 'contexts', 'context', root, readContext),
    clusters: named(fields, 'clusters', 'cluster', root, (entry, at, index) =>
      readCluster(entry, at, extension(index)),
    ),
    users: named(fields, 'users', 'user', root, readUser),
  }
}

async function readText(file: string): Promise<string | null> {
  try {
    const { size } = await stat(file)
    if (size > maxBytes) {
      throw new FaultError({
        kind: 'too-large',
        what: 'the kubeconfig is too large',
        where: file,
        why: `${size} bytes`,
      })
    }
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof FaultError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    if (code === 'ENOENT') return null
    const fix = ['make the file readable for the user that runs this program']
    throw new FaultError(
      { kind: 'source-unreadable', what: 'cannot read the kubeconfig', where: file, why: code, fix },
      { cause: error },
    )
  }
}

function loadYaml(text: string, file: string, schema: Schema): unknown {
  if (text.trim() === '') return {}
  try {
    return load(text, { schema, json: true })
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const line = error.mark === undefined ? '' : `:${error.mark.line + 1}:${error.mark.column + 1}`
    // No cause and only the reason: the exception quotes the text around the error, which may be a credential.
    throw new FaultError({
      kind: 'invalid-input',
      what: 'the kubeconfig is not YAML',
      where: `${file}${line}`,
      why: error.reason,
    })
  }
}

/** `clusters: [{name, cluster}]` and its like as a table. Of two equal names the first wins, as in kubectl. */
function named<Entry>(
  fields: Fields,
  list: string,
  key: string,
  root: Place,
  read: (entry: Fields, at: Place, index: number) => Entry,
): ReadonlyMap<string, Entry> {
  const table = new Map<string, Entry>()
  for (const [index, item] of listOf(fields[list], below(root, list)).entries()) {
    const place = below(root, `${list}[${index}]`)
    const holder = mapOf(item, place)
    const name = requiredText(holder, 'name', place)
    const at = below(place, key)
    if (!table.has(name)) table.set(name, read(mapOf(holder[key], at), at, index))
  }
  return table
}

function readContext(entry: Fields, at: Place): ContextEntry {
  return {
    at,
    cluster: requiredText(entry, 'cluster', at),
    user: textOf(entry, 'user', at),
    namespace: textOf(entry, 'namespace', at),
  }
}

function readCluster(entry: Fields, at: Place, execConfig: Json): ClusterEntry {
  return {
    at,
    server: requiredText(entry, 'server', at),
    ca: inlineOf(entry, 'certificate-authority', at),
    insecure: flagOf(entry, 'insecure-skip-tls-verify', at),
    serverName: textOf(entry, 'tls-server-name', at),
    proxy: textOf(entry, 'proxy-url', at),
    disableCompression: flagOf(entry, 'disable-compression', at),
    execConfig,
  }
}

function readUser(entry: Fields, at: Place): UserEntry {
  if (Object.keys(mapOf(entry['auth-provider'], below(at, 'auth-provider'))).length > 0) {
    throw new FaultError({
      kind: 'unsupported',
      what: 'the kubeconfig cannot be used',
      where: `${at.file}: ${at.field}.auth-provider`,
      why: 'authentication providers were removed from Kubernetes clients',
      fix: ['use an exec credential plugin for this user'],
    })
  }
  const tokenFile = textOf(entry, 'tokenFile', at)
  const exec = mapOf(entry.exec, below(at, 'exec'))
  return {
    at,
    token: textOf(entry, 'token', at),
    tokenFile: tokenFile === null ? null : absolute(tokenFile, at.file),
    username: textOf(entry, 'username', at),
    password: textOf(entry, 'password', at),
    cert: inlineOf(entry, 'client-certificate', at),
    key: inlineOf(entry, 'client-key', at),
    exec: Object.keys(exec).length === 0 ? null : readExec(exec, below(at, 'exec')),
    impersonate: readImpersonation(entry, at),
  }
}

function readImpersonation(entry: Fields, at: Place): UserEntry['impersonate'] {
  const extra = mapOf(entry['as-user-extra'], below(at, 'as-user-extra'))
  return {
    user: textOf(entry, 'as', at),
    uid: textOf(entry, 'as-uid', at),
    groups: textsOf(entry, 'as-groups', at),
    extra: new Map(Object.keys(extra).map((key) => [key, textsOf(extra, key, below(at, 'as-user-extra'))])),
  }
}

function readExec(exec: Fields, at: Place): ExecEntry {
  const apiVersion = requiredText(exec, 'apiVersion', at)
  if (apiVersion !== 'client.authentication.k8s.io/v1' && apiVersion !== 'client.authentication.k8s.io/v1beta1') {
    const why = 'must be client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1'
    throw badField(below(at, 'apiVersion'), why, ['update the credential plugin and its entry in the kubeconfig'])
  }
  const mode = textOf(exec, 'interactiveMode', at)
  if (mode === null && apiVersion === 'client.authentication.k8s.io/v1') {
    throw badField(below(at, 'interactiveMode'), 'is missing', ['set it to Never, IfAvailable or Always'])
  }
  if (mode === 'Always') {
    throw badField(below(at, 'interactiveMode'), 'the plugin wants a terminal, which this program does not give it', [
      'log in with the plugin first and set interactiveMode to IfAvailable',
    ])
  }
  if (mode !== null && mode !== 'Never' && mode !== 'IfAvailable') {
    throw badField(below(at, 'interactiveMode'), 'must be Never, IfAvailable or Always')
  }
  const command = requiredText(exec, 'command', at)
  return {
    at,
    apiVersion,
    command: command.includes(sep) ? absolute(command, at.file) : command,
    args: textsOf(exec, 'args', at),
    env: listOf(exec.env, below(at, 'env')).map((item, index) => {
      const place = below(at, `env[${index}]`)
      const pair = mapOf(item, place)
      return { name: requiredText(pair, 'name', place), value: textOf(pair, 'value', place) ?? '' }
    }),
    installHint: textOf(exec, 'installHint', at),
    provideClusterInfo: flagOf(exec, 'provideClusterInfo', at),
  }
}

function inlineOf(entry: Fields, key: string, at: Place): Inline {
  const path = textOf(entry, key, at)
  return {
    data: textOf(entry, `${key}-data`, at),
    path: path === null ? null : absolute(path, at.file),
    dataAt: below(at, `${key}-data`),
    pathAt: below(at, key),
  }
}

/** A path in a kubeconfig is relative to the kubeconfig's own folder. */
function absolute(path: string, file: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path)
}

/** The plugin extension of one cluster, read with YAML types (its numbers must stay numbers). */
function execConfigOf(text: string, file: string, index: number): Json {
  if (!text.includes(execExtension)) return null
  const root = mapOf(loadYaml(text, file, CORE_SCHEMA.withTags(mergeTag)), { file, field: 'document' })
  const place: Place = { file, field: `clusters[${index}].cluster` }
  const cluster = mapOf(mapOf(listOf(root.clusters, place)[index], place).cluster, place)
  for (const item of listOf(cluster.extensions, below(place, 'extensions'))) {
    const each = mapOf(item, below(place, 'extensions'))
    if (each.name === execExtension) return parseJson(JSON.stringify(each.extension ?? null), file)
  }
  return null
}

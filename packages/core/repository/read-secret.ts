// Reads Argo CD's Secrets about repositories. Problems name the Secret and the key, never a value.
import { decodeBase64, decodeUtf8 } from '../object/base64.ts'
import { isObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { stringAt } from '../object/object.ts'
import type { Problem } from '../object/problem.ts'
import { foldStringData } from '../object/secret.ts'
import type { GithubApp, RepositoryEntry, RepositoryType } from './entry.ts'

/** The label that says what a Secret is to Argo CD. */
export const SECRET_TYPE_LABEL = 'argocd.argoproj.io/secret-type'

/** Values of the label for what repositories are read with. */
export const SECRET_TYPES = { exact: 'repository', prefix: 'repo-creds' } as const

/** Texts that Go's `strconv.ParseBool` takes: booleans in Secrets are written as texts. */
const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const FALSE: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False'])

/** Identities of clouds. The two kinds of Secret spell some keys differently (`…Id`, `…ID`): both are known in both. */
const UNSUPPORTED: readonly string[] = [
  'gcpServiceAccountKey',
  'azureServicePrincipalClientId',
  'azureServicePrincipalClientID',
  'azureServicePrincipalTenantId',
  'azureServicePrincipalTenantID',
  'azureServicePrincipalClientSecret',
  'azureActiveDirectoryEndpoint',
]

/**
 * The entry that a Secret with the label `argocd.argoproj.io/secret-type: repository` or `repo-creds` writes; null for
 * any other object. Every Secret with the label gives an entry: one that cannot be understood gives one with problems.
 */
export function readRepositorySecret(secret: KubeObject): RepositoryEntry | null {
  const label = stringAt(secret, 'metadata', 'labels', SECRET_TYPE_LABEL)
  if (label !== SECRET_TYPES.exact && label !== SECRET_TYPES.prefix) return null
  const values = new Values(foldStringData(secret))
  const url = values.text('url')
  if (url === null) values.problem('url', 'says no URL', 'write the URL of the repository')
  const { username, password, bearerToken, sshPrivateKey } = values.texts()
  return {
    scope: label === SECRET_TYPES.exact ? 'exact' : 'prefix',
    url: url?.trim() ?? '',
    type: typeOf(values),
    name: values.text('name'),
    project: values.text('project'),
    credentials: {
      ...{ username, password, bearerToken, sshPrivateKey, sshPassphrase: null },
      githubApp: githubAppOf(values),
      ...clientCertificate(values),
      unsupported: unsupportedOf(values),
    },
    insecure: [values.flag('insecure'), values.flag('insecureIgnoreHostKey')].includes(true),
    lfs: values.flag('enableLfs'),
    oci: { enabled: values.flag('enableOCI'), plainHttp: values.flag('insecureOCIForceHttp') },
    forceBasicAuth: values.flag('forceHttpBasicAuth'),
    proxy: values.text('proxy'),
    noProxy: values.text('noProxy'),
    from: 'control-plane',
    origin: values.origin,
    problems: values.problems,
  }
}

function typeOf(values: Values): RepositoryType {
  const type = values.text('type')
  switch (type) {
    case null:
    case 'git':
      return 'git'
    case 'helm':
    case 'oci':
      return type
    default:
      values.problem('type', 'is none of git, helm, oci', 'write git, helm or oci')
      return 'git'
  }
}

function githubAppOf(values: Values): GithubApp | null {
  const privateKey = values.text('githubAppPrivateKey')
  const appId = values.number('githubAppID')
  const installationId = values.number('githubAppInstallationID')
  const baseUrl = values.text('githubAppEnterpriseBaseUrl')
  if (privateKey === null) return null
  if (appId === null) {
    values.problem('githubAppID', 'is missing beside githubAppPrivateKey', 'write the number of the GitHub App')
    return null
  }
  return { appId, installationId, privateKey, baseUrl }
}

function clientCertificate(values: Values): { tlsClientCert: string | null; tlsClientKey: string | null } {
  const tlsClientCert = values.text('tlsClientCertData')
  const tlsClientKey = values.text('tlsClientCertKey')
  if ((tlsClientCert === null) !== (tlsClientKey === null)) {
    const missing = tlsClientCert === null ? 'tlsClientCertData' : 'tlsClientCertKey'
    values.problem(missing, 'is missing: a client certificate is used with its key', 'write both, or neither')
  }
  return { tlsClientCert, tlsClientKey }
}

function unsupportedOf(values: Values): readonly string[] {
  const workload = values.flag('useAzureWorkloadIdentity') ? ['useAzureWorkloadIdentity'] : []
  return [...UNSUPPORTED.filter((key) => values.text(key) !== null), ...workload]
}

/** The values of one Secret, decoded when they are asked for. */
class Values {
  readonly origin: string
  readonly problems: Problem[] = []
  readonly #data: ReadonlyMap<string, unknown>

  constructor(secret: KubeObject) {
    const namespace = stringAt(secret, 'metadata', 'namespace')
    this.origin = `Secret ${namespace === undefined ? '' : `${namespace}/`}${secret.metadata.name}`
    this.#data = new Map(isObject(secret.data) ? Object.entries(secret.data) : [])
  }

  /** Null where the key is not written, or empty. */
  text(key: string): string | null {
    const value = this.#data.get(key)
    if (value === undefined || value === null) return null
    const bytes = typeof value === 'string' ? decodeBase64(value) : null
    const text = bytes === null ? null : decodeUtf8(bytes)
    if (text === null) this.problem(key, 'is not base64 of a text', 'write it under stringData, or encode it')
    return text === '' ? null : text
  }

  texts(): Readonly<Record<'username' | 'password' | 'bearerToken' | 'sshPrivateKey', string | null>> {
    return {
      username: this.text('username'),
      password: this.text('password'),
      bearerToken: this.text('bearerToken'),
      sshPrivateKey: this.text('sshPrivateKey'),
    }
  }

  flag(key: string): boolean {
    const text = this.text(key)
    if (text !== null && !TRUE.has(text) && !FALSE.has(text)) {
      this.problem(key, 'is neither "true" nor "false"', 'write "true" or "false"')
    }
    return text !== null && TRUE.has(text)
  }

  /** Null for 0, too, which Argo CD takes for none. */
  number(key: string): number | null {
    const text = this.text(key)
    if (text === null) return null
    const value = Number(text)
    if (/^[0-9]{1,15}$/.test(text)) return value === 0 ? null : value
    this.problem(key, 'is not a whole number', 'write the number in digits')
    return null
  }

  problem(field: string, what: string, fix: string): void {
    this.problems.push({ where: this.origin, field, what: `${field} ${what}`, fix })
  }
}

// Reads the Secrets in which Argo CD keeps what it knows of repositories (util/db/repository_secrets.go).

import { textOfBase64 } from '../object/base64.ts'
import type { JsonObject } from '../object/json.ts'
import { isObject } from '../object/json.ts'
import { stringAt } from '../object/object.ts'
import type { RepositoryEntry, RepositoryType, WrittenAuth } from './entry.ts'

/** The label that says what a Secret is for. */
export const SECRET_TYPE_LABEL = 'argocd.argoproj.io/secret-type'

/** What is wrong with a Secret: which key, never its value. */
export interface SecretProblem {
  /** `Secret argocd/repo-shop: sshPrivateKey`. */
  readonly where: string
  /** One sentence without a full stop. */
  readonly what: string
}

/** What a Secret says, or what is wrong with it. */
export type ReadSecret =
  | { readonly kind: 'entry'; readonly entry: RepositoryEntry }
  | { readonly kind: 'problem'; readonly url: string | null; readonly problem: SecretProblem }

/** Reads a Secret of type `repository` or `repo-creds`; null for any other. */
export function readRepositorySecret(secret: JsonObject): ReadSecret | null {
  const type = stringAt(secret, 'metadata', 'labels', SECRET_TYPE_LABEL)
  if (type !== 'repository' && type !== 'repo-creds') return null
  const where = `Secret ${stringAt(secret, 'metadata', 'namespace') ?? ''}/${stringAt(secret, 'metadata', 'name') ?? ''}`
  const data = dataOf(secret)
  const bad = [...data].find(([, value]) => value === null)
  const url = data.get('url')?.trim() ?? ''
  const problem = (key: string, what: string): ReadSecret => ({
    kind: 'problem',
    url: url === '' ? null : url,
    problem: { where: `${where}: ${key}`, what },
  })
  if (bad !== undefined) return problem(bad[0], 'the value is not Base64 of a text')
  if (url === '') return problem('url', 'the Secret says no URL')
  try {
    return { kind: 'entry', entry: entryOf(type === 'repository' ? 'repository' : 'prefix', url, data, where) }
  } catch (error) {
    if (error instanceof KeyProblem) return problem(error.key, error.what)
    throw error
  }
}

class KeyProblem extends Error {
  readonly key: string
  readonly what: string

  constructor(key: string, what: string) {
    super(`${key}: ${what}`)
    this.key = key
    this.what = what
  }
}

type Data = ReadonlyMap<string, string | null>

function dataOf(secret: JsonObject): Data {
  const encoded = isObject(secret.data) ? Object.entries(secret.data) : []
  return new Map(encoded.map(([key, value]) => [key, typeof value === 'string' ? textOfBase64(value) : null]))
}

function entryOf(scope: RepositoryEntry['scope'], url: string, data: Data, origin: string): RepositoryEntry {
  const text = (key: string): string | null => {
    const value = data.get(key) ?? ''
    return value === '' ? null : value
  }
  return {
    scope,
    url,
    type: typeOf(text('type')),
    name: text('name'),
    project: text('project'),
    auth: authOf(text, scope),
    client: clientOf(text),
    insecure: flag('insecure', text),
    ignoreHostKey: flag('insecureIgnoreHostKey', text),
    proxy: text('proxy'),
    noProxy: text('noProxy'),
    enableOci: flag('enableOCI', text),
    plainHttp: flag('insecureOCIForceHttp', text),
    forceBasicAuth: flag('forceHttpBasicAuth', text),
    origin,
  }
}

type Text = (key: string) => string | null

function typeOf(type: string | null): RepositoryType {
  if (type === null || type === 'git') return 'git'
  if (type === 'helm' || type === 'oci') return type
  throw new KeyProblem('type', 'it is neither git, helm nor oci')
}

/** Argo CD takes the first kind of credentials that is whole, in this order. */
function authOf(text: Text, scope: RepositoryEntry['scope']): WrittenAuth {
  const [username, password, token, privateKey] = ['username', 'password', 'bearerToken', 'sshPrivateKey'].map(text)
  if (username || password) return { kind: 'basic', username: username ?? '', password: password ?? '' }
  if (privateKey) return { kind: 'ssh-key', privateKey, passphrase: null }
  const app = githubApp(text)
  if (app !== null) return app
  if (token) return { kind: 'bearer', token }
  // The keys of Azure end in ID in one kind of Secret and in Id in the other.
  const azure = scope === 'prefix' ? 'azureServicePrincipalClientID' : 'azureServicePrincipalClientId'
  if (text('gcpServiceAccountKey') !== null) return { kind: 'unsupported', what: 'a service account of Google Cloud' }
  if (text(azure) !== null) return { kind: 'unsupported', what: 'a service principal of Azure' }
  if (flag('useAzureWorkloadIdentity', text)) return { kind: 'unsupported', what: 'a workload identity of Azure' }
  return { kind: 'none' }
}

function githubApp(text: Text): WrittenAuth | null {
  const id = text('githubAppID')
  const privateKey = text('githubAppPrivateKey')
  if (id === null && privateKey === null) return null
  if (privateKey === null) throw new KeyProblem('githubAppPrivateKey', 'it is missing, and githubAppID is there')
  const installation = text('githubAppInstallationID')
  return {
    kind: 'github-app',
    appId: number('githubAppID', id),
    installationId:
      installation === null || installation === '0' ? null : number('githubAppInstallationID', installation),
    privateKey,
    baseUrl: text('githubAppEnterpriseBaseUrl'),
  }
}

function number(key: string, value: string | null): number {
  if (value !== null && /^[1-9][0-9]{0,14}$/.test(value)) return Number(value)
  throw new KeyProblem(key, 'it is not a whole number')
}

function clientOf(text: Text): RepositoryEntry['client'] {
  const cert = text('tlsClientCertData')
  const key = text('tlsClientCertKey')
  if (cert === null && key === null) return null
  if (cert !== null && key !== null) return { cert, key }
  throw new KeyProblem(
    cert === null ? 'tlsClientCertData' : 'tlsClientCertKey',
    'it is missing, and its other half is there',
  )
}

/** Booleans are texts, in the spellings of Go's strconv.ParseBool. */
function flag(key: string, text: Text): boolean {
  const value = text(key)
  if (value === null || /^(?:0|f|F|false|FALSE|False)$/.test(value)) return false
  if (/^(?:1|t|T|true|TRUE|True)$/.test(value)) return true
  throw new KeyProblem(key, 'it is neither "true" nor "false"')
}

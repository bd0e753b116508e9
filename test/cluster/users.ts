// Who may talk to a test cluster: an administrator, some people without any rights, and whoever a test invents.

import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Authority, type Identity, issue } from '@mainstay/engine/tls/x509.ts'

/** Users known by a bearer token. Only `admin` may do anything; a test gives the others rights by RBAC. */
export const tokenUsers = ['admin', 'alice', 'bob', 'carol', 'nobody', 'kubelet', 'controllers'] as const
/** One of them. */
export type TokenUser = (typeof tokenUsers)[number]

/** The name the API server knows a token user by, and its groups. */
export function accountOf(user: TokenUser): { readonly name: string; readonly groups: readonly string[] } {
  switch (user) {
    case 'admin':
      return { name: 'mainstay:admin', groups: ['system:masters'] }
    case 'kubelet':
      return { name: 'mainstay:kubelet', groups: ['system:masters'] }
    case 'controllers':
      return { name: 'system:kube-controller-manager', groups: ['system:masters'] }
    default:
      return { name: user, groups: [] }
  }
}

/** A fresh token for each user. */
export function createTokens(): Readonly<Record<TokenUser, string>> {
  const seed = randomBytes(32)
  const entries = tokenUsers.map(
    (user) => [user, createHash('sha256').update(seed).update(user).digest('hex')] as const,
  )
  return Object.fromEntries(entries) as Record<TokenUser, string> // One entry for each user, by the line above.
}

/** The file for `--token-auth-file`. */
export function tokenFile(tokens: Readonly<Record<TokenUser, string>>): string {
  const line = (user: TokenUser): string => {
    const { name, groups } = accountOf(user)
    return `${tokens[user]},${name},${name}${groups.length > 0 ? `,"${groups.join(',')}"` : ''}`
  }
  return `${tokenUsers.map(line).join('\n')}\n`
}

/** The users of such a file. */
export function readTokenFile(
  text: string,
): readonly { readonly token: string; readonly name: string; readonly groups: readonly string[] }[] {
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const [token = '', name = '', , groups] = line.split(',')
    return { token, name, groups: groups === undefined ? [] : groups.replaceAll('"', '').split(',') }
  })
}

/** How a kubeconfig says who it is. */
export type Credential = { readonly token: string } | { readonly identity: Identity }

/** A kubeconfig (JSON, which is YAML) for one user. */
export function kubeconfigText(url: string, ca: string, name: string, credential: Credential): string {
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')
  const user =
    'token' in credential
      ? { token: credential.token }
      : {
          'client-certificate-data': base64(credential.identity.certificate),
          'client-key-data': base64(credential.identity.key),
        }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'mainstay', cluster: { server: url, 'certificate-authority-data': base64(ca) } }],
    users: [{ name, user }],
    contexts: [{ name: 'mainstay', context: { cluster: 'mainstay', user: name } }],
    'current-context': 'mainstay',
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

/** Somebody with a client certificate; `validSeconds` as in `Subject`. */
export interface CertificateUser {
  readonly name: string
  readonly groups?: readonly string[]
  readonly validSeconds?: readonly [number, number]
}

/** Writes a kubeconfig with a client certificate signed by the cluster's authority; returns its path. */
export async function writeCertificateKubeconfig(
  cluster: { readonly folder: string; readonly url: string; readonly authority: Authority },
  user: CertificateUser,
): Promise<string> {
  const { name, groups, validSeconds } = user
  const identity = issue(cluster.authority, {
    commonName: name,
    organizations: groups ?? [],
    use: 'client',
    ...(validSeconds === undefined ? {} : { validSeconds }),
  })
  const path = join(cluster.folder, `certificate-${randomBytes(6).toString('hex')}.kubeconfig`)
  const text = kubeconfigText(cluster.url, cluster.authority.certificate, name, { identity })
  await writeFile(path, text, { mode: 0o600 })
  return path
}

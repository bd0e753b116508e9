// What lies in the folder of a test cluster: certificates, tokens and kubeconfigs, alike for the real API server and the sandbox.

import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Authority, issue } from '@mainstay/engine/tls/x509.ts'
import { auditPolicy, type Layout } from './options.ts'
import { kubeconfigText, type TokenUser, tokenFile, tokenUsers } from './users.ts'

/** A token for each user. */
export type Tokens = Readonly<Record<TokenUser, string>>

/** Writes what a server reads when it starts. */
export async function writeServerFiles(layout: Layout, authority: Authority, tokens: Tokens): Promise<void> {
  const server = issue(authority, {
    commonName: 'kube-apiserver',
    use: 'server',
    names: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', '127.0.0.1', '10.96.0.1'],
  })
  const serviceAccount = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const secret = { mode: 0o600 }
  await Promise.all([
    writeFile(layout.caCertificate, authority.certificate),
    writeFile(layout.serverCertificate, server.certificate),
    writeFile(layout.serverKey, server.key, secret),
    writeFile(layout.serviceAccountKey, serviceAccount.export({ type: 'sec1', format: 'pem' }), secret),
    writeFile(layout.tokens, tokenFile(tokens), secret),
    writeFile(layout.auditPolicy, JSON.stringify(auditPolicy)),
    writeFile(layout.auditLog, ''),
  ])
}

/** Writes a kubeconfig for each user; returns the paths. */
export async function writeKubeconfigs(
  folder: string,
  url: string,
  authority: Authority,
  tokens: Tokens,
): Promise<Readonly<Record<TokenUser, string>>> {
  const entries = await Promise.all(
    tokenUsers.map(async (user) => {
      const path = join(folder, `${user}.kubeconfig`)
      const text = kubeconfigText(url, authority.certificate, user, { token: tokens[user] })
      await writeFile(path, text, { mode: 0o600 })
      return [user, path] as const
    }),
  )
  return Object.fromEntries(entries) as Record<TokenUser, string> // One entry for each user, by the line above.
}

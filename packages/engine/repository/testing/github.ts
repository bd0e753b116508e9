// A GitHub of one App for tests, over HTTPS: it checks statements as GitHub does, and gives tokens.
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { secretOf } from '@mainstay/core/repository/testing.ts'
import { createAuthority, issue } from '../../tls/x509.ts'

/** A GitHub of one App: it checks statements as GitHub does, and gives tokens that live for an hour. */
export async function startGithub(now: () => number) {
  const authority = createAuthority('test')
  const identity = issue(authority, { commonName: 'github', use: 'server', names: ['127.0.0.1'] })
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const asked: string[] = []
  const isApp = (authorization: string | undefined): boolean => {
    const [head = '', body = '', signature = ''] = (authorization ?? '').replace(/^Bearer /, '').split('.')
    const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString() || '{}')
    const { iat, exp, iss } = Object(claims)
    const seconds = now() / 1000
    const signed = Buffer.from(`${head}.${body}`)
    const good = verify(
      'RSA-SHA256',
      signed,
      createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
      Buffer.from(signature, 'base64url'),
    )
    return good && iss === '12' && iat <= seconds && exp > seconds && exp - iat <= 600
  }
  const server = createServer({ cert: identity.certificate, key: identity.key }, (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (!isApp(request.headers.authorization)) answer(401, { message: 'Bad credentials' })
    else if (request.url === '/api/v3/repos/ops/shop/installation') answer(200, { id: 34 })
    else if (request.method === 'POST' && request.url === '/api/v3/app/installations/34/access_tokens') {
      const token = `ghs_${asked.length}`
      answer(201, { token, expires_at: new Date(now() + 3_600_000).toISOString() })
    } else answer(404, { message: 'Not Found' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    asked,
    ca: authority.certificate,
    origin: `https://127.0.0.1:${port}`,
    /** A Secret with the App, for a repository of this server. */
    secret: (name: string, values: Readonly<Record<string, string>> = {}) =>
      secretOf('repo-app', 'repository', {
        url: `https://127.0.0.1:${port}/ops/${name}`,
        githubAppID: '12',
        githubAppPrivateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
        githubAppEnterpriseBaseUrl: `https://127.0.0.1:${port}/api/v3`,
        ...values,
      }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

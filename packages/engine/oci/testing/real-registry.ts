// A real OCI registry on a free port: with TLS, and users by password or by token as a test asks.
import { spawn } from 'node:child_process'
import { createHash, sign } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Agent, request } from 'undici'
import { type Issued, type TestAuthority, testAuthority } from '../../cluster/testing/certificates.ts'
import { type FakeServer, fakeServer, type Seen } from '../../cluster/testing/fake-server.ts'
import { basicHeader } from '../token.ts'

/** The user whom registries with users know. */
export const USER = { kind: 'basic', username: 'robot', password: 'secret' } as const
/** `secret`, hashed as `htpasswd -B` does it. */
const PASSWORD_FILE = 'robot:$2y$12$Q6lC0ircEOjmQSkzhwFh4e9wUDI3SE8Qlypjl57mSWfry.b2xR7Ee\n'
const SERVICE = 'test registry'
const ISSUER = 'test issuer'

/** A running registry. */
export interface RealRegistry {
  /** `127.0.0.1:4711`. */
  readonly host: string
  /** PEM of the authority that signed its certificate, and its token server's. */
  readonly ca: string
  /** Questions for tokens that came so far; empty where users have passwords. */
  readonly tokens: readonly Seen[]
  /** Stores a blob; returns its digest. */
  blob(name: string, bytes: Buffer): Promise<string>
  /** Stores a manifest under a tag; returns its digest. */
  manifest(name: string, tag: string, manifest: unknown, type?: string): Promise<string>
  end(): Promise<void>
}

/** How a registry knows who asks. */
export type Users = 'anybody' | 'password' | 'token'

/** Starts the program at `path`. */
export async function realRegistry(path: string, users: Users): Promise<RealRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-registry-'))
  const authority = testAuthority()
  const tokens = users === 'token' ? await tokenServer(authority) : null
  writeFileSync(join(folder, 'config.json'), configuration({ folder, authority, users, realm: tokens?.url ?? '' }))
  const child = spawn(path, ['serve', join(folder, 'config.json')], { stdio: ['ignore', 'ignore', 'pipe'], env: {} })
  const end = async () => {
    const gone = child.exitCode === null ? once(child, 'exit') : null
    child.kill('SIGKILL')
    await gone
    await tokens?.close()
    rmSync(folder, { recursive: true, force: true })
  }
  for await (const line of createInterface({ input: child.stderr })) {
    const port = /listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1]
    if (port === undefined) continue
    child.stderr.resume()
    return { ...store(`127.0.0.1:${port}`, authority.ca, users), tokens: tokens?.seen ?? [], end }
  }
  await end()
  throw new Error('the registry ended before it listened')
}

interface Configured {
  readonly folder: string
  readonly authority: TestAuthority
  readonly users: Users
  readonly realm: string
}

function configuration({ folder, authority, users, realm }: Configured): string {
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content, { mode: 0o600 })
    return join(folder, name)
  }
  const { cert, key } = authority.issue('registry', ['127.0.0.1'])
  const rootcertbundle = file('ca.pem', authority.ca)
  const auth = {
    anybody: {},
    password: { auth: { htpasswd: { realm: 'test', path: file('htpasswd', PASSWORD_FILE) } } },
    token: { auth: { token: { realm: `${realm}/token`, service: SERVICE, issuer: ISSUER, rootcertbundle } } },
  }[users]
  return JSON.stringify({
    version: 0.1,
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: '127.0.0.1:0', tls: { certificate: file('cert.pem', cert), key: file('key.pem', key) } },
    ...auth,
  })
}

/** Gives tokens to whoever knows the password, as registries of the big hosts do. */
function tokenServer(authority: TestAuthority): Promise<FakeServer> {
  const signer = authority.issue('signer')
  return fakeServer(
    ({ headers, query }) => {
      if (headers.authorization !== basicHeader(USER)) return { status: 401, json: { details: 'who are you?' } }
      const [type = '', name = '', actions = ''] = (query.get('scope') ?? '').split(':')
      const access = type === '' ? [] : [{ type, name, actions: actions.split(',') }]
      return { json: { token: signedToken(signer, access), expires_in: 120 } }
    },
    { tls: authority, names: ['127.0.0.1'] },
  )
}

function signedToken({ cert, key }: Issued, access: readonly unknown[]): string {
  const now = Math.floor(Date.now() / 1000)
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = { alg: 'ES256', typ: 'JWT', x5c: [cert.replaceAll(/-----[A-Z ]+-----|\s/g, '')] }
  const claims = { iss: ISSUER, sub: 'robot', aud: SERVICE, iat: now, nbf: now - 10, exp: now + 120, jti: '1', access }
  const text = `${part(header)}.${part(claims)}`
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

function store(host: string, ca: string, users: Users): Omit<RealRegistry, 'tokens' | 'end'> {
  const dispatcher = new Agent({ connect: { ca } })
  const send = async (method: string, url: URL, body: Buffer | null, type: string): Promise<URL> => {
    const headers: Record<string, string> = { 'content-type': type }
    let answer = await request(url, { method, body, headers, dispatcher })
    if (answer.statusCode === 401) {
      await answer.body.dump()
      const authorization = await pushHeader(users, String(answer.headers['www-authenticate']), dispatcher)
      answer = await request(url, { method, body, headers: { ...headers, authorization }, dispatcher })
    }
    const said = await answer.body.text()
    if (answer.statusCode >= 300) throw new Error(`${method} ${url.pathname}: ${answer.statusCode} ${said}`)
    return new URL(String(answer.headers.location ?? url), url)
  }
  const at = (name: string, rest: string) => new URL(`https://${host}/v2/${name}/${rest}`)
  return {
    host,
    ca,
    async blob(name, bytes) {
      const digest = digestOf(bytes)
      const upload = await send('POST', at(name, 'blobs/uploads/'), null, 'application/octet-stream')
      upload.searchParams.set('digest', digest)
      await send('PUT', upload, bytes, 'application/octet-stream')
      return digest
    },
    async manifest(name, tag, manifest, type = 'application/vnd.oci.image.manifest.v1+json') {
      const bytes = Buffer.from(JSON.stringify(manifest))
      await send('PUT', at(name, `manifests/${tag}`), bytes, type)
      return digestOf(bytes)
    },
  }
}

async function pushHeader(users: Users, challenge: string, dispatcher: Agent): Promise<string> {
  if (users !== 'token') return basicHeader(USER) ?? ''
  const value = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
  const url = new URL(value('realm'))
  url.searchParams.set('scope', value('scope'))
  const { body } = await request(url, { headers: { authorization: basicHeader(USER) ?? '' }, dispatcher })
  const { token } = (await body.json()) as { token: string }
  return `Bearer ${token}`
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

// What the tests of accesses stand on: records in memory, a control plane of objects, a GitHub that gives tokens.
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { secretOf } from '@mainstay/core/repository/testing.ts'
import { FaultError } from '../fault.ts'
import type { AccessKind, Clock, ClusterReader } from '../ports.ts'
import { createAuthority, issue } from '../tls/x509.ts'
import { WrittenAccesses } from './accesses.ts'
import { ControlPlaneRepositories } from './control-plane.ts'
import type { AccessRecords } from './kept.ts'

/** Records of accesses that live as long as the test. */
export function memoryRecords(): AccessRecords {
  const all = new Map<AccessKind, Map<string, JsonObject>>()
  const of = (kind: AccessKind) => {
    const known = all.get(kind) ?? new Map<string, JsonObject>()
    all.set(kind, known)
    return known
  }
  return {
    putAccess: async (kind, name, value) => {
      of(kind).set(name, value)
    },
    removeAccess: async (kind, name) => of(kind).delete(name),
    accesses: async (kind) =>
      [...of(kind)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => ({ name, value })),
  }
}

/** A control plane that a test fills, breaks and counts the questions of. */
export class TestControlPlane implements Pick<ClusterReader, 'list' | 'get'> {
  objects: readonly KubeObject[] = []
  failing: FaultError | null = null
  asked = 0

  async list(): Promise<readonly KubeObject[]> {
    this.#ask()
    return this.objects.filter((each) => each.kind === 'Secret')
  }

  async get({ ref }: Parameters<ClusterReader['get']>[0]): Promise<KubeObject | null> {
    this.#ask()
    return this.objects.find((each) => each.kind === ref.kind && each.metadata.name === ref.name) ?? null
  }

  #ask(): void {
    this.asked++
    if (this.failing !== null) throw this.failing
  }
}

/** Everything that a test of accesses needs. */
export interface AccessBed {
  readonly records: AccessRecords
  readonly plane: TestControlPlane
  readonly controlPlane: ControlPlaneRepositories
  readonly accesses: WrittenAccesses
  readonly clock: Clock & { move(ms: number): void }
}

export function accessBed(): AccessBed {
  let now = Date.parse('2026-03-01T12:00:00Z')
  const clock = {
    now: () => now,
    sleep: () => Promise.reject(new Error('nothing here waits')),
    move: (ms: number) => {
      now += ms
    },
  }
  const records = memoryRecords()
  const plane = new TestControlPlane()
  const place = { reader: async () => plane, namespace: 'argocd', clock, maxAgeMs: 60_000 }
  const controlPlane = new ControlPlaneRepositories(place)
  return { records, plane, controlPlane, clock, accesses: new WrittenAccesses({ records, controlPlane, clock }) }
}

/** A list that this user may not ask for. */
export const FORBIDDEN = new FaultError({ kind: 'forbidden', what: 'cannot list Secrets in argocd', where: '/api/v1' })

/** The two ConfigMaps about hosts. */
export function trustOf(knownHosts: string, certificates: Readonly<Record<string, string>> = {}): KubeObject[] {
  const config = (name: string, data: JsonObject) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'argocd' }, data },
  })
  return [
    config('argocd-ssh-known-hosts-cm', { ssh_known_hosts: knownHosts }),
    config('argocd-tls-certs-cm', certificates),
  ]
}

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

// Tests of finding, merging and reading kubeconfigs, on real files.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FaultKind } from '../fault.ts'
import { listContexts, loadCluster } from './kubeconfig.ts'
import { testAuthority } from './testing/certificates.ts'
import { testClock } from './testing/clock.ts'
import { faultOf } from './testing/stage.ts'

let folder: string
const authority = testAuthority()
const client = authority.issue('jane')
const b64 = (text: string) => Buffer.from(text).toString('base64')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, text)
  return path
}

function config(parts: { server?: string; cluster?: string; user?: string; name?: string } = {}): string {
  const name = parts.name ?? 'one'
  return `apiVersion: v1
kind: Config
current-context: ${name}
contexts:
- {name: ${name}, context: {cluster: ${name}, user: ${name}, namespace: shop}}
clusters:
- name: ${name}
  cluster:
    server: ${parts.server ?? 'https://127.0.0.1:6443/'}
    ${parts.cluster ?? ''}
users:
- name: ${name}
  user:
    ${parts.user ?? 'token: abc'}
`
}

describe('loadCluster', () => {
  it('reads server, namespace, authority, name and token of the current context', async () => {
    const cluster = `certificate-authority-data: ${b64(authority.ca)}\n    tls-server-name: kube.example`
    const kubeconfig = await file('plain', config({ cluster, user: 'token: 0123' }))
    const loaded = await loadCluster({ kubeconfig, env: {} })
    expect(loaded).toMatchObject({ name: 'one', server: 'https://127.0.0.1:6443', namespace: 'shop', proxy: null })
    expect(loaded.trust).toEqual({ ca: authority.ca, serverName: 'kube.example', insecure: false })
    expect(await loaded.credentials.current()).toEqual({ authorization: 'Bearer 0123', certificate: null })
  })

  it('takes paths in a kubeconfig relative to its own folder', async () => {
    await file('rel/pki/ca.crt', authority.ca)
    await file('rel/pki/me.crt', client.cert)
    await file('rel/pki/me.key', client.key)
    const kubeconfig = await file(
      'rel/config',
      config({
        cluster: 'certificate-authority: pki/ca.crt',
        user: 'client-certificate: pki/me.crt\n    client-key: pki/me.key',
      }),
    )
    const loaded = await loadCluster({ kubeconfig, env: {} })
    expect(loaded.trust.ca).toBe(authority.ca)
    expect(await loaded.credentials.current()).toEqual({
      authorization: null,
      certificate: { cert: client.cert, key: client.key },
    })
  })

  it('merges the files of KUBECONFIG: the first that names something wins, missing files are passed over', async () => {
    const first = await file('m1', `${config({ server: 'https://first:1', name: 'a' })}`)
    const second = await file('m2', config({ server: 'https://second:2', name: 'a' }))
    const third = await file('m3', config({ server: 'https://third:3', name: 'b' }))
    const env = { KUBECONFIG: [join(folder, 'nothing'), first, second, '', third].join(':') }
    expect((await loadCluster({ env })).server).toBe('https://first:1')
    expect((await loadCluster({ env, context: 'b' })).server).toBe('https://third:3')
    expect((await listContexts({ env })).map(({ name, current, file: at }) => [name, current, at])).toEqual([
      ['a', true, first],
      ['b', false, third],
    ])
  })

  it('finds ~/.kube/config', async () => {
    await file('home/.kube/config', config({ server: 'https://home:1' }))
    expect((await loadCluster({ env: {}, home: join(folder, 'home') })).server).toBe('https://home:1')
  })

  it('uses the service account of a pod where there is no kubeconfig, and follows its rotating token', async () => {
    const serviceAccount = join(folder, 'sa')
    await file('sa/token', 'first\n')
    await file('sa/ca.crt', authority.ca)
    await file('sa/namespace', 'mainstay')
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }
    const clock = testClock()
    const loaded = await loadCluster({ env, home: join(folder, 'nowhere'), serviceAccount, clock })
    expect(loaded).toMatchObject({ name: 'in-cluster', server: 'https://[fd00::1]:443', namespace: 'mainstay' })
    expect((await loaded.credentials.current()).authorization).toBe('Bearer first')
    await file('sa/token', 'second one')
    clock.advance(2_000)
    const second = await loaded.credentials.current()
    expect(second.authorization).toBe('Bearer second one')
    expect(await loaded.credentials.current()).toBe(second)
  })

  it('keeps the last token while its file is away, and reads it again when the server refused it', async () => {
    const kubeconfig = await file('rot/config', config({ user: 'tokenFile: token' }))
    const token = await file('rot/token', 'old')
    const clock = testClock()
    const { credentials } = await loadCluster({ kubeconfig, env: {}, clock })
    const old = await credentials.current()
    await rm(token)
    clock.advance(120_000)
    expect(await credentials.current()).toBe(old)
    await file('rot/token', 'new')
    expect(await credentials.refused(old)).toBe(true)
    const renewed = await credentials.current()
    expect(renewed.authorization).toBe('Bearer new')
    expect(await credentials.refused(renewed)).toBe(false)
  })

  it('reads passwords, impersonation and a proxy', async () => {
    const user =
      'username: jane\n    password: "12:3"\n    as: bob\n    as-groups: [dev, ops]\n    as-user-extra: {team: [x]}'
    const kubeconfig = await file('imp', config({ user, cluster: 'proxy-url: http://proxy:3128' }))
    const loaded = await loadCluster({ kubeconfig, env: {} })
    expect((await loaded.credentials.current()).authorization).toBe(`Basic ${b64('jane:12:3')}`)
    expect(loaded.proxy).toBe('http://proxy:3128')
    expect(loaded.impersonate).toEqual({
      user: 'bob',
      uid: null,
      groups: ['dev', 'ops'],
      extra: new Map([['team', ['x']]]),
    })
  })

  it('takes the proxy of the environment except for what NO_PROXY and loopback leave out', async () => {
    const proxyOf = async (server: string, noProxy = '') => {
      const kubeconfig = await file('prox', config({ server }))
      return (await loadCluster({ kubeconfig, env: { HTTPS_PROXY: 'http://p:1', NO_PROXY: noProxy } })).proxy
    }
    expect(await proxyOf('https://k.example:6443')).toBe('http://p:1')
    expect(await proxyOf('https://127.0.0.1:6443')).toBeNull()
    expect(await proxyOf('https://k.example:6443', 'x, .example')).toBeNull()
    expect(await proxyOf('https://k.example:6443', 'k.example:443')).toBe('http://p:1')
    expect(await proxyOf('https://k.example:6443', 'k.example:6443')).toBeNull()
    expect(await proxyOf('https://10.1.2.3:6443', '10.0.0.0/8')).toBeNull()
    expect(await proxyOf('https://11.1.2.3:6443', '10.0.0.0/8')).toBe('http://p:1')
  })

  it('says what is wrong with the reason, naming file and field, and never shows a credential', async () => {
    const cases: readonly (readonly [name: string, text: string, kind: FaultKind, where: string])[] = [
      ['yaml', 'clusters: [\n  token: s3cr3t', 'invalid-input', 'bad/yaml:'],
      ['list', 'clusters: text', 'invalid-input', 'clusters'],
      ['kind', 'kind: Secret', 'invalid-input', 'kind'],
      ['noname', 'contexts: [{context: {cluster: a}}]', 'invalid-input', 'contexts[0].name'],
      ['nocontext', config().replace('current-context: one', 'current-context: two'), 'not-found', 'current-context'],
      ['nocurrent', config().replace('current-context: one', ''), 'not-found', 'bad/nocurrent'],
      ['nocluster', config().replace('cluster: one', 'cluster: two'), 'not-found', 'contexts[0].context.cluster'],
      ['nouser', config().replace('user: one', 'user: two'), 'not-found', 'contexts[0].context.user'],
      ['server', config({ server: 'ftp://x' }), 'invalid-input', 'clusters[0].cluster.server'],
      ['password', config({ server: 'https://a:s3cr3t@x' }), 'invalid-input', 'clusters[0].cluster.server'],
      [
        'ca',
        config({ cluster: 'certificate-authority-data: czNjcjN0' }),
        'invalid-input',
        'certificate-authority-data',
      ],
      ['cafile', config({ cluster: 'certificate-authority: no.crt' }), 'source-unreadable', 'certificate-authority'],
      ['flag', config({ cluster: 'insecure-skip-tls-verify: s3cr3t' }), 'invalid-input', 'insecure-skip-tls-verify'],
      ['proxy', config({ cluster: 'proxy-url: "s3cr3t"' }), 'invalid-input', 'proxy-url'],
      ['two', config({ user: 'token: s3cr3t\n    username: a' }), 'invalid-input', 'users[0].user'],
      ['header', config({ user: 'token: "s3cr3t\\nX: y"' }), 'invalid-input', 'users[0].user.token'],
      ['key', config({ user: `client-certificate-data: ${b64(client.cert)}` }), 'invalid-input', 'client-key'],
      [
        'pair',
        config({
          user: `client-certificate-data: ${b64(client.cert)}\n    client-key-data: ${b64(authority.issue('x').key)}`,
        }),
        'invalid-input',
        'client-certificate-data',
      ],
      ['as', config({ user: 'as-groups: [x]' }), 'invalid-input', 'users[0].user.as'],
      ['provider', config({ user: 'auth-provider: {name: gcp}' }), 'unsupported', 'auth-provider'],
      ['exec', config({ user: 'exec: {command: x}' }), 'invalid-input', 'users[0].user.exec.apiVersion'],
    ]
    for (const [name, text, kind, where] of cases) {
      const kubeconfig = await file(`bad/${name}`, text)
      const { fault, message } = await faultOf(loadCluster({ kubeconfig, env: {} }))
      expect({ name, kind: fault.kind, where: fault.where }).toEqual({
        name,
        kind,
        where: expect.stringContaining(where),
      })
      expect(`${message} ${JSON.stringify(fault)}`, name).not.toContain('s3cr3t')
      expect(fault.where, name).toContain(kubeconfig)
    }
  })

  it('says where it looked when there is no kubeconfig', async () => {
    const given = await faultOf(loadCluster({ kubeconfig: join(folder, 'none'), env: {} }))
    expect(given.fault).toMatchObject({ kind: 'not-found', where: join(folder, 'none') })
    const none = await faultOf(loadCluster({ env: {}, home: '/nonexistent' }))
    expect(none.fault).toMatchObject({ kind: 'not-found', where: '/nonexistent/.kube/config' })
    expect(await listContexts({ env: {}, home: '/nonexistent' })).toEqual([])
  })

  // Nothing is unreadable for root, so this can be shown to others only.
  const itForOthers = process.getuid?.() === 0 ? () => undefined : it
  itForOthers('says that a kubeconfig cannot be read', async () => {
    const kubeconfig = await file('locked', config())
    await chmod(kubeconfig, 0)
    expect((await faultOf(loadCluster({ kubeconfig, env: {} }))).fault.why).toBe('EACCES')
  })
})

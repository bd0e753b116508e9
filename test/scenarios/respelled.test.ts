// An application whose repository gets another spelling, from HTTPS to SSH: the plan is empty, and history goes on.
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import type { RepositoryAccesses } from '@mainstay/engine/ports.ts'
import { NO_ACCESS } from '@mainstay/engine/source/access.ts'
import { basic, type GitServer, startGitServer } from '@mainstay/engine/source/testing/https-server.ts'
import { newKey } from '@mainstay/engine/source/testing/keys.ts'
import { type OnePort, startOnePort } from '@mainstay/engine/source/testing/one-port.ts'
import { type SshServer, startSshServer } from '@mainstay/engine/source/testing/ssh-server.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Bed } from '../accidents/bed.ts'
import { bedOf, doomed } from '../accidents/bed.ts'
import { describeCluster } from '../cluster/shared.ts'
import { openWorkbench } from './workbench.ts'

const config = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n`

const claim = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: uploads}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`

describeCluster('a repository that is spelled another way', (cluster) => {
  const key = newKey()
  const ssh = { kind: 'ssh-key', privateKey: key.private, passphrase: null } as const
  let https: GitServer
  let shell: SshServer
  let port: OnePort
  let bed: Bed
  let access: RepositoryAccess

  beforeAll(async () => {
    https = await startGitServer({ authorization: basic('ana', 'secret') })
    shell = await startSshServer({ letIn: [key.public] })
    // One host and port for both: only the spelling differs.
    port = await startOnePort({ tls: Number(new URL(https.origin).port), ssh: shell.port })
    access = {
      ...NO_ACCESS,
      tls: { ...NO_ACCESS.tls, ca: https.ca },
      hostKeys: { kind: 'known', knownHosts: shell.knownHosts.replace(`:${shell.port}`, `:${port.port}`) },
    }
    const accesses: RepositoryAccesses = {
      accessOf: async (repoURL) =>
        repoURL.startsWith('https:')
          ? { ...access, auth: { kind: 'basic', username: 'ana', password: 'secret' }, version: 'https' }
          : { ...access, auth: ssh, version: 'ssh' },
    }
    bed = bedOf(await cluster(), await openWorkbench(await cluster(), 'respelled', { accesses }), 'respelled')
    await bed.bench.commit('the shop', {
      'shop/web.yaml': config('web'),
      'shop/old.yaml': config('old'),
      'shop/uploads.yaml': claim,
    })
    await register(`https://127.0.0.1:${port.port}${bed.bench.repository}`)
    const first = await bed.app('sync')
    expect(first.code, first.out + first.err).toBe(0)
  })
  afterAll(async () => {
    await bed.dispose()
    await port.close()
    await shell.close()
    await https.close()
  })

  const register = (repoURL: string): Promise<void> =>
    bed.bench.writeApp({ source: { repoURL, path: 'shop', targetRevision: 'main' } })
  const overSsh = (): string => `ssh://git@127.0.0.1:${port.port}${bed.bench.repository}/.git`

  it('has nothing to do, and every object stays the one it was', async () => {
    const memory = await bed.remember()
    await register(overSsh())
    const logins = shell.logins()
    const { code, plan } = await bed.planned('plan', '--prune')
    expect([code, plan.steps, plan.findings]).toEqual([0, [], []])
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(shell.logins()).toBeGreaterThan(logins)
    await memory.unharmed()
  })

  it('knows over SSH which commit removed a file that was synced over HTTPS', async () => {
    await register(overSsh())
    const removed = await bed.bench.commit('old is not needed', { 'shop/old.yaml': null })
    const { plan } = await bed.planned('plan', '--prune')
    expect(doomed(plan)).toEqual(['ConfigMap/old'])
    expect(JSON.stringify(plan.steps)).toContain(`removed from Git in ${removed.slice(0, 7)}`)
    await bed.bench.commit('and back', { 'shop/old.yaml': config('old') })
    const { plan: after } = await bed.planned('plan', '--prune')
    expect(after.steps).toEqual([])
  })

  it('is refused, and nothing is touched, while the host is not the trusted one or does not let us read', async () => {
    const memory = await bed.remember()
    await register(overSsh())
    const good = access
    access = { ...good, hostKeys: { kind: 'known', knownHosts: '' } }
    const unknown = await bed.app('sync', '--prune')
    expect(unknown.code, unknown.out).toBe(2)
    expect(unknown.err).toContain(shell.fingerprint)
    expect(unknown.err).toContain('mainstay cert add-ssh')
    access = good
    shell.answer(() => ({ kind: 'exit', code: 1, stderr: 'no such project\n' }))
    const refused = await bed.app('sync', '--prune')
    expect(refused.code, refused.out).toBe(2)
    expect(refused.err).toContain('no such project')
    shell.answer(() => null)
    await memory.unharmed()
    await register(`https://127.0.0.1:${port.port}${bed.bench.repository}/`)
    expect((await bed.planned('plan', '--prune')).plan.steps).toEqual([])
  })
})

describeCluster('a repository over plain HTTP', (cluster) => {
  it('is read, with a warning', async () => {
    const plain = await startGitServer({ encrypted: false })
    const bench = await openWorkbench(await cluster(), 'plain')
    try {
      await bench.commit('the shop', { 'shop/web.yaml': config('web') })
      const source = { repoURL: plain.urlOf({ path: bench.repository }), path: 'shop', targetRevision: 'main' }
      await bench.writeApp({ source })
      const ran = await bench.mainstay('app', 'sync', 'plain', '-f', bench.appFile)
      expect(ran.code, ran.out + ran.err).toBe(0)
      expect(ran.out).toContain(`${source.repoURL} is read in clear`)
    } finally {
      await bench.dispose()
      await plain.close()
    }
  })
})

// The contract with a real kube-apiserver: who may come in, and with what.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeCertificateKubeconfig } from '../../../test/cluster/users.ts'
import { getObject } from './get.ts'
import { loadCluster } from './kubeconfig.ts'
import { listObjects } from './list.ts'
import type { Resource } from './resource-path.ts'
import { until } from './testing/fake-server.ts'
import { configMap, configMaps, describeReal } from './testing/real.ts'
import { faultOf } from './testing/stage.ts'
import { openTransport } from './transport.ts'
import { watchObjects } from './watch.ts'
import { applyObject } from './write.ts'

const namespaces: Resource = { group: '', version: 'v1', kind: 'Namespace', resource: 'namespaces', scope: 'cluster' }

describeReal('access to the API server', (real) => {
  it('says what a user without the right may not do', async () => {
    const nobody = await real().as(real().shared.kubeconfigs.nobody)
    const namespace = await real().shared.namespace('forbidden')
    const runs = [
      () => listObjects(nobody, configMaps, { namespace }),
      () => getObject(nobody, configMaps, { namespace, name: 'a' }),
      () => applyObject(nobody, configMaps, configMap(namespace, 'a', {}), {}),
    ]
    for (const run of runs) {
      expect((await faultOf(run())).fault).toMatchObject({
        kind: 'forbidden',
        why: expect.stringContaining('"nobody"'),
      })
    }
  })

  it('refuses a wrong token and an untrusted server', async () => {
    const config = await loadCluster({ kubeconfig: real().shared.kubeconfig, env: {} })
    const credential = { authorization: 'Bearer wrong-s3cr3t', certificate: null }
    const wrong = openTransport({
      ...config,
      credentials: { current: async () => credential, refused: async () => false },
    })
    const error = await faultOf(listObjects(wrong, namespaces, { namespace: null }))
    expect(error.fault.kind).toBe('unauthorized')
    expect(`${error.message}${JSON.stringify(error.fault)}`).not.toContain('s3cr3t')
    await wrong.close()
    const untrusting = openTransport({ ...config, trust: { ca: null, serverName: null, insecure: false } })
    expect((await faultOf(listObjects(untrusting, namespaces, { namespace: null }))).fault).toMatchObject({
      kind: 'unreachable',
      why: expect.stringContaining('not trusted'),
    })
    await untrusting.close()
  })

  it('lets in a client certificate, and refuses one that expired', async () => {
    const groups = ['system:masters']
    const valid = await real().as(await writeCertificateKubeconfig(real().shared, { name: 'jane', groups }))
    expect((await listObjects(valid, namespaces, { namespace: null })).objects.length).toBeGreaterThan(0)
    const validSeconds = [-7200, -3600] as const
    const expired = await writeCertificateKubeconfig(real().shared, { name: 'jane', groups, validSeconds })
    const error = await faultOf(listObjects(await real().as(expired), namespaces, { namespace: null }))
    expect(error.fault.kind).toBe('unauthorized')
  })

  it('acts as somebody else', async () => {
    const config = await loadCluster({ kubeconfig: real().shared.kubeconfig, env: {} })
    const jane = openTransport({
      ...config,
      impersonate: { user: 'jane', uid: null, groups: ['dev'], extra: new Map() },
    })
    const error = await faultOf(listObjects(jane, namespaces, { namespace: null }))
    expect(error.fault).toMatchObject({ kind: 'forbidden', why: expect.stringContaining('"jane"') })
    await jane.close()
  })

  it('runs the credential plugin again when the server refuses what it gave', async () => {
    const { shared } = real()
    const folder = await mkdtemp(join(tmpdir(), 'plugin-'))
    const plugin = join(folder, 'plugin.sh')
    const answer = (token: string) =>
      JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status: { token } })
    const script = `#!/bin/sh\nif [ -f ${folder}/ran ]; then echo '${answer(shared.tokens.admin)}'; else touch ${folder}/ran; echo '${answer('stale')}'; fi\n`
    await writeFile(plugin, script, { mode: 0o755 })
    const plain = JSON.parse(await readFile(shared.kubeconfig, 'utf8'))
    plain.users[0].user = {
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' },
    }
    const kubeconfig = join(folder, 'config')
    await writeFile(kubeconfig, JSON.stringify(plain))
    const transport = await real().as(kubeconfig)
    expect((await listObjects(transport, namespaces, { namespace: null })).objects.length).toBeGreaterThan(0)
    // How many pages the namespaces of all tests fill is chance; that one request was sent again is not.
    expect(transport.counts().repeats).toBe(1)
    await rm(folder, { recursive: true })
  })

  it('keeps a hundred watches open at once, and misses nothing on any', async () => {
    const transport = await real().as(real().shared.kubeconfig)
    const namespace = await real().shared.namespace('many')
    const stop = new AbortController()
    let synced = 0
    let upserts = 0
    const follow = async (): Promise<void> => {
      for await (const event of watchObjects(transport, configMaps, { namespace, signal: stop.signal })) {
        if (event.kind === 'synced') synced += 1
        if (event.kind === 'upsert') upserts += 1
        if (upserts === 100) stop.abort()
      }
    }
    const following = Array.from({ length: 100 }, follow)
    await until(() => synced === 100 && transport.counts().byVerb.watch === 100, 'all watches are open')
    await applyObject(transport, configMaps, configMap(namespace, 'one', {}), {})
    await Promise.all(following)
    expect(upserts).toBe(100)
    expect(transport.counts().repeats).toBe(0)
  })
})

// The test bed itself: a real API server with users, an audit log, and an end that nothing prevents.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { isAlive } from '../../packages/engine/tools/lock.ts'
import { noteUse } from '../run/usage.ts'
import { openApi } from './api.ts'
import { auditMark, auditSince, isWrite } from './audit.ts'
import { describeBothClusters, describeRealCluster } from './shared.ts'
import { writeCertificateKubeconfig } from './users.ts'

/** What the child process of a test says about the cluster that it started. */
interface Started {
  readonly folder: string
  readonly pids: readonly number[]
}

const startAndSay = `
  import { startCluster } from ${JSON.stringify(join(import.meta.dirname, 'cluster.ts'))}
  const cluster = await startCluster()
  console.log(JSON.stringify({ folder: cluster.folder, pids: [...cluster.processes.pids.values()] }))
  setInterval(() => {}, 1000)`

async function startedByAnother(): Promise<{ readonly kill: () => Promise<void>; readonly started: Started }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', startAndSay], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { kill, started: JSON.parse(line) as Started }
}

describeBothClusters('the test bed', (cluster) => {
  it('lets the administrator do everything and others nothing until they are given rights', async () => {
    const shared = await cluster()
    const namespace = await shared.namespace('bed')
    const alice = openApi(shared.url, shared.authority.certificate, shared.tokens.alice)
    onTestFinished(() => alice.close())
    const configMaps = `/api/v1/namespaces/${namespace}/configmaps`
    expect((await alice.request('GET', configMaps)).status).toBe(403)
    const roles = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`
    await shared.api.request('POST', roles, {
      metadata: { name: 'view' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'alice' }],
    })
    const deadline = performance.now() + 10_000
    let status = 403
    while (status === 403 && performance.now() < deadline) status = (await alice.request('GET', configMaps)).status
    expect(status).toBe(200)
    expect((await alice.request('DELETE', configMaps)).status).toBe(403)
  })

  it('writes down who wrote what, and not what a Secret holds', async () => {
    const shared = await cluster()
    const namespace = await shared.namespace('bed')
    const mark = await auditMark(shared)
    const secrets = `/api/v1/namespaces/${namespace}/secrets`
    const created = await shared.api.request('POST', secrets, {
      metadata: { name: 's' },
      stringData: { password: 'hunter2-of-the-test' },
    })
    const uid = (created.body as { metadata: { uid: string } }).metadata.uid
    await shared.api.request('DELETE', `${secrets}/s`, { preconditions: { uid } })
    const ours = await auditSince(
      shared,
      mark,
      (entry) => isWrite(entry) && entry.objectRef?.namespace === namespace && entry.objectRef.resource === 'secrets',
    )
    const seen = ours.map((entry) => [entry.verb, entry.user.username, entry.objectRef?.name])
    expect(seen).toEqual([
      ['create', 'mainstay:admin', 's'],
      ['delete', 'mainstay:admin', 's'],
    ])
    expect(await readFile(shared.auditLog, 'utf8')).not.toContain('hunter2-of-the-test')
  })

  it('collects garbage, because the controllers run', async () => {
    const shared = await cluster()
    const namespace = await shared.namespace('bed')
    const configMaps = `/api/v1/namespaces/${namespace}/configmaps`
    const owner = await shared.api.request('POST', configMaps, { metadata: { name: 'owner' } })
    const { uid } = (owner.body as { metadata: { uid: string } }).metadata
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }]
    await shared.api.request('POST', configMaps, { metadata: { name: 'owned', ownerReferences } })
    await shared.api.request('DELETE', `${configMaps}/owner`)
    const deadline = performance.now() + 20_000
    let status = 200
    while (status !== 404 && performance.now() < deadline) {
      status = (await shared.api.request('GET', `${configMaps}/owned`)).status
      await delay(20)
    }
    expect(status).toBe(404)
  })
})

describeRealCluster('the test bed, in programs of its own', (cluster) => {
  it('ends every process and removes its folder when the process that started it is killed', async () => {
    const { kill, started } = await startedByAnother()
    expect(started.pids.length).toBe(2)
    for (const pid of started.pids) expect(await isAlive(pid, null)).toBe(true)
    await kill()
    const deadline = performance.now() + 10_000
    while (existsSync(started.folder) && performance.now() < deadline) await delay(20)
    expect(existsSync(started.folder)).toBe(false)
    for (const pid of started.pids) expect(await isAlive(pid, null)).toBe(false)
  })

  it('knows people by client certificates as well, as long as those are valid', async () => {
    const shared = await cluster()
    if (shared.kubectl === null) throw new Error('kubectl is part of what the cluster is made of')
    noteUse(['kubectl'])
    const kubectl = promisify(execFile)
    const whoAmI = async (validSeconds?: readonly [number, number]): Promise<string> => {
      const user = { name: 'dora', groups: ['ops'], ...(validSeconds === undefined ? {} : { validSeconds }) }
      const kubeconfig = await writeCertificateKubeconfig(shared, user)
      const args = ['--kubeconfig', kubeconfig, 'auth', 'whoami', '-o', 'json']
      return (await kubectl(shared.kubectl ?? '', args)).stdout
    }
    const { status } = JSON.parse(await whoAmI()) as { status: { userInfo: object } }
    expect(status.userInfo).toMatchObject({ username: 'dora', groups: expect.arrayContaining(['ops']) })
    await expect(whoAmI([-7200, -3600])).rejects.toThrow()
  })
})

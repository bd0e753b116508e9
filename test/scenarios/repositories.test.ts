// A private repository, from Argo CD's Secret to a key of this machine: connected, refused, respelled, rotated.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { basic, type GitServer, startGitServer } from '@mainstay/engine/source/testing/https-server.ts'
import { newKey } from '@mainstay/engine/source/testing/keys.ts'
import { type OnePort, startOnePort } from '@mainstay/engine/source/testing/one-port.ts'
import { type SshServer, startSshServer } from '@mainstay/engine/source/testing/ssh-server.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { openWorkbench, type Ran, type Workbench } from './workbench.ts'

const config = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n`

/** Files below a folder in which a line of a secret stands in clear. */
async function holds(folder: string, secret: string): Promise<readonly string[]> {
  const [, line = ''] = secret.split('\n')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name))
  expect(files.length).toBeGreaterThan(0)
  const found = await Promise.all(files.map(async (file) => (await readFile(file)).includes(line)))
  return files.filter((_, index) => found[index])
}

describeCluster('a private repository', (cluster) => {
  const [first, second, stranger] = [newKey(), newKey(), newKey()]
  let https: GitServer
  let shell: SshServer
  let port: OnePort
  let bench: Workbench

  const mainstay = (line: string): Promise<Ran> =>
    bench.mainstay(...line.split(' '), '--control-plane-namespace', bench.namespace)
  const overHttps = (): string => `https://127.0.0.1:${port.port}${bench.repository}`
  const overSsh = (): string => `ssh://git@127.0.0.1:${port.port}${bench.repository}/.git`
  const register = (repoURL: string): Promise<void> =>
    bench.writeApp({ source: { repoURL, path: 'shop', targetRevision: 'main' } })

  /** Writes the Secret as Argo CD has it. */
  async function secret(password: string): Promise<void> {
    const { api } = await cluster()
    const collection = `/api/v1/namespaces/${bench.namespace}/secrets`
    const labels = { 'argocd.argoproj.io/secret-type': 'repository' }
    const stringData = { type: 'git', url: overHttps(), username: 'ana', password }
    await api.request('DELETE', `${collection}/repo-shop`)
    await api.request('POST', collection, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'repo-shop', labels },
      stringData,
    })
  }

  beforeAll(async () => {
    https = await startGitServer({ authorization: basic('ana', 's3cret') })
    shell = await startSshServer({ letIn: [first.public, second.public] })
    port = await startOnePort({ tls: Number(new URL(https.origin).port), ssh: shell.port })
    bench = await openWorkbench(await cluster(), 'private')
    await bench.commit('the shop', { 'shop/web.yaml': config('web') })
    const { api } = await cluster()
    await api.request('POST', `/api/v1/namespaces/${bench.namespace}/configmaps`, {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'argocd-tls-certs-cm' } },
      data: { '127.0.0.1': https.ca },
    })
    for (const [name, key] of Object.entries({ first, second, stranger })) {
      await writeFile(join(bench.folder, name), key.private, { mode: 0o600 })
    }
    await writeFile(join(bench.folder, 'hosts'), shell.knownHosts.replace(`:${shell.port}`, `:${port.port}`))
    await register(overHttps())
  })
  afterAll(async () => {
    await bench.dispose()
    await port.close()
    await shell.close()
    await https.close()
  })

  it('is synced with the Secret and the certificate that Argo CD keeps, and without them not at all', async () => {
    const before = await mainstay(`app plan -f ${bench.appFile}`)
    expect(before.code, before.out).toBe(2)
    await secret('wrong')
    const refused = await mainstay(`app sync -f ${bench.appFile}`)
    expect(refused.code, refused.out).toBe(2)
    expect(refused.err).toContain(`Secret ${bench.namespace}/repo-shop`)
    await secret('s3cret')
    const synced = await mainstay(`app sync -f ${bench.appFile}`)
    expect(synced.code, synced.out + synced.err).toBe(0)
    expect(before.err + refused.err + synced.out).not.toContain('s3cret')
  })

  it('is listed with whoever wrote it, and its password is nowhere', async () => {
    const listed = await mainstay('repo list -o yaml')
    expect(listed.code, listed.err).toBe(0)
    expect(listed.out).toContain(`Secret ${bench.namespace}/repo-shop`)
    expect(listed.out).not.toContain('s3cret')
    expect((await mainstay('cert list')).out).toContain('control-plane')
  })

  it('is not called one without credentials by who may not list the Secrets', async () => {
    const { kubeconfigs } = await cluster()
    const words = ['repo', 'get', overHttps(), '--control-plane-namespace', bench.namespace]
    const refused = await bench.mainstayAs(kubeconfigs.alice, ...words)
    expect(refused.code, refused.out).toBe(2)
    expect(refused.err).not.toContain('without credentials')
    expect(refused.err).toMatch(/forbidden|cannot/)
  })

  it('is switched to SSH: the host is trusted first, the key is tried, and the plan is empty', async () => {
    const add = `repo add ${overSsh()} --ssh-private-key-path first`
    const unknown = await mainstay(add)
    expect(unknown.code, unknown.out).toBe(2)
    expect(unknown.err).toContain(shell.fingerprint)
    expect((await mainstay('cert add-ssh --batch --from hosts')).out).toContain(shell.fingerprint)
    const added = await mainstay(add)
    expect(added.code, added.err).toBe(0)
    await register(overSsh())
    const plan = await mainstay(`app plan -f ${bench.appFile}`)
    expect(plan.code, plan.out + plan.err).toBe(0)
  })

  it('gets another key without a change of the application, and a key that is not let in changes nothing', async () => {
    const logins = shell.logins()
    const refused = await mainstay(`repo add ${overSsh()} --upsert --ssh-private-key-path stranger`)
    expect(refused.code, refused.out).toBe(2)
    expect((await mainstay(`app plan -f ${bench.appFile}`)).code).toBe(0)
    expect(await holds(bench.home, first.private)).toEqual([])
    const rotated = await mainstay(`repo add ${overSsh()} --upsert --ssh-private-key-path second`)
    expect(rotated.out).toContain('replaced')
    const plan = await mainstay(`app plan -f ${bench.appFile}`)
    expect(plan.code, plan.out + plan.err).toBe(0)
    expect(shell.logins()).toBeGreaterThan(logins)
  })

  it('is refused again when its access is forgotten, and nothing is deleted', async () => {
    expect((await mainstay(`repo rm ${overSsh()}`)).code).toBe(0)
    const plan = await mainstay(`app sync -f ${bench.appFile} --prune`)
    expect(plan.code, plan.out).toBe(2)
    const { api } = await cluster()
    const { body } = await api.request('GET', `/api/v1/namespaces/${bench.namespace}/configmaps/web`)
    expect(body).toMatchObject({ data: { a: 'b' } })
  })
})

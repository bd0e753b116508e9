// Starts a real Kubernetes control plane for tests: etcd, kube-apiserver and, where wanted, the controllers and the
// stand-in for a kubelet. Everything lives in one fresh folder and ends with the process that started it.

import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Authority, createAuthority } from '@mainstay/engine/tls/x509.ts'
import { noteUse } from '../run/usage.ts'
import { type Api, openApi } from './api.ts'
import { type Tokens, writeKubeconfigs, writeServerFiles } from './folder.ts'
import { apiServerArgs, controllerManagerArgs, etcdArgs, type Layout, layoutOf } from './options.ts'
import { Processes } from './processes.ts'
import { type ClusterPrograms, clusterPrograms } from './programs.ts'
import { createTokens, type TokenUser } from './users.ts'

/** What a caller may decide; without anything it is an API server with etcd. */
export interface ClusterChoice {
  /** Also run kube-controller-manager (garbage collection, namespaces, workloads, volume binding). */
  readonly controllers?: boolean
  /** Also run the kubelet stand-in, see `kubelet.ts`. */
  readonly kubelet?: boolean
  /** More flags for kube-apiserver. */
  readonly apiServerFlags?: readonly string[]
  /** The programs to run; found on the machine by default. */
  readonly programs?: ClusterPrograms
}

/** What anybody needs to know about a running cluster; plain data, so that it can be handed to another thread. */
export interface ClusterFacts {
  readonly url: string
  readonly folder: string
  /** The administrator's kubeconfig. */
  readonly kubeconfig: string
  /** Bearer tokens, see `users.ts`. */
  readonly tokens: Readonly<Record<TokenUser, string>>
  /** Paths of kubeconfigs with those tokens. */
  readonly kubeconfigs: Readonly<Record<TokenUser, string>>
  /** Signs client certificates: `writeCertificateKubeconfig`. */
  readonly authority: Authority
  /** Path of the audit log, see `audit.ts`. */
  readonly auditLog: string
  /** Path of a kubectl of the same version, or null where there is none. */
  readonly kubectl: string | null
  readonly controllers: boolean
}

/** A running cluster and the means to end it. */
export interface Cluster extends ClusterFacts, AsyncDisposable {
  /** Talks to the API server as the administrator. */
  readonly api: Api
  readonly processes: Processes
  /** Ends every process and removes the folder. */
  readonly stop: () => Promise<void>
}

/** A start that takes longer than this has failed, in ms. */
const startLimitMs = 60_000

/** Starts a cluster. Rejects with the tail of the log when a program does not start. */
export async function startCluster(choice: ClusterChoice = {}): Promise<Cluster> {
  const programs = choice.programs ?? (await clusterPrograms())
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-cluster-'))
  const processes = new Processes(folder)
  try {
    const layout = layoutOf(folder)
    const authority = createAuthority('mainstay test cluster')
    const tokens = createTokens()
    await writeServerFiles(layout, authority, tokens)
    processes.start('etcd', programs.etcd, etcdArgs(layout))
    const url = await startApiServer(processes, layout, choice, programs, { authority, tokens })
    const kubeconfigs = await writeKubeconfigs(folder, url, authority, tokens)
    const api = openApi(url, authority.certificate, tokens.admin)
    if (choice.controllers === true) {
      processes.start(
        'kube-controller-manager',
        programs.controllerManager,
        controllerManagerArgs(layout, kubeconfigs.controllers),
      )
      await until(processes, 'kube-controller-manager', async () => {
        const account = await api.request('GET', '/api/v1/namespaces/default/serviceaccounts/default')
        return account.status === 200
      })
    }
    if (choice.kubelet === true) {
      processes.start('kubelet', process.execPath, [join(import.meta.dirname, 'kubelet.ts'), kubeconfigs.kubelet])
      await until(processes, 'kubelet', async () => (await api.request('GET', '/api/v1/nodes/stand-in')).status === 200)
    }
    const stop = async (): Promise<void> => {
      await api.close()
      await processes.stop()
    }
    noteUse(['etcd', 'kube-apiserver', ...(choice.controllers === true ? ['kube-controller-manager'] : [])])
    return {
      url,
      folder,
      kubeconfig: kubeconfigs.admin,
      tokens,
      kubeconfigs,
      authority,
      auditLog: layout.auditLog,
      kubectl: programs.kubectl,
      controllers: choice.controllers === true,
      api,
      processes,
      stop,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await processes.stop()
    throw error
  }
}

/** Between choosing a free port and taking it another process may come first; then another one is tried. */
async function startApiServer(
  processes: Processes,
  layout: Layout,
  choice: ClusterChoice,
  programs: ClusterPrograms,
  access: { readonly authority: Authority; readonly tokens: Tokens },
): Promise<string> {
  const name = 'kube-apiserver'
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    const url = `https://127.0.0.1:${port}`
    const controllers = choice.controllers === true
    const args = apiServerArgs(layout, { port, controllers, extra: choice.apiServerFlags ?? [] })
    processes.start(name, programs.apiServer, args)
    const api = openApi(url, access.authority.certificate, access.tokens.admin)
    try {
      await until(processes, name, async () => (await api.request('GET', '/readyz')).status === 200)
      return url
    } catch (error) {
      const taken = processes.endOf(name) !== null && (await isTaken(port))
      if (!taken || attempt === 3) throw error
    } finally {
      await api.close()
    }
  }
}

/** Waits for a condition; rejects with the program's log when it ends first or takes too long. */
export async function until(processes: Processes, name: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + startLimitMs
  for (;;) {
    const fulfilled = await condition().catch((error: unknown) => {
      // Not yet listening looks like this; a program that will never listen ends or runs into the deadline.
      if (error instanceof TypeError) return false
      throw error
    })
    if (fulfilled) return
    const end = processes.endOf(name) ?? processes.endOf('etcd')
    const late = performance.now() > deadline
    if (end !== null || late) {
      const how = end === null ? `is not ready after ${startLimitMs / 1000} s` : `ended (${end})`
      throw new Error(`${name} ${how}; its last lines:\n${await processes.log(name)}\n${await processes.log('etcd')}`)
    }
    await delay(25)
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return address.port
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(true))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)))
  })
}

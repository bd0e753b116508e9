// What a benchmark runs on: a cluster without controllers, a repository with the objects, and an open session.
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenSession } from '@mainstay/engine/reconcile/open.ts'
import { openSession } from '@mainstay/engine/reconcile/open.ts'
import type { LoadedApplication } from '@mainstay/engine/reconcile/session.ts'
import type { Cluster } from '../test/cluster/cluster.ts'
import type { Manifest } from './objects.ts'

/** One application in a repository and a namespace of its own, with the session that manages it. */
export interface BenchApp {
  readonly session: OpenSession
  readonly loaded: LoadedApplication
  readonly namespace: string
  readonly dispose: () => Promise<void>
}

/** Creates a namespace; fails loudly, because a benchmark without it would measure refusals. */
export async function createNamespace(cluster: Cluster, name: string): Promise<void> {
  const answer = await cluster.api.request('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  })
  if (answer.status !== 201) throw new Error(`cannot create namespace ${name}: ${answer.status}`)
}

/** Commits the manifests as one file for every hundred objects and opens a session on them. */
export async function benchApp(
  cluster: Cluster,
  name: string,
  manifests: readonly Manifest[],
  watch: boolean,
): Promise<BenchApp> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-bench-'))
  const repository = join(folder, 'repository')
  await mkdir(join(repository, 'app'), { recursive: true })
  for (let i = 0; i < manifests.length; i += 100) {
    const documents = manifests.slice(i, i + 100).map((each) => JSON.stringify(each))
    await writeFile(join(repository, 'app', `part-${i}.yaml`), `${documents.join('\n---\n')}\n`)
  }
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', ...args], { cwd: repository })
  }
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--quiet', '-m', 'objects')
  await createNamespace(cluster, name)
  const file = join(folder, 'app.yaml')
  await writeFile(file, JSON.stringify(application(name, repository)))
  const session = await openSession(
    {
      home: join(folder, 'home'),
      kubeconfig: cluster.kubeconfig,
      context: null,
      env: process.env,
      controlPlaneNamespace: 'argocd',
    },
    { watch },
  )
  const loaded = await session.loadApplication({ kind: 'file', file, name: null })
  const dispose = async (): Promise<void> => {
    await session.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { session, loaded, namespace: name, dispose }
}

function application(name: string, repository: string): unknown {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd' },
    spec: {
      project: 'default',
      source: { repoURL: `file://${repository}`, path: 'app', targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: name },
    },
  }
}

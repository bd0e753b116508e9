// Before and after a run of the tests: offers the shared clusters, which start when the first test file asks for them.

import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { processContext } from '../../packages/engine/tools/context.ts'
import { findTool } from '../../packages/engine/tools/find.ts'
import { recipes } from '../../packages/engine/tools/recipe.ts'
import { type Cluster, type ClusterFacts, startCluster } from '../cluster/cluster.ts'
import { type ClusterPrograms, findClusterPrograms, recipesFolder } from '../cluster/programs.ts'
import { type SandboxHost, startSandboxHost } from '../cluster/sandbox.ts'
import type { ProvidedTool } from './tool.ts'
import { type ClusterKind, chosenCluster } from './which.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the shared clusters are asked for, which of them is meant where none is named, and why there is no real one. */
    sharedCluster: { readonly socket: string; readonly chosen: ClusterKind; readonly realMissing: string | null }
    /** Every tool that `npm run tools` knows, by name. */
    tools: Readonly<Record<string, ProvidedTool>>
  }
}

/** Called once by vitest, in the process that owns the run; returns what ends it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide('tools', await findTools())
  const programs = await findClusterPrograms()
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-run-'))
  const socket = join(folder, 'cluster.sock')
  let real: Promise<Cluster> | null = null
  let host: Promise<SandboxHost> | null = null
  const server = await serve(socket, async (path) => {
    const { pathname, searchParams } = new URL(path, 'http://run')
    if (pathname === '/real') {
      real ??= startReal(programs)
      return factsOf(await real)
    }
    host ??= startSandboxHost()
    if (pathname === '/sandbox') return (await host).open()
    await (await host).close(searchParams.get('close') ?? '')
    return null
  })
  const realMissing = typeof programs === 'string' ? programs : null
  project.provide('sharedCluster', { socket, chosen: chosenCluster(), realMissing })
  return async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    // A start that failed was already reported to whoever asked for it.
    await (await real?.catch(() => null))?.stop()
    await (await host?.catch(() => null))?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function startReal(programs: ClusterPrograms | string): Promise<Cluster> {
  if (typeof programs === 'string') throw new Error(programs)
  return startCluster({ controllers: true, kubelet: true, programs })
}

async function findTools(): Promise<Readonly<Record<string, ProvidedTool>>> {
  const context = processContext(recipesFolder)
  const entries = await Promise.all(
    recipes.map(async (recipe): Promise<readonly [string, ProvidedTool]> => {
      const found = await findTool(recipe, context)
      const minor = recipe.version.split('.').slice(0, 2).join('.')
      const missing = `${recipe.name} ${minor} is not on this machine (npm run tools ${recipe.name})`
      if (found.kind === 'missing') return [recipe.name, { missing }]
      return [recipe.name, { path: found.path, version: found.version, source: found.source }]
    }),
  )
  return Object.fromEntries(entries)
}

/** The test files run in threads whose child processes would end with them, so the cluster is started here. */
async function serve(socket: string, facts: (path: string) => Promise<ClusterFacts | null>): Promise<Server> {
  const server = createServer((request, response) => {
    facts(request.url ?? '').then(
      (value) => response.end(JSON.stringify(value)),
      (error: unknown) => {
        response.statusCode = 500
        response.end(error instanceof Error ? error.message : String(error))
      },
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socket, resolve)
  })
  return server
}

function factsOf(cluster: Cluster): ClusterFacts {
  const { url, folder, kubeconfig, tokens, kubeconfigs, authority, auditLog, kubectl, controllers } = cluster
  return { url, folder, kubeconfig, tokens, kubeconfigs, authority, auditLog, kubectl, controllers }
}

// The sandbox as a test cluster: the same users, audit log and kubeconfigs as the real one. One process serves as many as
// are asked for; each is a cluster of its own.

import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Authority, createAuthority } from '@mainstay/engine/tls/x509.ts'
import { processContext } from '../../packages/engine/tools/context.ts'
import { findTool } from '../../packages/engine/tools/find.ts'
import { recipeOf } from '../../packages/engine/tools/recipe.ts'
import { noteUse } from '../run/usage.ts'
import { type ClusterFacts, until } from './cluster.ts'
import { type Tokens, writeKubeconfigs, writeServerFiles } from './folder.ts'
import { layoutOf } from './options.ts'
import { Processes } from './processes.ts'
import { recipesFolder } from './programs.ts'
import { controlSocket, type Opened } from './sandbox-main.ts'
import { createTokens } from './users.ts'

/** A process that serves sandboxes. */
export interface SandboxHost {
  /** Opens another one, with controllers and what stands in for a kubelet. */
  readonly open: () => Promise<ClusterFacts>
  /** Ends one; what lies in its folder stays until the end. */
  readonly close: (url: string) => Promise<void>
  /** Ends all, and removes the folders. */
  readonly stop: () => Promise<void>
}

/** Starts one. Needs no program beside Node. */
export async function startSandboxHost(): Promise<SandboxHost> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-sandbox-'))
  const processes = new Processes(folder)
  try {
    const authority = createAuthority('mainstay test cluster')
    const tokens = createTokens()
    await writeServerFiles(layoutOf(folder), authority, tokens)
    processes.start('sandbox', process.execPath, [join(import.meta.dirname, 'sandbox-main.ts'), folder])
    const socketPath = controlSocket(folder)
    await until(processes, 'sandbox', async () => existsSync(socketPath))
    noteUse(['sandbox'])
    return {
      open: async () => factsOf((await control(socketPath, '/open')) as Opened, authority, tokens),
      close: async (url) => void (await control(socketPath, `/close?url=${encodeURIComponent(url)}`)),
      stop: () => processes.stop(),
    }
  } catch (error) {
    await processes.stop()
    throw error
  }
}

async function factsOf({ url, folder }: Opened, authority: Authority, tokens: Tokens): Promise<ClusterFacts> {
  const kubeconfigs = await writeKubeconfigs(folder, url, authority, tokens)
  const { auditLog } = layoutOf(folder)
  await writeFile(auditLog, '', { flag: 'a' })
  const kubectl = await kubectlPath()
  return {
    url,
    folder,
    kubeconfig: kubeconfigs.admin,
    tokens,
    kubeconfigs,
    authority,
    auditLog,
    kubectl,
    controllers: true,
  }
}

/** Asks the process; the answer is what sandbox-main.ts writes. */
function control(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, method: 'POST' }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => (response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(text))))
    })
    sent.on('error', reject)
    sent.end()
  })
}

async function kubectlPath(): Promise<string | null> {
  const recipe = recipeOf('kubectl')
  if (recipe === null) return null
  const found = await findTool(recipe, processContext(recipesFolder))
  return found.kind === 'found' ? found.path : null
}

// Starts the sandbox as a test cluster: the same users, audit log and kubeconfigs as the real one, in a process of its own.

import { existsSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority } from '@mainstay/engine/tls/x509.ts'
import { processContext } from '../../packages/engine/tools/context.ts'
import { findTool } from '../../packages/engine/tools/find.ts'
import { recipeOf } from '../../packages/engine/tools/recipe.ts'
import { noteUse } from '../run/usage.ts'
import { openApi } from './api.ts'
import { type Cluster, until } from './cluster.ts'
import { writeKubeconfigs, writeServerFiles } from './folder.ts'
import { layoutOf } from './options.ts'
import { Processes } from './processes.ts'
import { recipesFolder } from './programs.ts'
import { addressFile } from './sandbox-main.ts'
import { createTokens } from './users.ts'

/** Starts one, with controllers and what stands in for a kubelet. Needs no program beside Node. */
export async function startSandboxCluster(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-sandbox-'))
  const processes = new Processes(folder)
  try {
    const layout = layoutOf(folder)
    const authority = createAuthority('mainstay test cluster')
    const tokens = createTokens()
    await writeServerFiles(layout, authority, tokens)
    processes.start('sandbox', process.execPath, [join(import.meta.dirname, 'sandbox-main.ts'), folder])
    await until(processes, 'sandbox', async () => existsSync(addressFile(folder)))
    const url = await readFile(addressFile(folder), 'utf8')
    const kubeconfigs = await writeKubeconfigs(folder, url, authority, tokens)
    const api = openApi(url, authority.certificate, tokens.admin)
    const stop = async (): Promise<void> => {
      await api.close()
      await processes.stop()
    }
    noteUse(['sandbox'])
    return {
      url,
      folder,
      kubeconfig: kubeconfigs.admin,
      tokens,
      kubeconfigs,
      authority,
      auditLog: layout.auditLog,
      kubectl: await kubectlPath(),
      controllers: true,
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

async function kubectlPath(): Promise<string | null> {
  const recipe = recipeOf('kubectl')
  if (recipe === null) return null
  const found = await findTool(recipe, processContext(recipesFolder))
  return found.kind === 'found' ? found.path : null
}

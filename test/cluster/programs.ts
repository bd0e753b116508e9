// Which programs a test cluster runs: those that are on the machine. A test never builds one.

import { join } from 'node:path'
import { processContext, type ToolContext } from '../../packages/engine/tools/context.ts'
import { findTool } from '../../packages/engine/tools/find.ts'
import { recipeOf } from '../../packages/engine/tools/recipe.ts'

/** Paths of the programs of a cluster. */
export interface ClusterPrograms {
  readonly etcd: string
  readonly apiServer: string
  readonly controllerManager: string
  readonly kubectl: string | null
}

/** The folder of recipes of this repository. */
export const recipesFolder = join(import.meta.dirname, '..', '..', 'tools')

/** The programs, or a sentence that says which are not there and how to get them. */
export async function findClusterPrograms(
  context: ToolContext = processContext(recipesFolder),
): Promise<ClusterPrograms | string> {
  const paths = new Map<string, string>()
  const names = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl']
  for (const name of names) {
    const recipe = recipeOf(name)
    const found = recipe === null ? null : await findTool(recipe, context)
    if (found?.kind === 'found') paths.set(name, found.path)
  }
  const etcd = paths.get('etcd')
  const apiServer = paths.get('kube-apiserver')
  const controllerManager = paths.get('kube-controller-manager')
  if (etcd === undefined || apiServer === undefined || controllerManager === undefined) {
    const missing = names.filter((name) => name !== 'kubectl' && !paths.has(name))
    return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not on this machine (npm run tools)`
  }
  return { etcd, apiServer, controllerManager, kubectl: paths.get('kubectl') ?? null }
}

/** The programs; throws with that sentence where some are missing. */
export async function clusterPrograms(): Promise<ClusterPrograms> {
  const programs = await findClusterPrograms()
  if (typeof programs === 'string') throw new Error(programs)
  return programs
}

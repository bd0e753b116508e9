// Which programs a test cluster runs: those that are on the machine. A test never builds one.

import { join } from 'node:path'
import { processContext, type ToolContext } from '../../packages/engine/tools/context.ts'
import { findTool } from '../../packages/engine/tools/find.ts'
import { getTool } from '../../packages/engine/tools/get.ts'
import { recipeOf, type ToolRecipe } from '../../packages/engine/tools/recipe.ts'

/** Paths of the programs of a cluster. */
export interface ClusterPrograms {
  readonly etcd: string
  readonly apiServer: string
  readonly controllerManager: string
  readonly kubectl: string | null
}

/** The folder of recipes of this repository. */
export const recipesFolder = join(import.meta.dirname, '..', '..', 'tools')

const names = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'] as const

/** The programs, or a sentence that says which are not there and how to get them. Makes nothing. */
export async function findClusterPrograms(
  context: ToolContext = processContext(recipesFolder),
): Promise<ClusterPrograms | string> {
  const paths = await pathsOf(async (recipe) => {
    const found = await findTool(recipe, context)
    return found.kind === 'found' ? found.path : null
  })
  const missing = names.filter((name) => name !== 'kubectl' && paths[name] === null)
  return (
    whole(paths) ?? `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not on this machine (npm run tools)`
  )
}

/** The programs, made where they are not there; faults as `getTool`. */
export async function getClusterPrograms(context: ToolContext): Promise<ClusterPrograms> {
  const programs = whole(await pathsOf(async (recipe) => (await getTool(recipe, context)).path))
  if (programs === null) throw new Error('getTool returns a path or throws')
  return programs
}

type Paths = Readonly<Record<(typeof names)[number], string | null>>

async function pathsOf(locate: (recipe: ToolRecipe) => Promise<string | null>): Promise<Paths> {
  const paths: Record<string, string | null> = {}
  for (const name of names) {
    const recipe = recipeOf(name)
    paths[name] = recipe === null ? null : await locate(recipe)
  }
  return paths as Paths // Each name was set in the loop.
}

function whole(paths: Paths): ClusterPrograms | null {
  const { etcd, 'kube-apiserver': apiServer, 'kube-controller-manager': controllerManager, kubectl } = paths
  if (etcd === null || apiServer === null || controllerManager === null) return null
  return { etcd, apiServer, controllerManager, kubectl }
}

/** The programs; throws with a sentence where some are missing. */
export async function clusterPrograms(): Promise<ClusterPrograms> {
  const programs = await findClusterPrograms()
  if (typeof programs === 'string') throw new Error(programs)
  return programs
}

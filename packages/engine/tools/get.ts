// Gets a tool: finds it, else makes it once for everybody (official release, else built), while others wait.

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FaultError } from '../fault.ts'
import { buildTool } from './build.ts'
import { buildKey, install, releaseKey } from './cache.ts'
import type { ToolContext } from './context.ts'
import { download } from './download.ts'
import { type FoundTool, findTool, type ToolSource } from './find.ts'
import { withLock } from './lock.ts'
import { type ToolRecipe, variableOf } from './recipe.ts'
import { reportedVersion } from './version.ts'

/**
 * Finds a tool or makes it: environment → PATH → cache → official release → `go build`.
 * Faults: `tool-missing` with what to install or set; rejects with the signal's reason when aborted.
 */
export async function getTool(recipe: ToolRecipe, context: ToolContext): Promise<FoundTool> {
  const found = await findTool(recipe, context, 'full')
  if (found.kind === 'found') return found
  const lock = join(context.cache, `${recipe.name}-${recipe.version}.lock`)
  return await withLock(
    lock,
    async () => {
      // Whoever held the lock before may have made it.
      const again = await findTool(recipe, context, 'full')
      const made = again.kind === 'found' ? again : await makeTool(recipe, context)
      context.onEvent({ kind: 'ready', tool: recipe.name, path: made.path })
      return made
    },
    {
      signal: context.signal,
      onWait: (owner) =>
        context.onEvent({ kind: 'waiting', tool: recipe.name, owner: `process ${owner.pid} on ${owner.host}` }),
    },
  )
}

async function makeTool(recipe: ToolRecipe, context: ToolContext): Promise<FoundTool> {
  const released = await fromRelease(recipe, context)
  if (released !== null) return await accept(recipe, released, 'release')
  const key = await buildKey(recipe, context)
  // Without a key there is no recipe folder either; the build says so and what else can be done.
  const path = await install(context, key ?? recipe.name, recipe.name, 'build', (output) =>
    buildTool(recipe, context, output),
  )
  return await accept(recipe, path, 'build')
}

async function fromRelease(recipe: ToolRecipe, context: ToolContext): Promise<string | null> {
  const release = recipe.releases[context.platform]
  if (release === undefined || context.network === 'none') return null
  try {
    return await install(context, releaseKey(recipe, release), recipe.name, 'release', async (output) => {
      const downloaded = await download(release, recipe.name, context, output)
      if (downloaded.kind === 'refused') throw new ReleaseRefused(downloaded.why)
    })
  } catch (error) {
    if (!(error instanceof ReleaseRefused)) throw error
    context.onEvent({ kind: 'release-failed', tool: recipe.name, why: error.why })
    return null
  }
}

/** Leaves `install` without a file in place; caught right above. */
class ReleaseRefused extends Error {
  readonly why: string

  constructor(why: string) {
    super(why)
    this.why = why
  }
}

/** A program that was made but does not report the version it was made from is thrown away. */
async function accept(recipe: ToolRecipe, path: string, source: ToolSource): Promise<FoundTool> {
  const reported = await reportedVersion(path, recipe)
  if (reported.kind === 'version' && reported.version === recipe.version) {
    return { kind: 'found', name: recipe.name, path, version: reported.version, source }
  }
  await rm(join(path, '..'), { recursive: true, force: true })
  const saw = reported.kind === 'version' ? `it reports version ${reported.version}` : `it ${reported.why}`
  throw new FaultError({
    kind: 'tool-missing',
    what: `the ${recipe.name} that was made cannot be used`,
    where: path,
    why: `${saw}; ${recipe.version} was expected`,
    fix: [`set ${variableOf(recipe.name)} to the path of a ${recipe.name} that runs on this machine`],
  })
}

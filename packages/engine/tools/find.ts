// Finds a tool that is already on the machine: environment variable, PATH, our cache. Makes nothing.

import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { FaultError } from '../fault.ts'
import type { Check } from './cache.ts'
import { buildKey, lookup, releaseKey } from './cache.ts'
import type { ToolContext } from './context.ts'
import { fits, type ToolRecipe, variableOf } from './recipe.ts'
import { reportedVersion } from './version.ts'

/** Where a tool came from. */
export type ToolSource = 'environment' | 'path' | 'cache' | 'release' | 'build'

/** A tool that can be used. */
export interface FoundTool {
  readonly kind: 'found'
  readonly name: string
  readonly path: string
  /** As the program reports it; null where a program named by the environment does not tell. */
  readonly version: string | null
  readonly source: ToolSource
}

/** A tool that is not on this machine, with what was looked at and why it was not taken. */
export interface MissingTool {
  readonly kind: 'missing'
  readonly name: string
  readonly looked: readonly string[]
}

/**
 * Looks for a tool without making one. A program named by the environment is used whatever its version; a
 * variable that names something unusable is a fault (`tool-missing`), because silently using another is worse.
 */
export async function findTool(
  recipe: ToolRecipe,
  context: ToolContext,
  check: Check = 'quick',
): Promise<FoundTool | MissingTool> {
  const named = await fromEnvironment(recipe, context)
  if (named !== null) return named
  const looked: string[] = []
  const onPath = await fromPath(recipe, context, looked)
  if (onPath !== null) return onPath
  const cached = await fromCache(recipe, context, check, looked)
  return cached ?? { kind: 'missing', name: recipe.name, looked }
}

async function fromEnvironment(recipe: ToolRecipe, context: ToolContext): Promise<FoundTool | null> {
  const variable = variableOf(recipe.name)
  const value = context.env[variable]
  if (value === undefined || value === '') return null
  const path = isAbsolute(value) ? value : resolve(value)
  if (!(await isProgram(path))) {
    throw new FaultError({
      kind: 'tool-missing',
      what: `cannot use the ${recipe.name} that ${variable} names`,
      where: path,
      why: 'there is no file that can be run',
      fix: [`set ${variable} to a ${recipe.name} program, or unset it to let one be found`],
    })
  }
  const reported = await reportedVersion(path, recipe)
  const version = reported.kind === 'version' ? reported.version : null
  return { kind: 'found', name: recipe.name, path, version, source: 'environment' }
}

async function fromPath(recipe: ToolRecipe, context: ToolContext, looked: string[]): Promise<FoundTool | null> {
  const folders = (context.env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  for (const command of recipe.commands) {
    for (const folder of new Set(folders)) {
      const path = join(folder, command)
      if (!(await isProgram(path))) continue
      const reported = await reportedVersion(path, recipe)
      if (reported.kind === 'none') looked.push(`${path} ${reported.why}`)
      else if (!fits(recipe, reported.version)) looked.push(`${path} is version ${reported.version}`)
      else return { kind: 'found', name: recipe.name, path, version: reported.version, source: 'path' }
    }
  }
  if (looked.length === 0) looked.push(`no ${recipe.commands.join(' or ')} on PATH`)
  return null
}

async function fromCache(
  recipe: ToolRecipe,
  context: ToolContext,
  check: Check,
  looked: string[],
): Promise<FoundTool | null> {
  const release = recipe.releases[context.platform]
  const keys = [await buildKey(recipe, context), release === undefined ? null : releaseKey(recipe, release)]
  for (const key of keys) {
    if (key === null) continue
    const cached = await lookup(context, key, recipe.name, check)
    switch (cached.kind) {
      case 'here':
        return { kind: 'found', name: recipe.name, path: cached.path, version: recipe.version, source: 'cache' }
      case 'damaged':
        looked.push(`${cached.folder} is not used: ${cached.why}`)
        break
      case 'absent':
        break
    }
  }
  looked.push(`no ${recipe.name} ${recipe.version} in ${context.cache}`)
  return null
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

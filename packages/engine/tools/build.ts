// Builds a tool from its pinned go.mod with the Go toolchain of the machine.

import { execFile, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { FaultError } from '../fault.ts'
import type { ToolContext } from './context.ts'
import { type ToolRecipe, variableOf } from './recipe.ts'

const tickMs = 1000

/** A toolchain that can build, or a fault that says what to install. */
interface Toolchain {
  readonly version: readonly number[]
  readonly fetchesNewer: boolean
}

/** Builds the recipe's command into `output`. Faults: `tool-missing` (toolchain or build), `cancelled`. */
export async function buildTool(recipe: ToolRecipe, context: ToolContext, output: string): Promise<void> {
  const folder = context.recipes === null ? null : join(context.recipes, recipe.build.folder)
  if (folder === null) throw noRecipe(recipe)
  await requireToolchain(recipe, context, folder)
  const args = ['build', '-v', '-trimpath', '-buildvcs=false', '-mod=readonly', '-o', output]
  const ldflags = recipe.build.ldflags.join(' ')
  const result = await runGo([...args, '-ldflags', ldflags, recipe.build.package], folder, recipe.name, context)
  if (result.code === 0) return
  context.signal?.throwIfAborted()
  throw new FaultError({
    kind: 'tool-missing',
    what: `cannot build ${recipe.name} ${recipe.version}`,
    where: folder,
    why: result.tail.join('\n') || `go build ended with ${result.code}`,
    fix: ['if modules cannot be downloaded, set GOPROXY to a proxy that this machine reaches', ...otherWays(recipe)],
  })
}

function runGo(
  args: readonly string[],
  folder: string,
  tool: string,
  context: ToolContext,
): Promise<{ readonly code: number; readonly tail: readonly string[] }> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', [...args], {
      cwd: folder,
      env: goEnvironment(context),
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(context.signal ? { signal: context.signal } : {}),
    })
    const tail: string[] = []
    let packages = 0
    let at = ''
    const tell = (): void => context.onEvent({ kind: 'building', tool, packages, at })
    tell()
    // The linker says nothing for many seconds; whoever watches sees the time go on.
    const tick = setInterval(tell, tickMs)
    // With -v every package that is compiled is a line; a word with blanks is a message or a download.
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.includes(' ')) tail.push(line)
      else packages += 1
      if (tail.length > 12) tail.shift()
      at = line
      tell()
    })
    child.on('error', (error) => {
      clearInterval(tick)
      reject(error)
    })
    child.on('close', (code) => {
      clearInterval(tick)
      resolve({ code: code ?? -1, tail })
    })
  })
}

/** The caller's environment (proxy, caches) without what would change the result. */
function goEnvironment(context: ToolContext): NodeJS.ProcessEnv {
  return { ...context.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' }
}

async function requireToolchain(recipe: ToolRecipe, context: ToolContext, folder: string): Promise<void> {
  const wanted = /^go (\d+)\.(\d+)/m.exec(await readFile(join(folder, 'go.mod'), 'utf8'))
  const needs = [Number(wanted?.[1] ?? 1), Number(wanted?.[2] ?? 0)] as const
  const toolchain = await toolchainOf(context)
  const what = `cannot build ${recipe.name} ${recipe.version}`
  const install = `install Go ${needs.join('.')} or newer (https://go.dev/dl/) and put it on PATH`
  if (toolchain === null) {
    const why = 'there is no Go toolchain on PATH'
    throw new FaultError({ kind: 'tool-missing', what, why, fix: [install, ...otherWays(recipe)] })
  }
  const [major = 0, minor = 0] = toolchain.version
  const old = major < needs[0] || (major === needs[0] && minor < needs[1])
  if (old && !toolchain.fetchesNewer) {
    const why = `the Go toolchain on PATH is ${major}.${minor}, and ${needs.join('.')} is needed`
    throw new FaultError({ kind: 'tool-missing', what, why, fix: [install, ...otherWays(recipe)] })
  }
}

function toolchainOf(context: ToolContext): Promise<Toolchain | null> {
  return new Promise((resolve) => {
    const options = { env: goEnvironment(context), cwd: '/', timeout: 20_000 }
    execFile('go', ['env', 'GOVERSION', 'GOTOOLCHAIN'], options, (error, stdout) => {
      const [version = '', toolchain = ''] = stdout.trim().split('\n')
      const numbers = /^go(\d+)\.(\d+)/.exec(version)
      if (error !== null || numbers === null) resolve(null)
      else resolve({ version: [Number(numbers[1]), Number(numbers[2])], fetchesNewer: toolchain !== 'local' })
    })
  })
}

function noRecipe(recipe: ToolRecipe): FaultError {
  return new FaultError({
    kind: 'tool-missing',
    what: `there is no ${recipe.name} ${recipe.version} on this machine`,
    why: 'what it would be built from is not installed here',
    fix: otherWays(recipe),
  })
}

/** What else a person can do to provide a tool. */
export function otherWays(recipe: ToolRecipe): readonly string[] {
  const minor = recipe.version.split('.').slice(0, 2).join('.')
  return [`or put ${recipe.commands[0]} ${minor} on PATH`, `or set ${variableOf(recipe.name)} to the path of one`]
}

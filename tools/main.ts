// `npm run tools [NAME…]`: finds or makes the real counterparts of the tests and renderers, and says where they are.

import { parseArgs } from 'node:util'
import { isFault } from '../packages/engine/fault.ts'
import { processContext, type ToolContext } from '../packages/engine/tools/context.ts'
import { type FoundTool, findTool, type MissingTool } from '../packages/engine/tools/find.ts'
import { getTool } from '../packages/engine/tools/get.ts'
import { progressView } from '../packages/engine/tools/progress.ts'
import { recipeOf, recipes, type ToolRecipe } from '../packages/engine/tools/recipe.ts'

const help = `Usage: npm run tools -- [OPTIONS] [NAME…]

Finds each NAME (all without one), or makes it. The first of these that works is taken:
  1. the environment variable MAINSTAY_TOOL_<NAME>, e.g. MAINSTAY_TOOL_KUBE_APISERVER=/opt/kube-apiserver
  2. PATH, when the version fits
  3. the cache, \${MAINSTAY_TOOLS_CACHE:-\${XDG_CACHE_HOME:-~/.cache}/mainstay/tools}
  4. the project's release, checked against a pinned SHA-256 (MAINSTAY_TOOLS_NETWORK=none skips this)
  5. go build from the go.mod and go.sum in tools/

Options:
  --list   only look (1 to 3), make nothing
  --json   print one JSON array instead of lines
  --help   print this

Exit codes: 0 all are there, 1 --list and some are not, 2 wrong usage or a tool cannot be made.

Names: ${recipes.map((recipe) => recipe.name).join(', ')}
`

interface Wish {
  readonly names: readonly string[]
  readonly list: boolean
  readonly json: boolean
  readonly help: boolean
}

/** What became of one name. */
type Outcome = FoundTool | MissingTool | { readonly kind: 'failed'; readonly name: string; readonly message: string }

/** Runs the command; returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const wish = parse(args)
  if (typeof wish === 'string') {
    process.stderr.write(`${wish}\n\n${help}`)
    return 2
  }
  if (wish.help) {
    process.stdout.write(help)
    return 0
  }
  const stop = new AbortController()
  const onSignal = (): void => stop.abort(new Error('stopped by a signal'))
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  const view = progressView({
    write: (text) => process.stderr.write(text),
    live: process.stderr.isTTY === true,
    now: () => performance.now(),
  })
  const context = processContext(import.meta.dirname, { onEvent: view.onEvent, signal: stop.signal })
  const outcomes: Outcome[] = []
  for (const recipe of chosen(wish)) {
    const outcome = await resolveOne(recipe, context, wish)
    view.end()
    outcomes.push(outcome)
    if (!wish.json) process.stdout.write(`${lineOf(outcome)}\n`)
    if (stop.signal.aborted) break
  }
  if (wish.json) process.stdout.write(`${JSON.stringify(outcomes, null, 2)}\n`)
  if (outcomes.some((outcome) => outcome.kind === 'failed')) return 2
  return outcomes.every((outcome) => outcome.kind === 'found') ? 0 : 1
}

function parse(args: readonly string[]): Wish | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        list: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const unknown = positionals.find((name) => recipeOf(name) === null)
    return unknown === undefined ? { names: positionals, ...values } : `there is no tool named ${unknown}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function chosen(wish: Wish): readonly ToolRecipe[] {
  return wish.names.length === 0 ? recipes : recipes.filter((recipe) => wish.names.includes(recipe.name))
}

async function resolveOne(recipe: ToolRecipe, context: ToolContext, wish: Wish): Promise<Outcome> {
  try {
    return wish.list ? await findTool(recipe, context, 'full') : await getTool(recipe, context)
  } catch (error) {
    if (isFault(error)) {
      const { what, where, why, fix } = error.fault
      const lines = [where, why, ...fix].filter((line) => line !== null)
      return { kind: 'failed', name: recipe.name, message: [what, ...lines].join('\n    ') }
    }
    if (context.signal?.aborted === true) return { kind: 'failed', name: recipe.name, message: 'stopped' }
    throw error
  }
}

function lineOf(outcome: Outcome): string {
  const name = outcome.name.padEnd(24)
  switch (outcome.kind) {
    case 'found':
      return `${name}${(outcome.version ?? 'unknown').padEnd(10)}${outcome.source.padEnd(13)}${outcome.path}`
    case 'missing':
      return `${name}missing: ${outcome.looked.join('; ')}`
    case 'failed':
      return `${name}failed: ${outcome.message}`
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))

// `mainstay tools`: the programs that render manifests: finds them, or gets them.
import { FaultError } from '@mainstay/engine/fault.ts'
import type { FoundTool, MissingTool } from '@mainstay/engine/tools/find.ts'
import type { ToolRecipe } from '@mainstay/engine/tools/recipe.ts'
import type { Call, CommandSpec } from '../command.ts'
import type { ExitCode } from '../exit.ts'
import { EXIT } from '../exit.ts'
import { emit } from '../output/emit.ts'
import { span } from '../output/line.ts'
import { table } from '../output/table.ts'

/** What rendering needs; the others are only asked for by name. */
const RENDERERS = ['helm', 'kustomize', 'jsonnet']

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'tools',
  summary: 'Find or get the programs that render manifests',
  details:
    'Each is looked for in MAINSTAY_TOOL_<NAME>, on PATH and in the cache, then downloaded or built. With --list ' +
    'nothing is made, and the exit code is 1 where one is missing.',
  args: [{ usage: '[names...]', description: `which programs (default: ${RENDERERS.join(', ')})` }],
  options: [{ usage: '--list', description: 'only look, make nothing' }],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 1, 2],
  examples: [
    { text: 'is everything there?', command: 'mainstay tools --list' },
    { text: 'get helm', command: 'mainstay tools helm' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  const { recipeOf, recipes } = await import('@mainstay/engine/tools/recipe.ts')
  const names = call.words().length === 0 ? RENDERERS : call.words()
  const chosen = names.map((name) => {
    const recipe = recipeOf(name)
    if (recipe !== null) return recipe
    const known = recipes.map((each) => each.name).join(', ')
    throw new FaultError({ kind: 'invalid-input', what: `no tool is named "${name}"`, fix: [`one of: ${known}`] })
  })
  const [tools, isolation] = await Promise.all([locate(call, chosen), isolationLine(call)])
  await emit(call, {
    document: () => tools,
    names: () => tools.flatMap((tool) => (tool.kind === 'found' ? [tool.path] : [])),
    text: () => [
      ...table(
        ['NAME', 'STATUS', 'VERSION', 'FROM', 'PATH'],
        tools.map((tool) =>
          tool.kind === 'found'
            ? [tool.name, span('✓ found', 'good'), tool.version ?? '', tool.source, tool.path]
            : [tool.name, span('✗ missing', 'warn'), '', '', tool.looked.join('; ')],
        ),
        { width: null },
      ),
      [],
      [span(isolation, 'dim')],
    ],
  })
  return tools.every((tool) => tool.kind === 'found') ? EXIT.done : EXIT.differences
}

/** What a tool could reach on this machine, for a person who is about to trust one with a repository. */
async function isolationLine(call: Call): Promise<string> {
  const { detectIsolation, isolationText } = await import('@mainstay/engine/render/tool/isolation.ts')
  return isolationText(await detectIsolation(call.io.env))
}

async function locate(call: Call, chosen: readonly ToolRecipe[]): Promise<readonly (FoundTool | MissingTool)[]> {
  const [{ processContext, recipesFolder }, { findTool }, { getTool }, { progressView }] = await Promise.all([
    import('@mainstay/engine/tools/context.ts'),
    import('@mainstay/engine/tools/find.ts'),
    import('@mainstay/engine/tools/get.ts'),
    import('@mainstay/engine/tools/progress.ts'),
  ])
  const view = progressView({
    write: (text) => call.notes.stream.write(text),
    live: call.notes.live,
    now: () => call.io.now(),
  })
  const context = processContext(recipesFolder(), {
    env: call.io.env,
    onEvent: call.quiet ? () => {} : view.onEvent,
  })
  const tools: (FoundTool | MissingTool)[] = []
  for (const recipe of chosen) {
    tools.push(call.flag('list') === true ? await findTool(recipe, context) : await getTool(recipe, context))
    view.end()
  }
  return tools
}

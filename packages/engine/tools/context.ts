// What finding and making tools depends on from outside: environment, folders, platform, who hears of progress.

import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What happens while a tool is found or made; the words for it are the listener's. */
export type ToolEvent =
  | { readonly kind: 'waiting'; readonly tool: string; readonly owner: string }
  | { readonly kind: 'downloading'; readonly tool: string; readonly bytes: number; readonly total: number | null }
  | { readonly kind: 'release-failed'; readonly tool: string; readonly why: string }
  | { readonly kind: 'building'; readonly tool: string; readonly packages: number; readonly at: string }
  | { readonly kind: 'ready'; readonly tool: string; readonly path: string }

/** Everything outside that decides which tool is used. */
export interface ToolContext {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where made tools are kept. */
  readonly cache: string
  /** Folder of the recipe folders (each with `go.mod` and `go.sum`); null where the recipes are not installed. */
  readonly recipes: string | null
  /** `linux-x64`, `darwin-arm64`, … as Node names them. */
  readonly platform: string
  /** `network: 'none'` skips the step that downloads a release. */
  readonly network: 'allowed' | 'none'
  readonly onEvent: (event: ToolEvent) => void
  /** Stops waiting, downloading and building. */
  readonly signal: AbortSignal | null
}

/** The cache folder: `$MAINSTAY_TOOLS_CACHE`, else `mainstay/tools` in the user's cache folder. */
export function cacheFolder(env: ToolContext['env']): string {
  const own = env.MAINSTAY_TOOLS_CACHE
  if (own !== undefined && own !== '') return own
  const base = env.XDG_CACHE_HOME
  const home = env.HOME ?? homedir()
  return join(base !== undefined && base !== '' ? base : join(home, '.cache'), 'mainstay', 'tools')
}

/** The context of this process; the recipes' folder is the caller's to know. */
export function processContext(
  recipes: string | null,
  changes: Partial<Omit<ToolContext, 'recipes'>> = {},
): ToolContext {
  const env = changes.env ?? process.env
  return {
    env,
    cache: cacheFolder(env),
    recipes,
    platform: `${process.platform}-${process.arch}`,
    network: env.MAINSTAY_TOOLS_NETWORK === 'none' ? 'none' : 'allowed',
    onEvent: () => {},
    signal: null,
    ...changes,
  }
}

/** The folder with the pinned Go modules of the tools, in a checkout; null in an installed package, which builds nothing. */
export function recipesFolder(): string | null {
  const folder = fileURLToPath(new URL('../../../tools', import.meta.url))
  return existsSync(folder) ? folder : null
}

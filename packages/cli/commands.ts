// The words of the first level, each with the file that knows the rest: a command loads only what it needs.
import type { NodeSpec } from './command.ts'

interface Entry {
  readonly name: string
  readonly load: () => Promise<NodeSpec>
}

/** In the order in which help lists them. */
export const ENTRIES: readonly Entry[] = [
  { name: 'app', load: async () => (await import('./command/app/group.ts')).group },
  { name: 'plan', load: async () => (await import('./command/plan/group.ts')).group },
  { name: 'approve', load: async () => (await import('./command/approve.ts')).command },
  { name: 'apply', load: async () => (await import('./command/apply.ts')).command },
  { name: 'trash', load: async () => (await import('./command/trash/group.ts')).group },
  { name: 'repo', load: async () => (await import('./command/repo/group.ts')).group },
  { name: 'cert', load: async () => (await import('./command/cert/group.ts')).group },
  { name: 'sandbox', load: async () => (await import('./command/sandbox.ts')).command },
  { name: 'tools', load: async () => (await import('./command/tools.ts')).command },
  { name: 'completion', load: async () => (await import('./command/completion.ts')).command },
  { name: 'version', load: async () => (await import('./command/version.ts')).command },
]

/** The whole tree, for help, suggestions and completion. */
export async function allNodes(): Promise<readonly NodeSpec[]> {
  return await Promise.all(ENTRIES.map((entry) => entry.load()))
}

/** The part of the tree that these words need: one branch where they begin with its name, else all of it. */
export async function nodesFor(argv: readonly string[]): Promise<readonly NodeSpec[]> {
  const entry = ENTRIES.find((each) => each.name === argv[0])
  return entry === undefined ? await allNodes() : [await entry.load()]
}

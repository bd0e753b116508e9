// What every renderer that runs a real tool is given.
import { statSync } from 'node:fs'
import type { FoundTool } from '../../tools/find.ts'
import type { RenderCache } from '../cache/rendering.ts'
import type { RenderInput } from '../input.ts'
import type { RenderLimits, RenderWarning } from '../result.ts'
import type { RenderSettings } from '../settings.ts'
import type { ToolRunner } from './runner.ts'

/** The tools of a session and what they made before. */
export interface RenderTools {
  readonly runner: ToolRunner
  readonly cache: RenderCache
}

/** What Helm is told of the cluster that is rendered for. */
export interface ClusterFacts {
  /** As the API server says it: `v1.36.3`. */
  readonly kubeVersion: string
  /** `apps/v1` and `apps/v1/Deployment` for everything that is served. */
  readonly apiVersions: readonly string[]
}

/** One source to render by a tool. */
export interface ToolJob {
  /** From the root of the repository, as the source writes it. */
  readonly path: string
  readonly tools: RenderTools
  readonly settings: RenderSettings
  /** Argo CD's build environment, by name. */
  readonly variables: ReadonlyMap<string, string>
  /** Asked only by what depends on the cluster. */
  readonly cluster: () => Promise<ClusterFacts>
  readonly limits: RenderLimits
  /** False: what was kept before is not used. */
  readonly reuse: boolean
  readonly signal: AbortSignal | undefined
  /** Files that decided the options. */
  readonly inputs: readonly RenderInput[]
  readonly warnings: readonly RenderWarning[]
}

/** What tells one build of a tool from another. One that somebody put there by hand is told by its file. */
export function toolIdentity({ name, version, source, path }: FoundTool): string {
  if (version !== null && source !== 'environment') return `${name} ${version}`
  const { mtimeMs, size } = statSync(path)
  return `${name} ${version ?? ''} ${path} ${mtimeMs} ${size}`
}

// Renders that files alone decided, remembered in this process: another commit with the same files is not rendered again.
import type { Snapshot } from '../source/source.ts'
import { sameInputs } from './input.ts'
import { type RenderOptions, type RenderSource, render } from './render.ts'
import type { RenderResult } from './result.ts'
import { DEFAULT_SETTINGS } from './settings.ts'

/** Sources whose last render is remembered. */
const KEPT = 32

/** Renders as `render` does; gives the last result of a source again where a commit changed nothing that it looked at. */
export class RecentRenders {
  readonly #known = new Map<string, RenderResult>()

  async render(snapshot: Snapshot, source: RenderSource, options: RenderOptions): Promise<RenderResult> {
    const { path, chart, ref, tool } = source
    const settings = options.settings ?? DEFAULT_SETTINGS
    const whose = [snapshot.revision.repoURL, snapshot.revision.project, options.appName, options.limits]
    const key = JSON.stringify([whose, path, chart, ref, tool, settings, options.tools !== undefined])
    const known = options.reuse === false ? undefined : this.#known.get(key)
    if (known !== undefined && (await sameInputs(snapshot, known.inputs))) return known
    const result = await render(snapshot, source, options)
    this.#known.delete(key)
    if (result.filesAlone) this.#known.set(key, result)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KEPT) break
      this.#known.delete(oldest)
    }
    return result
  }
}

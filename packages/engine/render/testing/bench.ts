// Renders real repositories with real tools in tests: a source, a cache of its own, and the programs of this machine.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KustomizeOptions } from '@mainstay/core/app/application.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { exampleApplication } from '@mainstay/core/testing/examples.ts'
import { openVault } from '../../record/vault.ts'
import { gitSource } from '../../source/git-source.ts'
import type { Snapshot, Source } from '../../source/source.ts'
import { type Change, TestRepository } from '../../source/testing/repository.ts'
import { processContext } from '../../tools/context.ts'
import { variableOf } from '../../tools/recipe.ts'
import { renderCache } from '../cache/rendering.ts'
import { type RenderStore, renderStore } from '../cache/store.ts'
import { type RenderOptions, type RenderSource, render } from '../render.ts'
import type { RenderResult } from '../result.ts'
import type { RenderTools } from '../tool/job.ts'
import { type ToolRun, type ToolRunner, toolRunner } from '../tool/runner.ts'

/** Files of a repository: what a commit changes. */
export type Files = Readonly<Record<string, Change>>

/** Everything a test needs to render, and to see what ran. */
export class RenderBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'mainstay-bench-'))
  readonly tools: RenderTools
  /** Every run of a tool, in order. */
  readonly runs: ToolRun[] = []
  readonly #source: Source
  readonly #repositories: TestRepository[] = []

  /** @param programs paths by name of the tool */
  constructor(programs: Readonly<Record<string, string>>) {
    const env = Object.fromEntries(Object.entries(programs).map(([name, path]) => [variableOf(name), path]))
    const runner = toolRunner(processContext(null, { env: { ...env, PATH: process.env.PATH } }))
    const counted: ToolRunner = {
      ...runner,
      run: (run) => {
        this.runs.push(run)
        return runner.run(run)
      },
    }
    this.tools = { runner: counted, cache: this.openCache() }
    this.#source = gitSource({ cache: join(this.folder, 'git') })
  }

  /** The text that was kept for the digest of a render. */
  async kept(digest: string): Promise<string | null> {
    return this.#store().get(digest)
  }

  /** A cache over the folder of this bench, as another process would open it. */
  openCache(limitBytes?: number): RenderTools['cache'] {
    return renderCache(this.#store(limitBytes))
  }

  #store(limitBytes?: number): RenderStore {
    const vault = openVault(new Uint8Array(32).fill(7))
    const limit = limitBytes === undefined ? {} : { limitBytes }
    return renderStore({ folder: join(this.folder, 'renders'), vault, ...limit })
  }

  repository(files: Files): TestRepository {
    const repository = new TestRepository()
    this.#repositories.push(repository)
    repository.commit('files', files)
    return repository
  }

  async snapshot(repository: TestRepository): Promise<Snapshot> {
    return this.#source.snapshot(await this.#source.resolve(repository.path, 'HEAD'))
  }

  /** Renders the newest commit. */
  async render(
    repository: TestRepository,
    source: Partial<RenderSource> = {},
    options: RenderOptions = {},
  ): Promise<RenderResult> {
    const snapshot = await this.snapshot(repository)
    const whole: RenderSource = { path: '.', chart: null, ref: null, tool: { kind: 'detect' }, ...source }
    return render(snapshot, whole, { tools: this.tools, ...options })
  }

  async close(): Promise<void> {
    await this.#source.close()
    for (const repository of this.#repositories) repository.remove()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** `spec.source.kustomize` as it is read from an Application. */
export function kustomizeOptions(written: JsonObject): KustomizeOptions {
  const source = { repoURL: 'https://git.example.com/a.git', path: '.', kustomize: written }
  const tool = exampleApplication({ source }).sources[0]?.tool
  if (tool?.kind !== 'kustomize') throw new Error('the settings name kustomize')
  return tool.kustomize
}

// Public repositories: every kustomization in them gives the bytes of kustomize run by hand, or fails as it does.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeTool } from '../../../../test/run/tool.ts'
import { sampled } from '../../../../test/run/whole.ts'
import { isFault } from '../../fault.ts'
import { RenderBench } from '../testing/bench.ts'

const corpus = process.env.MAINSTAY_CORPUS ?? resolve(import.meta.dirname, '../../../../../shared/corpus')
/** Folders of kustomizations by project; no project where the corpus does not lie beside the repository. */
const projects = (existsSync(corpus) ? readdirSync(corpus) : []).flatMap((project) => {
  const cwd = join(corpus, project)
  const folders = globSync('**/kustomization.{yaml,yml}', { cwd }).map((file) => dirname(file))
  return folders.length === 0 ? [] : [[project, folders.toSorted()] as const]
})

it('are tried wherever they lie beside the repository', () => {
  expect(projects.length > 0).toBe(existsSync(corpus))
})

describeTool('kustomize', 'kustomize', (program) => {
  let bench: RenderBench
  beforeAll(() => {
    bench = new RenderBench({ kustomize: program })
  })
  afterAll(() => bench.close())

  const byHand = (folder: string): string | null => {
    try {
      return execFileSync(program, ['build', folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    } catch {
      return null
    }
  }

  it.each(projects)(
    'gives the bytes of kustomize by hand in %s',
    async (project, folders) => {
      const repository = bench.repository({})
      cpSync(join(corpus, project), repository.path, { recursive: true })
      repository.commit('the corpus')
      let same = 0
      for (const path of sampled(folders, 4)) {
        const expected = byHand(join(corpus, project, path))
        try {
          const { digest } = await bench.render(repository, { path })
          expect([path, await bench.kept(digest)]).toEqual([path, expected])
          same++
        } catch (error) {
          // What kustomize refuses by itself (a component on its own), and what it would fetch from elsewhere.
          if (!isFault(error, 'render-failed') && !isFault(error, 'unsupported')) throw error
          expect([path, expected]).toEqual([path, null])
        }
      }
      expect(same).toBeGreaterThan(0)
    },
    120_000,
  )
})

// What a tool can see: its own folder and nothing else of this machine, under the paths that it was told.
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeTool } from '../../../../test/run/tool.ts'
import { faultOf } from '../../source/contract.ts'
import { processContext } from '../../tools/context.ts'
import { variableOf } from '../../tools/recipe.ts'
import { buildJail, isStatic } from './jail.ts'
import { type ToolRunner, toolRunner } from './runner.ts'

let folder = ''
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mainstay-jail-')))
  mkdirSync(join(folder, 'tree', 'app'), { recursive: true })
  writeFileSync(join(folder, 'tree', 'shared.txt'), 'shared')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeTool('jsonnet', 'a tool that is linked statically', (program) => {
  let runner: ToolRunner
  beforeAll(() => {
    runner = toolRunner(processContext(null, { env: { [variableOf('jsonnet')]: program, PATH: process.env.PATH } }))
  })

  const evaluate = async (code: string) => {
    const run = { tool: 'jsonnet', args: ['-S', '-e', code], root: join(folder, 'tree'), folder: 'app', where: 'app' }
    return (await runner.run(run)).toString().trim()
  }

  it('is one that needs no loader', async () => {
    expect(await isStatic(program)).toBe(true)
    expect(await isStatic(join(folder, 'tree', 'shared.txt'))).toBe(false)
    // Node is linked to the libraries of the system.
    if (process.platform === 'linux') expect(await isStatic(process.execPath)).toBe(false)
  })

  it('reads its tree by relative and by absolute path', async () => {
    expect(await evaluate("importstr '../shared.txt'")).toBe('shared')
    expect(await evaluate(`importstr '${join(folder, 'tree', 'shared.txt')}'`)).toBe('shared')
  })

  it('reads no file of this machine, and its complaint names none of our folders', async () => {
    const { files } = await runner.isolation()
    // Where the kernel does not let us, the machine says so (mainstay tools) and the checks before the run are all there is.
    if (!files) return
    for (const path of ['/etc/passwd', '../../../../../../../../etc/passwd', `${dirname(program)}/seal.json`]) {
      const fault = await faultOf(evaluate(`importstr '${path}'`))
      expect(fault.kind).toBe('render-failed')
      expect(fault.why).toContain("couldn't open import")
    }
    expect((await faultOf(evaluate(`importstr '${folder}/tree/none'`))).why).not.toContain(folder)
  })
})

describe('a jail', () => {
  it('is not built for a program that needs the libraries of the machine', async () => {
    if (process.platform !== 'linux') return
    expect(await buildJail({ folder, workFolder: join(folder, 'tree'), programs: [process.execPath] })).toBeNull()
  })

  it('has the programs under their own paths, and can be built again', async () => {
    const built = { folder, workFolder: join(folder, 'tree', 'app'), programs: [] }
    for (const _ of [1, 2]) expect(await buildJail(built)).toEqual({ folder, workFolder: '/tree/app' })
    expect(existsSync(join(folder, 'dev', 'null'))).toBe(true)
  })
})

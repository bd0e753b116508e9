// `mainstay app plan`, `plan show`, `approve` and `apply`: a plan as text, as a document, as a file.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../../testing/io.ts'
import { MemorySession } from '../../testing/session.ts'
import { configMap, put, shopWorld } from '../../testing/world.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-plan-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('app plan', () => {
  it('shows the plan with exit code 1 where there is something to do, and writes nothing', async () => {
    const world = shopWorld()
    const before = new Map(world.objects)
    const { code, out } = await run('app plan -f app.yaml', { session: new MemorySession(world) })
    expect(code).toBe(1)
    expect(out).toBe(
      [
        'shop · revision 4f1c2ab "raise the log level" (Ana, 12 min ago)',
        'cluster prod-tokyo · namespace shop · 3 objects: 1 same, 1 change, 1 to create',
        '',
        'wave 0',
        '  ~ apply   ConfigMap/web  data {"LEVEL":"debug"} → {"LEVEL":"info"}',
        '  + create  ConfigMap/new  Git wants it',
        '',
        `Plan ${/Plan (\S+):/.exec(out)?.[1]}: 1 to change, 0 to delete, 1 to create`,
        '',
      ].join('\n'),
    )
    expect(world.objects).toEqual(before)
  })

  it('says only the total with --quiet', async () => {
    const { out } = await run('app plan shop -q', { session: new MemorySession(shopWorld()) })
    expect(out.trim().split('\n')).toHaveLength(1)
    expect(out).toContain('1 to change')
  })

  it('shortens long values, and shows them whole with --full and -o wide', async () => {
    const world = shopWorld()
    const long = `${'a'.repeat(60)}middle${'z'.repeat(60)}`
    put(world, configMap('web', { LEVEL: 'debug' }), configMap('web', { LEVEL: long }))
    const session = new MemorySession(world)
    expect((await run('app plan shop', { session })).out).not.toContain('middle')
    expect((await run('app plan shop --full', { session })).out).toContain('middle')
    expect((await run('app plan shop -o wide', { session })).out).toContain('middle')
  })

  it('takes revision, pruning and selectors into the intent', async () => {
    const line = 'app plan shop --revision v2 --prune --resource apps:Deployment:web --resource !:Secret:shop/* -o json'
    const { out } = await run(line, { session: new MemorySession(shopWorld()) })
    expect(JSON.parse(out).intent).toEqual({
      kind: 'sync',
      prune: true,
      revision: 'v2',
      only: [
        { exclude: false, group: 'apps', kind: 'Deployment', namespace: null, name: 'web' },
        { exclude: true, group: '', kind: 'Secret', namespace: 'shop', name: '*' },
      ],
    })
  })

  it('gives the same bytes twice', async () => {
    const session = new MemorySession(shopWorld())
    const first = await run('app plan shop -o json', { session })
    expect((await run('app plan shop -o json', { session })).out).toBe(first.out)
  })

  it('prints its id alone with -o name, and the same document as YAML', async () => {
    const session = new MemorySession(shopWorld())
    const id = (await run('app plan shop -o name', { session })).out.trim()
    expect(id).toMatch(/^[0-9a-f]{64}$/)
    expect((await run('app plan shop -o yaml', { session })).out).toContain(`id: ${id}\n`)
  })
})

describe('a plan in a file', () => {
  it('is written whole, is run by apply, and is refused once it was edited', async () => {
    const world = shopWorld()
    const session = new MemorySession(world)
    await run('app plan shop --out plan.json', { session, cwd: folder })
    expect(readdirSync(folder)).toEqual(['plan.json'])
    const text = readFileSync(join(folder, 'plan.json'), 'utf8')
    writeFileSync(join(folder, 'edited.json'), text.replace('"verb": "update"', '"verb": "create"'))
    const edited = await run('apply edited.json', { session, cwd: folder })
    expect(edited.code).toBe(2)
    expect(edited.err).toContain('edited.json')
    expect(edited.err).toContain('changed after it was made')
    expect((await run('apply plan.json', { session, cwd: folder })).code).toBe(0)
    expect(world.objects.get('/ConfigMap/shop/web')?.live?.data).toEqual({ LEVEL: 'info' })
  })

  it('may come from standard input', async () => {
    const session = new MemorySession(shopWorld())
    const input = (await run('app plan shop -o json', { session })).out
    expect((await run('apply -', { session, input })).code).toBe(0)
  })

  it('is refused where the world moved since', async () => {
    const world = shopWorld()
    const session = new MemorySession(world)
    const id = (await run('app plan shop -o name', { session })).out.trim()
    put(world, configMap('web', { LEVEL: 'trace' }), configMap('web', { LEVEL: 'info' }))
    const { code, err } = await run(`apply ${id}`, { session })
    expect(code).toBe(2)
    expect(err).toContain('the world moved')
    expect(world.objects.get('/ConfigMap/shop/web')?.live?.data).toEqual({ LEVEL: 'trace' })
  })

  it('is an error where its folder is not there', async () => {
    const { code, err } = await run('app plan shop --out no/plan.json', {
      session: new MemorySession(shopWorld()),
      cwd: folder,
    })
    expect(code).toBe(2)
    expect(err).toContain('cannot write the plan')
    expect(err).toContain('ENOENT')
  })
})

describe('plan list', () => {
  it('lists stored plans, newest first, of one application where one is named', async () => {
    const world = shopWorld()
    const session = new MemorySession(world)
    expect((await run('plan list', { session })).out).toContain('mainstay app plan NAME')
    const first = (await run('app plan shop -o name', { session })).out
    put(world, configMap('legacy', {}), null)
    const second = (await run('app plan shop --prune -o name', { session })).out
    expect((await run('plan list -o name', { session })).out).toBe(second + first)
    expect((await run('plan list --limit 1 -o name', { session })).out).toBe(second)
    expect((await run('plan list --app shop -o name', { session })).out).toBe(second + first)
    expect((await run('plan list --app other/shop -o name', { session })).out).toBe('')
    const { out } = await run('plan list', { session })
    expect(out).toMatch(/[0-9a-f]{6} +argocd\/shop +sync +needs-approval +4f1c2ab +4 objects: 1 same/)
  })
})

describe('approve and plan show', () => {
  it('record an approval, and show who gave it', async () => {
    const world = shopWorld()
    put(world, configMap('legacy', {}), null)
    const session = new MemorySession(world)
    const id = (await run('app plan shop --prune -o name', { session })).out.trim()
    const approved = await run(`approve ${id.slice(0, 8)}`, { session })
    expect(approved.code).toBe(0)
    expect(approved.out).toContain(`✓ Plan ${id.slice(0, 6)} approved by ana@laptop.`)
    expect(approved.out).toContain(`mainstay apply ${id.slice(0, 6)}`)
    const shown = await run(`plan show ${id}`, { session })
    expect(shown.code).toBe(3)
    expect(shown.out).toContain('approved by ana@laptop at 2026-11-23 10:42:00Z')
    expect(await session.runs()).toEqual([])
  })

  it('refuse a blocked plan with exit code 4', async () => {
    const world = shopWorld()
    put(world, null, { apiVersion: 'v1', kind: 'Forbidden', metadata: { name: 'x', namespace: 'shop' } })
    const session = new MemorySession(world)
    const id = (await run('app plan shop -o name', { session })).out.trim()
    expect((await run(`approve ${id}`, { session })).code).toBe(4)
    expect((await run(`plan show ${id}`, { session })).code).toBe(4)
  })
})

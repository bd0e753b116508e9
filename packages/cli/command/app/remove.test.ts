// Deleting, rolling back and restoring from the command line.
import { describe, expect, it } from 'vitest'
import { run } from '../../testing/io.ts'
import { MemorySession } from '../../testing/session.ts'
import { configMap, put, shopWorld } from '../../testing/world.ts'

describe('app delete', () => {
  it('never runs without an approval, whatever the flags say', async () => {
    for (const flags of ['', '--yes', '-y --cascade', '--cascade=true', '--cascade=background', '-p background']) {
      const world = shopWorld()
      const before = new Map(world.objects)
      const { code } = await run(`app delete shop ${flags}`, { session: new MemorySession(world) })
      expect(code).toBe(3)
      expect(world.objects).toEqual(before)
    }
  })

  const words: readonly (readonly [string, string])[] = [
    ['', 'foreground'],
    ['--cascade', 'foreground'],
    ['--cascade=true', 'foreground'],
    ['--cascade=foreground', 'foreground'],
    ['--cascade=background', 'background'],
    ['--propagation-policy background', 'background'],
    ['--cascade=true -p background', 'background'],
    ['--cascade=none', 'none'],
    ['--cascade=false', 'none'],
  ]
  for (const [flags, cascade] of words) {
    it(`reads "${flags}" as ${cascade}`, async () => {
      const line = `app delete shop --dry-run -o json ${flags}`
      const { out } = await run(line, { session: new MemorySession(shopWorld()) })
      expect(JSON.parse(out).intent).toEqual({ kind: 'delete', cascade })
    })
  }

  it('does not take the name that follows --cascade for an answer without saying so', async () => {
    const { code, err } = await run('app delete --cascade shop', { session: new MemorySession(shopWorld()) })
    expect(code).toBe(2)
    expect(err).toContain('"shop" is no way to delete')
  })
})

describe('trash', () => {
  /** Deletes everything of the shop, approved. */
  async function deleted(): Promise<{ session: MemorySession; world: ReturnType<typeof shopWorld>; plan: string }> {
    const world = shopWorld()
    const session = new MemorySession(world)
    const plan = JSON.parse((await run('app delete shop --dry-run -o json', { session })).out).id
    await run(`approve ${plan}`, { session })
    expect((await run(`apply ${plan}`, { session })).code).toBe(0)
    return { session, world, plan }
  }

  it('lists what was destroyed, by whom and by which plan', async () => {
    const { session, plan } = await deleted()
    const { out } = await run('trash list', { session })
    expect(out).toMatch(
      new RegExp(`[0-9a-f]{12} +0 s ago +argocd/shop +shop/ConfigMap/web +ana@laptop +${plan.slice(0, 6)}`),
    )
    expect((await run('trash list --app other', { session })).out).toContain('The trash holds nothing of that.')
    expect((await run(`trash list --plan ${plan} -o name`, { session })).out.trim().split('\n')).toHaveLength(2)
  })

  it('shows an object as it was', async () => {
    const { session } = await deleted()
    const [id = ''] = (await run('trash list -o name', { session })).out.split('\n')
    const { out } = await run(`trash show ${id.slice(0, 8)}`, { session })
    expect(out).toMatch(/^# shop\/ConfigMap\/\w+, deleted 2026-11-23 10:42:00Z by ana@laptop, plan [0-9a-f]{6}\n/)
    expect(out).toContain('kind: ConfigMap')
  })

  it('restores by application, by plan and by id', async () => {
    const byApp = await deleted()
    expect((await run('trash restore --app shop', { session: byApp.session })).code).toBe(0)
    expect(byApp.world.objects.get('/ConfigMap/shop/web')?.live?.data).toEqual({ LEVEL: 'debug' })
    const byPlan = await deleted()
    expect((await run(`trash restore --plan ${byPlan.plan}`, { session: byPlan.session })).code).toBe(0)
    expect(byPlan.world.objects.get('/ConfigMap/shop/same')?.live).not.toBeNull()
    const byId = await deleted()
    const [id = ''] = (await run('trash list -o name', { session: byId.session })).out.split('\n')
    const { code, out } = await run(`trash restore ${id.slice(0, 8)}`, { session: byId.session })
    expect(code).toBe(0)
    expect(out).toContain('1 created')
  })

  it('restores only what the last plan took where an application is named', async () => {
    const world = shopWorld()
    const session = new MemorySession(world)
    for (const name of ['first', 'second']) {
      put(world, configMap(name, {}), null)
      const id = JSON.parse((await run('app plan shop --prune -o json', { session })).out).id
      await run(`approve ${id}`, { session })
      await run(`apply ${id}`, { session })
    }
    const { out } = await run('trash restore --app shop --dry-run -o json', { session })
    const names = JSON.parse(out).steps.map((step: { ref: { name: string } }) => step.ref.name)
    expect(names).toEqual(['second'])
  })

  it('says where to look when there is nothing to restore', async () => {
    const { code, err } = await run('trash restore --app shop', { session: new MemorySession(shopWorld()) })
    expect(code).toBe(2)
    expect(err).toContain('mainstay trash list')
  })
})

describe('app rollback', () => {
  it('goes to the entry that is named, or to the one before the latest', async () => {
    const world = shopWorld()
    const session = new MemorySession(world)
    await run('app sync shop', { session })
    put(world, configMap('web', { LEVEL: 'info' }), configMap('web', { LEVEL: 'warn' }))
    await run('app sync shop', { session })
    const intent = async (line: string): Promise<unknown> => JSON.parse((await run(line, { session })).out).intent
    expect(await intent('app rollback shop --dry-run -o json')).toEqual({ kind: 'rollback', history: 1, prune: false })
    expect(await intent('app rollback shop 2 --prune --dry-run -o json')).toEqual({
      kind: 'rollback',
      history: 2,
      prune: true,
    })
  })

  it('refuses an entry that is not there, and names those that are', async () => {
    const session = new MemorySession(shopWorld())
    expect((await run('app rollback shop', { session })).err).toContain('nothing was synced yet')
    await run('app sync shop', { session })
    const { code, err } = await run('app rollback shop 7', { session })
    expect(code).toBe(2)
    expect(err).toContain('the history has no entry 7')
    expect(err).toContain('it has: 1')
  })
})

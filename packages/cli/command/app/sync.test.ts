// `mainstay app sync` and the runs behind it: consent, progress, exit codes, what is printed where.
import { describe, expect, it } from 'vitest'
import { run, startHeld } from '../../testing/io.ts'
import { MemorySession } from '../../testing/session.ts'
import { configMap, put, shopWorld } from '../../testing/world.ts'

/** A world in which a sync with --prune deletes one object. */
function pruningWorld(): ReturnType<typeof shopWorld> {
  const world = shopWorld()
  put(world, configMap('legacy', { OLD: '1' }), null)
  return world
}

function idIn(text: string): string {
  return /mainstay approve ([0-9a-f]{6,})/.exec(text)?.[1] ?? ''
}

describe('app sync', () => {
  it('shows the plan, runs it and says what was done', async () => {
    const session = new MemorySession(shopWorld())
    const { code, out, err } = await run('app sync shop', { session })
    expect(code).toBe(0)
    expect(out).toContain('~ apply')
    expect(out).toContain('apply ConfigMap/web: configured')
    expect(out).toMatch(/✓ Plan [0-9a-f]{6} succeeded \(1 configured, 1 created\)/)
    expect(err).toBe('')
    expect(session.closed).toBe(1)
  })

  it('has nothing to do the second time', async () => {
    const session = new MemorySession(shopWorld())
    await run('app sync shop', { session })
    const { code, out } = await run('app plan shop', { session })
    expect(code).toBe(0)
    expect(out).toContain('nothing to do')
  })

  it('exits 3 without a terminal where approval is needed, says how to approve, and changes nothing', async () => {
    const world = pruningWorld()
    const before = new Map(world.objects)
    const { code, out, err } = await run('app sync shop --prune', { session: new MemorySession(world) })
    expect(code).toBe(3)
    expect(err).toContain(`mainstay approve ${idIn(err)}`)
    expect(err).toContain(`mainstay apply ${idIn(err)}`)
    expect(out).not.toContain(': deleted')
    expect(world.objects).toEqual(before)
  })

  it('runs an approved plan by its id, and only once', async () => {
    const world = pruningWorld()
    const session = new MemorySession(world)
    const id = idIn((await run('app sync shop --prune', { session })).err)
    expect((await run(`approve ${id}`, { session })).code).toBe(0)
    const { code, out } = await run(`app sync shop --plan ${id}`, { session })
    expect(code).toBe(0)
    expect(out).toContain('1 deleted')
    const again = await run(`apply ${id}`, { session })
    expect(again.code).toBe(2)
    expect(again.err).toContain('the world moved')
  })

  it('refuses the plan of another application', async () => {
    const world = shopWorld()
    const session = new MemorySession(world)
    const made = (await run('app plan shop -o name', { session })).out.trim()
    const { code, err } = await run(`app sync payments --plan ${made}`, { session })
    expect(code).toBe(2)
    expect(err).toContain('it was made for argocd/shop')
    expect(await session.runs()).toEqual([])
  })

  it('exits 4 for a blocked plan', async () => {
    const world = shopWorld()
    put(world, null, { apiVersion: 'v1', kind: 'Forbidden', metadata: { name: 'x', namespace: 'shop' } })
    const { code, err } = await run('app sync shop', { session: new MemorySession(world) })
    expect(code).toBe(4)
    expect(err).toContain('blocked')
  })

  it('exits 2 where a step fails, and shows the words of the server', async () => {
    const world = shopWorld()
    world.failing.set('apply /ConfigMap/shop/web', 'admission webhook denied the request')
    const { code, out } = await run('app sync shop', { session: new MemorySession(world) })
    expect(code).toBe(2)
    expect(out).toContain('admission webhook denied the request')
    expect(out).toMatch(/✗ Plan [0-9a-f]{6} failed/)
  })

  it('prunes where the application says so, and not where --no-prune does', async () => {
    const world = pruningWorld()
    const shop = world.applications.get('argocd/shop')
    const spec = { ...(shop?.spec as object), syncPolicy: { automated: { prune: true } } }
    world.applications.set('argocd/shop', { ...shop, spec })
    const session = new MemorySession(world)
    expect((await run('app sync shop --dry-run', { session })).code).toBe(3)
    expect((await run('app sync shop --dry-run --no-prune', { session })).code).toBe(1)
  })
})

describe('approval at the terminal', () => {
  it('runs the plan when its id is typed exactly, and records who approved', async () => {
    const world = pruningWorld()
    const session = new MemorySession(world)
    const id = idIn((await run('app sync shop --prune', { session })).err).slice(0, 6)
    const { code, io } = await run('app sync shop --prune', { session, isTTY: true, answers: [id] })
    expect(code).toBe(0)
    expect(io.seen.prompts).toEqual([`Type ${id} to approve this plan and run it; anything else changes nothing: `])
    expect(world.objects.has('/ConfigMap/shop/legacy')).toBe(false)
    expect((await session.approvals(await session.findPlan(id))).map((each) => each.by)).toEqual(['ana@laptop'])
  })

  for (const answer of ['n', 'N', '', 'no', 'x', 'y', 'yes', 'shop', '000000', null]) {
    it(`changes nothing for the answer ${JSON.stringify(answer)}`, async () => {
      const world = pruningWorld()
      const before = new Map(world.objects)
      const session = new MemorySession(world)
      const { code, io } = await run('app sync shop --prune', { session, isTTY: true, answers: [answer] })
      expect(code).toBe(3)
      expect(io.seen.prompts).toHaveLength(1)
      expect(world.objects).toEqual(before)
      expect(await session.runs()).toEqual([])
    })
  }

  it('asks nothing with --yes, and --yes approves nothing', async () => {
    const world = pruningWorld()
    const before = new Map(world.objects)
    const { code, io } = await run('app sync shop --prune --yes', { session: new MemorySession(world), isTTY: true })
    expect(code).toBe(3)
    expect(io.seen.prompts).toEqual([])
    expect(world.objects).toEqual(before)
  })
})

describe('a run that is stopped', () => {
  it('stops after the running step on the first Ctrl-C and ends at once on the second', async () => {
    const world = shopWorld()
    const session = new MemorySession(world)
    const { io, result } = startHeld(world, session, 'app sync shop')
    await result.started
    io.interrupt()
    expect(io.seen.quits).toEqual([])
    expect(io.seen.out).toContain('Stopping after the steps that are running')
    io.interrupt()
    expect(io.seen.quits).toEqual([130])
    result.goOn()
    expect(await result.code).toBe(2)
    expect(io.seen.out).toContain('cancelled')
    expect((await session.runs())[0]?.record.outcome).toBe('cancelled')
  })

  it('stops after the running step when the time is over', async () => {
    const world = shopWorld()
    const { io, result } = startHeld(world, new MemorySession(world), 'app sync shop --timeout 5')
    await result.started
    io.expire()
    result.goOn()
    expect(await result.code).toBe(2)
    expect(io.seen.out).toContain('The time limit of 5 s is over')
  })
})

describe('documents', () => {
  it('prints one JSON document with plan and result, and progress elsewhere', async () => {
    const { code, out, err } = await run('app sync shop -o json', { session: new MemorySession(shopWorld()) })
    expect(code).toBe(0)
    const document = JSON.parse(out)
    expect(document.plan.schema).toBe('mainstay.dev/plan/v1')
    expect(document.result.counts).toEqual({ configured: 1, created: 1 })
    expect(err).toContain('apply ConfigMap/web: configured')
  })

  it('has the plan and the reason in it where the plan was not run', async () => {
    const { code, out } = await run('app sync shop --prune --json', { session: new MemorySession(pruningWorld()) })
    expect(code).toBe(3)
    const document = JSON.parse(out)
    expect(document.error.kind).toBe('needs-approval')
    expect(document.plan.verdict).toBe('needs-approval')
  })
})

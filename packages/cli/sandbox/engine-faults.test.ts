// Our own Kubernetes client against a sandbox that fails, over HTTPS: it survives each fault as its files say.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { ClusterFault, detailOf } from '@mainstay/engine/cluster/cluster-fault.ts'
import { type ClusterConfig, fixedCredential } from '@mainstay/engine/cluster/config.ts'
import { discover } from '@mainstay/engine/cluster/discovery.ts'
import { getObject } from '@mainstay/engine/cluster/get.ts'
import { listObjects } from '@mainstay/engine/cluster/list.ts'
import type { Resource } from '@mainstay/engine/cluster/resource-path.ts'
import { openTransport, type Transport } from '@mainstay/engine/cluster/transport.ts'
import { type WatchEvent, watchObjects } from '@mainstay/engine/cluster/watch.ts'
import { applyObject, deleteObject } from '@mainstay/engine/cluster/write.ts'
import { createAuthority, issue } from '@mainstay/engine/tls/x509.ts'
import { type Fault, type FaultRule, ruleOf } from '@mainstay/sandbox/faults/fault.ts'
import { jumpingClock } from '@mainstay/sandbox/faults/jumping-clock.ts'
import { withFaults } from '@mainstay/sandbox/faults/open.ts'
import { openSandbox, type Sandbox } from '@mainstay/sandbox/sandbox.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { serve } from './serve.ts'
import { wallClock } from './wall-clock.ts'

const MAPS: Resource = { group: '', version: 'v1', kind: 'ConfigMap', resource: 'configmaps', scope: 'namespaced' }
const DEFAULT = { namespace: 'default' } as const
const authority = createAuthority('faults authority')
const identity = issue(authority, { commonName: 'sandbox', use: 'server', names: ['127.0.0.1'] })

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A client with a sandbox behind some faults; its waits are over at once and are written down. */
interface Stage {
  readonly transport: Transport
  readonly sandbox: Sandbox
  readonly waits: readonly number[]
  readonly strikes: () => number
}

const outside = wallClock({
  now: () => Date.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
})

async function behind(...rules: readonly FaultRule[]): Promise<Stage> {
  const clock = jumpingClock(outside)
  const sandbox = openSandbox({ clock, seed: 'faults' })
  let strikes = 0
  const onStrike = (): void => {
    strikes += 1
  }
  const handler = withFaults(sandbox, { rules, seed: 'faults', jump: clock.jump, onStrike })
  const served = await serve({ handler, identity, port: 0, token: null })
  const config: ClusterConfig = {
    name: 'sandbox',
    server: served.url,
    trust: { ca: authority.certificate, serverName: null, insecure: false },
    proxy: null,
    credentials: fixedCredential({ authorization: null, certificate: null }),
    impersonate: null,
    namespace: 'default',
    disableCompression: false,
  }
  const waits: number[] = []
  const sleep = async (ms: number): Promise<void> => void waits.push(ms)
  const pace = { clock: { now: () => Date.now(), sleep }, random: () => 0 }
  const transport = openTransport(config, { pace })
  closing.push(() => transport.close(), served.close)
  return { transport, sandbox, waits, strikes: () => strikes }
}

function map(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } }
}

function isThere({ sandbox }: Stage, name: string): boolean {
  return sandbox.world.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name }) !== null
}

const names = (objects: readonly KubeObject[]): readonly string[] => objects.map(({ metadata }) => metadata.name)

async function faultOf(work: Promise<unknown>): Promise<ClusterFault> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ClusterFault) return error
  throw new Error(`not a fault: ${String(error)}`)
}

function refuse(status: 429 | 500 | 503 | 504, more: Partial<Extract<Fault, { kind: 'refuse' }>> = {}): Fault {
  return { kind: 'refuse', status, when: 'before', retryAfter: null, message: null, ...more }
}

describe('a read', () => {
  const cured: readonly (readonly [string, Fault])[] = [
    ['a server that is too busy (429)', refuse(429)],
    ['a server that is not there (503)', refuse(503)],
    ['a server that takes too long (504)', refuse(504)],
    ['a connection that breaks before the request', { kind: 'drop', when: 'before' }],
    ['a connection that breaks after the request', { kind: 'drop', when: 'after' }],
    ['a body that breaks off', { kind: 'half-sent' }],
  ]
  for (const [what, fault] of cured) {
    it(`is sent again after ${what}`, async () => {
      const stage = await behind(ruleOf(fault, { times: 2 }))
      stage.sandbox.world.create(map('a'))
      expect(names((await listObjects(stage.transport, MAPS, DEFAULT)).objects)).toEqual(['a'])
      expect([stage.strikes(), stage.transport.counts().repeats]).toEqual([2, 2])
    })
  }

  it('waits as long as the server asks', async () => {
    const { transport, waits } = await behind(ruleOf(refuse(429, { retryAfter: 7 }), { times: 1 }))
    await listObjects(transport, MAPS, DEFAULT)
    expect(waits).toEqual([7000])
  })

  it('ends in a fault where the server does not recover, and never in an empty list', async () => {
    for (const fault of [refuse(503), { kind: 'drop', when: 'before' }, { kind: 'half-sent' }] as const) {
      const { transport, strikes } = await behind(ruleOf(fault))
      expect((await faultOf(listObjects(transport, MAPS, DEFAULT))).fault.kind).toBe('unreachable')
      expect(strikes()).toBe(5)
    }
  })

  it('of one object is a fault, never an absence, for a server that fails', async () => {
    const { transport } = await behind(ruleOf(refuse(500)))
    const { fault } = await faultOf(getObject(transport, MAPS, { namespace: 'default', name: 'a' }))
    expect([fault.kind, fault.why]).toEqual(['unreachable', 'Internal error occurred: etcdserver: request timed out'])
  })

  it('is given up after its time, however slow the connection is', async () => {
    const { transport } = await behind(ruleOf({ kind: 'latency', ms: 60_000, jitterMs: 0 }))
    const request = { verb: 'get', method: 'GET', path: '/version', what: 'cannot ask', timeoutMs: 50 } as const
    expect((await faultOf(transport.send(request))).fault.kind).toBe('timeout')
  })

  it('tells in the words of the server what is forbidden', async () => {
    const { transport, strikes } = await behind(ruleOf({ kind: 'forbidden', user: 'ana' }))
    const { fault } = await faultOf(listObjects(transport, MAPS, DEFAULT))
    expect([fault.kind, strikes()]).toEqual(['forbidden', 1])
    expect(fault.why).toBe(
      'configmaps is forbidden: User "ana" cannot list resource "configmaps" in API group "" in the namespace "default"',
    )
  })
})

describe('a list', () => {
  it('whose second page is lost is read again as a whole: nothing is missing', async () => {
    const { transport, sandbox, strikes } = await behind(ruleOf({ kind: 'partial-list', items: 2 }))
    for (const name of ['a', 'b', 'c', 'd', 'e']) sandbox.world.create(map(name))
    const { objects } = await listObjects(transport, MAPS, DEFAULT)
    expect([names(objects), strikes()]).toEqual([['a', 'b', 'c', 'd', 'e'], 1])
  })

  it('of a group that does not answer is a fault', async () => {
    const { transport } = await behind(ruleOf({ kind: 'failing-group', group: 'batch' }))
    const jobs: Resource = { group: 'batch', version: 'v1', kind: 'Job', resource: 'jobs', scope: 'namespaced' }
    expect((await faultOf(listObjects(transport, jobs, DEFAULT))).fault.kind).toBe('unreachable')
  })

  it('of a group that is not served says so', async () => {
    const { transport } = await behind(ruleOf({ kind: 'absent-group', group: 'batch' }))
    const jobs: Resource = { group: 'batch', version: 'v1', kind: 'Job', resource: 'jobs', scope: 'namespaced' }
    expect(detailOf(await faultOf(listObjects(transport, jobs, DEFAULT)))).toEqual({ kind: 'no-resource' })
  })
})

describe('a write', () => {
  it('is sent again where the server did not begin (429), and only there', async () => {
    const stage = await behind(ruleOf(refuse(429), { times: 2 }))
    await applyObject(stage.transport, MAPS, map('a'), {})
    expect([isThere(stage, 'a'), stage.strikes()]).toEqual([true, 2])
  })

  const open: readonly (readonly [string, Fault, boolean])[] = [
    ['503 before it', refuse(503), false],
    ['504 after it', refuse(504, { when: 'after' }), true],
    ['a connection that broke before it', { kind: 'drop', when: 'before' }, false],
    ['a connection that broke after it', { kind: 'drop', when: 'after' }, true],
    ['half an answer', { kind: 'half-sent' }, true],
  ]
  for (const [what, fault, done] of open) {
    it(`is not sent twice after ${what}: whether it was carried out is for the next look to find out`, async () => {
      const stage = await behind(ruleOf(fault, { times: 1 }))
      const { fault: told } = await faultOf(applyObject(stage.transport, MAPS, map('a'), {}))
      expect(['unreachable', 'timeout']).toContain(told.kind)
      expect([isThere(stage, 'a'), stage.strikes(), stage.transport.counts().repeats]).toEqual([done, 1, 0])
    })
  }

  it('that deletes is not sent twice either', async () => {
    const stage = await behind(ruleOf({ kind: 'drop', when: 'after' }, { match: { verbs: ['delete'] }, times: 1 }))
    const uid = String(stage.sandbox.world.create(map('a')).metadata.uid)
    const ref = { group: '', kind: 'ConfigMap', namespace: 'default', name: 'a' }
    const gone = (): Promise<unknown> => deleteObject(stage.transport, MAPS, ref, { uid, cascade: 'background' })
    expect((await faultOf(gone())).fault.kind).toBe('unreachable')
    expect(isThere(stage, 'a')).toBe(false)
    expect(await gone()).toBe('gone')
  })
})

describe('discovery', () => {
  it('has a gap for a group that does not answer, and knows the others', async () => {
    const { transport } = await behind(ruleOf({ kind: 'failing-group', group: 'batch' }))
    const { kinds, gaps, table } = await discover(transport)
    expect(gaps).toEqual([
      { group: 'batch', version: 'v1', reason: 'the server behind this API group does not answer' },
    ])
    expect(table.failedGroups.has('batch')).toBe(true)
    const groups = new Set(kinds.map(({ group }) => group))
    expect([groups.has('apps'), groups.has('batch')]).toEqual([true, false])
  })

  it('does not know a group that nobody serves, without a gap', async () => {
    const { transport } = await behind(ruleOf({ kind: 'absent-group', group: 'batch' }))
    const { kinds, gaps } = await discover(transport)
    expect([gaps, kinds.some(({ group }) => group === 'batch')]).toEqual([[], false])
  })

  it('that cannot be had at all is a fault', async () => {
    const { transport } = await behind(ruleOf(refuse(503), { match: { verbs: ['discover'] } }))
    expect((await faultOf(discover(transport))).fault.kind).toBe('unreachable')
  })
})

describe('a watch', () => {
  /** The events of a watch until there are so many, each as `kind names`; `act` is done after the first. */
  async function follow(
    { transport }: Stage,
    count: number,
    act: () => void,
    silenceMs = 20_000,
  ): Promise<readonly string[]> {
    const stop = new AbortController()
    const told: string[] = []
    for await (const event of watchObjects(transport, MAPS, { ...DEFAULT, silenceMs, signal: stop.signal })) {
      told.push(textOf(event))
      if (told.length === 1) act()
      if (told.length >= count) stop.abort()
    }
    return told
  }

  function textOf(event: WatchEvent): string {
    switch (event.kind) {
      case 'synced':
        return `synced ${names(event.objects).join()}`
      case 'upsert':
      case 'gone':
        return `${event.kind} ${event.object.metadata.name}`
      case 'gap':
        return `gap ${event.fault.fault.kind}`
      case 'recovered':
        return 'recovered'
    }
  }

  it('whose place the server forgot lists again and loses nothing, without a gap', async () => {
    const stage = await behind(ruleOf({ kind: 'expired-watch', afterEvents: 1 }, { times: 1 }))
    const { world } = stage.sandbox
    const told = await follow(stage, 3, () => {
      world.create(map('a'))
      world.create(map('b'))
    })
    // The place was forgotten after `a`: what came after it is in the list.
    expect(told).toEqual(['synced ', 'upsert a', 'synced a,b'])
  })

  it('that falls silent is taken up again where it was', async () => {
    const stage = await behind(ruleOf({ kind: 'silent-watch', afterEvents: 0 }, { times: 1 }))
    const told = await follow(stage, 2, () => void stage.sandbox.world.create(map('a')), 200)
    expect([told, stage.strikes()]).toEqual([['synced ', 'upsert a'], 1])
  })

  it('whose connection breaks in the middle of an event gets that event once, and whole', async () => {
    const stage = await behind(ruleOf({ kind: 'half-sent' }, { match: { verbs: ['watch'] }, times: 1 }))
    const { world } = stage.sandbox
    const told = await follow(stage, 3, () => {
      world.create(map('a'))
      world.create(map('b'))
    })
    expect(told).toEqual(['synced ', 'upsert a', 'upsert b'])
  })

  it('that nobody lets begin is a gap until somebody does', async () => {
    const stage = await behind(ruleOf({ kind: 'forbidden', user: 'ana' }, { match: { verbs: ['watch'] }, times: 2 }))
    const told = await follow(stage, 4, () => void stage.sandbox.world.create(map('a')))
    expect(told).toEqual(['synced ', 'gap forbidden', 'recovered', 'upsert a'])
  })

  it('after a list from a stale server catches up with everything that the list did not know', async () => {
    const stage = await behind(ruleOf({ kind: 'stale', reads: 'all' }, { match: { verbs: ['list'] }, times: 2 }))
    const { world } = stage.sandbox
    await listObjects(stage.transport, MAPS, DEFAULT)
    world.create(map('a'))
    const told = await follow(stage, 3, () => void world.create(map('b')))
    expect(told).toEqual(['synced ', 'upsert a', 'upsert b'])
  })

  it('does not care when the clock of the cluster is set', async () => {
    const stage = await behind(ruleOf({ kind: 'clock-jump', ms: -86_400_000 }, { match: { verbs: ['watch'] } }))
    const told = await follow(stage, 2, () => void stage.sandbox.world.create(map('a')))
    expect(told).toEqual(['synced ', 'upsert a'])
  })
})

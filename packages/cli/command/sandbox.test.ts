// `mainstay sandbox`: what it begins with, how it is reached, how it ends.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { discover } from '@mainstay/engine/cluster/discovery.ts'
import { loadCluster } from '@mainstay/engine/cluster/kubeconfig.ts'
import { listObjects } from '@mainstay/engine/cluster/list.ts'
import { openTransport } from '@mainstay/engine/cluster/transport.ts'
import { createAuthority, issue } from '@mainstay/engine/tls/x509.ts'
import { openSandbox, type Sandbox } from '@mainstay/sandbox/sandbox.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Io } from '../io.ts'
import { main } from '../main.ts'
import { kubeconfigText } from '../sandbox/kubeconfig.ts'
import { serve } from '../sandbox/serve.ts'
import { run, testIo } from '../testing/io.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-sandbox-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const core = { group: '', version: 'v1' } as const
const KINDS = {
  Namespace: { ...core, kind: 'Namespace', resource: 'namespaces', scope: 'cluster' },
  Node: { ...core, kind: 'Node', resource: 'nodes', scope: 'cluster' },
  ConfigMap: { ...core, kind: 'ConfigMap', resource: 'configmaps', scope: 'namespaced' },
  Secret: { ...core, kind: 'Secret', resource: 'secrets', scope: 'namespaced' },
  Thing: { group: 'example.com', version: 'v1', kind: 'Thing', resource: 'things', scope: 'namespaced' },
} as const

/** The objects of a kind behind a kubeconfig. */
async function objectsBehind(kubeconfig: string, kind: keyof typeof KINDS): Promise<readonly KubeObject[]> {
  const transport = openTransport(await loadCluster({ kubeconfig, env: {} }))
  try {
    return (await listObjects(transport, KINDS[kind], { namespace: null })).objects
  } finally {
    await transport.close()
  }
}

/** A clock that goes on, as controllers need it. */
const running: Pick<Io, 'now' | 'after'> = {
  now: () => Date.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
}

function namesOf(objects: readonly KubeObject[]): readonly string[] {
  return objects.map(({ metadata }) => metadata.name)
}

/** Runs a sandbox for as long as a look at it takes; what the look gave, and what was printed. */
async function lookAt<T>(
  words: readonly string[],
  look: (kubeconfig: string) => Promise<T>,
  env: Record<string, string> = {},
): Promise<{ readonly seen: T; readonly err: string }> {
  const found: T[] = []
  const program = async (command: { readonly env: Readonly<Record<string, string>> }): Promise<number> => {
    found.push(await look(command.env.KUBECONFIG ?? ''))
    return 0
  }
  const io = testIo({ program, env, cwd: folder })
  const code = await main(['sandbox', ...words, '--exec', '--', 'look'], { ...io, ...running })
  const [seen] = found
  if (code !== 0 || seen === undefined) throw new Error(`${code}: ${io.seen.err}`)
  return { seen, err: io.seen.err }
}

describe('mainstay sandbox', () => {
  it('answers until Ctrl-C, then everything of it is gone', async () => {
    const io = testIo()
    const code = main(['sandbox'], io)
    const path = await vi.waitUntil(() => /^export KUBECONFIG=(.*)\n$/.exec(io.seen.out)?.[1], { timeout: 20_000 })
    expect(namesOf(await objectsBehind(path, 'Namespace'))).toContain('kube-system')
    expect(io.seen.err).toMatch(/✓ https:\/\/127\.0\.0\.1:\d+, in memory, seed [0-9a-f]{8}\n/)
    io.interrupt()
    expect(await code).toBe(0)
    expect(existsSync(path)).toBe(false)
    await expect(objectsBehind(path, 'Namespace')).rejects.toThrow('does not exist')
  })

  it('is one line of JSON for a script', async () => {
    const io = testIo()
    const code = main(['sandbox', '--json', '--seed', 'one', '--kubeconfig', join(folder, 'json')], io)
    const line = await vi.waitUntil(() => /^\{.*\}\n$/.exec(io.seen.out)?.[0], { timeout: 20_000 })
    expect(JSON.parse(line)).toEqual({
      url: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
      kubeconfig: join(folder, 'json'),
      fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      seed: 'one',
    })
    expect(io.seen.err).toBe('')
    io.interrupt()
    expect(await code).toBe(0)
  })

  it('runs a program with KUBECONFIG, ends with its exit code, and prints nothing of its own', async () => {
    let path = ''
    const { code, out, err } = await run('sandbox --exec -- kubectl get -o name pods', {
      program: async ({ program, args, env }) => {
        expect([program, ...args]).toEqual(['kubectl', 'get', '-o', 'name', 'pods'])
        path = env.KUBECONFIG ?? ''
        return existsSync(path) ? 7 : 1
      },
    })
    expect([code, out, err, existsSync(path)]).toEqual([7, '', '', false])
  })

  it('leaves the output to the program: there is no JSON of its own beside it', async () => {
    const { code, err } = await run('sandbox --exec --json -- true')
    expect([code, err.includes('the output is that of the program')]).toEqual([2, true])
  })

  it('has one Node, or as many as are wanted', async () => {
    const nodes = async (count: number, ...words: readonly string[]) =>
      (
        await lookAt(words, (path) =>
          vi.waitUntil(
            async () => {
              const names = namesOf(await objectsBehind(path, 'Node'))
              return names.length === count && names
            },
            { timeout: 20_000 },
          ),
        )
      ).seen
    expect(await nodes(1)).toEqual(['sandbox-1'])
    expect(await nodes(3, '--nodes', '3')).toEqual(['sandbox-1', 'sandbox-2', 'sandbox-3'])
  })

  it('begins with nothing at all where that is wanted', async () => {
    const { seen } = await lookAt(['--empty'], (path) => objectsBehind(path, 'Namespace'))
    expect(seen).toEqual([])
  })

  it('fails as a file says, tells of it, and is refused with line and field where the file is wrong', async () => {
    const faults = join(folder, 'faults.yaml')
    writeFileSync(faults, 'faults:\n- kind: drop\n  times: 1\n  match: { resources: [nodes] }\n')
    const { err } = await lookAt(['--faults', 'faults.yaml'], (path) => objectsBehind(path, 'Node'))
    expect(err).toBe('fault 1 (drop)  GET /api/v1/nodes?limit=500\n')
    writeFileSync(faults, 'faults:\n- kind: drop\n  match:\n    verbs: [get, lst]\n')
    const refused = await run('sandbox --faults faults.yaml', { cwd: folder })
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('faults.yaml:4')
    expect(refused.err).toContain('faults[0].match.verbs[1] must be one of: get, list')
  })

  it('gives one seed the same uids, and another run without a seed others', async () => {
    const uids = async (...words: readonly string[]) =>
      (
        await lookAt(words, async (path) =>
          (await objectsBehind(path, 'Namespace')).map(({ metadata }) => metadata.uid),
        )
      ).seen
    expect(await uids('--seed', 'x')).toEqual(await uids('--seed', 'x'))
    expect(await uids()).not.toEqual(await uids())
  })

  it('says that a port is taken, and leaves no file behind', async () => {
    const kubeconfig = join(folder, 'port')
    const { seen } = await lookAt([], async (path) => {
      const { server } = await loadCluster({ kubeconfig: path, env: {} })
      return await run(`sandbox --port ${new URL(server).port} --kubeconfig ${kubeconfig}`)
    })
    expect(seen.code).toBe(2)
    expect(seen.err).toContain('another program listens there')
    expect(existsSync(kubeconfig)).toBe(false)
  })

  it('does not overwrite a kubeconfig that is not of a sandbox', async () => {
    const path = join(folder, 'precious')
    writeFileSync(path, 'apiVersion: v1\n')
    const { code, err } = await run(`sandbox --kubeconfig ${path}`)
    expect([code, readFileSync(path, 'utf8')]).toEqual([2, 'apiVersion: v1\n'])
    expect(err).toContain('not overwritten')
  })
})

describe('a sandbox with the objects of a file', () => {
  const manifests = `apiVersion: v1
kind: ConfigMap
metadata: { name: here, namespace: shop }
---
apiVersion: v1
kind: Secret
metadata: { name: s }
stringData: { password: hunter2 }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: ConfigMapList
items:
- metadata: { name: there, namespace: shop, uid: u-1, resourceVersion: "900" }
`

  it('makes manifests as a client does and takes what has a uid as it is, in any order', async () => {
    writeFileSync(join(folder, 'dump.yaml'), manifests)
    const { seen } = await lookAt(['--load', 'dump.yaml'], (path) => objectsBehind(path, 'ConfigMap'))
    const ours = seen.filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
    expect(ours.map(({ metadata }) => [metadata.name, metadata.uid === 'u-1'])).toEqual([
      ['here', false],
      ['there', true],
    ])
  })

  it('has marks in the place of the values of Secrets, unless they are asked for', async () => {
    const secrets = async (...words: readonly string[]): Promise<string> => {
      const { seen } = await lookAt(['--load', 'dump.yaml', ...words], (path) => objectsBehind(path, 'Secret'))
      return Buffer.from(stringAt(seen[0], 'data', 'password') ?? '', 'base64').toString()
    }
    expect(await secrets()).toMatch(/^\{"masked":"[0-9a-f]{16}"\}$/)
    expect(await secrets('--with-secrets')).toBe('hunter2')
  })

  it('is another cluster with the identity that its seed says, and names the webhooks that nobody answers', async () => {
    const live = `
apiVersion: v1
kind: Namespace
metadata: { name: kube-system, uid: 6b1d0d8e-8a3c-4f0e-9f7e-000000000001, resourceVersion: "1" }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: policies }
webhooks:
- name: strict.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  clientConfig: { url: "https://strict.example.com" }
- name: lax.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Ignore
  clientConfig: { url: "https://lax.example.com" }
`
    writeFileSync(join(folder, 'live.yaml'), live)
    const look = async (...words: readonly string[]) => {
      const { seen, err } = await lookAt(['--load', 'live.yaml', ...words], (path) => objectsBehind(path, 'Namespace'))
      return { uid: String(seen.find(({ metadata }) => metadata.name === 'kube-system')?.metadata.uid), err }
    }
    const [one, same, other] = [await look('--seed', 'x'), await look('--seed', 'x'), await look()]
    expect(one.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(same.uid).toBe(one.uid)
    expect(new Set([one.uid, other.uid, '6b1d0d8e-8a3c-4f0e-9f7e-000000000001']).size).toBe(3)
    const policies = '! nobody answers  ValidatingWebhookConfiguration/policies'
    expect(one.err).toContain(`${policies} strict.example.com: writes that it is asked about are refused`)
    expect(one.err).toContain(`${policies} lax.example.com: writes pass without it`)
  })

  const refusals: readonly (readonly [string, string, RegExp])[] = [
    ['what is no object', 'kind: ConfigMap\n', /no Kubernetes object[\s\S]*bad\.yaml:1/],
    [
      'an object that the API refuses, with its line',
      '# one\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: A_B }\n',
      /ConfigMap\/A_B cannot be taken in[\s\S]*bad\.yaml:3[\s\S]*a lowercase RFC 1123/,
    ],
    [
      'a kind that nobody serves',
      'apiVersion: a.b/v1\nkind: Foo\nmetadata: { name: x, uid: u, resourceVersion: "4" }\n',
      /Foo\/x cannot be taken in[\s\S]*a\.b\/v1 Foo is not served here/,
    ],
  ]
  for (const [what, text, told] of refusals) {
    it(`refuses ${what}`, async () => {
      writeFileSync(join(folder, 'bad.yaml'), text)
      const { code, err } = await run('sandbox --load bad.yaml', { cwd: folder })
      expect(code).toBe(2)
      expect(err).toMatch(told)
    })
  }
})

const THINGS: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    names: { plural: 'things', kind: 'Thing', singular: 'thing', listKind: 'ThingList' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
}

describe('a sandbox with the objects of a cluster', () => {
  let live: Sandbox
  let kubeconfig: string
  let close: () => Promise<void>
  const asked: string[] = []

  beforeAll(async () => {
    live = openSandbox({ clock: { now: () => 0, after: () => () => {} }, seed: 'live' })
    live.world.create(THINGS)
    live.world.create({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 't', namespace: 'default' } })
    const data = { password: Buffer.from('hunter2').toString('base64') }
    live.world.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default' }, data })
    const authority = createAuthority('live authority')
    const identity = issue(authority, { commonName: 'live', use: 'server', names: ['127.0.0.1'] })
    const handler = async (request: Request): Promise<Response> => {
      asked.push(request.method)
      const refused = new URL(request.url).pathname === '/api/v1/configmaps'
      const status: JsonObject = { kind: 'Status', status: 'Failure', message: 'no maps for Ana', code: 403 }
      return refused ? new Response(JSON.stringify(status), { status: 403 }) : await live.fetch(request)
    }
    const served = await serve({ handler, identity, port: 0, token: 'live' })
    close = served.close
    kubeconfig = join(folder, 'live')
    writeFileSync(kubeconfig, kubeconfigText({ url: served.url, authority: authority.certificate, token: 'live' }))
  })
  afterAll(() => close())

  it('has them with their uids, custom ones too; nothing but reading is asked of the cluster', async () => {
    const { seen } = await lookAt(
      ['--load', 'sandbox'],
      async (path) => {
        const [namespaces, things] = await Promise.all([objectsBehind(path, 'Namespace'), objectsBehind(path, 'Thing')])
        return { namespaces, things }
      },
      { KUBECONFIG: kubeconfig },
    )
    const uidOf = (name: string): unknown =>
      seen.namespaces.find(({ metadata }) => metadata.name === name)?.metadata.uid
    const liveUid = (name: string): unknown =>
      live.world.get({ apiVersion: 'v1', kind: 'Namespace', namespace: null, name })?.metadata.uid
    expect(namesOf(seen.things)).toEqual(['t'])
    expect(uidOf('default')).toBe(liveUid('default'))
    // By this one records know a cluster: the copy is another.
    expect(uidOf('kube-system')).not.toBe(liveUid('kube-system'))
    expect(new Set(asked)).toEqual(new Set(['GET']))
  })

  it('tells what could not be read, and holds no value of a Secret', async () => {
    const { seen, err } = await lookAt(['--load', 'sandbox'], (path) => objectsBehind(path, 'Secret'), {
      KUBECONFIG: kubeconfig,
    })
    expect(err).toMatch(/^reading sandbox\nread sandbox: \d+ objects in \d+\.\d s\n/)
    expect(err).toContain('! not loaded  configmaps: no maps for Ana')
    expect(Buffer.from(stringAt(seen[0], 'data', 'password') ?? '', 'base64').toString()).toContain('masked')
  })

  it('serves the kinds of the cluster', async () => {
    const { seen } = await lookAt(
      ['--load', 'sandbox'],
      async (path) => {
        const transport = openTransport(await loadCluster({ kubeconfig: path, env: {} }))
        const found = await discover(transport)
        await transport.close()
        return found.kinds.map(({ kind }) => kind)
      },
      { KUBECONFIG: kubeconfig },
    )
    expect(seen).toContain('Thing')
  })

  it('is refused where there is neither such a file nor such a context', async () => {
    const { code, err } = await run('sandbox --load prod', { env: { KUBECONFIG: kubeconfig } })
    expect(code).toBe(2)
    expect(err).toContain('there is neither a file nor a context "prod"')
    expect(err).toContain('choose one of: sandbox')
  })

  it('ends at Ctrl-C while it is being read', async () => {
    const io = testIo({ env: { KUBECONFIG: kubeconfig } })
    const code = main(['sandbox', '--load', 'sandbox'], io)
    io.interrupt()
    await vi.waitUntil(() => {
      io.interrupt()
      return io.seen.err.includes('✗')
    })
    expect([await code, io.seen.out]).toEqual([2, ''])
  })
})

// Artifacts in a real registry: who may read them, what a revision means, and what is refused.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeTool } from '../../../test/run/tool.ts'
import { packTar, packTarGz } from '../archive/testing/pack.ts'
import { systemClock } from '../clock.ts'
import { accessWith, OneAccess } from '../http/testing/access.ts'
import { faultOf } from '../source/contract.ts'
import { OciSource } from './oci-source.ts'
import { type RealRegistry, realRegistry, USER } from './testing/real-registry.ts'

const MANIFESTS = [{ path: './apps/web.yaml', content: 'kind: ConfigMap\n' }]
const CHART = [
  { path: 'shop/Chart.yaml', content: 'name: shop\n' },
  { path: 'shop/templates/a.yaml', content: 'a: 1\n' },
]
const TAR = 'application/vnd.oci.image.layer.v1.tar'
const TAR_GZ = 'application/vnd.oci.image.layer.v1.tar+gzip'
const CHART_TYPE = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'

/** Pushes an artifact of one layer, or of more. */
async function push(registry: RealRegistry, name: string, tag: string, layers: readonly (readonly [string, Buffer])[]) {
  const described = async ([mediaType, bytes]: readonly [string, Buffer]) => ({
    mediaType,
    digest: await registry.blob(name, bytes),
    size: bytes.length,
  })
  return registry.manifest(name, tag, {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: await described(['application/vnd.oci.empty.v1+json', Buffer.from('{}')]),
    layers: await Promise.all(layers.map(described)),
    annotations: {
      'org.opencontainers.image.title': 'the shop',
      'org.opencontainers.image.created': '2026-01-02T03:04:05Z',
    },
  })
}

describeTool('registry', 'artifacts of a registry', (path) => {
  const ends: (() => Promise<void>)[] = []
  const cache = mkdtempSync(join(tmpdir(), 'mainstay-oci-'))
  let open: RealRegistry
  let digest: string

  const sourceFor = (registry: RealRegistry, more: Parameters<typeof accessWith>[0] = {}) => {
    const accesses = new OneAccess(accessWith({ tls: { insecure: false, ca: registry.ca, client: null }, ...more }))
    const source = new OciSource({ cache, accesses, clock: systemClock })
    ends.push(() => source.close())
    return { source, accesses }
  }
  const read = async (source: OciSource, url: string, revision: string, file: string) => {
    const snapshot = await source.snapshot(await source.resolve(url, revision))
    return Buffer.from((await snapshot.read(file)).bytes).toString()
  }

  beforeAll(async () => {
    open = await realRegistry(path, 'anybody')
    ends.push(() => open.end())
    digest = await push(open, 'team/shop', '1.0.0', [[TAR_GZ, packTarGz(MANIFESTS)]])
    await push(open, 'team/shop', '1.2.0', [[TAR, packTar([{ path: 'apps/web.yaml', content: 'v: 1.2\n' }])]])
    await push(open, 'team/shop', '2.0.0-rc.1', [[TAR_GZ, packTarGz(MANIFESTS)]])
  })
  afterAll(async () => {
    for (const end of ends.reverse()) await end()
    rmSync(cache, { recursive: true, force: true })
  })

  it('are read by tag, digest and range; the revision is the digest and stays when the tag moves', async () => {
    const { source } = sourceFor(open)
    const url = `oci://${open.host}/team/shop`
    expect(await source.resolve(url, '1.0.0')).toMatchObject({
      commit: digest,
      ref: '1.0.0',
      subject: 'the shop',
      committedAt: '2026-01-02T03:04:05.000Z',
    })
    expect(await source.resolve(url, digest)).toMatchObject({ commit: digest, ref: null })
    expect((await source.resolve(url, '>=1.0.0 <1.2')).commit).toBe(digest)
    expect((await source.resolve(url, '^1')).ref).toBe('1.2.0')
    expect(await read(source, url, '^1', 'apps/web.yaml')).toBe('v: 1.2\n')
    const before = await source.resolve(url, '1.0.0')
    await push(open, 'team/shop', '1.0.0', [[TAR_GZ, packTarGz([{ path: 'apps/web.yaml', content: 'moved: 1\n' }])]])
    expect((await source.resolve(url, '1.0.0')).commit).not.toBe(digest)
    const snapshot = await source.snapshot(before)
    expect(Buffer.from((await snapshot.read('apps/web.yaml')).bytes).toString()).toBe('kind: ConfigMap\n')
  })

  it('give a chart from its own folder on', async () => {
    const signature = 'application/vnd.cncf.helm.chart.provenance.v1.prov'
    await push(open, 'charts/shop', '1.0.0', [
      [CHART_TYPE, packTarGz(CHART)],
      [signature, Buffer.from('signed')],
    ])
    const { source } = sourceFor(open)
    expect(await read(source, `oci://${open.host}/charts/shop`, '1.0.0', 'templates/a.yaml')).toBe('a: 1\n')
  })

  it('are fetched once and kept by digest, and what is damaged at rest is fetched again', async () => {
    const { source } = sourceFor(open)
    const url = `oci://${open.host}/team/kept`
    await push(open, 'team/kept', '1.0.0', [[TAR_GZ, packTarGz([{ path: 'a.yaml', content: 'kept: 1\n' }])]])
    const before = new Set(readdirSync(join(cache, 'archives')))
    expect(await read(source, url, '1.0.0', 'a.yaml')).toBe('kept: 1\n')
    const [kept] = readdirSync(join(cache, 'archives')).filter((name) => !before.has(name))
    writeFileSync(join(cache, 'archives', kept ?? ''), 'damaged')
    expect(await read(sourceFor(open).source, url, '1.0.0', 'a.yaml')).toBe('kept: 1\n')
  })

  it.each<[string, string, string]>([
    ['a tag that is not there', '9.9.9', 'not-found'],
    ['a range that nothing is in', '^7', 'not-found'],
    ['a word that is neither', 'no such/tag', 'not-found'],
    ['a digest that is not there', `sha256:${'0'.repeat(64)}`, 'not-found'],
    ['more than a registry takes for a tag', 'x'.repeat(200), 'not-found'],
  ])('have no %s', async (_, revision, kind) => {
    const { source } = sourceFor(open)
    const fault = await faultOf(source.resolve(`oci://${open.host}/team/shop`, revision))
    expect(fault.kind).toBe(kind)
    expect(fault.fix.length).toBeGreaterThan(0)
  })

  it('are refused with several layers, layers of another kind, and as an index of platforms', async () => {
    const { source } = sourceFor(open)
    const layer = packTarGz(MANIFESTS)
    const url = `oci://${open.host}/team/odd`
    await push(open, 'team/odd', 'two', [
      [TAR_GZ, layer],
      [TAR_GZ, layer],
    ])
    await push(open, 'team/odd', 'zip', [['application/zip', layer]])
    const one = await push(open, 'team/odd', 'one', [[TAR_GZ, layer]])
    const index = 'application/vnd.oci.image.index.v1+json'
    const manifests = [{ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: one, size: 1 }]
    await open.manifest('team/odd', 'index', { schemaVersion: 2, mediaType: index, manifests }, index)
    for (const [tag, why] of [
      ['two', '2 layers'],
      ['zip', 'application/zip'],
    ]) {
      const revision = await source.resolve(url, tag ?? '')
      expect(await faultOf(source.snapshot(revision))).toMatchObject({
        kind: 'unsupported',
        why: expect.stringContaining(why ?? ''),
      })
    }
    expect((await faultOf(source.resolve(url, 'index'))).what).toContain('index of several manifests')
  })

  it('are not read from a registry whose certificate nobody trusts', async () => {
    const { source } = sourceFor(open, { tls: { insecure: false, ca: null, client: null } })
    const fault = await faultOf(source.resolve(`oci://${open.host}/team/shop`, '1.0.0'))
    expect(fault.kind).toBe('unreachable')
    expect(fault.fix[0]).toContain('mainstay cert add-tls 127.0.0.1')
    const { source: careless } = sourceFor(open, { tls: { insecure: true, ca: null, client: null } })
    expect((await careless.resolve(`oci://${open.host}/team/shop`, '1.2.0')).ref).toBe('1.2.0')
  })

  describe.each(['password', 'token'] as const)('where users have a %s', (users) => {
    let registry: RealRegistry
    beforeAll(async () => {
      registry = await realRegistry(path, users)
      ends.push(() => registry.end())
      await push(registry, 'team/shop', '1.0.0', [[TAR_GZ, packTarGz(MANIFESTS)]])
    })

    it('are read with the right credentials, asked for once', async () => {
      const { source } = sourceFor(registry, { auth: USER })
      const asked = registry.tokens.length
      expect(await read(source, `oci://${registry.host}/team/shop`, '^1', 'apps/web.yaml')).toBe('kind: ConfigMap\n')
      await source.resolve(`oci://${registry.host}/team/shop`, '1.0.0')
      expect(registry.tokens.length - asked).toBe(users === 'token' ? 1 : 0)
    })

    it('are refused without credentials or with wrong ones, which are not shown, and read again once they are right', async () => {
      const url = `oci://${registry.host}/team/shop`
      const wrong = { kind: 'basic', username: 'robot', password: 'gone-with-the-wind' } as const
      const { source, accesses } = sourceFor(registry, { auth: wrong })
      const fault = await faultOf(source.resolve(url, '1.0.0'))
      expect(fault).toMatchObject({ kind: 'unauthorized', why: expect.stringContaining('Secret argocd/repo-test') })
      expect(JSON.stringify(fault)).not.toContain('wind')
      expect((await faultOf(sourceFor(registry).source.resolve(url, '1.0.0'))).kind).toBe('unauthorized')
      accesses.access = accessWith({ ...accesses.access, auth: USER, version: 'rotated' })
      expect((await source.resolve(url, '1.0.0')).ref).toBe('1.0.0')
    })
  })
})

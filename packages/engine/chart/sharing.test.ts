// What repositories of charts may not share: archives that only one of them may read, and what we are to one of them.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { packTarGz } from '../archive/testing/pack.ts'
import { systemClock } from '../clock.ts'
import { testAuthority } from '../cluster/testing/certificates.ts'
import { type FakeServer, fakeServer, type Reply, type Seen } from '../cluster/testing/fake-server.ts'
import { accessWith, OneAccess } from '../http/testing/access.ts'
import { OciSource } from '../oci/oci-source.ts'
import { faultOf } from '../source/contract.ts'
import type { Revision, Snapshot } from '../source/source.ts'
import { ChartSource } from './chart-source.ts'

const SHOP = { chart: { name: 'shop', passCredentials: false } }
const ARCHIVE = packTarGz([{ path: 'shop/Chart.yaml', content: 'name: shop\nversion: 1.0.0\n' }])
const DIGEST = createHash('sha256').update(ARCHIVE).digest('hex')
const authority = testAuthority()
const tls = { insecure: false, ca: authority.ca, client: null }

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function server(answer: (seen: Seen) => Reply): Promise<FakeServer> {
  const started = await fakeServer(answer, { tls: authority, names: ['127.0.0.1'] })
  ends.push(() => started.close())
  return started
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'mainstay-sharing-'))
  ends.push(() => rmSync(made, { recursive: true, force: true }))
  return made
}

function charts(cache: string, more: Parameters<typeof accessWith>[0] = {}): ChartSource {
  const source = new ChartSource({ cache, accesses: new OneAccess(accessWith({ tls, ...more })), clock: systemClock })
  ends.push(() => source.close())
  return source
}

const index = (url: string) =>
  `apiVersion: v1\nentries:\n  shop:\n  - version: 1.0.0\n    digest: ${DIGEST}\n    urls: ["${url}"]\n`

/** Serves an index that names the archive, and the archive where it has it. */
const repository = (has: boolean) => (seen: Seen) =>
  seen.path === '/index.yaml' ? { text: index('shop.tgz') } : has ? { text: ARCHIVE } : { status: 404 }

describe('an archive that one repository hides', () => {
  const read = async (
    source: {
      resolve: (url: string, revision: string, options: typeof SHOP) => Promise<Revision>
      snapshot: (revision: Revision) => Promise<Snapshot>
    },
    url: string,
  ) => source.snapshot(await source.resolve(url, '1.0.0', SHOP))

  it('is not given to another repository whose index names its digest', async () => {
    const cache = folder()
    await read(charts(cache), (await server(repository(true))).url)
    const other = await server(repository(false))
    expect((await faultOf(read(charts(cache), other.url))).kind).toBe('not-found')
  })

  it('is not given to an artifact whose manifest names its digest', async () => {
    const cache = folder()
    await read(charts(cache), (await server(repository(true))).url)
    const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip'
    const layers = [{ mediaType, digest: `sha256:${DIGEST}`, size: ARCHIVE.length }]
    const registry = await server(({ path }) =>
      path.includes('/manifests/') ? { text: JSON.stringify({ schemaVersion: 2, layers }) } : { status: 404 },
    )
    const accesses = new OneAccess(accessWith({ tls }))
    const source = new OciSource({ cache, accesses, clock: systemClock })
    ends.push(() => source.close())
    const url = `${registry.url.replace('https://', 'oci://')}/team/shop`
    expect((await faultOf(read(source, url))).kind).toBe('not-found')
  })

  it('is not given to who reaches the same repository by another entry, which may check nothing', async () => {
    const cache = folder()
    let has = true
    const { url } = await server((seen) => repository(has)(seen))
    await read(charts(cache, { origin: 'Secret argocd/ours' }), url)
    has = false
    expect((await faultOf(read(charts(cache, { origin: 'Secret argocd/theirs' }), url))).kind).toBe('not-found')
    await read(charts(cache, { origin: 'Secret argocd/ours' }), url)
  })
})

describe('a registry', () => {
  const address = ({ url }: FakeServer) => `${url.replace('https://', '')}/charts`
  const oci = { enabled: true, plainHttp: false }

  it('that lists no tags for us has the version that is named all the same', async () => {
    const layers = [
      { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', digest: `sha256:${DIGEST}`, size: 1 },
    ]
    const registry = await server(({ path }) =>
      path.endsWith('/manifests/1.0.0_a')
        ? { text: JSON.stringify({ schemaVersion: 2, layers }) }
        : { status: path.includes('/tags/') ? 403 : path.includes('/manifests/') ? 404 : 200, text: ARCHIVE },
    )
    const source = charts(folder(), { oci })
    const revision = await source.resolve(address(registry), '1.0.0+a', SHOP)
    expect(revision.commit).toBe('1.0.0+a')
    await source.snapshot(revision)
    expect((await faultOf(source.resolve(address(registry), '^1', SHOP))).kind).toBe('forbidden')
  })

  it('that gives tokens to everybody is read without credentials, in whatever order it names its ways', async () => {
    const registry: FakeServer = await server(({ path, headers }) => {
      if (path === '/token') return { json: { token: 't' } }
      if (headers.authorization === 'Bearer t') return { json: { tags: ['1.0.0'] } }
      return { status: 401, headers: { 'www-authenticate': `Basic realm="x", Bearer realm="${registry.url}/token"` } }
    })
    const source = charts(folder(), { oci })
    expect((await source.resolve(address(registry), '*', SHOP)).commit).toBe('1.0.0')
  })
})

describe('who we are to a repository', () => {
  const client = authority.issue('mainstay')
  const withClient = {
    tls: { ...tls, client },
    auth: { kind: 'basic', username: 'ana', password: 'correct-horse' },
  } as const

  it('is not told to another host that the index sends us to, by no certificate either', async () => {
    const elsewhere = await server(() => ({ text: ARCHIVE }))
    const { seen, url } = await server(() => ({ text: index(`${elsewhere.url}/shop.tgz`) }))
    const source = charts(folder(), withClient)
    await source.snapshot(await source.resolve(url, '1.0.0', SHOP))
    expect(seen[0]).toMatchObject({ client: 'mainstay' })
    expect(elsewhere.seen).toMatchObject([{ client: null }])
    expect(elsewhere.seen[0]?.headers.authorization).toBeUndefined()
  })

  it('is not told to a host that a registry redirects to and that asks for it', async () => {
    const elsewhere: FakeServer = await server(({ path }) => {
      const realm = `${elsewhere.url}/token`
      return path === '/token'
        ? { json: { token: 't' } }
        : { status: 401, headers: { 'www-authenticate': `Bearer realm="${realm}"` } }
    })
    const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip'
    const layers = [{ mediaType, digest: `sha256:${DIGEST}`, size: ARCHIVE.length }]
    const registry = await server(({ path }) =>
      path.includes('/manifests/')
        ? { text: JSON.stringify({ schemaVersion: 2, layers }) }
        : { status: 307, headers: { location: `${elsewhere.url}/blob` } },
    )
    const source = new OciSource({
      cache: folder(),
      accesses: new OneAccess(accessWith(withClient)),
      clock: systemClock,
    })
    ends.push(() => source.close())
    const revision = await source.resolve(`${registry.url.replace('https://', 'oci://')}/team/shop`, '1.0.0')
    expect((await faultOf(source.snapshot(revision))).kind).toBe('unauthorized')
    expect(elsewhere.seen.map(({ path, client, headers }) => [path, client, headers.authorization])).toEqual([
      ['/blob', null, undefined],
    ])
  })
})

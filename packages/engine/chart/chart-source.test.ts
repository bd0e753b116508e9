// Charts of Helm repositories made by the real helm, and of a real registry that helm pushes to.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeTool } from '../../../test/run/tool.ts'
import { systemClock } from '../clock.ts'
import { testAuthority } from '../cluster/testing/certificates.ts'
import { type FakeServer, fakeServer, type Reply, type Seen } from '../cluster/testing/fake-server.ts'
import { accessWith, OneAccess } from '../http/testing/access.ts'
import { type RealRegistry, realRegistry, USER } from '../oci/testing/real-registry.ts'
import { basicHeader } from '../oci/token.ts'
import { faultOf } from '../source/contract.ts'
import { ChartSource } from './chart-source.ts'

const SHOP = { chart: { name: 'shop', passCredentials: false } }
const VERSIONS = ['1.0.0', '1.2.0', '1.10.0', '2.0.0-rc.1', '1.2.1+build.5']

/** Packages the versions of a chart with the real helm; gives the folder of the archives. */
function packaged(helm: string, folder: string): void {
  const chart = join(folder, 'src', 'shop')
  mkdirSync(join(chart, 'templates'), { recursive: true })
  writeFileSync(join(chart, 'templates', 'a.yaml'), 'version: {{ .Chart.Version }}\n')
  for (const version of VERSIONS) {
    writeFileSync(join(chart, 'Chart.yaml'), `apiVersion: v2\nname: shop\nversion: ${version}\ndescription: sells\n`)
    execFileSync(helm, ['package', chart, '--destination', folder], { env: { HOME: folder }, stdio: 'pipe' })
  }
}

describeTool('helm', 'charts', (helm) => {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-charts-'))
  const cache = join(folder, 'cache')
  const authority = testAuthority()
  const ends: (() => Promise<void>)[] = []
  let server: FakeServer
  let elsewhere: FakeServer
  /** What the server answers instead of its files. */
  let instead: (seen: Seen) => Reply | null = () => null

  const file = (name: string) => readFileSync(join(folder, name))
  const etag = () => `"${file('index.yaml').length}"`
  const answer = (seen: Seen): Reply => {
    const special = instead(seen)
    if (special !== null) return special
    if (seen.headers.authorization !== basicHeader(USER)) return { status: 401, text: 'who are you?' }
    if (seen.path === '/charts/index.yaml') {
      if (seen.headers['if-none-match'] === etag()) return { status: 304 }
      return { text: file('index.yaml'), headers: { etag: etag() } }
    }
    const name = seen.path.replace('/charts/', '')
    return /^shop-[^/]+\.tgz$/.test(name) ? { text: file(name) } : { status: 404 }
  }
  const sourceFor = (more: Parameters<typeof accessWith>[0] = {}) => {
    const tls = { insecure: false, ca: authority.ca, client: null }
    const source = new ChartSource({
      cache,
      accesses: new OneAccess(accessWith({ tls, auth: USER, ...more })),
      clock: systemClock,
    })
    ends.push(() => source.close())
    return source
  }
  const url = () => `${server.url}/charts`
  const read = async (source: ChartSource, revision: string, options = SHOP) => {
    const snapshot = await source.snapshot(await source.resolve(url(), revision, options))
    return Buffer.from((await snapshot.read('Chart.yaml')).bytes).toString()
  }
  /** Writes an index over the archives that says what a test wants. */
  const index = (edit: (text: string) => string = (text) => text, address = '') => {
    rmSync(join(folder, 'index.yaml'), { force: true })
    const args = ['repo', 'index', folder, ...(address === '' ? [] : ['--url', address])]
    execFileSync(helm, args, { env: { HOME: folder }, stdio: 'pipe' })
    writeFileSync(join(folder, 'index.yaml'), edit(file('index.yaml').toString()))
  }

  beforeAll(async () => {
    packaged(helm, folder)
    index()
    server = await fakeServer(answer, { tls: authority, names: ['127.0.0.1'] })
    elsewhere = await fakeServer(({ path }) => ({ text: file(path.slice(1)) }), {
      tls: authority,
      names: ['127.0.0.1'],
    })
    ends.push(
      () => server.close(),
      () => elsewhere.close(),
    )
  })
  afterAll(async () => {
    for (const end of ends.reverse()) await end()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each([
    ['1.2.0', '1.2.0'],
    ['1.2', '1.2.1+build.5'],
    ['^1', '1.10.0'],
    ['>=1.0.0-0', '2.0.0-rc.1'],
    ['HEAD', '1.10.0'],
    ['*', '1.10.0'],
    ['v1.0.0', '1.0.0'],
    ['1.2.1+build.5', '1.2.1+build.5'],
  ])('of a Helm repository: %s is version %s', async (wanted, version) => {
    const source = sourceFor()
    expect(await source.resolve(url(), wanted, SHOP)).toMatchObject({
      commit: version,
      subject: 'sells',
      chart: SHOP.chart,
    })
    expect(await read(source, wanted)).toContain(`version: ${version}\n`)
  })

  it('are read from their own folder on, and a link out of the archive is not followed', async () => {
    const source = sourceFor()
    const snapshot = await source.snapshot(await source.resolve(url(), '1.0.0', SHOP))
    expect((await snapshot.list('', { recurse: true })).map(({ path }) => path)).toEqual([
      'Chart.yaml',
      'templates',
      'templates/a.yaml',
    ])
  })

  it('ask for an index again only when it changed, and for an archive once', async () => {
    rmSync(cache, { recursive: true, force: true })
    const source = sourceFor()
    const before = server.seen.length
    await read(source, '1.0.0')
    await read(source, '1.0.0')
    await read(sourceFor(), '1.0.0')
    const seen = server.seen.slice(before)
    expect(seen.filter(({ path }) => path.endsWith('.tgz')).length).toBe(1)
    const [first, ...later] = seen.filter(({ path }) => path.endsWith('index.yaml'))
    expect(first?.headers['if-none-match']).toBeUndefined()
    expect(later.some(({ headers }) => headers['if-none-match'] === etag())).toBe(true)
  })

  it.each<[string, string, string, string]>([
    ['a version that is not there', 'shop', '9.9.9', 'not-found'],
    ['a range that nothing is in', 'shop', '>3', 'not-found'],
    ['a word that is no version', 'shop', 'main', 'invalid-input'],
    ['a chart that is not there', 'shelf', '1.0.0', 'not-found'],
  ])('do not have %s', async (_, name, revision, kind) => {
    const fault = await faultOf(sourceFor().resolve(url(), revision, { chart: { name, passCredentials: false } }))
    expect(fault.kind).toBe(kind)
    expect(fault.fix.length).toBeGreaterThan(0)
  })

  it('are refused where the archive is not what the index promises', async () => {
    rmSync(cache, { recursive: true, force: true })
    index((text) => text.replaceAll(/digest: [0-9a-f]{64}/g, `digest: ${'0'.repeat(64)}`))
    const fault = await faultOf(read(sourceFor(), '1.0.0'))
    expect(fault).toMatchObject({ kind: 'source-unreadable', why: expect.stringContaining('the index says 000') })
    index()
  })

  it('of another host than the index are asked for without credentials, unless the source passes them on', async () => {
    rmSync(cache, { recursive: true, force: true })
    index(undefined, elsewhere.url)
    await read(sourceFor(), '1.0.0')
    expect(elsewhere.seen.at(-1)?.headers.authorization).toBeUndefined()
    rmSync(cache, { recursive: true, force: true })
    await read(sourceFor(), '1.0.0', { chart: { name: 'shop', passCredentials: true } })
    expect(elsewhere.seen.at(-1)?.headers.authorization).toBe(basicHeader(USER))
    index()
  })

  it('keep credentials from a host that the server redirects to, and follow no redirect to plain HTTP', async () => {
    rmSync(cache, { recursive: true, force: true })
    instead = ({ path }) =>
      path.endsWith('.tgz')
        ? { status: 302, headers: { location: `${elsewhere.url}/${path.split('/').at(-1)}` } }
        : null
    await read(sourceFor(), '1.0.0')
    expect(elsewhere.seen.at(-1)?.headers.authorization).toBeUndefined()
    instead = () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/index.yaml' } })
    expect((await faultOf(sourceFor().resolve(url(), '1.0.0', SHOP))).why).toContain('not an https URL')
    instead = () => null
  })

  it.each<[string, Reply, string]>([
    ['that is a web page', { text: '<html>\n  <p>: no index</html>' }, 'source-unreadable'],
    ['that is a list', { text: '- a\n- b\n' }, 'source-unreadable'],
    ['that is an error', { json: { error: 'the backend is down' } }, 'source-unreadable'],
    ['that is refused', { status: 403 }, 'forbidden'],
    ['that is not there', { status: 404 }, 'not-found'],
    ['of a server that always fails', { status: 503 }, 'source-unreadable'],
    ['that closes midway', { text: 'entries:\n', headers: { 'content-length': '900' }, reset: true }, 'unreachable'],
    ['that redirects in circles', { status: 302, headers: { location: '/charts/index.yaml' } }, 'source-unreadable'],
  ])('have no index %s', async (_, reply, kind) => {
    instead = () => reply
    const fault = await faultOf(sourceFor().resolve(url(), '1.0.0', SHOP))
    instead = () => null
    expect(fault.kind).toBe(kind)
    expect(fault.fix.length).toBeGreaterThan(0)
  })

  it('are refused with wrong credentials, which are not shown', async () => {
    const auth = { kind: 'basic', username: 'robot', password: 'gone-with-the-wind' } as const
    const fault = await faultOf(sourceFor({ auth }).resolve(url(), '1.0.0', SHOP))
    expect(fault).toMatchObject({ kind: 'unauthorized', why: expect.stringContaining('Secret argocd/repo-test') })
    expect(JSON.stringify(fault)).not.toContain('wind')
  })

  it.each(['ftp://charts.example.com', 'https://user:password@charts.example.com', 'charts', ''])(
    'have no Helm repository at %j',
    async (address) => {
      const fault = await faultOf(sourceFor().resolve(address, '1.0.0', SHOP))
      expect(fault.kind).toBe('invalid-input')
      expect(JSON.stringify(fault)).not.toContain('password@')
    },
  )

  it.each([
    ['https://ana:p4ss/w0rd@charts.example.com', false],
    ['oci://ana:p4ss/w0rd@registry.example.com/x', true],
    ['ana:p4ss/w0rd@registry.example.com/x', true],
  ])('have no repository at %j, and nothing shows what could be its password', async (address, enabled) => {
    const fault = await faultOf(sourceFor({ oci: { enabled, plainHttp: false } }).resolve(address, '1.0.0', SHOP))
    expect(fault.kind).toBe('invalid-input')
    expect(JSON.stringify(fault)).not.toContain('w0rd')
  })

  describeTool('registry', 'of a registry that helm pushed to', (program) => {
    let registry: RealRegistry
    beforeAll(async () => {
      registry = await realRegistry(program, 'anybody')
      ends.push(() => registry.end())
      writeFileSync(join(folder, 'ca.pem'), registry.ca)
      for (const version of VERSIONS) {
        const args = ['push', join(folder, `shop-${version}.tgz`), `oci://${registry.host}/charts`]
        execFileSync(helm, [...args, '--ca-file', join(folder, 'ca.pem')], { env: { HOME: folder }, stdio: 'pipe' })
      }
    })

    it.each([
      ['1.0.0', '1.0.0'],
      ['1.2', '1.2.1+build.5'],
      ['^1', '1.10.0'],
    ])('%s is version %s, with the scheme and as Argo CD writes it', async (wanted, version) => {
      const tls = { insecure: false, ca: registry.ca, client: null }
      for (const [address, enabled] of [
        [`oci://${registry.host}/charts`, false],
        [`${registry.host}/charts`, true],
      ] as const) {
        const source = sourceFor({ tls, auth: { kind: 'none' }, oci: { enabled, plainHttp: false } })
        const revision = await source.resolve(address, wanted, SHOP)
        expect(revision.commit).toBe(version)
        const chart = await (await source.snapshot(revision)).read('Chart.yaml')
        expect(Buffer.from(chart.bytes).toString()).toContain(`version: ${version}\n`)
      }
    })
  })
})

// Which entry speaks for a repository, and the way that follows from it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_CREDENTIALS, type RepositoryEntry } from './entry.ts'
import { matchRepository } from './match.ts'
import { reach } from './reach.ts'
import { entryOf } from './testing.ts'
import { NO_TRUST } from './trust.ts'
import { isPrefix, normalizedUrl } from './url.ts'

const URL = 'https://git.example.com/ops/shop'
const bare = { credentials: NO_CREDENTIALS }

function matched(entries: readonly RepositoryEntry[], url = URL, project: string | null = null): string | undefined {
  return matchRepository(url, project, entries).credentials?.origin
}

describe('matchRepository', () => {
  it('takes the entry of exactly this URL, however it is spelt, before a prefix', () => {
    const exact = entryOf('HTTPS://git.example.com/Ops/shop.git', { origin: 'exact' })
    expect(matched([entryOf('https://git.example.com/', { scope: 'prefix', origin: 'prefix' }), exact])).toBe('exact')
  })

  it('takes the longest prefix', () => {
    const prefix = (url: string): RepositoryEntry => entryOf(url, { scope: 'prefix', origin: url })
    const entries = ['https://git.example.com', 'https://git.example.com/ops', 'https://git.example.com/other'].map(
      prefix,
    )
    expect(matched(entries)).toBe('https://git.example.com/ops')
  })

  it("takes the project's own before everybody's, and never another project's", () => {
    const entries = [entryOf(URL, { origin: 'all' }), entryOf(URL, { origin: 'retail', project: 'retail' })]
    expect(matched(entries, URL, 'retail')).toBe('retail')
    expect(matched(entries, URL, 'other')).toBe('all')
    expect(matched(entries, URL, null)).toBe('all')
    expect(matched(entries.slice(1), URL, 'other')).toBeUndefined()
  })

  it("takes this machine's own before a Secret for the same URL", () => {
    const own = entryOf(URL, { from: 'machine', origin: 'mainstay repo add' })
    expect(matched([entryOf(URL, { project: 'retail' }), own], URL, 'retail')).toBe('mainstay repo add')
  })

  it('inherits credentials from a prefix where the entry has none, and keeps what the entry says', () => {
    const entry = entryOf(URL, { ...bare, origin: 'entry', insecure: true, proxy: 'http://proxy:3128' })
    const prefix = entryOf('https://git.example.com', { scope: 'prefix', origin: 'prefix', proxy: 'http://other' })
    const way = reach(URL, matchRepository(URL, null, [entry, prefix]), NO_TRUST)
    expect(way).toMatchObject({
      kind: 'access',
      access: {
        auth: { kind: 'basic', username: 'ana', password: 'password of https://git.example.com' },
        ...{ tls: { insecure: true }, proxy: 'http://proxy:3128', origin: 'entry, prefix' },
      },
    })
  })

  const entries = fc.array(
    fc.record({
      scope: fc.constantFrom('exact' as const, 'prefix' as const),
      url: fc.constantFrom(URL, `${URL}.git`, 'https://git.example.com', 'https://git.example.com/ops', 'https://git'),
      project: fc.constantFrom(null, 'retail', 'other'),
      from: fc.constantFrom('machine' as const, 'control-plane' as const),
      origin: fc.constantFrom('a', 'b', 'c', 'd'),
      secret: fc.boolean(),
    }),
    { maxLength: 6 },
  )
  const made = entries.map((list) =>
    list.map(({ secret, url, ...parts }, index) =>
      entryOf(url, { ...parts, origin: `${parts.origin}${index}`, ...(secret ? {} : bare) }),
    ),
  )

  it('gives the same whatever the order of the entries', () => {
    fc.assert(
      fc.property(made, fc.constantFrom(null, 'retail'), fc.infiniteStream(fc.nat()), (list, project, random) => {
        const shuffled = list
          .map((entry) => [random.next().value ?? 0, entry] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, entry]) => entry)
        expect(matchRepository(URL, project, shuffled)).toEqual(matchRepository(URL, project, list))
      }),
    )
  })

  it('never lets a longer prefix lose, and never takes what another project wrote', () => {
    fc.assert(
      fc.property(made, fc.constantFrom(null, 'retail'), (list, project) => {
        const { credentials } = matchRepository(URL, project, list)
        expect([null, project]).toContain(credentials?.project ?? null)
        if (credentials?.scope !== 'prefix') return
        for (const each of list) {
          const fits = each.scope === 'prefix' && isPrefix(normalizedUrl(each.url), normalizedUrl(URL))
          if (!fits || (each.project !== null && each.project !== project)) continue
          expect(normalizedUrl(each.url).length).toBeLessThanOrEqual(normalizedUrl(credentials.url).length)
        }
      }),
    )
  })
})

describe('reach', () => {
  const way = (url: string, parts: Partial<RepositoryEntry>) =>
    reach(url, matchRepository(url, null, [entryOf(url, parts)]), {
      knownHosts: 'git.example.com ssh-ed25519 AAAA',
      certificates: { 'git.example.com': 'ALL', 'git.example.com:8443': 'PORT' },
    })
  const authOf = (url: string, credentials: Partial<RepositoryEntry['credentials']>) => {
    const found = way(url, { credentials: { ...NO_CREDENTIALS, ...credentials } })
    return found.kind === 'access' ? found.access.auth : found
  }
  const SSH = 'git@git.example.com:ops/shop'
  const githubApp = { appId: 1, installationId: null, privateKey: 'K', baseUrl: null }

  it('reaches a repository that nobody wrote about without credentials', () => {
    const found = reach(URL, matchRepository(URL, null, []), NO_TRUST)
    expect(found).toMatchObject({ kind: 'access', access: { auth: { kind: 'none' }, origin: 'no credentials' } })
  })

  it('chooses as Argo CD does: password, token, key, GitHub App; over SSH the key', () => {
    const all = { password: 'p', bearerToken: 't', sshPrivateKey: 'k', githubApp }
    expect(authOf(URL, all)).toMatchObject({ kind: 'basic' })
    expect(authOf(URL, { ...all, password: null })).toEqual({ kind: 'bearer', token: 't' })
    expect(authOf(SSH, all)).toEqual({ kind: 'ssh-key', privateKey: 'k', passphrase: null })
    expect(authOf(URL, { githubApp })).toEqual({ kind: 'github-app', ...githubApp })
  })

  it('assumes the user that takes tokens where only a password is written for Git', () => {
    expect(authOf(URL, { password: 'p' })).toEqual({ kind: 'basic', username: 'x-access-token', password: 'p' })
    expect(authOf('https://ana@git.example.com/x', { password: 'p' })).toMatchObject({ username: '' })
  })

  it('says what is not supported only where nothing else is written', () => {
    const found = way(URL, { credentials: { ...NO_CREDENTIALS, unsupported: ['gcpServiceAccountKey'] } })
    expect(found).toMatchObject({ kind: 'problems', problems: [{ field: 'gcpServiceAccountKey' }] })
    expect(authOf(URL, { unsupported: ['gcpServiceAccountKey'], password: 'p' })).toMatchObject({ kind: 'basic' })
  })

  it('never uses an entry with problems as if they were not there', () => {
    const problem = { where: 'Secret argocd/x', field: 'insecure', what: 'wrong', fix: 'right' }
    expect(way(URL, { problems: [problem] })).toMatchObject({ kind: 'problems', problems: [problem] })
  })

  it('trusts the certificates of the host, those for its port before those for all', () => {
    const ca = (url: string) => {
      const found = way(url, {})
      return found.kind === 'access' ? found.access.tls.ca : undefined
    }
    expect([ca(URL), ca('https://git.example.com:8443/x'), ca('https://other.example.com/x')]).toEqual([
      'ALL',
      'PORT',
      null,
    ])
  })

  it('takes charts of a URL without a scheme for those of a registry', () => {
    const enabled = (url: string) => {
      const found = reach(url, matchRepository(url, null, []), NO_TRUST)
      return found.kind === 'access' && found.access.oci.enabled
    }
    expect([enabled('ghcr.io/acme'), enabled('registry.example.com:5000/charts')]).toEqual([true, true])
    expect([enabled(URL), enabled(SSH), enabled('/srv/git/x')]).toEqual([false, false, false])
  })

  it('checks no host key where somebody wrote insecure, and every one else', () => {
    const hostKeys = (insecure: boolean) => {
      const found = way(SSH, { insecure })
      return found.kind === 'access' ? found.access.hostKeys.kind : undefined
    }
    expect([hostKeys(true), hostKeys(false)]).toEqual(['unchecked', 'known'])
  })
})

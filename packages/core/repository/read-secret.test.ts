// Argo CD's Secrets about repositories as entries.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64 } from '../object/base64.ts'
import { canonicalJson } from '../object/canonical.ts'
import type { RepositoryEntry } from './entry.ts'
import { readRepositorySecret } from './read-secret.ts'
import { secretOf } from './testing.ts'

const URL = 'https://git.example.com/ops/shop.git'

function read(values: Readonly<Record<string, string>>, type = 'repository'): RepositoryEntry {
  const entry = readRepositorySecret(secretOf('repo-shop', type, { url: URL, ...values }))
  if (entry === null) throw new TypeError('it was to be an entry')
  return entry
}

describe('readRepositorySecret', () => {
  it('reads a user and a password', () => {
    const entry = read({ type: 'git', name: 'shop', project: 'retail', username: 'ana', password: 'pässwörd' })
    expect(entry).toMatchObject({ scope: 'exact', url: URL, type: 'git', name: 'shop', project: 'retail' })
    expect(entry.credentials).toMatchObject({ username: 'ana', password: 'pässwörd', sshPrivateKey: null })
    expect(entry).toMatchObject({ from: 'control-plane', origin: 'Secret argocd/repo-shop', problems: [] })
  })

  it('reads credentials for a prefix', () => {
    expect(read({ bearerToken: 't' }, 'repo-creds')).toMatchObject({
      scope: 'prefix',
      credentials: { bearerToken: 't' },
    })
  })

  it.each(['cluster', 'repository-write', 'repo-write-creds', 'scm-creds', 'Repository'])(
    'leaves a Secret of type %s',
    (type) => {
      expect(readRepositorySecret(secretOf('x', type, { url: URL }))).toBeNull()
    },
  )

  it('reads booleans as texts, in all spellings of Argo CD', () => {
    expect(read({ insecure: 'True' }).insecure).toBe(true)
    expect(read({ insecureIgnoreHostKey: '1' }).insecure).toBe(true)
    expect(read({ insecure: 'f', insecureIgnoreHostKey: '' }).insecure).toBe(false)
    const flags = read({ enableLfs: 'true', enableOCI: 't', insecureOCIForceHttp: 'TRUE', forceHttpBasicAuth: 'true' })
    expect(flags).toMatchObject({ lfs: true, oci: { enabled: true, plainHttp: true }, forceBasicAuth: true })
  })

  it('names Secret and key of what it does not understand, and never the value', () => {
    const entry = read({ insecure: 'yes-s3cret', type: 'svn-s3cret', githubAppID: 's3cret' })
    expect(entry.problems.map(({ where, field }) => [where, field])).toEqual([
      ['Secret argocd/repo-shop', 'type'],
      ['Secret argocd/repo-shop', 'githubAppID'],
      ['Secret argocd/repo-shop', 'insecure'],
    ])
    expect(JSON.stringify(entry.problems)).not.toContain('s3cret')
  })

  it('reads a GitHub App, and takes installation 0 for none', () => {
    const app = { githubAppID: '12', githubAppInstallationID: '0', githubAppPrivateKey: 'KEY' }
    const baseUrl = 'https://github.example.com/api/v3'
    expect(read({ ...app, githubAppEnterpriseBaseUrl: baseUrl }).credentials.githubApp).toEqual({
      ...{ appId: 12, installationId: null, privateKey: 'KEY', baseUrl },
    })
    expect(read({ githubAppPrivateKey: 'KEY' }).problems.map(({ field }) => field)).toEqual(['githubAppID'])
  })

  it('wants a client certificate with its key', () => {
    expect(read({ tlsClientCertData: 'C', tlsClientCertKey: 'K' })).toMatchObject({
      ...{ problems: [], credentials: { tlsClientCert: 'C', tlsClientKey: 'K' } },
    })
    expect(read({ tlsClientCertData: 'C' }).problems.map(({ field }) => field)).toEqual(['tlsClientCertKey'])
  })

  it('knows both spellings of the keys of Azure (…Id in repository, …ID in repo-creds)', () => {
    expect(read({ azureServicePrincipalClientId: 'x' }).credentials.unsupported).toEqual([
      'azureServicePrincipalClientId',
    ])
    expect(read({ azureServicePrincipalClientID: 'x' }, 'repo-creds').credentials.unsupported).toEqual([
      'azureServicePrincipalClientID',
    ])
    expect(read({ useAzureWorkloadIdentity: 'true', gcpServiceAccountKey: '{}' }).credentials.unsupported).toEqual([
      'gcpServiceAccountKey',
      'useAzureWorkloadIdentity',
    ])
  })

  it('has problems where there is no URL, no base64, or no text', () => {
    const secret = secretOf('x', 'repository', {})
    const broken = { ...secret, data: { password: '$', username: encodeBase64(Uint8Array.of(0xff)) } }
    expect(readRepositorySecret(broken)?.problems.map(({ field }) => field)).toEqual(['url', 'username', 'password'])
  })

  it('never throws, and never shows a value in a problem', () => {
    const keys = fc.constantFrom('url', 'type', 'insecure', 'githubAppID', 'githubAppPrivateKey', 'tlsClientCertData')
    const value = fc.stringMatching(/^[A-Z]{12}$/)
    fc.assert(
      fc.property(fc.dictionary(keys, value), (values) => {
        const problems = canonicalJson(
          [...(readRepositorySecret(secretOf('x', 'repository', values))?.problems ?? [])].map((each) => ({ ...each })),
        )
        for (const each of Object.values(values)) expect(problems).not.toContain(each)
      }),
    )
  })
})

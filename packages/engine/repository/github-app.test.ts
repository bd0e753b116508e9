// Tokens of a GitHub App, of a GitHub that others wrote: it checks our statements by its own reading of the API.

import { generateKeyPairSync } from 'node:crypto'
import { createEmulator, type Emulator } from 'emulate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { accessWith } from '../http/testing/access.ts'
import { faultOf } from '../source/testing/under.ts'
import { GithubApps } from './github-app.ts'

describe('a token of a GitHub App', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  // It speaks plain HTTP, which is taken only where somebody wrote `insecure`.
  const access = accessWith({ tls: { insecure: true, ca: null, client: null } })
  let github: Emulator
  beforeAll(async () => {
    const installations = [{ installation_id: 34, account: 'ops', repository_selection: 'all' as const }]
    const permissions = { contents: 'read' }
    github = await createEmulator({
      service: 'github',
      port: 0,
      seed: {
        github: {
          users: [{ login: 'ana' }],
          orgs: [{ login: 'ops' }],
          repos: [{ owner: 'ops', name: 'shop', private: true }],
          apps: [
            { app_id: 12, slug: 'reader', name: 'Reader', private_key: pem, permissions, events: [], installations },
          ],
        },
      },
    })
  })
  afterAll(() => github.close())

  const token = (repository: string, more: { readonly appId?: number; readonly privateKey?: string } = {}) => {
    const app = { kind: 'github-app', appId: 12, installationId: null, privateKey: pem, baseUrl: github.url } as const
    return new GithubApps(systemClock).token(`https://github.com/${repository}.git`, { ...app, ...more }, access)
  }

  it('is found by the repository and opens it', async () => {
    const { token: given, until } = await token('ops/shop')
    expect(until).toBeGreaterThan(Date.now() + 30 * 60_000)
    const asked = await fetch(`${github.url}/repos/ops/shop`, { headers: { authorization: `Bearer ${given}` } })
    expect(asked.status).toBe(200)
    expect((await fetch(`${github.url}/repos/ops/shop`)).ok).toBe(false)
  })

  it('is refused to another key, to another App, and for a repository without the App', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const stranger = other.export({ type: 'pkcs8', format: 'pem' }).toString()
    expect((await faultOf(token('ops/shop', { privateKey: stranger }))).kind).toBe('unauthorized')
    expect((await faultOf(token('ops/shop', { appId: 13 }))).kind).toBe('unauthorized')
    expect((await faultOf(token('ana/private'))).kind).toBe('not-found')
  })
})

// Asking a repository of each type whether it can be read.
import { entryOf } from '@mainstay/core/repository/testing.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeTool } from '../../../test/run/tool.ts'
import { systemClock } from '../clock.ts'
import { testAuthority } from '../cluster/testing/certificates.ts'
import { type FakeServer, fakeServer } from '../cluster/testing/fake-server.ts'
import { accessWith } from '../http/testing/access.ts'
import { realRegistry, USER } from '../oci/testing/real-registry.ts'
import { basicHeader } from '../oci/token.ts'
import { faultOf } from '../source/testing/under.ts'
import { repositoryProbe } from './probe.ts'

const probe = repositoryProbe(systemClock)

describe('a probe of a Helm repository', () => {
  const authority = testAuthority()
  let server: FakeServer
  beforeEach(async () => {
    server = await fakeServer(
      (seen) =>
        seen.headers.authorization === basicHeader(USER)
          ? { text: 'apiVersion: v1\nentries: {}\n' }
          : { status: 401, text: 'who are you?' },
      { tls: authority, names: ['127.0.0.1'] },
    )
  })
  afterEach(() => server.close())

  const entry = () => entryOf(`${server.url}/charts`, { type: 'helm' })
  const tls = { insecure: false, ca: authority.ca, client: null }

  it('reads its index with the credentials', async () => {
    expect(await probe(entry(), accessWith({ tls, auth: USER }))).toBe('readable')
    expect((await faultOf(probe(entry(), accessWith({ tls })))).kind).toBe('unauthorized')
  })

  it('asks nothing of charts in a registry, and says so', async () => {
    const inRegistry = { ...entry(), oci: { enabled: true, plainHttp: false } }
    expect(await probe(inRegistry, accessWith({ tls }))).toBe('not-asked')
    expect(server.seen).toEqual([])
  })
})

describeTool('registry', 'a probe of an artifact', (path) => {
  it('reads its tags with the credentials', async () => {
    const registry = await realRegistry(path, 'password')
    try {
      const entry = entryOf(`oci://${registry.host}/team/shop`, { type: 'oci' })
      const tls = { insecure: false, ca: registry.ca, client: null }
      expect((await faultOf(probe(entry, accessWith({ tls })))).kind).toBe('unauthorized')
      expect((await faultOf(probe(entry, accessWith({ tls, auth: USER })))).kind).toBe('not-found')
    } finally {
      await registry.end()
    }
  })
})

// The keys that a real SSH server shows, and what comes of a host that shows none.
import { createServer } from 'node:net'
import { fingerprintOf } from '@mainstay/core/repository/known-hosts.ts'
import { describe, expect, it } from 'vitest'
import { startSshServer } from '../source/testing/ssh-server.ts'
import { faultOf } from '../source/testing/under.ts'
import { HOST_HASHES } from './hashes.ts'
import { shownHostKeys } from './host-keys.ts'

describe('shownHostKeys', () => {
  it('gives the lines that trust the server, with the fingerprint that its owner would publish', async () => {
    const server = await startSshServer({ letIn: [] })
    try {
      const keys = await shownHostKeys({ host: '127.0.0.1', port: server.port })
      expect(keys.map((key) => fingerprintOf(key, HOST_HASHES))).toEqual([server.fingerprint])
      expect(keys[0]?.hosts).toEqual([`[127.0.0.1]:${server.port}`])
    } finally {
      await server.close()
    }
  })

  it('is a fault where nothing listens, and where the host could be an option', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const address = closed.address()
    await new Promise((resolve) => closed.close(resolve))
    const port = typeof address === 'object' && address !== null ? address.port : 1
    expect((await faultOf(shownHostKeys({ host: '127.0.0.1', port }))).kind).toBe('unreachable')
    expect((await faultOf(shownHostKeys({ host: '-oProxyCommand=x', port }))).kind).toBe('invalid-input')
  })

  it('ends at once when it is called off', async () => {
    const stop = new AbortController()
    stop.abort()
    expect((await faultOf(shownHostKeys({ host: '127.0.0.1', port: 22 }, stop.signal))).kind).toBe('cancelled')
  })
})

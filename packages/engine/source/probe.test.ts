// Asking a repository once, before its access is written down.
import { afterEach, describe, expect, it } from 'vitest'
import { NO_ACCESS } from './access.ts'
import { faultOf } from './contract.ts'
import { probeRepository } from './probe.ts'
import { Beds } from './testing/bed.ts'
import { basic, startGitServer } from './testing/https-server.ts'
import { newKey } from './testing/keys.ts'
import { startSshServer } from './testing/ssh-server.ts'

const beds = new Beds()
afterEach(() => beds.end())

function repository() {
  const one = beds.repository({ 'a.yaml': 'a: 1\n' })
  one.git('branch', 'next')
  one.git('tag', 'v1')
  return one
}

const ANSWER = { head: 'refs/heads/main', branches: 2, tags: 1 }

describe('a probe', () => {
  it('of a folder, over HTTPS and over SSH says what is there', async () => {
    const one = repository()
    expect(await probeRepository(one.path, NO_ACCESS)).toEqual(ANSWER)
    const https = beds.keep(await startGitServer())
    const tls = { ...NO_ACCESS.tls, ca: https.ca }
    expect(await probeRepository(https.urlOf(one), { ...NO_ACCESS, tls })).toEqual(ANSWER)
    const key = newKey()
    const ssh = beds.keep(await startSshServer({ letIn: [key.public] }))
    const auth = { kind: 'ssh-key', privateKey: key.private, passphrase: null } as const
    const hostKeys = { kind: 'known', knownHosts: ssh.knownHosts } as const
    expect(await probeRepository(ssh.urlOf(one), { ...NO_ACCESS, auth, hostKeys })).toEqual(ANSWER)
  })

  it('that is refused ends in the fault that reading would end in', async () => {
    const git = beds.keep(await startGitServer({ authorization: basic('ana', 'secret') }))
    const access = { ...NO_ACCESS, tls: { ...NO_ACCESS.tls, ca: git.ca } }
    expect((await faultOf(probeRepository(git.urlOf(repository()), access))).kind).toBe('unauthorized')
  })

  it('can be called off', async () => {
    const git = beds.keep(await startGitServer())
    git.answer(() => ({ kind: 'hang' }))
    const access = { ...NO_ACCESS, tls: { ...NO_ACCESS.tls, ca: git.ca } }
    const stop = new AbortController()
    const answer = faultOf(probeRepository(git.urlOf(repository()), access, stop.signal))
    stop.abort()
    expect((await answer).kind).toBe('cancelled')
  })
})

// `mainstay repo`: adding with a trial, rotating, listing without secrets, hosts that nobody trusts yet.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { secretOf } from '@mainstay/core/repository/testing.ts'
import { FORBIDDEN, trustOf } from '@mainstay/engine/repository/testing/accesses.ts'
import { newKey } from '@mainstay/engine/source/testing/keys.ts'
import { startSshServer } from '@mainstay/engine/source/testing/ssh-server.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run, type TestIoOptions } from '../../testing/io.ts'
import { REFUSED, type RepositoryBench, repositoryBench } from '../../testing/repositories.ts'

const URL = 'https://git.example.com/ops/shop'
const SSH = 'git@git.example.com:ops/shop'
const LINE = 'git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'

let bench: RepositoryBench
let folder: string
beforeEach(() => {
  bench = repositoryBench()
  folder = mkdtempSync(join(tmpdir(), 'mainstay-repo-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const mainstay = (line: string, options: TestIoOptions = {}) =>
  run(line, { session: bench.session, cwd: folder, ...options })

/** A key of its own, as a file in the folder of the test. */
function keyFile(name: string): string {
  const key = newKey().private
  writeFileSync(join(folder, name), key)
  return key.trim()
}

describe('repo add', () => {
  it('tries the repository with what was given, then writes it down', async () => {
    const added = await mainstay(
      `repo add ${URL} --username ana --password-stdin --name shop --no-proxy a,b --proxy http://p:3128`,
      {
        input: 'hunter2\n',
      },
    )
    expect(added).toMatchObject({ code: 0, out: `Repository ${URL} added.\n`, err: '' })
    expect(bench.tried).toMatchObject([
      { auth: { kind: 'basic', username: 'ana', password: 'hunter2' }, proxy: 'http://p:3128', noProxy: 'a,b' },
    ])
    expect(await bench.accesses.accessOf(`${URL}.git`, 'retail')).toMatchObject({ auth: { password: 'hunter2' } })
  })

  it('writes nothing where the repository cannot be read', async () => {
    bench.refusal = REFUSED
    expect((await mainstay(`repo add ${URL} --username ana --password-stdin`, { input: 'wrong' })).code).toBe(2)
    expect((await mainstay('repo list')).out).toContain('Nothing is written')
  })

  it('refuses a password in the arguments or in the URL, and never repeats it', async () => {
    for (const line of [`repo add ${URL} --password hunter2`, 'repo add https://ana:hunter2@git.example.com/x']) {
      const { code, out, err } = await mainstay(line)
      expect(code).toBe(2)
      expect(err).toContain('--password-stdin')
      expect(out + err).not.toContain('hunter2')
    }
    expect(bench.tried).toEqual([])
  })

  it.each([
    'repo get https://ana:hunter2@git.example.com/x',
    'repo rm https://ana:hunter2@git.example.com/x',
    'cert rm https://ana:hunter2@git.example.com',
    'cert add-tls https://ana:hunter2@git.example.com',
  ])('repeats no password that an address holds: %s', async (line) => {
    const { code, out, err } = await mainstay(line, { input: LINE })
    expect(code).toBe(2)
    expect(out + err).not.toContain('hunter2')
  })

  it.each([
    ['--github-app-id 12', '--github-app-private-key-path'],
    ['--tls-client-cert-path cert.pem', 'there is no such file'],
    ['--ssh-passphrase-stdin', '--ssh-private-key-path'],
    ['--password-stdin --bearer-token-stdin', 'two secrets'],
    ['--ssh-private-key-path .', 'it is not a file'],
  ])('refuses half of what is needed: %s', async (flags, said) => {
    const { code, err } = await mainstay(`repo add ${URL} ${flags}`, { input: 'x' })
    expect(code).toBe(2)
    expect(err).toContain(said)
  })

  it('takes the place of an entry only with --upsert: so a key is rotated without touching an application', async () => {
    bench.plane.objects = trustOf(LINE)
    const [old, renewed] = [keyFile('old'), keyFile('new')]
    expect((await mainstay(`repo add ${SSH} --ssh-private-key-path old`)).code).toBe(0)
    expect((await mainstay(`repo add ${SSH} --ssh-private-key-path old`)).out).toContain('unchanged')
    const refused = await mainstay(`repo add ${SSH}.git --ssh-private-key-path new`)
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--upsert') })
    const replaced = await mainstay(`repo add ${SSH}.git --upsert --ssh-private-key-path new`)
    expect(replaced.out).toBe(`Repository ${SSH}.git replaced.\n`)
    expect(bench.tried.map(({ auth }) => auth.kind === 'ssh-key' && auth.privateKey.trim())).toEqual([
      old,
      old,
      renewed,
    ])
    expect((await mainstay('repo list -o name')).out).toBe(`${SSH}.git\n`)
  })
})

describe('repo add over SSH', () => {
  const closing: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  async function host() {
    keyFile('key')
    const server = await startSshServer({ letIn: [] })
    closing.push(() => server.close())
    return { server, line: `repo add ssh://git@127.0.0.1:${server.port}/x --ssh-private-key-path key` }
  }

  it('shows the keys of a host that nobody trusts yet, and trusts them when the host is typed', async () => {
    const { server, line } = await host()
    const { code, out, io } = await mainstay(line, { isTTY: true, answers: ['127.0.0.1'] })
    expect(code).toBe(0)
    expect(io.seen.prompts).toHaveLength(1)
    expect(out).toContain(server.fingerprint)
    expect(bench.tried[0]?.hostKeys).toMatchObject({
      kind: 'known',
      knownHosts: expect.stringContaining(`[127.0.0.1]:${server.port}`),
    })
    expect((await mainstay('cert list')).out).toContain(server.fingerprint)
  })

  it.each([['yes'], [''], [null]])('writes nothing when %j is typed', async (answer) => {
    const { line } = await host()
    expect((await mainstay(line, { isTTY: true, answers: [answer] })).code).toBe(2)
    expect(bench.tried).toEqual([])
    expect((await mainstay('cert list')).out).toContain('No host is trusted')
  })

  it('trusts nobody without a person, and says how to', async () => {
    const { server, line } = await host()
    for (const more of ['', ' --json']) {
      const { code, err, io } = await mainstay(line + more, { isTTY: more !== '' })
      expect({ code, prompts: io.seen.prompts }).toEqual({ code: 2, prompts: [] })
      expect(err).toContain(server.fingerprint)
      expect(err).toContain(`ssh-keyscan -p ${server.port} 127.0.0.1 | mainstay cert add-ssh --batch`)
    }
    expect(bench.tried).toEqual([])
  })

  it('asks nothing about a host that is trusted, here or in the control plane', async () => {
    const { server, line } = await host()
    bench.plane.objects = trustOf(server.knownHosts)
    expect((await mainstay(line, { isTTY: true })).code).toBe(0)
    expect(bench.tried).toHaveLength(1)
  })
})

describe('repo list, get and rm', () => {
  const secrets = [
    secretOf('shop', 'repository', { url: URL, username: 'ana', password: 'hunter2', project: 'retail' }),
    secretOf('all', 'repo-creds', { url: 'https://git.example.com', bearerToken: 'hunter3' }),
    secretOf('bad', 'repository', { url: 'https://bad.example.com/x', insecure: 'perhaps' }),
  ]

  it('list what is written where, and never a secret', async () => {
    bench.plane.objects = secrets
    await mainstay(`repo add ${URL} --username bob --password-stdin`, { input: 'hunter4' })
    const { code, out } = await mainstay('repo list')
    expect(code).toBe(0)
    expect(out.split('\n').map((each) => each.split(/ {2,}/))).toEqual([
      ['TYPE', 'NAME', 'REPO', 'CREDS', 'PROJECT', 'FROM'],
      ['git', URL, 'password', 'mainstay repo add'],
      ['git', URL, 'password', 'retail', 'Secret argocd/shop'],
      ['git', 'https://git.example.com*', 'token', 'Secret argocd/all'],
      ['git', 'https://bad.example.com/x', 'none', expect.stringMatching(/^Secret argocd\/bad: insecure is neither/)],
      [''],
    ])
    for (const form of ['wide', 'json', 'yaml', 'name']) {
      expect((await mainstay(`repo list -o ${form}`)).out).not.toMatch(/hunter|perhaps/)
    }
  })

  it('say what is missing where the control plane cannot be read, with exit code 2', async () => {
    bench.plane.failing = FORBIDDEN
    const { code, out, err } = await mainstay('repo list --json')
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({ repositories: [], gap: { kind: 'forbidden' } })
    expect(err).toContain('cannot list Secrets')
    expect((await mainstay(`repo get ${URL}`)).code).toBe(2)
  })

  it('say whose word counts', async () => {
    bench.plane.objects = secrets
    expect((await mainstay(`repo get ${URL}.git --project retail`)).out).toMatch(/From: +Secret argocd\/shop/)
    expect((await mainstay(`repo get ${URL}`)).out).toMatch(/From: +Secret argocd\/all/)
    const { code, err } = await mainstay('repo get https://other.example.com/x')
    expect({ code, said: err.includes('without credentials') }).toEqual({ code: 2, said: true })
  })

  it('forget what this machine keeps, and nothing else', async () => {
    bench.plane.objects = secrets
    await mainstay(`repo add ${URL}`)
    expect(await mainstay(`repo rm ${URL}.git`)).toMatchObject({
      code: 0,
      out: `Repository ${URL}.git is forgotten.\n`,
    })
    const again = await mainstay(`repo rm ${URL} --project retail`)
    expect(again.code).toBe(2)
    expect(again.err).toContain('Secret argocd/shop')
  })
})

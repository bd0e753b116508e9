// Tests of credential plugins, with real programs.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CredentialSource } from './config.ts'
import { execCredentials } from './exec-credential.ts'
import { loadCluster } from './kubeconfig.ts'
import { testAuthority } from './testing/certificates.ts'
import { testClock } from './testing/clock.ts'
import { faultOf } from './testing/stage.ts'

let folder: string
const clock = testClock()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exec-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** A kubeconfig whose plugin is a script beside it. */
async function source(name: string, script: string, extra = ''): Promise<CredentialSource> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, name), 0o755)
  const kubeconfig = join(folder, `${name}.config`)
  await writeFile(
    kubeconfig,
    `current-context: a
contexts: [{name: a, context: {cluster: a, user: a}}]
clusters:
- name: a
  cluster:
    server: https://k.example
    tls-server-name: kube
    extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: me, n: 3}}]
users:
- name: a
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      interactiveMode: Never
      command: ./${name}
      args: [get, "a b; exit 1"]
      env: [{name: GREETING, value: hello}]
      installHint: install it from the intranet
      ${extra}
`,
  )
  return (await loadCluster({ kubeconfig, env: process.env, clock })).credentials
}

function answer(status: string): string {
  return `printf '%s' '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{${status}}}'`
}

describe('execCredentials', () => {
  it('runs the plugin once for many and keeps the answer', async () => {
    const runs = join(folder, 'runs')
    const credentials = await source('once', `echo run >> ${runs}\n${answer('"token":"t1"')}`)
    const all = await Promise.all([credentials.current(), credentials.current(), credentials.current()])
    expect(all.map(({ authorization }) => authorization)).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t1'])
    expect(await credentials.current()).toBe(all[0])
    expect(await readFile(runs, 'utf8')).toBe('run\n')
  })

  it('runs it again after the answer expired and after the server refused it', async () => {
    const runs = join(folder, 'again-runs')
    const expires = new Date(clock.now() + 60_000).toISOString()
    const script = `echo run >> ${runs}\n${answer(`"token":"t","expirationTimestamp":"${expires}"`)}`
    const credentials = await source('again', script)
    const first = await credentials.current()
    expect(await credentials.current()).toBe(first)
    clock.advance(58_000)
    const second = await credentials.current()
    expect(second).not.toBe(first)
    expect(await credentials.refused(second)).toBe(true)
    await credentials.current()
    expect(await readFile(runs, 'utf8')).toBe('run\nrun\nrun\n')
  })

  it('gives the plugin its arguments and variables without a shell, and the cluster only when asked to', async () => {
    const seen = join(folder, 'seen')
    const script = `printf '%s|%s|%s|%s' "$#" "$2" "$GREETING" "$KUBERNETES_EXEC_INFO" > ${seen}\n${answer('"token":"t"')}`
    await (await source('env', script)).current()
    const [count, second, greeting, info] = (await readFile(seen, 'utf8')).split('|')
    expect([count, second, greeting]).toEqual(['2', 'a b; exit 1', 'hello'])
    expect(JSON.parse(info ?? '')).toEqual({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      spec: { interactive: false },
    })
    await (await source('env', script, 'provideClusterInfo: true')).current()
    const more = (await readFile(seen, 'utf8')).split('|')[3]
    expect(JSON.parse(more ?? '').spec.cluster).toEqual({
      server: 'https://k.example',
      'tls-server-name': 'kube',
      config: { audience: 'me', n: 3 },
    })
  })

  it('takes a client certificate', async () => {
    const { cert, key } = testAuthority().issue('jane')
    const printed = join(folder, 'cert.json')
    const apiVersion = 'client.authentication.k8s.io/v1'
    const status = { clientCertificateData: cert, clientKeyData: key }
    await writeFile(printed, JSON.stringify({ kind: 'ExecCredential', apiVersion, status }))
    const credentials = await source('cert', `cat ${printed}`)
    expect(await credentials.current()).toEqual({ authorization: null, certificate: { cert, key } })
  })

  it('turns every failure of a plugin into one fault that names the kubeconfig field', async () => {
    const cases = [
      [
        'fails',
        'echo "session for eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.abcdef ended" >&2; exit 3',
        'it ended with 3: session for [hidden] ended',
      ],
      ['text', 'echo hello s3cr3t', 'the text is not JSON or ends too early'],
      ['kind', `echo '{"kind":"Other"}'`, 'it did not print an ExecCredential of client.authentication.k8s.io/v1'],
      ['empty', answer(''), 'it printed neither a token nor a client certificate'],
      ['half', answer('"clientCertificateData":"x"'), 'it printed a certificate without key, or a key alone'],
      ['time', answer('"token":"t","expirationTimestamp":"soon"'), 'its expirationTimestamp is not an RFC 3339 time'],
      ['header', answer('"token":"a\\nb"'), 'it holds characters that an HTTP header cannot carry'],
    ] as const
    for (const [name, script, why] of cases) {
      const error = await faultOf((await source(`f-${name}`, script)).current())
      expect(error.fault.why, name).toBe(why)
      expect(error.message, name).not.toContain('s3cr3t')
    }
  })

  it('says how to install a plugin that is missing', async () => {
    const credentials = await source('gone', '')
    await rm(join(folder, 'gone'))
    expect((await faultOf(credentials.current())).fault).toMatchObject({
      kind: 'tool-missing',
      where: expect.stringContaining('users[0].user.exec.command'),
      fix: ['install it from the intranet'],
    })
  })

  it('ends a plugin that hangs or prints without end', async () => {
    const entry = {
      at: { file: 'f', field: 'users[0].user.exec' },
      apiVersion: 'client.authentication.k8s.io/v1',
      args: [],
      env: [],
      installHint: null,
      provideClusterInfo: false,
    } as const
    const hang = execCredentials({
      entry: { ...entry, command: 'cat', args: ['/dev/zero'] },
      cluster: null,
      env: process.env,
      clock,
    })
    expect((await faultOf(hang.current())).fault.kind).toBe('too-large')
    const slow = execCredentials({
      entry: { ...entry, command: 'sleep', args: ['60'] },
      cluster: null,
      env: process.env,
      clock,
      timeoutMs: 50,
    })
    expect((await faultOf(slow.current())).fault.kind).toBe('timeout')
  })
})

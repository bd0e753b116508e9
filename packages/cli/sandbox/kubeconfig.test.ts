// The kubeconfig of a sandbox: private, and never in the place of something that a sandbox did not write.
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { loadCluster } from '@mainstay/engine/cluster/kubeconfig.ts'
import { createAuthority } from '@mainstay/engine/tls/x509.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { shellWord, writeKubeconfig } from './kubeconfig.ts'

let folder: string
const { certificate } = createAuthority('sandbox')
const access = { url: 'https://127.0.0.1:1', authority: certificate, token: 't' }
const modeOf = (path: string): number => statSync(path).mode & 0o777

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-kubeconfig-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('is a fresh file that only its owner can read, and is taken away with its folder', async () => {
  const [one, other] = await Promise.all([writeKubeconfig(access, null), writeKubeconfig(access, null)])
  expect(one.path).not.toBe(other.path)
  expect([modeOf(one.path), modeOf(dirname(one.path))]).toEqual([0o600, 0o700])
  await Promise.all([one.remove(), other.remove()])
  expect(existsSync(dirname(one.path))).toBe(false)
})

it('is one that our own client reads', async () => {
  const { path, remove } = await writeKubeconfig(access, null)
  const config = await loadCluster({ kubeconfig: path, env: {} })
  expect([config.name, config.server, config.trust.ca]).toEqual(['sandbox', access.url, certificate])
  await remove()
})

it('never takes the place of a kubeconfig that is not of a sandbox', async () => {
  const path = join(folder, 'mine')
  writeFileSync(path, 'apiVersion: v1\nkind: Config\n')
  await expect(writeKubeconfig(access, path)).rejects.toMatchObject({ fault: { kind: 'invalid-input', where: path } })
  expect(readFileSync(path, 'utf8')).toBe('apiVersion: v1\nkind: Config\n')
})

it('takes the place of an empty file and of its own, and is private afterwards whatever was there', async () => {
  const path = join(folder, 'empty')
  writeFileSync(path, '')
  chmodSync(path, 0o644)
  await writeKubeconfig(access, path)
  await writeKubeconfig({ ...access, token: 'second' }, path)
  expect([modeOf(path), readFileSync(path, 'utf8').includes('second')]).toEqual([0o600, true])
})

it('is written where a link leads, also to a file that is not there yet; the link stays', async () => {
  const [link, second, file] = ['link', 'second', 'behind'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  symlinkSync('second', link)
  symlinkSync(file, second)
  for (const token of ['first', 'next']) {
    expect((await writeKubeconfig({ ...access, token }, link)).path).toBe(link)
    expect([readlinkSync(link), readlinkSync(second)]).toEqual(['second', file])
    expect([modeOf(file), readFileSync(file, 'utf8').includes(token)]).toEqual([0o600, true])
  }
  writeFileSync(file, 'apiVersion: v1\nkind: Config\n')
  await expect(writeKubeconfig(access, link)).rejects.toMatchObject({ fault: { where: link } })
  const round = join(folder, 'round')
  symlinkSync('round', round)
  await expect(writeKubeconfig(access, round)).rejects.toMatchObject({ fault: { where: round, why: 'ELOOP' } })
})

it('says where it cannot be written', async () => {
  const path = join(folder, 'no', 'such', 'folder')
  await expect(writeKubeconfig(access, path)).rejects.toMatchObject({ fault: { where: path, why: 'ENOENT' } })
})

it('is named as a word that a shell takes for one', () => {
  expect(shellWord('a/b-c.d_1')).toBe('a/b-c.d_1')
  expect(shellWord("it's here")).toBe(`'it'\\''s here'`)
})

// Archives as charts and artifacts bring them, and as attackers would.
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { faultOf } from '../source/contract.ts'
import { GitSnapshot } from '../source/snapshot.ts'
import { type Packed, packTar, packTarGz } from './testing/pack.ts'
import { ArchiveTree } from './tree.ts'
import { UNPACK_LIMITS, unpack } from './unpack.ts'

const REVISION = { commit: '1.0.0', subject: '', author: '', committedAt: '', repoURL: 'oci://x', ref: null }

async function snapshotOf(members: readonly Packed[]): Promise<GitSnapshot> {
  const tree = new ArchiveTree(await unpack(packTarGz(members), 'tar.gz', 'x.tgz'), 'x.tgz')
  return new GitSnapshot(tree, REVISION, tree.root)
}

const text = async (snapshot: GitSnapshot, path: string) => Buffer.from((await snapshot.read(path)).bytes).toString()

describe('an archive', () => {
  it('gives its files, with tidy names, whether it is compressed or not', async () => {
    const members = [
      { path: './shop/', type: 'Directory' },
      { path: './shop/Chart.yaml', content: 'name: shop\n' },
      { path: 'shop/templates/a.yaml', content: 'a: 1\n' },
      { path: 'shop/empty', content: '' },
    ] as const
    const expected = ['shop/Chart.yaml', 'shop/templates/a.yaml', 'shop/empty']
    expect((await unpack(packTarGz(members), 'tar.gz', 'x')).map(({ path }) => path)).toEqual(expected)
    expect((await unpack(packTar(members), 'tar', 'x')).map(({ path }) => path)).toEqual(expected)
  })

  it('is not unpacked twice: what is compressed in what is compressed has no limit', async () => {
    const members = [{ path: 'a', content: Buffer.alloc(50_000) }]
    const limits = { ...UNPACK_LIMITS, totalBytes: 10_000 }
    for (const [archive, form] of [
      [gzipSync(packTarGz(members)), 'tar.gz'],
      [packTarGz(members), 'tar'],
      [gzipSync(zstdCompressSync(packTar(members))), 'tar.gz'],
    ] as const) {
      const fault = await faultOf(unpack(archive, form, 'x', limits))
      expect(fault).toMatchObject({ kind: 'source-unreadable', why: expect.stringContaining('once more') })
    }
  })

  it('is read like a commit: folders, files, links inside, and equal ids for equal contents', async () => {
    const one = await snapshotOf([
      { path: 'a/x.yaml', content: 'x: 1\n' },
      { path: 'b/x.yaml', content: 'x: 1\n' },
      { path: 'b/link.yaml', type: 'SymbolicLink', linkpath: '../a/x.yaml' },
    ])
    expect((await one.list('', { recurse: true })).map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'folder a',
      'file a/x.yaml',
      'folder b',
      'symlink b/link.yaml',
      'file b/x.yaml',
    ])
    expect(await text(one, 'b/link.yaml')).toBe('x: 1\n')
    const two = await snapshotOf([{ path: 'c/x.yaml', content: 'x: 1\n' }])
    expect(await two.treeId('c')).toBe(await one.treeId('a'))
    expect(await one.treeId('b')).not.toBe(await one.treeId('a'))
  })

  it('keeps the later of two members of one name', async () => {
    const snapshot = await snapshotOf([
      { path: 'x.yaml', content: 'x: 1\n' },
      { path: 'x.yaml', content: 'x: 2\n' },
    ])
    expect(await text(snapshot, 'x.yaml')).toBe('x: 2\n')
  })

  it('does not follow a link that leads out of it', async () => {
    const snapshot = await snapshotOf([
      { path: 'passwd', type: 'SymbolicLink', linkpath: '/etc/passwd' },
      { path: 'up', type: 'SymbolicLink', linkpath: '../../up' },
    ])
    expect((await faultOf(snapshot.read('passwd'))).kind).toBe('invalid-input')
    expect((await faultOf(snapshot.read('up'))).kind).toBe('invalid-input')
  })

  it.each<[string, readonly Packed[]]>([
    ['a name with ..', [{ path: 'shop/../../x', content: '' }]],
    ['an absolute name', [{ path: '/etc/x', content: '' }]],
    ['a name with a backslash', [{ path: '..\\x', content: '' }]],
    ['a hard link', [{ path: 'x', type: 'Link', linkpath: '/etc/passwd' }]],
    ['a device', [{ path: 'x', type: 'CharacterDevice' }]],
    ['a pipe', [{ path: 'x', type: 'FIFO' }]],
  ])('is refused for %s', async (_, members) => {
    const fault = await faultOf(unpack(packTar(members), 'tar', 'shop-1.0.0.tgz'))
    expect(fault).toMatchObject({ kind: 'source-unreadable', where: 'shop-1.0.0.tgz' })
  })

  it('is refused where one name is a file and a folder', async () => {
    const members = [
      { path: 'x', content: '' },
      { path: 'x/y', content: '' },
    ]
    expect((await faultOf(snapshotOf(members))).why).toContain('both a file and a folder')
    expect((await faultOf(snapshotOf(members.toReversed()))).why).toContain('both a file and a folder')
  })

  it('is refused where it is something else or cut off', async () => {
    const whole = packTarGz([{ path: 'x', content: 'x'.repeat(5000) }])
    for (const bytes of [
      Buffer.from('<html>not found</html>'),
      whole.subarray(0, whole.length - 20),
      gzipSync(packTar([{ path: 'x', content: 'x'.repeat(5000) }]).subarray(0, 2000)),
      gzipSync(Buffer.from('no tar, but compressed'.repeat(100))),
    ]) {
      expect((await faultOf(unpack(bytes, 'tar.gz', 'x'))).kind).toBe('source-unreadable')
    }
  })

  it('is refused where it would take more memory or files than allowed', async () => {
    const bomb = gzipSync(Buffer.alloc(UNPACK_LIMITS.totalBytes + 1))
    expect(bomb.length).toBeLessThan(1_000_000)
    expect((await faultOf(unpack(bomb, 'tar.gz', 'x'))).kind).toBe('too-large')
    const many = Array.from({ length: 30 }, (_, at) => ({ path: `${at}`, content: '' }))
    const limits = { ...UNPACK_LIMITS, members: 29 }
    expect((await faultOf(unpack(packTarGz(many), 'tar.gz', 'x', limits))).kind).toBe('too-large')
  })
})

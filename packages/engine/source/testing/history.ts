// The part of the suite of all sources that asks what happened between two commits.
import { describe, expect, it } from 'vitest'
import { AUTHOR } from './repository.ts'
import { faultOf, type Make, type SourceUnderTest } from './under.ts'

/** Declares it. */
export function history(under: () => SourceUnderTest, make: Make): void {
  describe('tells from the history', () => {
    const repo = make()
    const start = repo.commit('start', {
      'apps/db.yaml': 'db: 1\n',
      'apps/web.yaml': 'web: 1\n',
      'x[1].yaml': 'x: 1\n',
    })
    const removed = repo.commit('remove db', { 'apps/db.yaml': null })
    repo.commit('unrelated', { 'README.md': 'hello\n' })
    const moved = repo.commit('move web', { 'apps/web.yaml': null, 'apps/www.yaml': 'web: 1\n', 'x[1].yaml': null })
    repo.git('checkout', '--quiet', '-b', 'side', start)
    const side = repo.commit('side removes web', { 'apps/web.yaml': null, 'apps/side.yaml': 'side: 1\n' })
    repo.git('checkout', '--quiet', '-b', 'merged', start)
    repo.commit('other work', { 'other.yaml': 'o: 1\n' })
    repo.git('merge', '--quiet', '--no-ff', '--message=merge side', 'side')
    const merge = repo.git('rev-parse', 'HEAD')
    repo.git('checkout', '--quiet', 'main')
    const back = repo.commit('db is back', { 'apps/db.yaml': 'db: 2\n' })
    const again = repo.commit('db is gone again', { 'apps/db.yaml': null })
    const who = async (path: string, from: string, to: string) =>
      (await under().source.removedIn(under().urlOf(repo), path, from, to))?.commit ?? null

    it('which commit removed a file', async () => {
      expect(await who('apps/db.yaml', start, moved)).toBe(removed)
      expect(await under().source.removedIn(under().urlOf(repo), 'apps/db.yaml', start, moved)).toMatchObject({
        subject: 'remove db',
        author: AUTHOR,
      })
      expect(await who('apps/db.yaml', start, again)).toBe(again)
      expect(await who('x[1].yaml', start, moved)).toBe(moved)
    })

    it('that a renamed file was removed where it stood', async () => {
      expect(await who('apps/web.yaml', start, moved)).toBe(moved)
    })

    it('which commit of a merged branch removed a file', async () => {
      expect(await who('apps/web.yaml', start, merge)).toBe(side)
    })

    it('that nobody removed what is there, what never was, and what a step back in time lacks', async () => {
      expect(await who('apps/db.yaml', start, back)).toBeNull()
      expect(await who('apps/web.yaml', start, removed)).toBeNull()
      expect(await who('apps/nothing.yaml', start, again)).toBeNull()
      expect(await who('apps/db.yaml', back, removed)).toBeNull()
      expect(await who('apps/side.yaml', side, moved)).toBeNull()
      expect(await who('apps', start, moved)).toBeNull()
    })

    it('which commits changed a file or a folder, newest first', async () => {
      const changed = async (path: string, from: string, to: string) =>
        (await under().source.changedSince(under().urlOf(repo), path, from, to)).map(({ commit }) => commit)
      expect(await changed('apps', start, again)).toEqual([again, back, moved, removed])
      expect(await changed('apps/www.yaml', start, again)).toEqual([moved])
      expect(await changed('apps', again, again)).toEqual([])
    })

    it('which files moved unchanged', async () => {
      const moves = async (from: string, to: string) => [...(await under().source.moved(under().urlOf(repo), from, to))]
      expect(await moves(start, moved)).toEqual([['apps/web.yaml', 'apps/www.yaml']])
      expect(await moves(start, merge)).toEqual([])
      expect(await moves(moved, start)).toEqual([['apps/www.yaml', 'apps/web.yaml']])
      expect(await moves(start, removed)).toEqual([])
      expect((await faultOf(moves('0'.repeat(40), start))).kind).toBe('not-found')
    })

    it('nothing about a commit that does not exist', async () => {
      expect((await faultOf(who('apps/db.yaml', '0'.repeat(40), start))).kind).toBe('not-found')
      expect((await faultOf(who('apps/db.yaml', 'main', start))).kind).toBe('not-found')
    })
  })
}

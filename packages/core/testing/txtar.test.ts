// Tests of reading and writing test archives.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileOf, formatTxtar, parseTxtar } from './txtar.ts'

describe('an archive', () => {
  it('is a comment and files in order', () => {
    const archive = parseTxtar('about\n-- a.yaml --\na: 1\n-- dir/b --\n-- c --\nno end')
    expect(archive.comment).toBe('about\n')
    expect(archive.files).toEqual([
      { name: 'a.yaml', data: 'a: 1\n' },
      { name: 'dir/b', data: '' },
      { name: 'c', data: 'no end\n' },
    ])
    expect(fileOf(archive, 'dir/b')).toBe('')
    expect(fileOf(archive, 'missing')).toBeUndefined()
  })

  it('may have neither comment nor files', () => {
    expect(parseTxtar('')).toEqual({ comment: '', files: [] })
  })

  it('reads the line ends of every editor', () => {
    expect(parseTxtar('-- a --\r\nx\r\n').files).toEqual([{ name: 'a', data: 'x\r\n' }])
  })

  it('refuses data that would be read back as a marker', () => {
    expect(() => formatTxtar({ comment: '', files: [{ name: 'a', data: '-- b --\n' }] })).toThrow(RangeError)
  })

  it('is read back as it was written', () => {
    const line = fc.stringMatching(/^[a-z :]{0,10}$/)
    const data = fc.array(line).map((lines) => lines.map((each) => `${each}\n`).join(''))
    const files = fc.array(fc.record({ name: fc.stringMatching(/^[a-z.]{1,8}$/), data }))
    fc.assert(
      fc.property(data, files, (comment, list) => {
        expect(parseTxtar(formatTxtar({ comment, files: list }))).toEqual({ comment, files: list })
      }),
    )
  })
})

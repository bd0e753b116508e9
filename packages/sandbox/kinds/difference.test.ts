// Differences by line: what is shown around a change, what stands together, and lines that are everywhere.
import { describe, expect, it } from 'vitest'
import { differenceText } from './difference.ts'

const letters = (text: string): string => [...text].join('\n')

describe('a difference', () => {
  it('is empty for equal texts', () => {
    expect(differenceText('a\nb', 'a\nb')).toBe('')
  })

  it('shows three lines around a change', () => {
    expect(differenceText(letters('abcdefghi'), letters('abcdXfghi'))).toBe(
      '@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+X\n f\n g\n h\n',
    )
  })

  it('shows changes together that share their surroundings, and others apart', () => {
    expect(differenceText(letters('abcdefghijklmno'), letters('aBcdefGhijklmnO'))).toBe(
      '@@ -1,10 +1,10 @@\n a\n-b\n+B\n c\n d\n e\n f\n-g\n+G\n h\n i\n j\n@@ -12,4 +12,4 @@\n l\n m\n n\n-o\n+O\n',
    )
  })

  it('counts from the line before where nothing was there', () => {
    expect(differenceText('', 'a')).toBe('@@ -1 +1 @@\n-\n+a\n')
    expect(differenceText(letters('ab'), letters('aXb'))).toBe('@@ -1,2 +1,3 @@\n a\n+X\n b\n')
  })

  it('does not begin with lines that a long text has everywhere', () => {
    const many = Array.from({ length: 100 }, (_, at) => `same\n${at}`).join('\n')
    expect(differenceText(`start\nsame\n${many}`, `same\n${many}`)).toBe('@@ -1,4 +1,3 @@\n-start\n same\n same\n 0\n')
  })
})

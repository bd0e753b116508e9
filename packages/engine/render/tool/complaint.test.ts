// What is repeated of a tool's complaint.
import { expect, it } from 'vitest'
import { complaint } from './complaint.ts'

const place = {
  root: '/scratch/r-1/tree',
  rootInside: '/tree',
  private: ['/scratch/t-2'],
  secrets: ['hunter2', 'hunter2hunter3', 'a'],
}

it('names files as the repository does, and no folder of ours', () => {
  expect(complaint('no /scratch/r-1/tree/base/a.yaml in /scratch/r-1/tree, see /scratch/t-2/home\n', place)).toBe(
    'no base/a.yaml in ., see (temporary)/home',
  )
})

it('knows the root by the name that the tool has for it, and leaves other paths alone', () => {
  expect(complaint("no '/tree/base/a.yaml' in '/tree' beside /tree2, a/tree/b and /x/tree", place)).toBe(
    "no 'base/a.yaml' in '.' beside /tree2, a/tree/b and /x/tree",
  )
})

it('repeats no secret, the longer of two whole', () => {
  expect(complaint('bad value hunter2hunter3 and hunter2', place)).toBe('bad value (secret) and (secret)')
})

it('is cut where it is long, and null where there is none', () => {
  expect(complaint('x'.repeat(5000), place)?.length).toBe(1501)
  expect(complaint(' \n', place)).toBeNull()
})

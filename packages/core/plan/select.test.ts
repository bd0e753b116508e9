// Tests of selective requests.
import { expect, it } from 'vitest'
import { isSelected } from './select.ts'

const web = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' }
const only = [{ exclude: false, group: 'apps', kind: 'Deployment', namespace: null, name: 'api' }]

it('only a sync is selective, and without selectors it is about everything', () => {
  expect(isSelected({ kind: 'sync', prune: false, only, revision: null }, web)).toBe(false)
  expect(isSelected({ kind: 'sync', prune: false, only: [], revision: null }, web)).toBe(true)
  expect(isSelected({ kind: 'delete', cascade: 'foreground' }, web)).toBe(true)
})

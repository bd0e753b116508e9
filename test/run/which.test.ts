// Which cluster is chosen, and that the run tells only of those that were used.
import { expect, it } from 'vitest'
import { chosenCluster, clusterLine, clusterVariable } from './which.ts'
import { wholeVariable } from './whole.ts'

it('is the sandbox, in the real run the real one, and what was chosen by hand before both', () => {
  expect(chosenCluster({})).toBe('sandbox')
  expect(chosenCluster({ [clusterVariable]: '' })).toBe('sandbox')
  expect(chosenCluster({ [wholeVariable]: '1' })).toBe('real')
  expect(chosenCluster({ [wholeVariable]: '1', [clusterVariable]: 'sandbox' })).toBe('sandbox')
  expect(chosenCluster({ [clusterVariable]: 'real' })).toBe('real')
  expect(() => chosenCluster({ [clusterVariable]: 'kind' })).toThrow('is sandbox or real, not kind')
})

it('is told as what was used', () => {
  expect(clusterLine(new Set(), 'sandbox')).toMatch(/not needed/)
  expect(clusterLine(new Set(['sandbox']), 'sandbox')).toMatch(/the sandbox.*no test asked the real/)
  expect(clusterLine(new Set(['sandbox', 'kube-apiserver']), 'sandbox')).toMatch(
    /the sandbox.*real kube-apiserver where/,
  )
  expect(clusterLine(new Set(['kube-apiserver']), 'real')).toMatch(/the real kube-apiserver$/)
  expect(clusterLine(new Set(['kube-apiserver', 'sandbox']), 'real')).toMatch(/the real kube-apiserver; the sandbox/)
})

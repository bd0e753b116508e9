// Which cluster the tests run on that need a Kubernetes API and do not ask for the real one, and how the run tells of it.

import { wholeVariable } from './whole.ts'

/** The kinds of shared clusters. */
export type ClusterKind = 'sandbox' | 'real'

/** Environment variable to choose by hand: `sandbox` or `real`. */
export const clusterVariable = 'MAINSTAY_TEST_CLUSTER'

/** What was chosen by hand, or else the sandbox, and in the real run the real API server. */
export function chosenCluster(env: NodeJS.ProcessEnv = process.env): ClusterKind {
  const asked = env[clusterVariable]
  if (asked === 'sandbox' || asked === 'real') return asked
  if (asked !== undefined && asked !== '') throw new Error(`${clusterVariable} is sandbox or real, not ${asked}`)
  return env[wholeVariable] === '1' ? 'real' : 'sandbox'
}

/** One line: on what the tests really ran that need a Kubernetes API. */
export function clusterLine(noted: ReadonlySet<string>, chosen: ClusterKind): string {
  const [sandbox, real] = [noted.has('sandbox'), noted.has('kube-apiserver')]
  const name = 'Kubernetes API'.padEnd(24)
  if (!sandbox && !real) return `${name}not needed by these tests`
  if (!sandbox) return `${name}the real kube-apiserver`
  if (!real) return `${name}the sandbox of this repository; no test asked the real kube-apiserver`
  if (chosen === 'real') return `${name}the real kube-apiserver; the sandbox where a test is about both`
  return `${name}the sandbox of this repository; the real kube-apiserver where a test is about that itself`
}

// Which cluster the tests run on that need a Kubernetes API and do not ask for the real one.

/** The kinds of shared clusters. */
export type ClusterKind = 'sandbox' | 'real'

/** Environment variable to choose by hand: `sandbox` or `real`. */
export const clusterVariable = 'MAINSTAY_TEST_CLUSTER'

/** What was chosen by hand, or else the real API server. */
export function chosenCluster(env: NodeJS.ProcessEnv = process.env): ClusterKind {
  const asked = env[clusterVariable]
  if (asked === 'sandbox' || asked === 'real') return asked
  if (asked !== undefined && asked !== '') throw new Error(`${clusterVariable} is sandbox or real, not ${asked}`)
  return 'real'
}

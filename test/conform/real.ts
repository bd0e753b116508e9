// The real API server as a subject: the shared cluster of the run.

import { realClusterMissing, sharedCluster } from '../cluster/shared.ts'
import { subjectOf } from './server.ts'
import type { Subject } from './subject.ts'

/** Why there is no real API server on this machine; null where there is one. */
export const realMissing: string | null = realClusterMissing

let opened: Promise<Subject> | null = null

/** The shared cluster as a subject; the first call of a run starts it. */
export function openReal(): Promise<Subject> {
  opened ??= sharedCluster('real').then(subjectOf)
  return opened
}

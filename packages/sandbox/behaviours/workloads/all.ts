// The controllers that make workloads run: what keeps Pods, what places them, and what runs them.
import type { Controller } from '../controller.ts'
import type { ImageRule } from '../pods/image.ts'
import { kubelet } from '../pods/kubelet.ts'
import { nodeLifecycle, taintEviction } from '../pods/node-lifecycle.ts'
import { nodeController } from '../pods/nodes.ts'
import { scheduler } from '../pods/scheduler.ts'
import { cronJobController } from './cron-job/cron-job.ts'
import { daemonSetController } from './daemon-set/daemon-set.ts'
import { deploymentController } from './deployment/deployment.ts'
import { eventExpiry } from './event-expiry.ts'
import { jobController } from './job/job.ts'
import { jobOrphanController } from './job/tracking.ts'
import { replicaSetController, replicationController } from './replica-set.ts'
import { statefulSetController } from './stateful-set/stateful-set.ts'

/** What the workload controllers may be told. */
export interface WorkloadOptions {
  /** What images do; where none of these fits, containers run (or complete, where they are not to be restarted). */
  readonly images?: readonly ImageRule[]
  /** How many stand-in nodes there are; one where absent, and with 0 none. */
  readonly nodes?: number
}

/** All of them. */
export function workloadControllers(options: WorkloadOptions = {}): readonly Controller[] {
  return [
    nodeController(options.nodes ?? 1),
    nodeLifecycle,
    taintEviction,
    deploymentController,
    replicaSetController,
    replicationController,
    statefulSetController,
    daemonSetController,
    jobController,
    jobOrphanController,
    cronJobController,
    eventExpiry,
    scheduler,
    kubelet(options.images ?? []),
  ]
}

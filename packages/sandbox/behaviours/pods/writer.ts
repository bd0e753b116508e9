// In whose name nodes and the scheduler write.
import type { Writer } from '../../world.ts'

/** What runs on a node. */
export const KUBELET: Writer = { manager: 'kubelet' }
/** Its word on Pods and nodes. */
export const KUBELET_STATUS: Writer = { manager: 'kubelet', subresource: 'status' }
/** What chooses nodes. */
export const SCHEDULER_STATUS: Writer = { manager: 'kube-scheduler', subresource: 'status' }

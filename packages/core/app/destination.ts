// Where an application's objects go, and the one destination that has two names.

import { isNamespaceName } from '../object/names.ts'
import type { Destination } from './application.ts'
import type { Fields } from './fields.ts'

/** The cluster that the control plane itself runs in. */
export const IN_CLUSTER_SERVER = 'https://kubernetes.default.svc'
export const IN_CLUSTER_NAME = 'in-cluster'

/** True for the cluster the control plane runs in, by either of its names. */
export function isInCluster(destination: Destination): boolean {
  return destination.kind === 'server' ? destination.server === IN_CLUSTER_SERVER : destination.name === IN_CLUSTER_NAME
}

/** Reads `spec.destination`: exactly one of server and name (trap T04). Null where it is a problem. */
export function readDestination(spec: Fields): Destination | null {
  const fields = spec.child('destination')
  if (fields === null) {
    if (!spec.has('destination')) spec.problem('destination', 'is missing', `write server: ${IN_CLUSTER_SERVER}`)
    return null
  }
  const server = fields.text('server')?.trim().replace(/\/+$/, '') ?? ''
  const name = fields.text('name')?.trim() ?? ''
  const namespace = fields.text('namespace') || null
  if (namespace !== null && !isNamespaceName(namespace)) {
    fields.problem('namespace', 'is not a name of a namespace', 'write lower-case letters, digits and dashes')
  }
  fields.finish('needs-approval')
  if (server !== '' && name !== '') {
    fields.problem(null, 'names both a server and a cluster name', 'remove server or name')
    return null
  }
  if (server !== '') return { kind: 'server', server, namespace }
  if (name !== '') return { kind: 'name', name, namespace }
  fields.problem(null, 'names neither a server nor a cluster name', `write server: ${IN_CLUSTER_SERVER}`)
  return null
}

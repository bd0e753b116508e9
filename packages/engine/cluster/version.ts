// Asks an API server which version it is.
import { stringAt } from '@mainstay/core/object/object.ts'
import { answerJson } from './answer.ts'
import { ClusterFault } from './cluster-fault.ts'
import type { Transport } from './transport.ts'

/** The version of an API server. */
export interface ServerVersion {
  /** `v1.36.3`, or with a suffix of whoever built it. */
  readonly gitVersion: string
  readonly major: string
  /** Some vendors append a `+`. */
  readonly minor: string
}

/**
 * The version of the server.
 * @throws FaultError `unreachable` also when what answers is no Kubernetes API server
 */
export async function serverVersion(transport: Transport, signal?: AbortSignal): Promise<ServerVersion> {
  const what = 'cannot read the version of the cluster'
  const path = '/version'
  const answer = await transport.send({
    verb: 'discover',
    method: 'GET',
    path,
    what,
    ...(signal === undefined ? {} : { signal }),
  })
  const body = answerJson(answer.text, what, path)
  const gitVersion = stringAt(body, 'gitVersion')
  if (gitVersion === undefined) {
    throw new ClusterFault({ kind: 'unreachable', what, where: path, why: 'the answer names no version' })
  }
  return { gitVersion, major: stringAt(body, 'major') ?? '', minor: stringAt(body, 'minor') ?? '' }
}

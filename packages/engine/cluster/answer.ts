// Reads the JSON in an answer of the API server.
import type { Json } from '@mainstay/core/object/json.ts'
import { isFault } from '../fault.ts'
import { parseJson } from '../json/parse.ts'
import { ClusterFault } from './cluster-fault.ts'

/**
 * The JSON of an answer.
 * @throws ClusterFault `unreachable`: whatever answers with something else (a login page, a half-sent document) is not
 *   the API server that was asked
 */
export function answerJson(text: string, what: string, where: string): Json {
  try {
    return parseJson(text, where)
  } catch (error) {
    if (!isFault(error)) throw error
    const fix = ['check that the server in the kubeconfig is a Kubernetes API']
    const why = `its answer is not JSON (${error.fault.why ?? 'unreadable'})`
    throw new ClusterFault({ kind: 'unreachable', what, where, why, fix }, {}, { cause: error })
  }
}

// The Pod of a DaemonSet for one node.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf } from '@mainstay/core/object/object.ts'
import { has, isTrue, objectAt, objectsAt, textAt, withAt } from '../../../kinds/look.ts'
import { podFrom } from '../pod.ts'

const REQUIRED = ['affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution']

/** What such a Pod bears of its node, beside what the template says. */
function tolerations(spec: JsonObject): readonly JsonObject[] {
  const all = [
    ['not-ready', 'NoExecute'],
    ['unreachable', 'NoExecute'],
    ['disk-pressure', 'NoSchedule'],
    ['memory-pressure', 'NoSchedule'],
    ['pid-pressure', 'NoSchedule'],
    ['unschedulable', 'NoSchedule'],
    ...(isTrue(spec, 'hostNetwork') ? [['network-unavailable', 'NoSchedule']] : []),
  ] as const
  return all.map(([key, effect]) => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect }))
}

/** The Pod for a node. */
export function daemonPod(set: KubeObject, node: string, hash: string): KubeObject {
  const generation = annotationOf(set, 'deprecated.daemonset.template.generation')
  const labels = {
    ...(hash === '' ? {} : { 'controller-revision-hash': hash }),
    ...(generation === undefined ? {} : { 'pod-template-generation': generation }),
  }
  const pod = podFrom(set, objectAt(set, 'spec', 'template'), { labels })
  const spec = objectAt(pod, 'spec')
  const given = objectsAt(spec, 'tolerations')
  const added = tolerations(spec).filter(
    (each) =>
      !given.some((own) =>
        ['key', 'operator', 'effect', 'value'].every((key) => textAt(own, key) === textAt(each, key)),
      ),
  )
  return { ...pod, spec: { ...onNode(spec, node), tolerations: [...given, ...added] } }
}

/** The affinity sends the Pod to the node, whatever else it says. */
function onNode(spec: JsonObject, node: string): JsonObject {
  const here = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }
  const terms = objectsAt(spec, ...REQUIRED, 'nodeSelectorTerms')
  const made = has(spec, ...REQUIRED) ? terms.map((each) => ({ ...each, ...here })) : [here]
  return withAt(spec, [...REQUIRED, 'nodeSelectorTerms'], made)
}

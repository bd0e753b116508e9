// The indexes of an indexed Job: which Pod has which, which are done, and what a Pod of one is like.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf } from '@mainstay/core/object/object.ts'
import { changeEach, objectsAt, textAt, wholeAt } from '../../../kinds/look.ts'

const INDEX = 'batch.kubernetes.io/job-completion-index'

/** True for a Job whose completions have numbers. */
export function isIndexed(job: KubeObject): boolean {
  return textAt(job, 'spec', 'completionMode') === 'Indexed'
}

/** The index of a Pod; -1 where it has none that its Job knows. */
export function indexOf(job: KubeObject, pod: KubeObject): number {
  const text = annotationOf(pod, INDEX) ?? ''
  return /^\d+$/.test(text) && Number(text) < (wholeAt(job, 'spec', 'completions') ?? 0) ? Number(text) : -1
}

/** Reads `0,2-4`. */
export function readIndexes(text: string): ReadonlySet<number> {
  const found = new Set<number>()
  for (const part of text.split(',').filter((each) => each !== '')) {
    const [first = 0, last = first] = part.split('-').map(Number)
    for (let index = first; index <= last; index++) found.add(index)
  }
  return found
}

/** Writes `0,2-4`. */
export function writeIndexes(indexes: Iterable<number>): string {
  const runs: [number, number][] = []
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last !== undefined && index === last[1] + 1) last[1] = index
    else runs.push([index, index])
  }
  return runs
    .map(([first, last]) =>
      first === last ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`,
    )
    .join(',')
}

/** The first indexes that are neither done nor being worked on. */
export function pendingIndexes(job: KubeObject, busy: ReadonlySet<number>, count: number): readonly number[] {
  const free: number[] = []
  const all = wholeAt(job, 'spec', 'completions') ?? 0
  for (let index = 0; index < all && free.length < count; index++) if (!busy.has(index)) free.push(index)
  return free
}

/** A Pod for an index. */
export function withIndex(job: KubeObject, pod: KubeObject, index: number): KubeObject {
  const text = String(index)
  const { metadata } = pod
  const spec = pod.spec as JsonObject // Made from a template.
  const named = {
    ...metadata,
    generateName: `${job.metadata.name}-${index}-`,
    labels: { ...(metadata.labels as JsonObject), [INDEX]: text },
    annotations: { ...(metadata.annotations as JsonObject | undefined), [INDEX]: text },
  }
  const hostname = `${job.metadata.name}-${index}`
  return { ...pod, metadata: named, spec: { ...told(told(spec, 'initContainers'), 'containers'), hostname } }
}

/** Containers find their index in their environment. */
function told(spec: JsonObject, key: string): JsonObject {
  const variable = {
    name: 'JOB_COMPLETION_INDEX',
    valueFrom: { fieldRef: { fieldPath: `metadata.labels['${INDEX}']` } },
  }
  return changeEach(spec, key, (container) => {
    const env = objectsAt(container, 'env')
    return env.some((each) => textAt(each, 'name') === variable.name)
      ? container
      : { ...container, env: [...env, variable] }
  })
}

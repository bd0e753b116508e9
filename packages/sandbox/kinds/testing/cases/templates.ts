// Stories of Pods: in the template of a Deployment, and alone.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { objectAt } from '../../look.ts'
import type { Story } from '../story.ts'
import { made, selector, spec, template } from './builders.ts'
import { PODS } from './pods.ts'

/** Templates through Deployments. */
export const templateStories: readonly Story[] = Object.entries(PODS).map(([name, pod]) => ({
  name: `a template with ${name}`,
  object: made('apps/v1', 'Deployment', 'web', { replicas: 0, selector, template: pod }),
}))

const alone = (pod: JsonObject, name = 'one'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...objectAt(pod, 'metadata'), name },
  ...(pod.spec === undefined ? {} : { spec: pod.spec }),
})

const container = (live: JsonObject, change: JsonObject): JsonObject => {
  const [first, ...more] = objectAt(live, 'spec').containers as readonly JsonObject[]
  return spec(live, { containers: [{ ...first, ...change }, ...more] })
}

/** Pods alone. */
export const podStories: readonly Story[] = [
  ...Object.entries(PODS).map(([name, pod]) => ({ name: `a Pod with ${name}`, object: alone(pod) })),
  {
    name: 'a Pod that changes',
    object: alone(template({ resources: { limits: { cpu: '1', memory: '1Gi' } } })),
    updates: [
      (live) => container(live, { image: 'nginx:2' }),
      (live) => container(live, { args: ['x'] }),
      (live) => spec(live, { activeDeadlineSeconds: 60 }),
      (live) => spec(live, { activeDeadlineSeconds: 90 }),
      (live) => spec(live, { activeDeadlineSeconds: null }),
      (live) => spec(live, { tolerations: [] }),
      (live) => ({ ...live, metadata: { ...objectAt(live, 'metadata'), labels: { a: 'b' } } }),
    ],
  },
  { name: 'a Pod with spaces in its image', object: alone(template({ image: ' nginx ' })) },
  { name: 'a Pod with a name with dots', object: alone(template(), 'a.b') },
  { name: 'a Pod with a status', object: { ...alone(template()), status: { phase: 'Running' } } },
  {
    name: 'a Pod with its own tolerations',
    object: alone(template({}, { tolerations: [{ operator: 'Exists' }], priorityClassName: 'system-node-critical' })),
  },
]

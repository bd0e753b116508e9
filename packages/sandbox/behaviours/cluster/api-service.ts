// Registers every group that is served as an APIService, built-in ones and those of definitions, as the API server itself does.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, stringAt } from '@mainstay/core/object/object.ts'
import { objectsAt, textAt } from '../../kinds/look.ts'
import { namedGroups } from '../../schema/discovery.ts'
import { timeText } from '../../schema/time.ts'
import type { World } from '../../world.ts'
import type { Controller, Desk } from '../controller.ts'

const HEAD = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService' } as const
const DEFINITION = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' } as const
const MANAGED = 'kube-aggregator.kubernetes.io/automanaged'
const SERVER = { manager: 'kube-apiserver' }
/** The subject of everything that is built in. */
const BUILT_IN = ''

/** Keeps one APIService for each group and version that is served. */
export const apiServiceController: Controller = {
  name: 'api-services',
  follows: [
    { resource: '/namespaces', subjects: ({ metadata }) => (metadata.name === 'kube-system' ? [BUILT_IN] : []) },
    {
      resource: 'apiextensions.k8s.io/customresourcedefinitions',
      subjects: (definition) => {
        const group = textAt(definition, 'spec', 'group')
        return objectsAt(definition, 'spec', 'versions').map((each) => `${textAt(each, 'name')}.${group}`)
      },
    },
  ],
  reconcile: (subject, desk) => {
    if (subject === BUILT_IN) for (const spec of builtIn()) register(desk, spec, 'onstart')
    else follow(desk, subject)
    return null
  },
}

/** A version of a group is registered as long as a definition serves it. */
function follow(desk: Desk, subject: string): void {
  const [version = '', ...rest] = subject.split('.')
  const group = rest.join('.')
  if (isDefined(desk.world, group, version)) {
    register(desk, { group, groupPriorityMinimum: 1000, version, versionPriority: 100 }, 'true')
    return
  }
  const live = desk.world.get({ ...HEAD, namespace: null, name: subject })
  if (live !== null && stringAt(live, 'metadata', 'labels', MANAGED) === 'true') {
    desk.world.delete({ ...HEAD, namespace: null, name: subject })
  }
}

function isDefined(world: World, group: string, version: string): boolean {
  return world.list(DEFINITION.apiVersion, DEFINITION.kind).some((definition) => {
    if (textAt(definition, 'spec', 'group') !== group || !isServing(definition)) return false
    return objectsAt(definition, 'spec', 'versions').some((each) => each.name === version && each.served === true)
  })
}

function isServing(definition: KubeObject): boolean {
  if (isTerminating(definition)) return false
  return objectsAt(definition, 'status', 'conditions').some(
    (each) => each.type === 'Established' && each.status === 'True',
  )
}

function register({ world, now }: Desk, spec: JsonObject, managed: 'onstart' | 'true'): void {
  const name = `${String(spec.version)}.${typeof spec.group === 'string' ? spec.group : ''}`
  if (world.get({ ...HEAD, namespace: null, name }) !== null) return
  const made = world.create({ ...HEAD, metadata: { name, labels: { [MANAGED]: managed } }, spec }, SERVER)
  const condition: Json = {
    type: 'Available',
    status: 'True',
    lastTransitionTime: timeText(now),
    reason: 'Local',
    message: 'Local APIServices are always available',
  }
  world.put({ ...made, status: { conditions: [condition] } })
}

/** Priorities of the groups, and of versions that have another one than 15. */
const PRIORITIES: Readonly<Record<string, number>> = {
  'admissionregistration.k8s.io': 16_700,
  'apiextensions.k8s.io': 16_700,
  apps: 17_800,
  'authentication.k8s.io': 17_700,
  'authorization.k8s.io': 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  'certificates.k8s.io': 17_300,
  'coordination.k8s.io': 16_500,
  'discovery.k8s.io': 16_200,
  'events.k8s.io': 17_750,
  'flowcontrol.apiserver.k8s.io': 16_100,
  'networking.k8s.io': 17_200,
  'node.k8s.io': 16_300,
  policy: 17_100,
  'rbac.authorization.k8s.io': 17_000,
  'resource.k8s.io': 16_200,
  'scheduling.k8s.io': 16_600,
  'storage.k8s.io': 16_800,
}
const VERSION_PRIORITIES: Readonly<Record<string, number>> = {
  'v2.autoscaling': 30,
  'v1.flowcontrol.apiserver.k8s.io': 21,
  'v1.resource.k8s.io': 21,
}

function builtIn(): readonly JsonObject[] {
  const core = { groupPriorityMinimum: 18_000, version: 'v1', versionPriority: 1 }
  const named = namedGroups.flatMap(({ metadata, versions }) => {
    const group = metadata.name ?? ''
    const priority = PRIORITIES[group]
    if (priority === undefined) return []
    return versions.map(({ version }) => {
      const versionPriority = VERSION_PRIORITIES[`${version}.${group}`] ?? 15
      return { group, groupPriorityMinimum: priority, version, versionPriority }
    })
  })
  return [core, ...named].filter(isObject)
}

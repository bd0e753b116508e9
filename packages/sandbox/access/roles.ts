// The roles that every cluster begins with, as the real API server makes them, and roles that are sums of others.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import type { Controller } from '../behaviours/controller.ts'
import { objectAt } from '../kinds/look.ts'
import { selects } from '../kinds/metadata.ts'
import roles from '../schema/roles.json' with { type: 'json' }
import { equalJson } from '../verbs/equal.ts'
import type { World } from '../world.ts'
import { RBAC } from './rbac.ts'

const API_VERSION = `${RBAC}/v1`
const KIND = 'ClusterRole'

/** Makes them; roles that are sums are summed at once. */
export function furnishRoles(world: World): void {
  for (const line of roles.lines) {
    world.create(JSON.parse(line) as KubeObject, { manager: 'kube-apiserver' }) // By tools/sandbox/generate.ts.
  }
  const sums = world.list(API_VERSION, KIND).filter(isSum)
  // A sum may take in another one: each round settles at least one of them.
  for (const _ of sums) for (const { metadata } of sums) sumUp(world, metadata.name)
}

/** Keeps roles with an `aggregationRule` the sum of the roles that it selects. */
export const aggregation: Controller = {
  name: 'clusterrole-aggregation',
  follows: [
    {
      resource: `${RBAC}/clusterroles`,
      // Whatever a role was or is now, a sum may have taken it in.
      subjects: (_role, { world }) =>
        world
          .list(API_VERSION, KIND)
          .filter(isSum)
          .map(({ metadata }) => metadata.name),
    },
  ],
  reconcile: (name, { world }) => {
    sumUp(world, name)
    return null
  },
}

function isSum(role: KubeObject): boolean {
  return isObject(role.aggregationRule)
}

function sumUp(world: World, name: string): void {
  const role = world.get({ apiVersion: API_VERSION, kind: KIND, namespace: null, name })
  if (role === null || !isSum(role)) return
  const rules = summed(role, world.list(API_VERSION, KIND))
  if (equalJson(rules, role.rules ?? [])) return
  world.update({ ...role, rules }, { manager: 'clusterrole-aggregation-controller' })
}

/** The rules of everything that a role selects, each once, in the order of the names. */
function summed(sum: KubeObject, all: readonly KubeObject[]): readonly Json[] {
  const rules: Json[] = []
  for (const selector of listAt(sum, 'aggregationRule', 'clusterRoleSelectors')) {
    for (const role of all) {
      if (role.metadata.name === sum.metadata.name || !selects(selector, objectAt(role, 'metadata', 'labels'))) continue
      for (const rule of listAt(role, 'rules')) if (!rules.some((each) => equalJson(each, rule))) rules.push(rule)
    }
  }
  return rules
}

function listAt(value: Json, ...path: readonly string[]): readonly JsonObject[] {
  const found = valueAt(value, ...path)
  return isList(found) ? found.filter(isObject) : []
}

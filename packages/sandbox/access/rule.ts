// Rules of roles: what one of them allows.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Attributes, PathAttributes, ResourceAttributes } from './attributes.ts'

/** One rule of a role. */
export interface Rule {
  readonly verbs: readonly string[]
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames: readonly string[]
  readonly nonResourceURLs: readonly string[]
}

/** The rules of a role. */
export function rulesOf(role: KubeObject): readonly Rule[] {
  const { rules } = role
  return isList(rules) ? rules.filter(isObject).map(ruleOf) : []
}

function ruleOf(rule: JsonObject): Rule {
  return {
    verbs: texts(rule.verbs),
    apiGroups: texts(rule.apiGroups),
    resources: texts(rule.resources),
    resourceNames: texts(rule.resourceNames),
    nonResourceURLs: texts(rule.nonResourceURLs),
  }
}

function texts(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter((each) => typeof each === 'string') : []
}

/** True where a rule allows a wish. */
export function allows(rule: Rule, wish: Attributes): boolean {
  if (!has(rule.verbs, wish.verb)) return false
  return wish.kind === 'path' ? allowsPath(rule, wish) : allowsResource(rule, wish)
}

function has(list: readonly string[], wanted: string): boolean {
  return list.includes('*') || list.includes(wanted)
}

function allowsPath(rule: Rule, { path }: PathAttributes): boolean {
  return rule.nonResourceURLs.some((url) => coversUrl(url, path))
}

/** `/api/*` covers whatever begins with `/api/`. */
export function coversUrl(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === path) return true
  return pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1))
}

function allowsResource(rule: Rule, wish: ResourceAttributes): boolean {
  const { group, resource, subresource, name } = wish
  const whole = subresource === '' ? resource : `${resource}/${subresource}`
  const known = has(rule.resources, whole) || (subresource !== '' && rule.resources.includes(`*/${subresource}`))
  const named = rule.resourceNames.length === 0 || rule.resourceNames.includes(name)
  return known && named && has(rule.apiGroups, group)
}

// Which requests webhooks and policies of admission are about: rules and conditions.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { readAndCheck } from '../../crd/cel/program.ts'
import { type CelType, DYN } from '../../crd/cel/type.ts'
import type { Cause } from '../../registry/kind.ts'
import { duplicate, invalid, invalids, notSupported, required, tooMany } from '../causes.ts'
import { qualifiedName } from '../formats.ts'
import { has, objectsAt, textAt, textsAt } from '../look.ts'

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const SCOPES = ['*', 'Cluster', 'Namespaced']

/** A rule: operations on resources. */
export function ruleCauses(rule: JsonObject, path: string): readonly Cause[] {
  const list = (key: string, others: string): readonly Cause[] => starCauses(rule, key, others, `${path}.${key}`)
  const operations = textsAt(rule, 'operations')
  const versions = textsAt(rule, 'apiVersions')
  const scope = textAt(rule, 'scope')
  return [
    ...list('operations', 'operations'),
    ...operations.flatMap((each, at) =>
      OPERATIONS.includes(each) ? [] : [notSupported(`${path}.operations[${at}]`, each, OPERATIONS)],
    ),
    ...list('apiGroups', 'API groups'),
    ...list('apiVersions', 'API versions'),
    ...versions.flatMap((each, at) => (each === '' ? [required(`${path}.apiVersions[${at}]`)] : [])),
    ...resourcesCauses(textsAt(rule, 'resources'), `${path}.resources`),
    ...(has(rule, 'scope') && !SCOPES.includes(scope) ? [notSupported(`${path}.scope`, scope, SCOPES)] : []),
  ]
}

function starCauses(rule: JsonObject, key: string, others: string, path: string): readonly Cause[] {
  const values = textsAt(rule, key)
  if (values.length === 0) return [required(path)]
  const text = `if '*' is present, must not specify other ${others}`
  return values.length > 1 && values.includes('*') ? [invalid(path, [...values], text)] : []
}

function resourcesCauses(resources: readonly string[], path: string): readonly Cause[] {
  if (resources.length === 0) return [required(path)]
  const plain = resources.filter((each) => !each.includes('/'))
  const text = "if '*' is present, must not specify other resources without subresources"
  const all = [...resources]
  return [
    ...resources.flatMap((each, at) => [
      ...(each === '' ? [required(`${path}[${at}]`)] : []),
      ...coveredCauses(each, resources.slice(0, at), `${path}[${at}]`),
    ]),
    ...(resources.includes('*/*') && resources.length > 1
      ? [invalid(path, all, "if '*/*' is present, must not specify other resources")]
      : []),
    ...(plain.includes('*') && plain.length > 1 ? [invalid(path, all, text)] : []),
  ]
}

function coveredCauses(resource: string, before: readonly string[], path: string): readonly Cause[] {
  const [name = '', part] = resource.split('/')
  if (part === undefined || resource === '*/*') return []
  const other = [`${name}/*`, `*/${part}`].find((each) => before.includes(each))
  return other === undefined ? [] : [invalid(path, resource, `if '${other}' is present, must not specify ${resource}`)]
}

/** What expressions of admission may name. */
const VARIABLES: ReadonlyMap<string, CelType> = new Map(
  ['object', 'oldObject', 'request', 'namespaceObject', 'authorizer', 'params', 'variables'].map((name) => [name, DYN]),
)

/** An expression that must say yes or no; null where the kind of its value does not matter. */
export function expressionCauses(text: string, path: string, kind: 'bool' | null): readonly Cause[] {
  const read = readAndCheck(text, VARIABLES)
  if (typeof read === 'string') return [invalid(path, text, `compilation failed: ${read}`)]
  const found = read.checked.type.kind
  if (kind === null || found === kind) return []
  return [invalid(path, text, `must evaluate to ${kind} but got ${found}`)]
}

const MOST_CONDITIONS = 64

/** Conditions beside the rules. */
export function conditionsCauses(object: JsonObject, parent: string): readonly Cause[] {
  const path = `${parent}.matchConditions`
  const conditions = objectsAt(object, 'matchConditions')
  const names = conditions.map((each) => textAt(each, 'name'))
  if (conditions.length > MOST_CONDITIONS) return [tooMany(path, conditions.length, MOST_CONDITIONS)]
  return conditions.flatMap((each, at) => {
    const own = `${path}[${at}]`
    const [name, expression] = [names[at] ?? '', textAt(each, 'expression')]
    return [
      ...(expression.trim() === ''
        ? [required(`${own}.expression`)]
        : expressionCauses(expression, `${own}.expression`, 'bool')),
      ...(name === '' ? [required(`${own}.name`)] : invalids(`${own}.name`, name, qualifiedName(name))),
      ...(name !== '' && names.indexOf(name) < at ? [duplicate(`${own}.name`, name)] : []),
    ]
  })
}

/** A choice out of a few where there is one. */
export function chosenCauses(value: Json | undefined, choice: readonly string[], path: string): readonly Cause[] {
  const text = typeof value === 'string' ? value : ''
  return value === undefined || choice.includes(text) ? [] : [notSupported(path, text, choice)]
}

// The paths of a custom resource in OpenAPI documents, made from those of a built-in resource that has all subresources.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { typeName } from '../resource.ts'
import { versionsOf } from '../versions.ts'
import type { Edition } from './model.ts'

/** The built-in resource that lends its paths. */
const MODEL = '/apis/apps/v1/namespaces/{namespace}/deployments'
const MODEL_EVERYWHERE = '/apis/apps/v1/deployments'

/** What is put in place of the model's own words. */
interface Place {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly listKind: string
  readonly namespaced: boolean
  readonly edition: Edition
}

/** The paths of one version; `paths` are those of the document in which the model is. */
export function resourcePaths(crd: KubeObject, version: string, paths: JsonObject, edition: Edition): JsonObject {
  const raw = versionsOf(crd).find((each) => each.name === version) ?? {}
  const place: Place = {
    group: stringAt(crd, 'spec', 'group') ?? '',
    version,
    kind: stringAt(crd, 'spec', 'names', 'kind') ?? '',
    listKind: stringAt(crd, 'spec', 'names', 'listKind') ?? '',
    namespaced: stringAt(crd, 'spec', 'scope') === 'Namespaced',
    edition,
  }
  const plural = stringAt(crd, 'spec', 'names', 'plural') ?? ''
  const base = `/apis/${place.group}/${version}`
  const root = place.namespaced ? `${base}/namespaces/{namespace}/${plural}` : `${base}/${plural}`
  const everywhere = pathItem(paths, MODEL_EVERYWHERE)
  const listParameters = isList(everywhere.parameters) ? everywhere.parameters : []
  const made: Record<string, Json> = {}
  for (const below of ['', '/{name}', ...subresources(raw)]) {
    made[`${root}${below}`] = translated(pathItem(paths, MODEL + below), place, listParameters)
  }
  if (place.namespaced) made[`${base}/${plural}`] = translated(everywhere, place, listParameters)
  return made
}

function subresources(version: JsonObject): readonly string[] {
  const names = ['status', 'scale'].filter((name) => isObject(valueAt(version, 'subresources', name)))
  return names.map((name) => `/{name}/${name}`)
}

function pathItem(paths: JsonObject, path: string): JsonObject {
  const item = paths[path]
  return isObject(item) ? item : {}
}

function translated(item: JsonObject, place: Place, listParameters: readonly Json[]): JsonObject {
  const made = Object.entries(item).map(([key, value]): [string, Json] => {
    if (isObject(value)) return [key, operation(key, value, place, listParameters)]
    return [key, isList(value) ? value.filter((each) => keeps(each, place)).map((each) => words(each, place)) : value]
  })
  return Object.fromEntries(made)
}

function keeps(parameter: Json, { namespaced }: Place): boolean {
  if (namespaced || !isObject(parameter)) return true
  return parameter.name !== 'namespace' && !String(parameter.$ref).startsWith('#/parameters/namespace-')
}

function operation(method: string, raw: JsonObject, place: Place, listParameters: readonly Json[]): JsonObject {
  const action = raw['x-kubernetes-action']
  const { parameters, requestBody, responses, ...rest } = raw
  const isCollection = action === 'deletecollection'
  // A get may ask for a version, and the deletion of a collection takes what a list takes, and no body.
  const given = isCollection ? listOnly(listParameters) : action === 'get' ? versionOnly(listParameters) : parameters
  const made: JsonObject = {
    ...rest,
    ...mediaTypes(method, rest, place),
    'x-kubernetes-group-version-kind': { group: place.group, kind: place.kind, version: place.version },
    ...(given === undefined ? {} : { parameters: given }),
    ...(requestBody === undefined || isCollection ? {} : { requestBody: plainBody(requestBody, method) }),
    ...(isObject(responses) ? { responses: plainResponses(responses, method) } : {}),
  }
  return words(made, place) as JsonObject // An object stays one.
}

function listOnly(parameters: readonly Json[]): readonly Json[] {
  return parameters.filter((each) => !isNamed(each, 'pretty'))
}

function versionOnly(parameters: readonly Json[]): readonly Json[] {
  return parameters.filter((each) => isNamed(each, 'resourceVersion'))
}

function isNamed(parameter: Json, name: string): boolean {
  if (!isObject(parameter)) return false
  return parameter.name === name || String(parameter.$ref).startsWith(`#/parameters/${name}-`)
}

const PLAIN: readonly string[] = ['application/json', 'application/yaml']

function mediaTypes(method: string, raw: JsonObject, { edition }: Place): JsonObject {
  if (edition === 3) return {}
  const consumes = isList(raw.consumes)
    ? raw.consumes.filter((each) => each !== 'application/strategic-merge-patch+json')
    : []
  return {
    consumes: method === 'patch' ? consumes.filter((each) => !String(each).includes('cbor')) : PLAIN,
    produces: PLAIN,
  }
}

function plainBody(body: Json, method: string): Json {
  if (!isObject(body) || !isObject(body.content)) return body
  const { '*/*': any, 'application/strategic-merge-patch+json': _, ...rest } = body.content
  const every = any === undefined ? {} : Object.fromEntries(PLAIN.map((type) => [type, any]))
  const kept =
    method === 'patch' ? Object.fromEntries(Object.entries(rest).filter(([type]) => !type.includes('cbor'))) : rest
  return { ...body, content: { ...kept, ...every } }
}

function plainResponses(responses: JsonObject, method: string): JsonObject {
  const kept = Object.entries(responses).filter(([code]) => method !== 'patch' || code !== '201')
  return Object.fromEntries(
    kept.map(([code, response]): [string, Json] => {
      if (!isObject(response) || !isObject(response.content)) return [code, response]
      const content = Object.entries(response.content).filter(([type]) => PLAIN.includes(type))
      return [code, { ...response, content: Object.fromEntries(content) }]
    }),
  )
}

/** The same with the resource's own names in every text. */
function words(value: Json, place: Place): Json {
  if (isList(value)) return value.map((each) => words(each, place))
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]): [string, Json] => {
        if (typeof each !== 'string') return [key, words(each, place)]
        return [key, key === 'operationId' ? operationId(each, place) : text(each, key, place)]
      }),
    )
  }
  return value === 'apps_v1' ? `${lowerFirst(groupName(place.group))}_${place.version}` : value
}

function text(value: string, key: string, place: Place): string {
  const { group, version, kind, listKind } = place
  if (key === '$ref') {
    return value
      .replace('io.k8s.api.apps.v1.DeploymentList', typeName(group, version, listKind))
      .replace('io.k8s.api.apps.v1.Deployment', typeName(group, version, kind))
  }
  if (value === 'name of the Scale') return `name of the ${kind}`
  if (key !== 'description' || !/\bDeployment$/.test(value)) return value
  const article = /^[aeiou]/i.test(kind) ? 'an' : 'a'
  return value
    .replace('list or watch objects', 'list objects')
    .replace(/\ba Deployment$/, `${article} Deployment`)
    .replace(/Deployment$/, kind)
}

function operationId(value: string, { group, version, kind, namespaced }: Place): string {
  const named = value.replace('AppsV1', groupName(group) + upperFirst(version)).replace('Deployment', kind)
  return namespaced ? named : named.replace('Namespaced', '')
}

/** `stable.example.com` → `StableExampleCom`. */
function groupName(group: string): string {
  return group.split(/[.-]/).map(upperFirst).join('')
}

function upperFirst(value: string): string {
  return value.slice(0, 1).toUpperCase() + value.slice(1)
}

function lowerFirst(value: string): string {
  return value.slice(0, 1).toLowerCase() + value.slice(1)
}

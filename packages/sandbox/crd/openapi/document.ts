// What definitions add to the OpenAPI documents: parts of /openapi/v2, and whole documents of /openapi/v3.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { isTrue } from '../conditions.ts'
import { versionsOf } from '../versions.ts'
import { models } from './model.ts'
import { resourcePaths } from './paths.ts'

/** Paths and definitions that go into `/openapi/v2`; `swagger` is the document without definitions of custom kinds. */
export function swaggerParts(
  crds: readonly KubeObject[],
  swagger: JsonObject,
): { readonly paths: JsonObject; readonly definitions: JsonObject } {
  const paths = isObject(swagger.paths) ? swagger.paths : {}
  const served = crds.flatMap((crd) => servedVersions(crd).map((version) => ({ crd, version })))
  return {
    paths: Object.assign({}, ...served.map(({ crd, version }) => resourcePaths(crd, version, paths, 2))),
    definitions: Object.assign({}, ...served.map(({ crd, version }) => models(crd, version, 2))),
  }
}

/** The groups and versions that have a document of their own: `apis/stable.example.com/v1`. */
export function documentPaths(crds: readonly KubeObject[]): readonly string[] {
  const all = crds.flatMap((crd) => servedVersions(crd).map((version) => pathOf(crd, version)))
  return [...new Set(all)].sort()
}

/** Built-in documents that lend what is the same for all kinds. */
export interface Lenders {
  /** `/openapi/v3/apis/apps/v1`: paths and common schemas. */
  readonly apps: JsonObject
  /** `/openapi/v2`: in which groups and versions the options of a deletion may be written. */
  readonly swagger: JsonObject
}

/** A document of `/openapi/v3` by its path in the index; null where no definition serves it. */
export function openApiDocument(
  crds: readonly KubeObject[],
  path: string,
  { apps, swagger }: Lenders,
): JsonObject | null {
  const paths = isObject(apps.paths) ? apps.paths : {}
  const served = crds.flatMap((crd) =>
    servedVersions(crd)
      .filter((version) => pathOf(crd, version) === path)
      .map((version) => ({ crd, version })),
  )
  if (served.length === 0) return null
  const own: JsonObject = Object.assign({}, ...served.map(({ crd, version }) => models(crd, version, 3)))
  const made: JsonObject = Object.assign({}, ...served.map(({ crd, version }) => resourcePaths(crd, version, paths, 3)))
  const common = valueAt(apps, 'components', 'schemas')
  const shared = needed([made, own], isObject(common) ? common : {})
  const schemas = { ...shared, ...optionsIn(shared, swagger), ...own }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' },
    paths: made,
    components: { schemas },
  }
}

function pathOf(crd: KubeObject, version: string): string {
  return `apis/${stringAt(crd, 'spec', 'group') ?? ''}/${version}`
}

function servedVersions(crd: KubeObject): readonly string[] {
  if (!isTrue(crd, 'Established')) return []
  return versionsOf(crd)
    .filter((each) => each.served === true)
    .map((each) => String(each.name))
}

const DELETE_OPTIONS = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions'
/** Groups that the part of the server which serves custom resources does not know. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'admission.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'imagepolicy.k8s.io',
])

function optionsIn(shared: JsonObject, swagger: JsonObject): JsonObject {
  const options = shared[DELETE_OPTIONS]
  const kinds = valueAt(swagger, 'definitions', DELETE_OPTIONS, 'x-kubernetes-group-version-kind')
  if (!isObject(options) || !isList(kinds)) return {}
  const known = kinds.filter((each) => !(isObject(each) && ELSEWHERE.has(String(each.group))))
  return { [DELETE_OPTIONS]: { ...options, 'x-kubernetes-group-version-kind': known } }
}

/** The common schemas that some values refer to, and those that these refer to. */
function needed(values: readonly Json[], common: JsonObject): JsonObject {
  const found: Record<string, Json> = {}
  const open: Json[] = [...values]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (isList(value)) open.push(...value)
    if (!isObject(value)) continue
    for (const [key, each] of Object.entries(value)) {
      const name = key === '$ref' && typeof each === 'string' ? each.replace('#/components/schemas/', '') : null
      const schema = name === null || Object.hasOwn(found, name) ? undefined : common[name]
      if (name !== null && schema !== undefined) {
        found[name] = schema
        open.push(schema)
      } else open.push(each)
    }
  }
  return found
}

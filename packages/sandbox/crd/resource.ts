// A CustomResourceDefinition as a resource of the API.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import type { Resource, ServedVersion } from '../registry/kind.ts'
import { failure } from '../registry/status.ts'
import type { Version } from './behaviour.ts'
import { behaviourOf, readObject, versionTable } from './behaviour.ts'
import { isTrue } from './conditions.ts'
import { namesAt } from './establish.ts'
import { rootType } from './schema/struct-type.ts'
import { columnsOf } from './table/columns.ts'
import { quote } from './value/text.ts'
import { compareVersions, versionsOf } from './versions.ts'

/** Verbs in the order in which discovery lists them for custom resources. */
const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']
const GOING = ['delete', 'deletecollection', 'get', 'list', 'watch']

/** The resource that a definition brings; null as long as it is not established, or serves no version. */
export function resourceOf(crd: KubeObject): Resource | null {
  if (!isTrue(crd, 'Established')) return null
  const table = versionTable(crd)
  const group = stringAt(crd, 'spec', 'group') ?? ''
  const versions = versionsOf(crd)
    .filter((raw) => raw.served === true)
    .map((raw) => servedVersion(crd, raw, table))
    .sort((a, b) => compareVersions(a.name, b.name))
  if (versions.length === 0) return null
  const names = namesAt(valueAt(crd, 'status', 'acceptedNames'))
  const namespaced = stringAt(crd, 'spec', 'scope') === 'Namespaced'
  return {
    group,
    versions,
    storage: String(versionsOf(crd).find((raw) => raw.storage === true)?.name ?? versions[0]?.name),
    kind: names.kind,
    listKind: names.listKind,
    plural: names.plural,
    singular: names.singular,
    shortNames: names.shortNames,
    categories: names.categories,
    namespaced,
    verbs: isTrue(crd, 'Terminating') ? GOING : VERBS,
    convert: (object, to) => convert(crd, object, to),
    custom: true,
    behaviour: behaviourOf(table, { group, kind: names.kind }, namespaced),
  }
}

function servedVersion(crd: KubeObject, raw: JsonObject, table: ReadonlyMap<string, Version>): ServedVersion {
  const name = String(raw.name)
  const version = table.get(name)
  if (version === undefined) throw new Error('the table has every version')
  const kind = stringAt(crd, 'spec', 'names', 'kind') ?? ''
  const group = stringAt(crd, 'spec', 'group') ?? ''
  const fields = isList(raw.selectableFields) ? raw.selectableFields.filter(isObject) : []
  const deprecation = raw.deprecated === true ? deprecationOf(crd, raw) : null
  return {
    name,
    type: rootType(version.schema, typeName(group, name, kind)),
    columns: columnsOf(raw),
    subresources: { status: version.status, scale: version.scale, others: [] },
    prune: (object) => readObject(object, table.get(parseApiVersion(object.apiVersion).version) ?? version),
    ...(fields.length === 0 ? {} : { selectable: fields.map((each) => String(each.jsonPath).replace(/^\./, '')) }),
    ...(deprecation === null ? {} : { deprecation }),
  }
}

/** The name of the definition in OpenAPI: `com.example.v1.CronTab`. */
export function typeName(group: string, version: string, kind: string): string {
  return [...group.split('.').reverse(), version, kind].join('.')
}

function deprecationOf(crd: KubeObject, raw: JsonObject): string {
  if (typeof raw.deprecationWarning === 'string') return raw.deprecationWarning
  const group = stringAt(crd, 'spec', 'group') ?? ''
  const kind = stringAt(crd, 'spec', 'names', 'kind') ?? ''
  const newer = versionsOf(crd)
    .filter((each) => each.served === true && each.deprecated !== true)
    .map((each) => String(each.name))
    .filter((name) => compareVersions(name, String(raw.name)) < 0)
    .sort(compareVersions)[0]
  const told = `${group}/${String(raw.name)} ${kind} is deprecated`
  return newer === undefined ? told : `${told}; use ${group}/${newer} ${kind}`
}

/** Without a webhook, versions differ by name alone. A webhook cannot be called here: it is as one that nobody answers. */
function convert(crd: KubeObject, object: KubeObject, to: string): KubeObject {
  const apiVersion = `${stringAt(crd, 'spec', 'group') ?? ''}/${to}`
  if (stringAt(crd, 'spec', 'conversion', 'strategy') !== 'Webhook') return { ...object, apiVersion }
  const names = versionsOf(crd)
  const storage = names.find((each) => each.storage === true)?.name
  // What is read comes from the storage, what is written from elsewhere.
  const from = to === storage ? names.find((each) => each.name !== to)?.name : storage
  throw failure(500, '', webhookProblem(crd, `${stringAt(crd, 'spec', 'group') ?? ''}/${String(from)}`, object.kind))
}

function webhookProblem(crd: KubeObject, from: string, kind: string): string {
  const client = valueAt(crd, 'spec', 'conversion', 'webhook', 'clientConfig')
  const what = `conversion webhook for ${from}, Kind=${kind} failed: Post`
  const service = valueAt(client, 'service')
  if (!isObject(service)) {
    const url = new URL(stringAt(client, 'url') ?? 'https://localhost')
    const refused = `dial tcp ${url.hostname}:${url.port === '' ? '443' : url.port}: connect: connection refused`
    return `${what} ${quote(`${url.href}?timeout=30s`)}: ${refused}`
  }
  const name = String(service.name)
  const path = typeof service.path === 'string' ? service.path : '/'
  const url = `https://${name}.${String(service.namespace)}.svc:${String(service.port ?? 443)}${path}?timeout=30s`
  return `${what} ${quote(url)}: service ${quote(name)} not found`
}

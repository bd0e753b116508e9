// Discovery documents: those of the built-in groups as the real server publishes them, with custom groups put in.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { compareVersions } from '../crd/versions.ts'
import type { Resource, ServedVersion } from '../registry/kind.ts'
import { aggregatedDiscovery, legacyDiscovery } from '../schema/discovery.ts'

/** Aggregated discovery of `/api` or `/apis`. */
export function aggregated(root: 'api' | 'apis', version: 'v2', custom: readonly Resource[]): JsonObject {
  const document = aggregatedDiscovery[root]
  const items = isList(document.items) ? document.items : []
  const added = root === 'apis' ? groupsOf(custom).map(aggregatedGroup) : []
  return { ...document, apiVersion: `apidiscovery.k8s.io/${version}`, items: [...items, ...added] }
}

/** The older discovery of a path; null where nothing is there. */
export function legacy(path: string, custom: readonly Resource[]): JsonObject | null {
  const known = Object.hasOwn(legacyDiscovery, path) ? legacyDiscovery[path] : undefined
  if (known !== undefined) return path === '/apis' ? withGroups(known, custom) : known
  const [, , group = '', version] = path.split('/')
  const resources = custom.filter((each) => each.group === group)
  if (resources.length === 0) return null
  if (version === undefined) return legacyGroup({ group, resources }, true)
  return resourceList(group, version, resources)
}

/** True for a group that is built in. */
export function isKnownGroup(group: string): boolean {
  return Object.hasOwn(legacyDiscovery, `/apis/${group}`)
}

interface CustomGroup {
  readonly group: string
  readonly resources: readonly Resource[]
}

function groupsOf(custom: readonly Resource[]): readonly CustomGroup[] {
  const names = [...new Set(custom.map(({ group }) => group))].sort()
  return names.map((group) => ({ group, resources: custom.filter((each) => each.group === group) }))
}

function versionsOf({ resources }: CustomGroup): readonly string[] {
  return [...new Set(resources.flatMap(({ versions }) => versions.map(({ name }) => name)))].sort(compareVersions)
}

function withGroups(document: JsonObject, custom: readonly Resource[]): JsonObject {
  const groups: readonly Json[] = isList(document.groups) ? document.groups : []
  return { ...document, groups: [...groups, ...groupsOf(custom).map((each) => legacyGroup(each, false))] }
}

function legacyGroup(group: CustomGroup, head: boolean): JsonObject {
  const versions = versionsOf(group).map((version) => ({ groupVersion: `${group.group}/${version}`, version }))
  return {
    ...(head ? { kind: 'APIGroup', apiVersion: 'v1' } : {}),
    name: group.group,
    versions,
    preferredVersion: versions[0] ?? null,
  }
}

function resourceList(group: string, version: string, resources: readonly Resource[]): JsonObject | null {
  const served = servedIn(resources, version)
  if (served.length === 0) return null
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: `${group}/${version}`,
    resources: served.flatMap(([resource, each]) => legacyResources(resource, each)),
  }
}

function servedIn(resources: readonly Resource[], version: string): readonly (readonly [Resource, ServedVersion])[] {
  return [...resources]
    .sort((a, b) => (a.plural < b.plural ? -1 : 1))
    .flatMap((resource) => {
      const found = resource.versions.find(({ name }) => name === version)
      return found === undefined ? [] : [[resource, found] as const]
    })
}

function legacyResources(resource: Resource, version: ServedVersion): readonly JsonObject[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories, group } = resource
  const own: JsonObject = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: [...verbs],
    ...(shortNames.length === 0 ? {} : { shortNames: [...shortNames] }),
    ...(categories.length === 0 ? {} : { categories: [...categories] }),
    storageVersionHash: hashOf(`${group}/${resource.storage}/${kind}`),
  }
  const part = (name: string, of: JsonObject): JsonObject => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    ...of,
    verbs: ['get', 'patch', 'update'],
  })
  const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' }
  return [
    own,
    ...(version.subresources.status ? [part('status', { kind })] : []),
    ...(version.subresources.scale === null ? [] : [part('scale', scale)]),
  ]
}

function aggregatedGroup(group: CustomGroup): JsonObject {
  return {
    metadata: { name: group.group },
    versions: versionsOf(group).map((version) => ({
      version,
      resources: servedIn(group.resources, version).map(([resource, each]) => aggregatedResource(resource, each)),
      freshness: 'Current',
    })),
  }
}

function aggregatedResource(resource: Resource, version: ServedVersion): JsonObject {
  const { group, plural, singular, namespaced, kind, verbs, shortNames, categories } = resource
  const responseKind = { group, version: version.name, kind }
  const part = (subresource: string, of: JsonObject): JsonObject => ({
    subresource,
    responseKind: of,
    verbs: ['get', 'patch', 'update'],
  })
  const subresources = [
    ...(version.subresources.status ? [part('status', responseKind)] : []),
    ...(version.subresources.scale === null
      ? []
      : [part('scale', { group: 'autoscaling', version: 'v1', kind: 'Scale' })]),
  ]
  return {
    resource: plural,
    responseKind,
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: [...verbs],
    ...(shortNames.length === 0 ? {} : { shortNames: [...shortNames] }),
    ...(categories.length === 0 ? {} : { categories: [...categories] }),
    ...(subresources.length === 0 ? {} : { subresources }),
  }
}

/** Eight bytes that tell storage versions apart; whose they are does not matter to a client. */
function hashOf(text: string): string {
  let [low, high] = [0x811c9dc5, 0x01000193]
  for (let at = 0; at < text.length; at++) {
    low = Math.imul(low ^ text.charCodeAt(at), 0x01000193)
    high = Math.imul(high ^ text.charCodeAt(at), 0x85ebca6b)
  }
  const digits = [low, high].map((each) => (each >>> 0).toString(36).padStart(7, '0')).join('')
  return `${digits.slice(0, 11)}=`
}

/** Every path of discovery, as `/` lists it. */
export function pathsOf(custom: readonly Resource[]): readonly string[] {
  const own = groupsOf(custom).flatMap((group) => [
    `/apis/${group.group}`,
    ...versionsOf(group).map((version) => `/apis/${group.group}/${version}`),
  ])
  const known = Object.keys(legacyDiscovery).filter((path) => isObject(legacyDiscovery[path]))
  return [...new Set(['/api', '/apis', '/apis/', ...known, ...own])].sort()
}

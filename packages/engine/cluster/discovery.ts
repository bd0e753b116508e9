// Asks an API server which kinds it serves. A group that does not answer is a gap for its kinds only.
import { isList, type Json } from '@mainstay/core/object/json.ts'
import type { KindInfo, KindTable } from '@mainstay/core/object/kinds.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { compareText, kindKey } from '@mainstay/core/object/ref.ts'
import { answerJson } from './answer.ts'
import { type DiscoveryGap, listAt, type Served, type ServedKind, textsAt, unreadable } from './discovery-document.ts'
import { legacyDiscovery } from './discovery-legacy.ts'
import type { Transport } from './transport.ts'

/** One kind with everything that discovery tells of it. */
export interface DiscoveredKind extends KindInfo {
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  /** `status`, `scale`, … of the preferred version. */
  readonly subresources: readonly string[]
}

/** What an API server serves, and what it could not tell. */
export interface Discovery {
  /** In order of group and kind. */
  readonly kinds: readonly DiscoveredKind[]
  readonly gaps: readonly DiscoveryGap[]
  readonly table: KindTable
}

/** The aggregated form, newest first, and the form of old servers. https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery */
const accept = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',')

/**
 * Discovers all kinds: two requests, or one for each group-version where the server is old.
 * @throws FaultError when the server cannot be asked at all; a single failing group is a gap
 */
export async function discover(transport: Transport, signal?: AbortSignal): Promise<Discovery> {
  const [core, groups] = await Promise.all([served(transport, '/api', signal), served(transport, '/apis', signal)])
  return discoveryOf({ kinds: [...core.kinds, ...groups.kinds], gaps: [...core.gaps, ...groups.gaps] })
}

async function served(transport: Transport, path: '/api' | '/apis', signal: AbortSignal | undefined): Promise<Served> {
  const what = 'cannot discover the kinds of the cluster'
  const answer = await transport.send({
    verb: 'discover',
    method: 'GET',
    path,
    what,
    accept,
    ...(signal === undefined ? {} : { signal }),
  })
  const body = answerJson(answer.text, what, path)
  // What was sent is told by the document itself, not by its content type, which proxies rewrite.
  if (stringAt(body, 'kind') === 'APIGroupDiscoveryList') return readAggregated(body, path)
  return legacyDiscovery(transport, body, signal)
}

/** Reads an APIGroupDiscoveryList. */
function readAggregated(body: Json, path: string): Served {
  const items = valueAt(body, 'items')
  if (!isList(items)) throw unreadable(path)
  const kinds: ServedKind[] = []
  const gaps: DiscoveryGap[] = []
  for (const item of items) {
    const group = stringAt(item, 'metadata', 'name') ?? ''
    for (const each of listAt(item, 'versions')) {
      const version = stringAt(each, 'version')
      if (version === undefined) throw unreadable(path)
      if (stringAt(each, 'freshness') === 'Stale') {
        gaps.push({ group, version, reason: 'the server behind this API group does not answer' })
      } else {
        kinds.push(...listAt(each, 'resources').flatMap((resource) => readResource(resource, group, version)))
      }
    }
  }
  return { kinds, gaps }
}

function readResource(resource: Json, group: string, version: string): readonly ServedKind[] {
  const name = stringAt(resource, 'resource')
  // An entry without a kind of its own only holds subresources.
  const kind = stringAt(resource, 'responseKind', 'kind')
  if (name === undefined || kind === undefined || kind === '') return []
  return [
    {
      group,
      version,
      kind,
      resource: name,
      scope: stringAt(resource, 'scope') === 'Namespaced' ? 'namespaced' : 'cluster',
      verbs: textsAt(resource, 'verbs'),
      shortNames: textsAt(resource, 'shortNames'),
      categories: textsAt(resource, 'categories'),
      subresources: listAt(resource, 'subresources').flatMap((sub) => stringAt(sub, 'subresource') ?? []),
    },
  ]
}

/** Joins the versions of each kind. Versions come in the server's order of preference. */
export function discoveryOf({ kinds, gaps }: Served): Discovery {
  const byKind = new Map<string, ServedKind[]>()
  for (const kind of kinds) {
    const key = kindKey(kind)
    byKind.set(key, [...(byKind.get(key) ?? []), kind])
  }
  const joined = [...byKind.values()].flatMap(joinVersions)
  joined.sort((a, b) => compareText(a.group, b.group) || compareText(a.kind, b.kind))
  return {
    kinds: joined,
    gaps,
    table: {
      kinds: new Map(joined.map((kind) => [kindKey(kind), kind])),
      failedGroups: new Map(gaps.map((gap) => [gap.group, `${gap.group}/${gap.version}: ${gap.reason}`])),
    },
  }
}

function joinVersions(all: readonly ServedKind[]): readonly DiscoveredKind[] {
  // Two resources of one kind in one group: objects live in the one that can be listed.
  const main = all.find((each) => each.verbs.includes('list')) ?? all[0]
  if (main === undefined) return []
  const versions = [...new Set(all.filter((each) => each.resource === main.resource).map((each) => each.version))]
  const { group, kind, resource, scope, verbs, shortNames, categories, subresources } = main
  return [{ group, kind, resource, scope, versions, verbs, shortNames, categories, subresources }]
}

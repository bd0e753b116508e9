// Discovery on servers without the aggregated form: one request for each group-version.
import type { Json } from '@mainstay/core/object/json.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import { isFault } from '../fault.ts'
import { answerJson } from './answer.ts'
import { type DiscoveryGap, listAt, type Served, type ServedKind, textsAt, unreadable } from './discovery-document.ts'
import { groupVersionPath } from './resource-path.ts'
import type { Transport } from './transport.ts'

/** Requests under way at once. */
const atOnce = 16

interface GroupVersion {
  readonly group: string
  readonly version: string
}

/**
 * Follows an APIVersions or APIGroupList document.
 * @throws FaultError when the document is none; a group-version that cannot be read is a gap
 */
export async function legacyDiscovery(transport: Transport, body: Json, signal?: AbortSignal): Promise<Served> {
  const wanted = groupVersions(body)
  const kinds: ServedKind[][] = wanted.map(() => [])
  const gaps: DiscoveryGap[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let at = next++; at < wanted.length; at = next++) {
      const each = wanted[at]
      if (each === undefined) return
      const read = await readGroupVersion(transport, each, signal)
      if ('reason' in read) gaps.push(read)
      else kinds[at] = [...read.kinds]
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { kinds: kinds.flat(), gaps }
}

/** Preferred version first within each group. */
function groupVersions(body: Json): readonly GroupVersion[] {
  switch (stringAt(body, 'kind')) {
    case 'APIVersions':
      return textsAt(body, 'versions').map((version) => ({ group: '', version }))
    case 'APIGroupList':
      return listAt(body, 'groups').flatMap((group) => {
        const preferred = stringAt(group, 'preferredVersion', 'version')
        const versions = listAt(group, 'versions').flatMap((version) => stringAt(version, 'version') ?? [])
        const ordered = [...versions.filter((v) => v === preferred), ...versions.filter((v) => v !== preferred)]
        return ordered.map((version) => ({ group: stringAt(group, 'name') ?? '', version }))
      })
    default:
      throw unreadable('/apis')
  }
}

async function readGroupVersion(
  transport: Transport,
  each: GroupVersion,
  signal: AbortSignal | undefined,
): Promise<{ readonly kinds: readonly ServedKind[] } | DiscoveryGap> {
  const path = groupVersionPath(each)
  try {
    const what = `cannot discover the kinds of ${each.group === '' ? 'the core group' : each.group}`
    const answer = await transport.send({
      verb: 'discover',
      method: 'GET',
      path,
      what,
      ...(signal === undefined ? {} : { signal }),
    })
    const body = answerJson(answer.text, what, path)
    if (stringAt(body, 'kind') !== 'APIResourceList') throw unreadable(path)
    return { kinds: readResources(body, each) }
  } catch (error) {
    if (!isFault(error) || error.fault.kind === 'cancelled') throw error
    return { ...each, reason: error.fault.why ?? error.fault.what }
  }
}

function readResources(body: Json, { group, version }: GroupVersion): readonly ServedKind[] {
  const resources = listAt(body, 'resources')
  const names = resources.flatMap((resource) => stringAt(resource, 'name') ?? [])
  return resources.flatMap((resource) => {
    const name = stringAt(resource, 'name')
    const kind = stringAt(resource, 'kind')
    if (name === undefined || kind === undefined || name.includes('/')) return []
    // A resource may answer with a kind of another group; that kind is not at home here.
    const home = stringAt(resource, 'group') ?? parseApiVersion(stringAt(body, 'groupVersion') ?? '').group
    if (home !== group) return []
    return {
      group,
      version,
      kind,
      resource: name,
      scope: valueAt(resource, 'namespaced') === true ? ('namespaced' as const) : ('cluster' as const),
      verbs: textsAt(resource, 'verbs'),
      shortNames: textsAt(resource, 'shortNames'),
      categories: textsAt(resource, 'categories'),
      subresources: names.filter((each) => each.startsWith(`${name}/`)).map((each) => each.slice(name.length + 1)),
    }
  })
}

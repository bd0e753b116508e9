// Follows single objects by watching their collections: one watch a kind and namespace, whatever the number of objects.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refOf } from '@mainstay/core/object/object.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import type { Resource } from '../cluster/resource-path.ts'
import type { Transport } from '../cluster/transport.ts'
import type { WatchEvent } from '../cluster/watch.ts'
import { watchObjects } from '../cluster/watch.ts'
import type { Address } from './target.ts'

type OnChange = (address: Address, object: KubeObject | null) => 'go-on' | 'stop'

/** The followed objects of one kind in one namespace. */
interface Group {
  readonly resource: Resource
  readonly namespace: string | null
  readonly byName: Map<string, Address>
}

/**
 * Reports every followed object as it is now and whenever it changes; null for one that does not exist. Ends when
 * `onChange` says so or the signal fires. A collection that cannot be watched for a while is waited for: not seeing an
 * object never counts as its absence.
 *
 * @param resources one for each address, in their order
 */
export async function followObjects(
  transport: Transport,
  addresses: readonly Address[],
  resources: readonly Resource[],
  onChange: OnChange,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const report: OnChange = (address, object) => {
    const answer = stop.signal.aborted ? 'stop' : onChange(address, object)
    if (answer === 'stop') stop.abort()
    return answer
  }
  try {
    await Promise.all(groupsOf(addresses, resources).map((group) => followGroup(transport, group, report, either)))
  } finally {
    stop.abort()
  }
}

function groupsOf(addresses: readonly Address[], resources: readonly Resource[]): readonly Group[] {
  const groups = new Map<string, Group>()
  addresses.forEach((address, index) => {
    const resource = resources[index]
    if (resource === undefined) return
    const { namespace, name } = address.ref
    const key = `${resource.group}/${resource.version}/${resource.kind}/${namespace ?? ''}`
    const group = groups.get(key) ?? { resource, namespace, byName: new Map<string, Address>() }
    group.byName.set(name, address)
    groups.set(key, group)
  })
  return [...groups.values()]
}

async function followGroup(transport: Transport, group: Group, report: OnChange, signal: AbortSignal): Promise<void> {
  const [only] = group.byName.size === 1 ? group.byName.keys() : []
  const options = {
    namespace: group.namespace,
    signal,
    ...(only === undefined ? {} : { fieldSelector: `metadata.name=${only}` }),
  }
  for await (const event of watchObjects(transport, group.resource, options)) {
    if (reportEvent(event, group, report) === 'stop') return
  }
}

function reportEvent(event: WatchEvent, group: Group, report: OnChange): 'go-on' | 'stop' {
  switch (event.kind) {
    case 'synced':
      return reportAll(event.objects, group, report)
    case 'upsert':
      return reportOne(event.object, event.object, group, report)
    case 'gone':
      return reportOne(event.object, null, group, report)
    case 'gap':
    case 'recovered':
      return 'go-on'
  }
}

function reportAll(objects: readonly KubeObject[], group: Group, report: OnChange): 'go-on' | 'stop' {
  const found = new Map(objects.map((object) => [refKey(refOf(object)), object]))
  for (const address of group.byName.values()) {
    if (report(address, found.get(refKey(address.ref)) ?? null) === 'stop') return 'stop'
  }
  return 'go-on'
}

function reportOne(event: KubeObject, now: KubeObject | null, group: Group, report: OnChange): 'go-on' | 'stop' {
  const address = group.byName.get(event.metadata.name)
  return address === undefined ? 'go-on' : report(address, now)
}

// Every built-in resource: discovery says what there is, types.json what it looks like, the entries what is special.
import type { Column, Resource, ServedVersion } from '../registry/kind.ts'
import columns from '../schema/columns.json' with { type: 'json' }
import type { DiscoveredGroup, DiscoveredResource } from '../schema/discovery.ts'
import { coreGroup, namedGroups } from '../schema/discovery.ts'
import { typeOf } from '../schema/lookup.ts'
import { entries } from './entries.ts'
import { ageCell, behaviourOf, type Cells, type Entry, written } from './entry.ts'
import { textAt } from './look.ts'
import { askedOf } from './update-order.ts'

/** A column as the server's Table begins with it. */
interface ColumnDefinition {
  readonly name: string
  readonly type: string
  readonly format: string
  readonly description: string
  readonly priority: number
}

// The file holds the server's answers; TypeScript sees a union of literals.
const definitions = columns as Readonly<Record<string, readonly ColumnDefinition[]>>

/** The cells that are the same for every kind. */
const common: Cells = {
  Name: (object) => object.metadata.name,
  Age: ageCell,
  'Created At': (object) => textAt(object, 'metadata', 'creationTimestamp'),
}

/** Every built-in resource, the core group first, then in the order of discovery. */
export const builtInResources: readonly Resource[] = [...coreGroup, ...namedGroups].flatMap(resourcesOf)

function resourcesOf(group: DiscoveredGroup): readonly Resource[] {
  const name = group.metadata.name ?? ''
  const preferred = group.versions[0]?.resources ?? []
  return preferred.map((resource) => resourceOf(name, resource, group))
}

function resourceOf(group: string, resource: DiscoveredResource, { versions }: DiscoveredGroup): Resource {
  const key = `${group}/${resource.resource}`
  const entry: Entry = entries[key] ?? {}
  const namespaced = resource.scope === 'Namespaced'
  const kind = resource.responseKind.kind
  const served = versions.flatMap(({ version, resources }) => {
    const found = resources.find((each) => each.resource === resource.resource)
    return found === undefined ? [] : [servedVersion(group, version, found, entry)]
  })
  const hasStatus = served.some((each) => each.subresources.status)
  return {
    group,
    versions: served,
    storage: served[0]?.name ?? 'v1',
    kind,
    listKind: `${kind}List`,
    plural: resource.resource,
    singular: resource.singularResource,
    shortNames: resource.shortNames ?? [],
    categories: resource.categories ?? [],
    namespaced,
    verbs: resource.verbs,
    ...convertingOf(entry),
    behaviour: behaviourOf(entry, { namespaced, hasStatus, asked: askedOf(key) }),
  }
}

function convertingOf({ convert }: Entry): Pick<Resource, 'convert'> {
  return convert === undefined ? {} : { convert: (object, to) => written(convert(object, to)) }
}

function servedVersion(group: string, version: string, resource: DiscoveredResource, entry: Entry): ServedVersion {
  const type = typeOf(group, version, resource.responseKind.kind)
  if (type === null) throw new Error(`types.json has no ${resource.responseKind.kind} of ${group}/${version}`)
  const subresources = resource.subresources ?? []
  const scaled = subresources.some((each) => each.subresource === 'scale')
  return {
    name: version,
    type,
    columns: columnsOf(`${group}/${resource.resource}`, entry.cells ?? {}),
    ...(entry.deprecation === undefined ? {} : { deprecation: entry.deprecation }),
    subresources: {
      status: subresources.some((each) => each.subresource === 'status'),
      scale: scaled ? { specReplicas: '.spec.replicas', statusReplicas: '.status.replicas', selector: null } : null,
      others: subresources
        .filter(({ subresource }) => subresource !== 'status' && subresource !== 'scale')
        .map((each) => ({ name: each.subresource, verbs: each.verbs, kind: each.responseKind?.kind ?? '' })),
    },
  }
}

function columnsOf(key: string, cells: Cells): readonly Column[] {
  return (definitions[key] ?? []).map(({ name, type, format, description, priority }) => ({
    name,
    type: type as Column['type'], // One of the five types that Kubernetes documents.
    format,
    description,
    priority,
    cell: cells[name] ?? common[name] ?? (() => null),
  }))
}

// What the real API server says of its groups, versions and resources, and of itself.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import discovery from './discovery.json' with { type: 'json' }

/** A resource in aggregated discovery. */
export interface DiscoveredResource {
  readonly resource: string
  readonly responseKind: { readonly group: string; readonly version: string; readonly kind: string }
  readonly scope: 'Namespaced' | 'Cluster'
  readonly singularResource: string
  readonly verbs: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly subresources?: readonly DiscoveredSubresource[]
}

/** A subresource of one. `responseKind` is absent where the answer is no object. */
export interface DiscoveredSubresource {
  readonly subresource: string
  readonly responseKind?: { readonly group: string; readonly version: string; readonly kind: string }
  readonly verbs: readonly string[]
}

/** A group in aggregated discovery. */
export interface DiscoveredGroup {
  readonly metadata: { readonly name?: string }
  readonly versions: readonly { readonly version: string; readonly resources: readonly DiscoveredResource[] }[]
}

// The file was written from the server's answers, so its shape is that of Kubernetes; TypeScript sees unions of literals.
const { api, apis } = discovery.aggregated as unknown as Record<'api' | 'apis', { readonly items: DiscoveredGroup[] }>

/** `GET /version`. */
export const version: JsonObject = discovery.version

/** The core group, as `GET /api` has it. */
export const coreGroup: readonly DiscoveredGroup[] = api.items

/** The named groups in the server's order, as `GET /apis` has them. */
export const namedGroups: readonly DiscoveredGroup[] = apis.items

/** Aggregated discovery as a whole: `/api` and `/apis`. */
export const aggregatedDiscovery = discovery.aggregated as unknown as Readonly<Record<'api' | 'apis', JsonObject>>

/** The older discovery: `/apis`, `/apis/apps` (APIGroup), `/apis/apps/v1` and `/api/v1` (APIResourceList). */
export const legacyDiscovery = discovery.legacy as unknown as Readonly<Record<string, JsonObject>>

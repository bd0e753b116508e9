// What stands behind a webhook: a function that answers reviews, at an address.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'

/** What a webhook says to a review. */
export interface WebhookResponse extends JsonObject {
  readonly allowed: boolean
  /** Why not: a Status, of which code, reason and message count. */
  readonly status?: JsonObject
  /** Operations of a JSON patch, as a list or as base64 of their JSON. */
  readonly patch?: Json
  readonly warnings?: readonly string[]
}

/** A webhook that does not answer as it should: `context deadline exceeded`. */
export interface WebhookOutage {
  readonly outage: string
}

/** Answers the `request` of an AdmissionReview. */
export type WebhookHandler = (request: JsonObject) => WebhookResponse | WebhookOutage

/** A webhook server. */
export interface WebhookServer {
  readonly handle: WebhookHandler
  /** The authority of its certificate (base64 of PEM): who does not trust that one cannot call it. Absent: everybody can. */
  readonly authority?: string
}

/** Webhook servers by where they are: `namespace/service/path` or a URL. */
export type WebhookServers = Readonly<Record<string, WebhookHandler | WebhookServer>>

/** What stands at an address; null where nothing does. */
export function serverAt(servers: WebhookServers, address: string): WebhookServer | null {
  const found = Object.hasOwn(servers, address) ? servers[address] : undefined
  if (found === undefined) return null
  return typeof found === 'function' ? { handle: found } : found
}

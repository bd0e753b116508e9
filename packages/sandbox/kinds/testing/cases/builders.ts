// Short ways to write the objects of stories.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { objectAt } from '../../look.ts'

/** An object of a kind. */
export const made = (apiVersion: string, kind: string, name: string, spec: JsonObject): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name },
  spec,
})

/** A change of the spec. */
export const spec = (live: JsonObject, change: JsonObject): JsonObject => ({
  ...live,
  spec: { ...objectAt(live, 'spec'), ...change },
})

/** The labels of every template here. */
export const labels = { app: 'web' }
/** A selector that fits them. */
export const selector = { matchLabels: labels }

/** A template with one container. */
export const template = (container: JsonObject = {}, pod: JsonObject = {}): JsonObject => ({
  metadata: { labels },
  spec: { containers: [{ name: 'web', image: 'nginx:1.27', ...container }], ...pod },
})

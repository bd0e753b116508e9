// Answers every request: objects, discovery, and what else an API server says of itself.

import { ANYBODY, type Caller } from '../access/gate.ts'
import { isReview, review } from '../discovery/reviews.ts'
import { serveDiscovery } from '../discovery/serve.ts'
import { StatusError } from '../registry/status.ts'
import type { Cluster, Target } from '../verbs/target.ts'
import { objectBody } from './body.ts'
import type { Call } from './call.ts'
import { formOf } from './negotiate.ts'
import { serveObjects, targetOf } from './objects.ts'
import { writeQuery } from './query.ts'
import { methodNotAllowed, noSuchResource, pageNotFound, respond, respondFailure } from './respond.ts'
import { type ResourceRoute, routeOf } from './route.ts'

/** Answers one request. Nothing that a client sends makes it throw. */
export async function handle(cluster: Cluster, request: Request, caller: Caller = ANYBODY): Promise<Response> {
  const warnings: string[] = []
  try {
    const url = new URL(request.url)
    if (request.method === 'HEAD') throw methodNotAllowed()
    const route = routeOf(url.pathname)
    if (route.kind === 'path') return await serveDiscovery(cluster, request, url)
    const asked = { cluster, request, caller, warn: (text: string) => void warnings.push(text) }
    const response = await serveRoute(asked, url, route)
    return withWarnings(response, warnings)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    const response = withWarnings(respondFailure(error, request), warnings)
    return request.method === 'HEAD' ? new Response(null, response) : response
  }
}

async function serveRoute(
  asked: Pick<Call, 'cluster' | 'request' | 'caller' | 'warn'>,
  url: URL,
  route: ResourceRoute,
): Promise<Response> {
  const { cluster } = asked
  const target = targetOf(cluster, route)
  if (target === null) {
    if (isBuiltInGroup(cluster, route.group)) throw noSuchResource()
    return pageNotFound()
  }
  if (target.version.deprecation !== undefined) asked.warn(target.version.deprecation)
  const call: Call = { ...asked, query: url.searchParams, route, target }
  return isReview(target.resource) ? serveReview(call, target) : serveObjects(call)
}

/** The groups of custom resources are served by another part of the server, with another word for what it has not. */
function isBuiltInGroup(cluster: Cluster, group: string): boolean {
  return cluster.registry.all().some((each) => each.group === group && each.custom !== true)
}

/** Reviews are answered and forgotten. */
async function serveReview({ cluster, request, caller, query, route, warn }: Call, target: Target): Promise<Response> {
  if (route.name !== null) throw noSuchResource()
  if (request.method !== 'POST') throw methodNotAllowed()
  const form = formOf(request, query.get('pretty'))
  const body = await objectBody(request, target.resource.kind)
  const { dryRun, fieldValidation } = writeQuery(query, 'CreateOptions', false)
  const options = { dryRun, manager: 'unknown', validation: fieldValidation, warn }
  return respond(201, review(cluster, target, body, options, caller), form)
}

function withWarnings(response: Response, warnings: readonly string[]): Response {
  if (warnings.length === 0) return response
  const headers = new Headers(response.headers)
  for (const text of new Set(warnings)) headers.append('warning', warningHeader(text))
  return new Response(response.body, { status: response.status, headers })
}

function warningHeader(text: string): string {
  const plain = text.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(/[\\"]/g, '\\$&')
  // A header has no letters but bytes.
  const bytes = new TextEncoder().encode(plain)
  let latin = ''
  for (const byte of bytes) latin += String.fromCharCode(byte)
  return `299 - "${latin}"`
}

// Answers what is no object: discovery, OpenAPI, version, health.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { writeJson } from '../http/json.ts'
import { clausesOf, type Form, formOf, isPretty } from '../http/negotiate.ts'
import { methodNotAllowed, noSuchResource, PLAIN, pageNotFound, respond, respondText } from '../http/respond.ts'
import { version } from '../schema/discovery.ts'
import { DEFINITIONS } from '../verbs/delete.ts'
import type { Cluster } from '../verbs/target.ts'
import { digest } from './digest.ts'
import { aggregated, isKnownGroup, legacy, pathsOf } from './documents.ts'
import { type Document, document, index, swagger } from './openapi.ts'

/** Answers a path that names no object. */
export async function serveDiscovery(cluster: Cluster, request: Request, url: URL): Promise<Response> {
  const path = url.pathname.length > 1 ? url.pathname.replace(/\/+$/, '') : url.pathname
  const pretty: Form = { ...PLAIN, pretty: true }
  if (path === '/' || path === '') return respond(200, { paths: [...pathsOf(customOf(cluster)), ...OTHERS] }, pretty)
  if (path === '/version') return respond(200, version, pretty)
  if (/^\/(healthz|livez|readyz)(\/|$)/.test(path)) return serveHealth(path, url.searchParams.has('verbose'))
  if (path.startsWith('/openapi/')) return serveOpenApi(cluster, request, path)
  if (path === '/api' || path === '/apis' || /^\/apis?\//.test(path)) return serveApis(cluster, request, url, path)
  return pageNotFound()
}

const OTHERS = ['/healthz', '/livez', '/openapi/v2', '/openapi/v3', '/openapi/v3/', '/readyz', '/version']

function customOf(cluster: Cluster): ReturnType<Cluster['registry']['all']> {
  return cluster.registry.all().filter((each) => each.custom === true)
}

function serveHealth(path: string, verbose: boolean): Response {
  const [, what = '', check] = path.split('/')
  if (check !== undefined && check !== 'ping' && check !== 'log' && check !== 'etcd') return pageNotFound()
  if (!verbose || check !== undefined) return respondText(200, 'ok')
  return respondText(200, `[+]ping ok\n[+]log ok\n[+]etcd ok\n${what} check passed\n`)
}

function serveApis(cluster: Cluster, request: Request, url: URL, path: string): Response {
  if (request.method !== 'GET') throw methodNotAllowed()
  const custom = customOf(cluster)
  if (path === '/api' || path === '/apis') {
    const wanted = aggregatedVersion(request)
    if (wanted !== null) {
      const body = aggregated(path === '/api' ? 'api' : 'apis', wanted, custom)
      return discovered(body, `application/json;g=apidiscovery.k8s.io;v=${wanted};as=APIGroupDiscoveryList`, request)
    }
  }
  const form = formOf(request, url.searchParams.get('pretty'))
  if (path === '/api') return respond(200, versions(url), form)
  const found = legacy(path, custom)
  if (found !== null) return respond(200, found, form)
  const [, root = '', group = ''] = path.split('/')
  if (root === 'api' || isKnownGroup(group)) throw noSuchResource()
  return pageNotFound()
}

/** The version of aggregated discovery that a client would rather have than the older form. */
function aggregatedVersion(request: Request): 'v2' | null {
  for (const { type, parameters } of clausesOf(request.headers.get('accept') ?? '')) {
    if (type !== 'application/json' && type !== '*/*') continue
    if (parameters.get('as') !== 'APIGroupDiscoveryList' || parameters.get('g') !== 'apidiscovery.k8s.io') {
      if (!parameters.has('as')) return null
      continue
    }
    const wanted = parameters.get('v')
    if (wanted === 'v2') return wanted
  }
  return null
}

function discovered(body: JsonObject, type: string, request: Request): Response {
  const text = `${writeJson(body, isPretty(request, null) ? 2 : 0)}\n`
  const etag = JSON.stringify(digest(text))
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: { etag } })
  const headers = { 'content-type': type, 'cache-control': 'public', vary: 'Accept', etag }
  return new Response(text, { status: 200, headers })
}

function versions(url: URL): JsonObject {
  const serverAddress = url.host
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  }
}

async function serveOpenApi(cluster: Cluster, request: Request, path: string): Promise<Response> {
  const crds: readonly KubeObject[] = [...cluster.store.list(DEFINITIONS, null)]
  if (path === '/openapi/v2') return openApi(request, await swagger(crds))
  if (path === '/openapi/v3') {
    const text = writeJson(await index(crds))
    return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
  }
  const found = await document(crds, path.slice('/openapi/v3/'.length))
  return found === null ? new Response(null, { status: 404 }) : openApi(request, found)
}

/** JSON only: who asks for protobuf alone is refused. */
function openApi(request: Request, { text, etag }: Document): Response {
  const types = clausesOf(request.headers.get('accept') ?? '*/*').map(({ type }) => type)
  const fits = types.some(
    (type) => type === '*/*' || type === 'application/*' || type === 'application/json' || type === '',
  )
  if (!fits) return new Response(null, { status: 406 })
  const headers = { 'content-type': 'application/json', etag, vary: 'Accept-Encoding, Accept' }
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: { etag } })
  return new Response(text, { headers })
}

// Requests for objects: finds the resource, picks the verb, writes what came of it.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Resource, ServedVersion } from '../registry/kind.ts'
import { notFound } from '../registry/status.ts'
import { create } from '../verbs/create.ts'
import { type DeleteOptions, remove, removeAll } from '../verbs/delete.ts'
import { fieldSelector } from '../verbs/field-selector.ts'
import { labelSelector } from '../verbs/label-selector.ts'
import { get, type Listed, list } from '../verbs/list.ts'
import type { Cluster, Target } from '../verbs/target.ts'
import { watch } from '../verbs/watch.ts'
import { deleteOptions, objectBody } from './body.ts'
import { answer, answerList, type Call, writeOptions } from './call.ts'
import { type Form, formOf } from './negotiate.ts'
import { serveGet, servePatch, serveUpdate } from './object.ts'
import { type ListOptions, listOptions, writeQuery } from './query.ts'
import { methodNotAllowed, noSuchResource, respond } from './respond.ts'
import type { ResourceRoute } from './route.ts'
import { streamWatch } from './stream.ts'
import { serveSubresource } from './subresources.ts'
import { includeOf } from './table.ts'

/** Answers a request for objects of a resource that is served. */
export async function serveObjects(call: Call): Promise<Response> {
  const { route, target, request } = call
  checkPlace(route, target)
  if (route.subresource !== null) return serveSubresource(call, route.subresource)
  if (route.name !== null) return serveObject(call, route.name)
  const { resource, namespace } = target
  const everywhere = resource.namespaced && namespace === null
  switch (request.method) {
    case 'GET':
      return serveList(call)
    case 'POST':
      if (everywhere || !(resource.custom === true || resource.verbs.includes('create'))) throw methodNotAllowed()
      return serveCreate(call)
    case 'DELETE':
      if (everywhere || !resource.verbs.includes('deletecollection')) throw methodNotAllowed()
      return serveDeleteAll(call)
    default:
      throw methodNotAllowed()
  }
}

/** The resource and version of a route; null where nobody serves them. */
export function targetOf(cluster: Cluster, route: ResourceRoute): Target | null {
  const resource = cluster.registry.byPlural(route.group, route.version, route.plural)
  const version = resource?.versions.find((each) => each.name === route.version)
  if (resource == null || version === undefined) return null
  return { resource, version, namespace: route.namespace, subresource: route.subresource }
}

/** What is in a namespace is named in one, and what is in none is not. */
function checkPlace(route: ResourceRoute, { resource, version }: Target): void {
  const wrong = resource.namespaced ? route.name !== null && route.namespace === null : route.namespace !== null
  if (wrong) throw noSuchResource()
  if (route.subresource === null || hasSubresource(resource, version, route.subresource)) return
  // Another part of the server, another word: the object is looked for, not the path.
  if (resource.custom !== true) throw noSuchResource()
  throw notFound({ group: resource.group, resource: resource.plural, name: route.name ?? '' })
}

function hasSubresource(resource: Resource, version: ServedVersion, name: string): boolean {
  const { status, scale, others } = version.subresources
  if (name === 'status') return status
  if (name === 'scale') return scale !== null
  if (name === 'finalize') return resource.group === '' && resource.plural === 'namespaces'
  return others.some((other) => other.name === name)
}

/** GET, PUT, PATCH and DELETE of one object. */
export async function serveObject(call: Call, name: string): Promise<Response> {
  const { request, target } = call
  const verb = { GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }[request.method]
  // Of a custom resource that goes, discovery names fewer verbs, but finalizers must still be taken away.
  const served = target.resource.custom === true || (verb !== undefined && target.resource.verbs.includes(verb))
  if (verb === undefined || !served) throw methodNotAllowed()
  switch (verb) {
    case 'get':
      return call.route.watch ? serveNamedWatch(call, name) : serveGet(call, name)
    case 'update':
      return serveUpdate(call, name)
    case 'patch':
      return servePatch(call, name)
    default:
      return serveDelete(call, name)
  }
}

/** A watch of one object in the old form. */
function serveNamedWatch(call: Call, name: string): Promise<Response> {
  call.query.set('fieldSelector', `metadata.name=${name}`)
  return serveList(call)
}

async function serveDelete(call: Call, name: string): Promise<Response> {
  const { cluster, query, request, target } = call
  const form = formOf(request, query.get('pretty'))
  const options = await deleteOptions(request, query)
  warnOfPods(call, options)
  const { code, answer: value } = remove(cluster, target, name, options)
  if (value.kind === 'Status') return respond(code, value, form)
  return answer(call, form, code, value as KubeObject) // Whatever is no Status is the object.
}

/** Jobs leave their Pods behind, unless their deletion says what becomes of them. */
function warnOfPods({ target, warn }: Call, { propagation, orphanDependents }: DeleteOptions): void {
  if (target.resource.group !== 'batch' || target.resource.kind !== 'Job') return
  if (propagation !== null || orphanDependents !== null) return
  const way = 'set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'
  warn(`child pods are preserved by default when jobs are deleted; ${way}`)
}

async function serveCreate(call: Call): Promise<Response> {
  const { cluster, query, request, target } = call
  const form = formOf(request, query.get('pretty'))
  const body = await objectBody(request, target.resource.kind)
  const options = writeOptions(call, writeQuery(query, 'CreateOptions', false))
  return answer(call, form, 201, create(cluster, target, body, options))
}

async function serveDeleteAll(call: Call): Promise<Response> {
  const { cluster, query, request, target } = call
  const form = formOf(request, query.get('pretty'))
  const listed = list(cluster, target, listOptions(query))
  const options = await deleteOptions(request, query)
  warnOfPods(call, options)
  removeAll(cluster, target, listed.items, options)
  return answerList(call, form, listed)
}

async function serveList(call: Call): Promise<Response> {
  const { cluster, query, request, route, target } = call
  if (route.watch) query.set('watch', 'true')
  const options = listOptions(query)
  if (!target.resource.verbs.includes(options.watch ? 'watch' : 'list')) throw methodNotAllowed()
  const form = formOf(request, query.get('pretty'))
  if (options.watch) return serveWatch(call, form, options)
  const named = namedOnly(call, options)
  return answerList(call, form, named ?? list(cluster, target, options))
}

/** A list of the one object that has a name needs no look at the others. */
function namedOnly({ cluster, target }: Call, options: ListOptions): Listed | null {
  // Of two wrong selectors that of labels is told.
  labelSelector(options.labelSelector)
  const fields = fieldSelector(target, options.fieldSelector)
  const plain = options.resourceVersion === '' && options.continue === '' && options.labelSelector === ''
  const inNamespace = target.namespace !== null || !target.resource.namespaced
  if (fields === null || fields.name === null || !plain || !inNamespace) return null
  const object = cluster.store.get(`${target.resource.group}/${target.resource.plural}`, target.namespace, fields.name)
  const metadata = { resourceVersion: String(cluster.store.revision) }
  if (object === null || !fields.selects(object)) return { items: [], metadata }
  return { items: [get(cluster, target, fields.name)], metadata }
}

function serveWatch({ cluster, query, request, target }: Call, form: Form, options: ListOptions): Response {
  const include = form.as === 'Table' ? includeOf(query) : 'None'
  const shown = { form, include, now: () => cluster.clock.now() }
  return streamWatch(request, target, shown, (watcher) => watch(cluster, target, options, watcher))
}

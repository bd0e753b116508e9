// Requests for a part of an object: its status, its scale, and what can only be done to it.
import { numberAt, stringAt } from '@mainstay/core/object/object.ts'
import { failure, notFound, StatusError } from '../registry/status.ts'
import type { Body } from '../verbs/accept.ts'
import { patching } from '../verbs/patch.ts'
import { bindPod, evictPod } from '../verbs/pods.ts'
import { scaleOf, scaleTarget, writeScale } from '../verbs/scale.ts'
import { aboutOf, liveOf, type Target } from '../verbs/target.ts'
import { requestToken } from '../verbs/token.ts'
import { type Remake, replacing } from '../verbs/update.ts'
import { objectBody, patchBody } from './body.ts'
import { answer, type Call, writeOptions } from './call.ts'
import { serveLog } from './logs.ts'
import { formOf, patchKind } from './negotiate.ts'
import { serveGet, servePatch, serveUpdate } from './object.ts'
import { writeQuery } from './query.ts'
import { methodNotAllowed, respond } from './respond.ts'

/** Answers a request for a subresource that the resource has. */
export async function serveSubresource(call: Call, subresource: string): Promise<Response> {
  const { name } = call.route
  if (name === null) throw methodNotAllowed()
  switch (subresource) {
    case 'scale':
      return serveScale(call, name)
    case 'binding':
    case 'eviction':
    case 'token':
      return serveDeed(call, name, subresource)
    case 'log':
      return serveLog(call, name)
    case 'attach':
    case 'exec':
    case 'portforward':
      throw failure(400, 'BadRequest', 'Upgrade request required')
    case 'proxy':
      throw failure(503, 'ServiceUnavailable', 'nothing runs behind this API')
    default:
      return servePart(call, name, subresource)
  }
}

/** A part that is read and written like the object. */
async function servePart(call: Call, name: string, subresource: string): Promise<Response> {
  const verbs = verbsOf(call, subresource)
  switch (call.request.method) {
    case 'GET':
      if (!verbs.includes('get')) throw methodNotAllowed()
      return serveGet(call, name)
    case 'PUT':
      if (!verbs.includes('update')) throw methodNotAllowed()
      return serveUpdate(call, name)
    case 'PATCH':
      if (!verbs.includes('patch')) throw methodNotAllowed()
      return servePatch(call, name)
    default:
      throw methodNotAllowed()
  }
}

function verbsOf({ target }: Call, subresource: string): readonly string[] {
  if (subresource === 'status') return ['get', 'patch', 'update']
  return target.version.subresources.others.find((other) => other.name === subresource)?.verbs ?? []
}

async function serveScale(call: Call, name: string): Promise<Response> {
  const { cluster, query, request, target } = call
  const scale: Call = { ...call, target: scaleTarget(target) }
  const form = formOf(request, query.get('pretty'))
  switch (request.method) {
    case 'GET': {
      const live = liveOf(cluster, target, name)
      if (live === null) throw notFound(aboutOf(target, name))
      return answer(scale, form, 200, scaleOf(target, live))
    }
    case 'PUT': {
      const options = writeOptions(call, writeQuery(query, 'UpdateOptions', false))
      const body = await objectBody(request, 'Scale')
      const remake = readAsScale(target, () => replacing(cluster, scale.target, name, body, options))
      return answer(scale, form, 200, writeScale(cluster, target, name, remake, options).object)
    }
    case 'PATCH': {
      const kind = patchKind(request.headers.get('content-type'), target.resource.custom === true)
      const asked = writeQuery(query, 'PatchOptions', kind === 'apply')
      const options = { ...writeOptions(call, asked), force: asked.force }
      const body = await patchBody(request, kind)
      const make = patching(cluster, scale.target, name, kind, body, options)
      const remake = kind === 'apply' && target.resource.custom === true ? untyped(make, body) : make
      return answer(scale, form, 200, writeScale(cluster, target, name, remake, options).object)
    }
    default:
      throw methodNotAllowed()
  }
}

/** Where custom resources are served, nobody knows what a Scale that cannot be read should have been. */
function readAsScale(target: Target, read: () => Remake): Remake {
  try {
    return read()
  } catch (error) {
    const unread = error instanceof StatusError && error.body.message.includes('cannot be handled as a Scale: json:')
    if (!unread || target.resource.custom !== true) throw error
    const why = 'no kind is registered for the type v1.Scale in scheme "pkg/runtime/scheme.go:111"'
    throw failure(400, 'BadRequest', why)
  }
}

/** A definition's types have none for a Scale: what is applied to one is merged, and cannot be kept. */
function untyped(make: Remake, { value }: Body): Remake {
  return (before) => {
    if (before !== null && before.metadata.managedFields === undefined) {
      throw noScaleType('failed to create manager for existing fields: failed to convert live object', '/')
    }
    const made = make(before)
    const [had, has] = [before, made].map((each) => (each === null ? undefined : numberAt(each, 'spec', 'replicas')))
    // No replicas are not written, so that whoever applies none brings the field.
    const brought = had === undefined && numberAt(value, 'spec', 'replicas') === 0
    if (before !== null && had === has && !brought) return made
    const { metadata } = made
    const namespace = stringAt(value, 'metadata', 'namespace') ?? ''
    throw noScaleType('failed to convert new object', `${namespace}/${metadata.name}`)
  }
}

function noScaleType(what: string, place: string): Error {
  const version = 'autoscaling/v1'
  const why = `request to convert CR to an invalid group/version: ${version}`
  return failure(500, '', `${what} (${place}; ${version}, Kind=Scale) to proper version: ${why}`)
}

/** What is done to an object by a POST. */
async function serveDeed(call: Call, name: string, deed: 'binding' | 'eviction' | 'token'): Promise<Response> {
  const { cluster, query, request, target } = call
  if (request.method !== 'POST') throw methodNotAllowed()
  const form = formOf(request, query.get('pretty'))
  const { dryRun } = writeQuery(query, 'CreateOptions', false)
  const kind = { binding: 'Binding', eviction: 'Eviction', token: 'TokenRequest' }[deed]
  const { value } = await objectBody(request, kind)
  const act = { binding: bindPod, eviction: evictPod, token: requestToken }[deed]
  return respond(201, act(cluster, target, name, value, dryRun), form)
}

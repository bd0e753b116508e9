// Requests for one object or a part of it that is read and written like an object.
import { get } from '../verbs/list.ts'
import { patch } from '../verbs/patch.ts'
import { update } from '../verbs/update.ts'
import { objectBody, patchBody } from './body.ts'
import { answer, type Call, writeOptions } from './call.ts'
import { formOf, patchKind } from './negotiate.ts'
import { writeQuery } from './query.ts'

/** GET of one object. */
export async function serveGet(call: Call, name: string): Promise<Response> {
  const { cluster, query, request, target } = call
  const form = formOf(request, query.get('pretty'))
  return answer(call, form, 200, get(cluster, target, name, query.get('resourceVersion') ?? ''))
}

/** PUT of one object. */
export async function serveUpdate(call: Call, name: string): Promise<Response> {
  const { cluster, query, request, target } = call
  const form = formOf(request, query.get('pretty'))
  const options = writeOptions(call, writeQuery(query, 'UpdateOptions', false))
  const body = await objectBody(request, target.resource.kind)
  const { object, created } = update(cluster, target, name, body, options)
  return answer(call, form, created ? 201 : 200, object)
}

/** PATCH of one object. */
export async function servePatch(call: Call, name: string): Promise<Response> {
  const { cluster, query, request, target } = call
  const kind = patchKind(request.headers.get('content-type'), target.resource.custom === true)
  const form = formOf(request, query.get('pretty'))
  const body = await patchBody(request, kind)
  const asked = writeQuery(query, 'PatchOptions', kind === 'apply')
  const { object, created } = patch(cluster, target, name, kind, body, {
    ...writeOptions(call, asked),
    force: asked.force,
  })
  return answer(call, form, created ? 201 : 200, object)
}

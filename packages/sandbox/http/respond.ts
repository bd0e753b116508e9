// Writes answers: JSON or YAML, pretty or not, with warnings; failures as Status objects.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { failure, type StatusError } from '../registry/status.ts'
import { writeJson } from './json.ts'
import { type Form, isPretty } from './negotiate.ts'
import { writeYaml } from './yaml.ts'

/** JSON without indentation. */
export const PLAIN: Form = { media: 'json', as: null, asVersion: 'v1', pretty: false }

/** An answer with an object. */
export function respond(code: number, value: JsonObject, form: Form): Response {
  const text = form.media === 'yaml' ? writeYaml(value) : `${writeJson(value, form.pretty ? 2 : 0)}\n`
  const type = form.media === 'yaml' ? 'application/yaml' : 'application/json'
  return new Response(text, { status: code, headers: { 'content-type': type, 'cache-control': 'no-cache, private' } })
}

/** An answer with plain text. */
export function respondText(code: number, text: string): Response {
  return new Response(text, { status: code, headers: { 'content-type': 'text/plain; charset=utf-8' } })
}

/** What nobody serves. */
export function pageNotFound(): Response {
  return respondText(404, '404 page not found\n')
}

/** A path below a group that exists. */
export function noSuchResource(): StatusError {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {})
}

/** A method that the path does not take. */
export function methodNotAllowed(): StatusError {
  return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}

/** A failure as an answer. */
export function respondFailure(error: StatusError, request: Request): Response {
  const { reason, ...rest } = error.body
  const body: JsonObject = reason === '' ? rest : error.body
  const pretty = isPretty(request, new URL(request.url).searchParams.get('pretty'))
  const response = respond(error.body.code, body, { ...PLAIN, pretty })
  if (error.retryAfter !== null) response.headers.set('retry-after', String(error.retryAfter))
  return response
}

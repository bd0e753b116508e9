// Failures as the API server words them: reason, code, details and causes.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause, StatusBody } from './kind.ts'

/** A refusal on its way to the client. Only the sandbox's HTTP side catches it. */
export class StatusError extends Error {
  readonly body: StatusBody
  /** Seconds for a Retry-After header; null for none. */
  readonly retryAfter: number | null

  constructor(body: StatusBody, retryAfter: number | null = null) {
    super(body.message)
    this.body = body
    this.retryAfter = retryAfter
  }
}

/** What a failure is about. */
export interface About {
  readonly group: string
  /** The plural for most reasons, the kind for `Invalid`: as the real server has it. */
  readonly resource: string
  readonly name: string
}

/** Makes a failure. Some failures of the real server have no reason: the empty text. */
export function failure(
  code: number,
  reason: string,
  message: string,
  details: JsonObject | null = null,
  retryAfter: number | null = null,
  metadata: JsonObject = {},
): StatusError {
  const base = { kind: 'Status', apiVersion: 'v1', metadata, status: 'Failure', message, reason } as const
  return new StatusError({ ...base, ...(details === null ? {} : { details }), code }, retryAfter)
}

/** 404 for an object. */
export function notFound(about: About): StatusError {
  const where = qualified(about)
  return failure(404, 'NotFound', `${where} "${about.name}" not found`, detailsOf(about))
}

/** 409: the name is taken. */
export function alreadyExists(about: About): StatusError {
  return failure(409, 'AlreadyExists', `${qualified(about)} "${about.name}" already exists`, detailsOf(about))
}

/** 409: a precondition or an optimistic lock did not hold. */
export function conflict(about: About, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(about)} "${about.name}": ${why}`
  return failure(409, 'Conflict', message, detailsOf(about))
}

/** 422 with its causes; `about.resource` is the kind. */
export function invalid(about: About, causes: readonly Cause[]): StatusError {
  // The text says a thing once, the causes as often as it was found.
  const told = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))]
  const text = told.length === 1 ? told[0] : `[${told.join(', ')}]`
  const where = about.group === '' ? about.resource : `${about.resource}.${about.group}`
  const listed: Json[] = causes.map(({ reason, message, field }) => ({ reason, message, field }))
  const details = {
    ...(about.name === '' ? {} : { name: about.name }),
    ...groupOf(about),
    ...(about.resource === '' ? {} : { kind: about.resource }),
    causes: listed,
  }
  return failure(422, 'Invalid', `${where} "${about.name}" is invalid: ${text}`, details)
}

function qualified({ group, resource }: About): string {
  return group === '' ? resource : `${resource}.${group}`
}

function detailsOf(about: About): JsonObject {
  return { name: about.name, ...groupOf(about), kind: about.resource }
}

function groupOf({ group }: About): JsonObject {
  return group === '' ? {} : { group }
}

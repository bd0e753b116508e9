// Turns a refusal of the API server (HTTP status and Status object) into a fault.
import { isList, isObject, type Json } from '@mainstay/core/object/json.ts'
import { numberAt, stringAt, valueAt } from '@mainstay/core/object/object.ts'
import type { FaultKind } from '../fault.ts'
import { parseJson } from '../json/parse.ts'
import { type ApiDetail, ClusterFault, type FieldError } from './cluster-fault.ts'

/** What is known of a request when it was refused. */
export interface RefusedRequest {
  /** `cannot list Deployments`. */
  readonly what: string
  readonly where: string
  /** The request or the answer carries values of a Secret: the server's words about values are left out. */
  readonly secret: boolean
  /** True for requests that change something: a 500 to them is a refusal, to a read it is a server that cannot answer. */
  readonly writes: boolean
  readonly status: number
  readonly retryAfter: string | null
  readonly body: string
  /** Takes values out of the server's words. */
  readonly hide: (text: string) => string
  /** For people: the context, to be named in what to do next. */
  readonly cluster: string
}

/** Longest piece of a server's words that is shown. */
const maxWords = 2000

/** The fault for a refusal. Nothing is decided by the server's words, only by status, reason and causes. */
export function refusalFault(refused: RefusedRequest, now: number): ClusterFault {
  const status = statusObject(refused.body)
  const reason = stringAt(status, 'reason') ?? ''
  const detail = detailFor(refused, status, reason)
  const kind = kindOf(refused, detail)
  return new ClusterFault(
    {
      kind,
      what: refused.what,
      where: refused.where,
      why: wordsOf(refused, status, detail),
      fix: fixOf(kind, refused, detail),
    },
    { status: refused.status, reason, detail, retryAfterMs: retryAfterMs(refused, status, now) },
  )
}

/**
 * What an ERROR event of a watch means: it carries a Status like a refused request.
 */
export function eventFault(status: Json, request: Pick<RefusedRequest, 'what' | 'where' | 'cluster'>): ClusterFault {
  const code = numberAt(status, 'code') ?? 500
  const body = isObject(status) ? JSON.stringify({ ...status, kind: 'Status' }) : ''
  return refusalFault({ ...request, secret: false, hide: asIs, writes: false, status: code, retryAfter: null, body }, 0)
}

const asIs = (text: string): string => text

function statusObject(body: string): Json {
  if (!body.trimStart().startsWith('{')) return null
  try {
    const parsed = parseJson(body, 'answer of the server')
    return stringAt(parsed, 'kind') === 'Status' ? parsed : null
  } catch {
    return null // Not JSON although it begins like it: then the HTTP status alone speaks.
  }
}

function kindOf({ status, writes }: RefusedRequest, detail: ApiDetail): FaultKind {
  if (detail.kind === 'precondition') return 'conflict'
  // A redirect leads to a login page or another place; the API server itself never answers so.
  if (status < 400) return 'unreachable'
  switch (status) {
    case 401:
      return 'unauthorized'
    case 403:
      return 'forbidden'
    case 404:
      return 'not-found'
    case 405:
    case 406:
    case 415:
      return 'unsupported'
    case 408:
    case 504:
      return 'timeout'
    case 409:
    case 410:
    case 412:
      return 'conflict'
    case 413:
      return 'too-large'
    case 429:
      return 'unreachable'
    default:
      if (detail.kind === 'invalid' || status < 500) return 'rejected'
      // 500 to a write is an admission webhook or a storage refusal; 502 and 503 are a server that is not there.
      return writes && status === 500 ? 'rejected' : 'unreachable'
  }
}

function detailFor(refused: RefusedRequest, status: Json, reason: string): ApiDetail {
  const causes = causesOf(status, refused)
  switch (refused.status) {
    case 404: {
      // An unknown path is answered without the name of an object, or not by a Status at all.
      const name = stringAt(status, 'details', 'name')
      const resource = stringAt(status, 'details', 'kind') ?? ''
      return name === undefined ? { kind: 'no-resource' } : { kind: 'no-object', resource, name }
    }
    case 409: {
      const conflicts = causes.filter((cause) => cause.reason === 'FieldManagerConflict')
      if (conflicts.length > 0) return { kind: 'field-conflict', conflicts: conflicts.map(fieldError) }
      if (reason === 'AlreadyExists') return { kind: 'already-exists' }
      return { kind: 'precondition' }
    }
    case 410:
      return { kind: 'expired' }
    case 400:
    case 422:
      // A uid never changes: whoever named another one meant an object that is not there any more.
      if (causes.some(({ field }) => field === 'metadata.uid')) return { kind: 'precondition' }
      return { kind: 'invalid', fields: causes.map(fieldError) }
    default:
      return { kind: 'none' }
  }
}

interface Cause extends FieldError {
  readonly reason: string
}

function causesOf(status: Json, { secret, hide }: RefusedRequest): readonly Cause[] {
  const causes = valueAt(status, 'details', 'causes')
  if (!isList(causes)) return []
  return causes.map((cause) => {
    const reason = stringAt(cause, 'reason') ?? ''
    // The words about a value quote it.
    const message = secret ? reason : hide(stringAt(cause, 'message') ?? reason)
    return { field: stringAt(cause, 'field') ?? '', reason, message }
  })
}

function fieldError({ field, message }: Cause): FieldError {
  return { field, message }
}

function wordsOf({ secret, body, status: code, hide }: RefusedRequest, status: Json, detail: ApiDetail): string {
  if (secret && (detail.kind === 'invalid' || code >= 500)) {
    const fields = detail.kind === 'invalid' ? detail.fields.map(({ field, message }) => `${field}: ${message}`) : []
    const reason = stringAt(status, 'reason') ?? 'refused'
    return fields.length > 0
      ? fields.join('; ')
      : `HTTP ${code} ${reason} (the server's words are hidden: they may quote a Secret)`
  }
  const message = stringAt(status, 'message')
  if (message !== undefined && message !== '') return hide(message).slice(0, maxWords)
  const text = /^[\t -~\n]{1,200}$/.test(body.trim()) && !body.includes('<') ? `: ${hide(body.trim())}` : ''
  return `HTTP ${code}${text}`
}

/** `Retry-After` in seconds or as a date, else the Status object's own field. */
function retryAfterMs({ retryAfter }: RefusedRequest, status: Json, now: number): number | null {
  if (retryAfter !== null && /^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000
  if (retryAfter !== null && !Number.isNaN(Date.parse(retryAfter))) return Math.max(0, Date.parse(retryAfter) - now)
  const seconds = numberAt(status, 'details', 'retryAfterSeconds')
  return seconds === undefined || seconds <= 0 ? null : seconds * 1000
}

function fixOf(kind: FaultKind, { cluster, status }: RefusedRequest, detail: ApiDetail): readonly string[] {
  switch (kind) {
    case 'unauthorized':
      return [`log in again, or renew the credentials of context ${cluster}`]
    case 'forbidden':
      return ['ask an administrator of the cluster for this permission']
    case 'unreachable':
      return status === 429
        ? ['try again later: the server is overloaded']
        : ['see what the API server says in its own log']
    case 'timeout':
      return ['try again; if it lasts, look at the load of the API server and of its webhooks']
    case 'not-found':
      return detail.kind === 'no-resource' ? ['check that the kind is installed in this version in the cluster'] : []
    case 'rejected':
      return ['correct the manifest as the server says']
    default:
      return []
  }
}

// What a cluster writes down of each request: who wanted what, and what became of it.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { timeText } from '../schema/time.ts'
import type { Attributes } from './attributes.ts'
import { type User, userInfo } from './user.ts'

/** An entry of the audit log, as `audit.k8s.io/v1` has it. */
export interface AuditEvent extends JsonObject {
  readonly auditID: string
  readonly stage: string
  readonly verb: string
  readonly requestURI: string
}

/** A request on its way through. */
export interface Audited {
  readonly id: string
  readonly request: Request
  readonly url: URL
  readonly wish: Attributes
  /** Who sent it, and as whom it was carried out. */
  readonly user: User
  readonly as: User
  /** The body of a write; null of everything else. */
  readonly body: string | null
  /** When it came, in milliseconds since the epoch. */
  readonly received: number
}

/** Objects whose contents are secret, or that hold too much to be written down. */
const UNTOLD = new Set(['secrets', 'configmaps', 'serviceaccounts/token'])
const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])

/** True for a request whose body is needed for its entry. */
export function isWrite(wish: Attributes): boolean {
  return WRITES.has(wish.verb)
}

/** True for a write whose body is written down. */
function isTold(wish: Attributes): boolean {
  if (wish.kind === 'path') return false
  const whole = wish.subresource === '' ? wish.resource : `${wish.resource}/${wish.subresource}`
  return wish.group !== '' || !UNTOLD.has(whole)
}

/** The entry for an answer: of a watch, that it began. */
export async function auditEvent(audited: Audited, response: Response, now: number): Promise<AuditEvent> {
  const { id, request, url, wish, user, as, body, received } = audited
  const agent = request.headers.get('user-agent')
  const sent = body === null ? null : parsed(body)
  const told = body !== null && isTold(wish)
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: told ? 'Request' : 'Metadata',
    auditID: id,
    stage: wish.verb === 'watch' ? 'ResponseStarted' : 'ResponseComplete',
    requestURI: `${url.pathname}${url.search}`,
    verb: wish.verb,
    user: userInfo(user),
    ...(user === as ? {} : { impersonatedUser: userInfo(as) }),
    ...(agent === null ? {} : { userAgent: agent }),
    ...(wish.kind === 'path' ? {} : { objectRef: refOf(wish, sent) }),
    responseStatus: await statusOf(response),
    ...(told ? { requestObject: sent } : {}),
    requestReceivedTimestamp: microTime(received),
    stageTimestamp: microTime(now),
  }
}

/** What is made bears its name in its body only. */
function refOf(wish: Extract<Attributes, { kind: 'resource' }>, sent: Json): JsonObject {
  const { resource, subresource, namespace, group, version } = wish
  const name = wish.name !== '' || wish.verb !== 'create' ? wish.name : (stringAt(sent, 'metadata', 'name') ?? '')
  const given = { resource, namespace, name, apiGroup: group, apiVersion: version, subresource }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
}

async function statusOf(response: Response): Promise<JsonObject> {
  const code = response.status
  if (code < 400) return { metadata: {}, code }
  const told = parsed(await response.clone().text())
  if (!isObject(told) || told.kind !== 'Status') return { metadata: {}, code }
  const { kind: _kind, apiVersion: _apiVersion, ...status } = told
  return status
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json // Whatever it is, it is JSON.
  } catch {
    return null
  }
}

/** A time with microseconds, as audit entries have it. */
function microTime(ms: number): string {
  return `${timeText(ms).slice(0, -1)}.${String(Math.floor(ms) % 1000).padStart(3, '0')}000Z`
}

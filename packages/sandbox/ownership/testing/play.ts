// Sends one request to a real API server, makes the same of the object that was there, and sets both side by side.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { jsonPatch } from '../../patch/json.ts'
import { mergePatch } from '../../patch/merge.ts'
import { strategicMerge } from '../../patch/strategic.ts'
import { StatusError } from '../../registry/status.ts'
import { type ApplyOutcome, type ApplyRequest, applyPatch } from '../apply.ts'
import { type ResetFields, without } from '../reset.ts'
import { trackUpdate } from '../track.ts'
import { equal } from '../value.ts'
import { entriesOf, newest, stored, timeless } from './normal.ts'
import { operationsFor, type Step } from './steps.ts'
import type { Subject } from './subjects.ts'

/** What a client of the real server can do. */
export interface Real {
  readonly request: (method: string, path: string, body?: unknown, contentType?: string) => Promise<RealAnswer>
}

/** An answer. */
export interface RealAnswer {
  readonly status: number
  readonly body: unknown
}

/** Both sides of a step; null where the real server refused what is none of ownership's business. */
export interface Sides {
  readonly real: Json
  readonly ours: Json
}

/** Where an object is. */
export interface Place {
  readonly subject: Subject
  readonly namespace: string
  readonly name: string
}

const resetStatus: ResetFields = () => without(['status'])

/** One request on both sides. */
export async function play(real: Real, place: Place, step: Step): Promise<Sides | null> {
  for (;;) {
    const sides = await tryStep(real, place, step)
    if (sides !== 'moved') return sides
  }
}

async function tryStep(real: Real, place: Place, step: Step): Promise<Sides | null | 'moved'> {
  const path = `${place.subject.path(place.namespace)}/${place.name}`
  const found = await real.request('GET', path)
  const live = found.status === 200 ? (found.body as KubeObject) : null
  if (step.kind === 'apply') return playApply(real, place, path, live, step)
  if (live === null) return step.kind === 'update' ? playCreate(real, place, step) : null
  return playUpdate(real, place, path, live, step)
}

function objectOf({ subject, namespace, name }: Place, wish: JsonObject): KubeObject {
  const metadata = isObject(wish.metadata) ? wish.metadata : {}
  const { apiVersion, kind } = subject
  return { ...wish, apiVersion, kind, metadata: { ...metadata, name, namespace } }
}

/** As kubectl's client-side apply sends it. */
function annotated(object: KubeObject, step: Step & { kind: 'update' }): KubeObject {
  if (!step.annotated) return object
  const { managedFields: _, resourceVersion: __, ...metadata } = object.metadata
  const { status: ___, ...rest } = object
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {}
  const { [LAST_APPLIED]: ____, ...others } = annotations
  const text = `${JSON.stringify({ ...rest, metadata: { ...metadata, annotations: others } })}\n`
  return { ...object, metadata: { ...object.metadata, annotations: { ...others, [LAST_APPLIED]: text } } }
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** Somebody wrote in between. */
function isMoved({ status, body }: RealAnswer): boolean {
  return status === 409 && (body as JsonObject).message?.toString().includes('the object has been modified') === true
}

/** The server looks for conflicts of owners before it looks at the version, so a write in between does not always show. */
async function hasMoved(real: Real, path: string, live: KubeObject | null): Promise<boolean> {
  const { status, body } = await real.request('GET', path)
  const now = status === 200 ? (body as KubeObject).metadata.resourceVersion : undefined
  return now !== live?.metadata.resourceVersion
}

/** What is sent holds only for the object that was read: controllers write as well. */
function locked<Sent extends JsonObject>(sent: Sent, live: KubeObject | null): Sent {
  const resourceVersion = live?.metadata.resourceVersion
  if (resourceVersion === undefined) return sent
  return { ...sent, metadata: { ...(isObject(sent.metadata) ? sent.metadata : {}), resourceVersion } }
}

async function playApply(
  real: Real,
  place: Place,
  path: string,
  live: KubeObject | null,
  step: Step & { kind: 'apply' },
): Promise<Sides | null | 'moved'> {
  const { subject } = place
  const patch = locked(objectOf(place, live === null ? subject.whole(step.wish) : step.wish), live)
  const query = `fieldManager=${step.manager}&force=${step.force}`
  const answer = await real.request('PATCH', `${path}?${query}`, patch, 'application/apply-patch+yaml')
  const told = answer.body as KubeObject // An object or a Status.
  if (isMoved(answer)) return 'moved'
  if (answer.status >= 400 && answer.status !== 409 && answer.status !== 500) return null
  if (answer.status >= 400 && (await hasMoved(real, path, live))) return 'moved'
  const outcome = attempt({
    live,
    patch,
    manager: step.manager,
    force: step.force,
    subresource: null,
    now: answer.status < 300 ? newest(told) : '2026-01-01T00:00:00Z',
    typeOf: subject.typeOf,
    resetFields: resetStatus,
  })
  if (outcome instanceof StatusError)
    return { real: refusalOf(told as unknown as JsonObject), ours: refusalOf(outcome.body) }
  if (outcome.kind === 'conflict') {
    const ours = outcome.conflicts.map(({ manager, field }) => `${manager} ${field}`).sort()
    return { real: conflictsIn(answer), ours }
  }
  return sides(subject, answer, live, outcome.object)
}

function attempt(request: ApplyRequest): ApplyOutcome | StatusError {
  try {
    return applyPatch(request)
  } catch (error) {
    if (error instanceof StatusError) return error
    throw error
  }
}

/** Several complaints come in any order. */
function refusalOf({ code, message }: JsonObject): Json {
  return { code: code ?? null, message: String(message).split('\n').sort() }
}

function conflictsIn({ body, status }: RealAnswer): Json {
  const { details } = body as { details?: { causes?: readonly { field: string; message: string }[] } }
  if (status !== 409 || details?.causes === undefined) return status
  return details.causes.map(({ field, message }) => `${/"(.*?)"/.exec(message)?.[1]} ${field}`).sort()
}

function sides(subject: Subject, answer: RealAnswer, live: KubeObject | null, made: KubeObject): Sides {
  if (answer.status >= 300) return { real: answer.body as Json, ours: 'no refusal' }
  const real = answer.body as KubeObject
  const ours = live === null ? made : withoutIdleTimes(subject, live, made)
  return { real: shown(subject, real), ours: shown(subject, ours) }
}

function shown(subject: Subject, object: KubeObject): Json {
  return { object: comparable(subject, object), managedFields: entriesOf(object) }
}

/** Fields that the server gives out on its own are taken out on both sides. */
function comparable(subject: Subject, object: KubeObject): JsonObject {
  const { status: _, ...whole } = stored(object, subject.type, subject.builtIn)
  if (subject.kind !== 'Service' || !isObject(whole.spec)) return whole
  const given = [
    'clusterIP',
    'clusterIPs',
    'ipFamilies',
    'ipFamilyPolicy',
    'internalTrafficPolicy',
    'sessionAffinityConfig',
  ]
  const spec = Object.entries(whole.spec).filter(([name]) => !given.includes(name))
  return { ...whole, spec: Object.fromEntries(spec) }
}

/** A write that changes nothing but times changes nothing. */
function withoutIdleTimes(subject: Subject, live: KubeObject, made: KubeObject): KubeObject {
  const same = equal(timeless(live) as Json, timeless(made) as Json)
  if (!same || !equal(comparable(subject, live), comparable(subject, made))) return made
  return { ...made, metadata: { ...made.metadata, managedFields: entriesOf(live) } }
}

async function playCreate(real: Real, place: Place, step: Step & { kind: 'update' }): Promise<Sides | null> {
  const { subject, namespace } = place
  const sent = annotated(objectOf(place, subject.whole(step.wish)), step)
  const answer = await real.request('POST', `${subject.path(namespace)}?fieldManager=${step.manager}`, sent)
  if (answer.status >= 300) return null
  const made = answer.body as KubeObject
  return tracked(subject, answer, null, withManaged(filled(subject, sent, made), undefined), step.manager)
}

/** What was sent with its defaults, before the server gives out addresses or puts them back: that is not the client's. */
function filled(subject: Subject, sent: JsonObject, made: KubeObject): KubeObject {
  if (subject.kind !== 'Service' || !isObject(made.spec)) return made
  const given = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']
  const asked = isObject(sent.spec) ? sent.spec : {}
  const spec = Object.entries(made.spec).filter(([name]) => !given.includes(name) || asked[name] !== undefined)
  return { ...made, spec: Object.fromEntries(spec) }
}

function tracked(
  subject: Subject,
  answer: RealAnswer,
  live: KubeObject | null,
  after: KubeObject,
  manager: string,
): Sides {
  const real = answer.body as KubeObject
  const made = trackUpdate({
    before: live,
    after,
    manager,
    subresource: null,
    apiVersion: subject.apiVersion,
    now: newest(real),
    typeOf: subject.typeOf,
    resetFields: resetStatus,
  })
  const ours = live === null ? made : withoutIdleTimes(subject, live, made)
  return { real: entriesOf(real), ours: entriesOf(ours) }
}

function withManaged(object: KubeObject, entries: Json | undefined): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata
  const kept = entries === undefined ? metadata : { ...metadata, managedFields: entries }
  return { ...object, metadata: { ...kept, name: object.metadata.name } }
}

async function playUpdate(
  real: Real,
  place: Place,
  path: string,
  live: KubeObject,
  step: Exclude<Step, { kind: 'apply' }>,
): Promise<Sides | null | 'moved'> {
  const { subject } = place
  const { method, body, type, made } = requestOf(place, live, step)
  const answer = await real.request(method, `${path}?fieldManager=${step.manager}`, body, type)
  if (isMoved(answer)) return 'moved'
  if (answer.status >= 300) return made instanceof Error ? refusal(answer, made) : null
  if (made instanceof Error) return { real: answer.body as Json, ours: made.message }
  const after = answer.body as KubeObject
  const given = step.kind === 'reset' ? step.entries : entriesOf(live)
  const sent = step.kind === 'update' ? filled(subject, body as JsonObject, after) : after
  const owners = tracked(subject, answer, live, withManaged(sent, given), step.manager)
  if (step.kind === 'update' || step.kind === 'reset') return owners
  const object = { real: comparable(subject, after), ours: comparable(subject, made as KubeObject) }
  return {
    real: { object: object.real, managedFields: owners.real },
    ours: { object: object.ours, managedFields: owners.ours },
  }
}

function refusal(answer: RealAnswer, made: Error): Sides | null {
  const { message } = answer.body as { message: string }
  return { real: message, ours: made.message }
}

interface Request {
  readonly method: string
  readonly body: Json
  readonly type: string
  readonly made: Json | Error
}

function requestOf(place: Place, live: KubeObject, step: Exclude<Step, { kind: 'apply' }>): Request {
  const { subject } = place
  switch (step.kind) {
    case 'reset':
      return { method: 'PUT', body: withManaged(live, step.entries), type: 'application/json', made: live }
    case 'update': {
      const base = step.replaces
        ? objectOf(place, subject.whole(step.wish))
        : (mergePatch(live, step.wish) as KubeObject)
      return { method: 'PUT', body: locked(annotated(base, step), live), type: 'application/json', made: live }
    }
    case 'merge': {
      const patch = locked(step.wish, live)
      return patchOf(patch, 'application/merge-patch+json', () => mergePatch(live, patch))
    }
    case 'strategic': {
      const patch = locked(step.wish, live)
      return patchOf(patch, 'application/strategic-merge-patch+json', () => strategicMerge(live, patch, subject.type))
    }
    case 'json': {
      const lock = { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion ?? null }
      const operations = [lock, ...operationsFor(live, step.wish, step.choice)]
      return patchOf(operations, 'application/json-patch+json', () => jsonPatch(live, operations))
    }
  }
}

function patchOf(body: Json, type: string, make: () => Json): Request {
  try {
    return { method: 'PATCH', body, type, made: make() }
  } catch (error) {
    return { method: 'PATCH', body, type, made: error as Error }
  }
}

// Honours webhook configurations: whoever they name is asked about writes, may change them, and may refuse them.
import { decodeBase64 } from '@mainstay/core/object/base64.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refusedObject } from '../../../access/forbidden.ts'
import { type Conditions, conditionsOf } from '../../../admission/expression.ts'
import { scopeOf } from '../../../admission/value.ts'
import { objectAt, objectsAt, textAt, textsAt, wholeAt } from '../../../kinds/look.ts'
import { jsonPatch } from '../../../patch/json.ts'
import type { Admission, AdmissionRequest, Verdict } from '../../../registry/admission.ts'
import type { Surroundings } from '../../../registry/kind.ts'
import { failure, type StatusError } from '../../../registry/status.ts'
import { equalJson } from '../../../verbs/equal.ts'
import { convertTo } from '../../../verbs/target.ts'
import { callWebhook } from './call.ts'
import type { WebhookResponse, WebhookServers } from './handler.ts'
import { versionFor } from './match.ts'
import { reviewOf } from './review.ts'

/** The admission of webhooks. Their `matchConditions` know nothing of who sends a request, and no `authorizer`. */
export function webhookAdmission(servers: WebhookServers): Admission {
  return {
    name: 'webhooks',
    mutate: (request, around) => mutate(servers, request, around),
    validate: (request, around) => validate(servers, request, around),
  }
}

function configured(plural: string, around: Surroundings): readonly JsonObject[] {
  return around
    .list({ group: 'admissionregistration.k8s.io', plural }, null)
    .flatMap((configuration) => objectsAt(configuration, 'webhooks'))
}

/** One after the other, each with what the one before made of the object; then once more whom a later one concerns. */
function mutate(servers: WebhookServers, request: AdmissionRequest, around: Surroundings): Verdict {
  const webhooks = configured('mutatingwebhookconfigurations', around)
  const turns: Turns = { again: new Set(), waiting: new Set() }
  const first = mutateOnce(servers, webhooks, turns, request, around)
  if (first.refusal !== undefined || turns.again.size === 0) return first
  // Whoever changes something now may have others asked that come later in this round.
  const called = function* (): Generator<JsonObject> {
    for (const each of webhooks) if (turns.again.has(each)) yield each
  }
  const second = mutateOnce(servers, called(), turns, { ...request, object: first.object ?? request.object }, around)
  return { ...second, warnings: [...(first.warnings ?? []), ...(second.warnings ?? [])] }
}

/** Who wants to see what others change after it was asked (`reinvocationPolicy: IfNeeded`). */
interface Turns {
  /** After whom something was changed. */
  readonly again: Set<JsonObject>
  /** After whom nothing was changed yet. */
  readonly waiting: Set<JsonObject>
}

function mutateOnce(
  servers: WebhookServers,
  webhooks: Iterable<JsonObject>,
  turns: Turns,
  request: AdmissionRequest,
  around: Surroundings,
): Verdict {
  let object = request.object
  const warnings: string[] = []
  for (const webhook of webhooks) {
    const asked = ask(servers, webhook, { ...request, object }, around)
    if (asked === null) continue
    warnings.push(...asked.warnings)
    if (asked.refusal !== null) return { refusal: asked.refusal, warnings }
    if (object === null || asked.response === null) continue
    const patched = patchedBy(webhook, asked.response, convertTo(request.resource, object, asked.version))
    if (patched instanceof Error) return { refusal: patched, warnings }
    const after = convertTo(request.resource, patched, request.version.name)
    if (!equalJson(object, after)) callAgain(turns)
    object = after
    if (webhook.reinvocationPolicy === 'IfNeeded') turns.waiting.add(webhook)
  }
  return { ...(object === null ? {} : { object }), warnings }
}

function callAgain({ again, waiting }: Turns): void {
  for (const each of waiting) again.add(each)
  waiting.clear()
}

function validate(servers: WebhookServers, request: AdmissionRequest, around: Surroundings): Verdict {
  const warnings: string[] = []
  let refusal: StatusError | undefined
  // All are asked, the first refusal counts.
  for (const webhook of configured('validatingwebhookconfigurations', around)) {
    const asked = ask(servers, webhook, request, around)
    if (asked === null) continue
    warnings.push(...asked.warnings)
    refusal ??= asked.refusal ?? undefined
  }
  return { ...(refusal === undefined ? {} : { refusal }), warnings }
}

interface Asked {
  readonly version: string
  readonly response: WebhookResponse | null
  readonly refusal: StatusError | null
  readonly warnings: readonly string[]
}

/** Asks one webhook; null where it has no say. */
function ask(
  servers: WebhookServers,
  webhook: JsonObject,
  request: AdmissionRequest,
  around: Surroundings,
): Asked | null {
  const version = versionFor(webhook, request, around)
  if (version === null) return null
  const name = textAt(webhook, 'name')
  const conditions = conditionsFor(webhook, request, version, around)
  if (conditions.kind === 'fail') return null
  if (conditions.kind === 'broken') {
    if (webhook.failurePolicy === 'Ignore') return null
    return { version, response: null, refusal: unmatched(request, conditions.broken), warnings: [] }
  }
  if (request.dryRun && !['None', 'NoneOnDryRun'].includes(textAt(webhook, 'sideEffects'))) {
    const why = `admission webhook ${JSON.stringify(name)} does not support dry run`
    return { version, response: null, refusal: failure(400, 'BadRequest', why), warnings: [] }
  }
  const called = callWebhook(servers, webhook, reviewOf(request, version, around), around)
  if (called.kind === 'failed') {
    const ignored = webhook.failurePolicy === 'Ignore'
    return { version, response: null, refusal: ignored ? null : internal(name, called.why), warnings: [] }
  }
  const { response } = called
  return {
    version,
    response,
    refusal: response.allowed ? null : denied(name, response),
    warnings: textsAt(response, 'warnings'),
  }
}

function conditionsFor(
  webhook: JsonObject,
  request: AdmissionRequest,
  version: string,
  around: Surroundings,
): Conditions {
  const conditions = objectsAt(webhook, 'matchConditions')
  if (conditions.length === 0) return { kind: 'hold' }
  const show = (object: KubeObject | null): KubeObject | null =>
    object === null ? null : convertTo(request.resource, object, version)
  return conditionsOf(conditions, scopeOf({ ...request, object: show(request.object), old: show(request.old) }, around))
}

function unmatched(
  { resource, name }: AdmissionRequest,
  broken: Extract<Conditions, { kind: 'broken' }>['broken'],
): StatusError {
  const why = broken.map(({ expression, fault }) => `expression '${expression}' resulted in error: ${fault.message}`)
  return refusedObject({ group: resource.group, resource: resource.plural, name }, why.join(', '))
}

function internal(name: string, why: string): StatusError {
  const message = `failed calling webhook ${JSON.stringify(name)}: ${why}`
  return failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] })
}

function denied(name: string, response: WebhookResponse): StatusError {
  const status = objectAt(response, 'status')
  const begin = `admission webhook ${JSON.stringify(name)} denied the request`
  const why = textAt(status, 'message') || textAt(status, 'reason')
  const code = Math.max(400, wholeAt(status, 'code') ?? 0)
  const message = why === '' ? `${begin} without explanation` : `${begin}: ${why}`
  const details = isObject(status.details) ? status.details : null
  return failure(code, textAt(status, 'reason'), message, details)
}

/** The object as a webhook wants it. */
function patchedBy(webhook: JsonObject, response: WebhookResponse, object: KubeObject): KubeObject | StatusError {
  const operations = operationsOf(response.patch)
  if (operations === null) return object
  try {
    const patched = jsonPatch(object, operations)
    // A patch may not take away what makes it an object; the verbs judge the rest.
    return isObject(patched) && isObject(patched.metadata) ? (patched as KubeObject) : object
  } catch {
    return internal(textAt(webhook, 'name'), 'the patch cannot be applied')
  }
}

function operationsOf(patch: Json | undefined): readonly Json[] | null {
  if (isList(patch)) return patch
  if (typeof patch !== 'string') return null
  const bytes = decodeBase64(patch)
  const read: Json = bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes))
  return isList(read) ? read : null
}

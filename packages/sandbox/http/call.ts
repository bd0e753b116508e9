// One request for objects as it goes through the hands of verbs, and its answer in the form that the client wants.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { checkGrant } from '../access/escalation.ts'
import type { Caller } from '../access/gate.ts'
import { without } from '../verbs/equal.ts'
import { type Listed, listHead } from '../verbs/list.ts'
import type { Cluster, Target, WriteOptions } from '../verbs/target.ts'
import type { Form } from './negotiate.ts'
import type { WriteQuery } from './query.ts'
import { respond } from './respond.ts'
import type { ResourceRoute } from './route.ts'
import { checkForm, includeOf, partialOf, tableOf } from './table.ts'

/** One request for objects, as far as it is known before its body is read. */
export interface Call {
  readonly cluster: Cluster
  readonly request: Request
  readonly caller: Caller
  readonly query: URLSearchParams
  readonly route: ResourceRoute
  readonly target: Target
  readonly warn: (text: string) => void
}

/** The options of a write with the manager of its client. */
export function writeOptions(call: Call, asked: WriteQuery): WriteOptions {
  const { dryRun, fieldManager, fieldValidation } = asked
  const manager = fieldManager === '' ? managerOf(call.request) : fieldManager
  const { cluster, caller } = call
  return {
    dryRun,
    manager,
    validation: fieldValidation,
    warn: call.warn,
    checkGrant: (target, object, old) => checkGrant(cluster.store, caller.user, target, object, old),
  }
}

/** The first word of the user agent, as far as it is printable and not too long. */
function managerOf(request: Request): string {
  const [word = ''] = (request.headers.get('user-agent') ?? '').split('/', 1)
  const printable = word.replaceAll(/\p{C}/gu, '').slice(0, 128)
  return printable === '' ? 'unknown' : printable
}

/** One object in the form that the client wants. */
export function answer(call: Call, form: Form, code: number, object: KubeObject): Response {
  const { cluster, query, target } = call
  if (form.as === null) return respond(code, object, form)
  checkForm(target, form, false)
  if (form.as !== 'Table') return respond(code, partialOf(form, object), form)
  const metadata = { resourceVersion: stringAt(object, 'metadata', 'resourceVersion') ?? '' }
  const shown = { include: includeOf(query), now: cluster.clock.now(), columns: true }
  return respond(code, tableOf(target, form, [object], metadata, shown), form)
}

/** A list in the form that the client wants. */
export function answerList(call: Call, form: Form, { items, metadata }: Listed): Response {
  const { cluster, query, target } = call
  checkForm(target, form, true)
  if (form.as === 'Table') {
    const shown = { include: includeOf(query), now: cluster.clock.now(), columns: true }
    return respond(200, tableOf(target, form, items, metadata, shown), form)
  }
  if (form.as !== null) {
    const head = { kind: 'PartialObjectMetadataList', apiVersion: `meta.k8s.io/${form.asVersion}` }
    return respond(200, { ...head, metadata, items: items.map((item) => partialOf(form, item)) }, form)
  }
  // Items of built-in kinds do not repeat what the list says; custom ones do.
  const bare =
    target.resource.custom === true ? items : items.map((item): JsonObject => without(item, 'kind', 'apiVersion'))
  const whole =
    target.resource.custom === true && metadata.continue === undefined ? { continue: '', ...metadata } : metadata
  return respond(200, { ...listHead(target), metadata: whole, items: bare }, form)
}

// Jobs: counts and modes, the selector that the server makes, and what stays as it began.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { timeOf } from '../../schema/time.ts'
import { containerCells, fitCauses, nameWarnings, selectorText } from '../apps/template.ts'
import { duplicate, invalid, invalids, notSupported, required, same, tooMany, unchanged } from '../causes.ts'
import { spanText } from '../duration.ts'
import type { Entry } from '../entry.ts'
import { dnsLabel, qualifiedName } from '../formats.ts'
import { internalForm } from '../internal.ts'
import { changeAt, changeEach, filled, has, isTrue, objectAt, objectsAt, textAt, wholeAt, withAt } from '../look.ts'
import { selectorCauses } from '../metadata.ts'
import { countsCauses } from '../pod/numbers.ts'
import { templateCauses } from '../pod/spec.ts'
import { templateWarnings } from '../pod/warnings.ts'
import { managerCauses, successPolicyCauses } from './success-policy.ts'

const UID = 'batch.kubernetes.io/controller-uid'
const NAME = 'batch.kubernetes.io/job-name'

/** The selector and the labels by which the Job knows its Pods. */
function withSelector(object: KubeObject): KubeObject {
  if (isTrue(object, 'spec', 'manualSelector')) return object
  const uid = textAt(object, 'metadata', 'uid')
  const { name } = object.metadata
  const labels = { 'job-name': name, [NAME]: name, 'controller-uid': uid, [UID]: uid }
  return changeAt(object, 'spec', (spec) => {
    const made = changeAt(spec, 'selector', (selector) =>
      changeAt(selector, 'matchLabels', (match) => filled(match, { [UID]: uid })),
    )
    return changeAt(made, 'template', (template) =>
      changeAt(template, 'metadata', (metadata) =>
        changeAt(metadata, 'labels', (own) => ({ ...own, ...filledOnly(own, labels) })),
      ),
    )
  })
}

function filledOnly(given: JsonObject, more: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(more).filter(([key]) => !Object.hasOwn(given, key)))
}

function jobCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const completions = wholeAt(spec, 'completions') ?? 0
  const last = `${object.metadata.name}-${completions - 1}`
  const indexed = textAt(spec, 'completionMode') === 'Indexed' && completions > 0 && dnsLabel(last).length > 0
  return [
    ...labelledCauses(object),
    ...specCauses(object),
    ...(indexed
      ? [invalid('metadata.name', object.metadata.name, `will not able to create pod with invalid DNS label: ${last}`)]
      : []),
  ]
}

function specCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const selector = objectAt(spec, 'selector')
  return [
    ...jobSpecCauses(spec, 'spec'),
    ...(has(spec, 'selector') ? selectorCauses(selector, 'spec.selector') : [required('spec.selector')]),
    ...fitCauses(spec, 'spec.template'),
  ]
}

/** Labels that the server makes, or those that a client set in their place and that do not fit. */
function labelledCauses(object: KubeObject): readonly Cause[] {
  if (isTrue(object, 'spec', 'manualSelector')) return []
  // That there is none is told with everything else.
  if (!has(object, 'spec', 'selector')) return []
  const uid = textAt(object, 'metadata', 'uid')
  const labels = objectAt(object, 'spec', 'template', 'metadata', 'labels')
  const wanted: readonly (readonly [string, string])[] = [
    ['controller-uid', uid],
    ['job-name', object.metadata.name],
    [UID, uid],
    [NAME, object.metadata.name],
  ]
  const selector = objectAt(object, 'spec', 'selector')
  const auto =
    textAt(selector, 'matchLabels', UID) === uid &&
    Object.keys(objectAt(selector, 'matchLabels')).every((key) =>
      [UID, NAME, 'controller-uid', 'job-name'].includes(key),
    )
  return [
    ...wanted.flatMap(([key, value]) => {
      const path = `spec.template.metadata.labels[${key}]`
      if (!Object.hasOwn(labels, key)) return [required(path, `must be '${value}'`)]
      return labels[key] === value ? [] : [invalid(path, labels, `must be '${value}'`)]
    }),
    ...(auto ? [] : [invalid('spec.selector', selector, '`selector` not auto-generated')]),
  ]
}

const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
]

/** The spec of a Job, alone or in a CronJob. */
export function jobSpecCauses(spec: JsonObject, path: string): readonly Cause[] {
  const template = objectAt(spec, 'template')
  return [
    ...countsCauses(spec, COUNTS, path),
    ...(has(spec, 'maxFailedIndexes') && !has(spec, 'backoffLimitPerIndex')
      ? [required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified')]
      : []),
    ...modeCauses(spec, path),

    ...managerCauses(spec, `${path}.managedBy`),
    ...(has(spec, 'podFailurePolicy') ? failurePolicyCauses(spec, `${path}.podFailurePolicy`) : []),
    ...(has(spec, 'successPolicy') ? successPolicyCauses(spec, `${path}.successPolicy`) : []),

    ...replacementCauses(spec, `${path}.podReplacementPolicy`),
    ...templateCauses(template, `${path}.template`),
    ...restartCauses(spec, textAt(template, 'spec', 'restartPolicy'), `${path}.template.spec.restartPolicy`),
  ]
}

function modeCauses(spec: JsonObject, path: string): readonly Cause[] {
  const mode = textAt(spec, 'completionMode')
  const field = `${path}.completionMode`
  if (has(spec, 'completionMode') && mode !== 'Indexed' && mode !== 'NonIndexed') {
    return [notSupported(field, mode, ['NonIndexed', 'Indexed'])]
  }
  if (mode === 'Indexed') return indexedCauses(spec, path)
  const keys = ['backoffLimitPerIndex', 'maxFailedIndexes'].filter((key) => has(spec, key))
  return keys.map((key) => invalid(`${path}.${key}`, wholeAt(spec, key), 'requires indexed completion mode'))
}

function indexedCauses(spec: JsonObject, path: string): readonly Cause[] {
  const parallel = wholeAt(spec, 'parallelism') ?? 0
  const failed = wholeAt(spec, 'maxFailedIndexes')
  const completions = wholeAt(spec, 'completions')
  const text = 'must be less than or equal to 100000 when completion mode is Indexed'
  return [
    ...(completions === null ? [required(`${path}.completions`, 'when completion mode is Indexed')] : []),
    ...(parallel > 100_000 ? [invalid(`${path}.parallelism`, parallel, text)] : []),
    ...(failed !== null && completions !== null && failed > completions
      ? [invalid(`${path}.maxFailedIndexes`, failed, 'must be less than or equal to completions')]
      : []),
    ...(completions !== null && completions > 100_000 ? manyCauses(spec, path) : []),
  ]
}

/** Very many indices, each with failures of its own, must be bounded. */
function manyCauses(spec: JsonObject, path: string): readonly Cause[] {
  if (!has(spec, 'backoffLimitPerIndex')) return []
  const most = (key: string): readonly Cause[] => {
    const text =
      'must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index'
    const value = wholeAt(spec, key) ?? 0
    return value > 10_000 ? [invalid(`${path}.${key}`, value, text)] : []
  }
  const open = has(spec, 'maxFailedIndexes')
    ? []
    : [required(`${path}.maxFailedIndexes`, 'must be specified when completions is above 100000')]
  return [...open, ...most('parallelism'), ...most('maxFailedIndexes')]
}

function replacementCauses(spec: JsonObject, path: string): readonly Cause[] {
  if (!has(spec, 'podReplacementPolicy')) return []
  const policy = textAt(spec, 'podReplacementPolicy')
  const allowed = has(spec, 'podFailurePolicy') ? ['Failed'] : ['Failed', 'TerminatingOrFailed']
  return allowed.includes(policy) ? [] : [notSupported(path, policy, allowed)]
}

function restartCauses(spec: JsonObject, policy: string, path: string): readonly Cause[] {
  if (policy === 'Always' || policy === '') return [required(path, 'valid values: "OnFailure", "Never"')]
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(path, policy, ['OnFailure', 'Never'])]
  const only = 'only "Never" is supported when podFailurePolicy is specified'
  return has(spec, 'podFailurePolicy') && policy !== 'Never' ? [invalid(path, policy, only)] : []
}

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore']

function failurePolicyCauses(spec: JsonObject, path: string): readonly Cause[] {
  const rules = objectsAt(spec, 'podFailurePolicy', 'rules')
  return [
    ...(rules.length > 20 ? [tooMany(`${path}.rules`, rules.length, 20)] : []),
    ...rules.flatMap((rule, at) => ruleCauses(rule, spec, `${path}.rules[${at}]`)),
  ]
}

function ruleCauses(rule: JsonObject, spec: JsonObject, path: string): readonly Cause[] {
  const action = textAt(rule, 'action')
  const [codes, conditions] = [has(rule, 'onExitCodes'), has(rule, 'onPodConditions')]
  const bare = (text: string): Cause => ({
    reason: 'FieldValueInvalid',
    field: path,
    message: `Invalid value: ${text}`,
  })
  const one = 'specifying one of OnExitCodes and OnPodConditions is required'
  return [
    ...actionCauses(action, spec, `${path}.action`),
    ...(codes ? exitCodeCauses(objectAt(rule, 'onExitCodes'), spec, `${path}.onExitCodes`) : []),
    ...objectsAt(rule, 'onPodConditions').flatMap((each, at) =>
      conditionCauses(each, `${path}.onPodConditions[${at}]`),
    ),
    ...(codes && conditions ? [bare('specifying both OnExitCodes and OnPodConditions is not supported')] : []),
    ...(codes || conditions ? [] : [bare(one)]),
  ]
}

function actionCauses(action: string, spec: JsonObject, path: string): readonly Cause[] {
  if (action === '') return [required(path, `valid values: [${ACTIONS.map((each) => `"${each}"`).join(' ')}]`)]
  if (action === 'FailIndex') {
    return has(spec, 'backoffLimitPerIndex')
      ? []
      : [invalid(path, action, 'requires the backoffLimitPerIndex to be set')]
  }
  return ACTIONS.includes(action) ? [] : [notSupported(path, action, ACTIONS)]
}

function conditionCauses(pattern: JsonObject, path: string): readonly Cause[] {
  const [type, status] = [textAt(pattern, 'type'), textAt(pattern, 'status')]
  const states = ['False', 'True', 'Unknown']
  return [
    ...invalids(`${path}.type`, type, qualifiedName(type)),
    ...(states.includes(status) ? [] : [notSupported(`${path}.status`, status, states)]),
  ]
}

function exitCodeCauses(codes: JsonObject, spec: JsonObject, path: string): readonly Cause[] {
  const operator = textAt(codes, 'operator')
  const name = textAt(codes, 'containerName')
  const names = ['containers', 'initContainers'].flatMap((key) =>
    objectsAt(spec, 'template', 'spec', key).map((each) => textAt(each, 'name')),
  )
  const unknown = 'must be one of the container or initContainer names in the pod template'
  const states = ['In', 'NotIn']
  return [
    ...(operator === ''
      ? [required(`${path}.operator`, 'valid values: ["In" "NotIn"]')]
      : states.includes(operator)
        ? []
        : [notSupported(`${path}.operator`, operator, states)]),
    ...(has(codes, 'containerName') && !names.includes(name) ? [invalid(`${path}.containerName`, name, unknown)] : []),
    ...exitValueCauses(codes.values, operator, `${path}.values`),
  ]
}

function exitValueCauses(given: Json | undefined, operator: string, path: string): readonly Cause[] {
  const values = isList(given) ? given.map(Number) : []
  const ordered = values.every((each, at) => at === 0 || (values[at - 1] ?? 0) <= each)
  return [
    ...(values.length === 0 ? [invalid(path, given, 'at least one value is required')] : []),
    ...values.flatMap((each, at) => [
      ...(operator === 'In' && each === 0
        ? [invalid(`${path}[${at}]`, each, 'must not be 0 for the In operator')]
        : []),
      ...(values.indexOf(each) < at ? [duplicate(`${path}[${at}]`, each)] : []),
    ]),
    ...(ordered ? [] : [invalid(path, given, 'must be ordered')]),
  ]
}

const FIXED = ['selector', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy']
/** Shown in the server's own form. */
const FORMS: Readonly<Record<string, string>> = {
  podFailurePolicy: 'batch.v1.PodFailurePolicy',
  successPolicy: 'batch.v1.SuccessPolicy',
}

function changeCauses(object: KubeObject, old: KubeObject): readonly Cause[] {
  const [spec, before] = [objectAt(object, 'spec'), objectAt(old, 'spec')]
  return [
    // The server asks twice.
    ...specCauses(object),
    ...completionCauses(spec, before),
    ...templateChangeCauses(spec, before, isWaiting(old)),
    ...FIXED.flatMap((key) => fieldChangeCauses(`spec.${key}`, FORMS[key], spec[key], before[key])),
  ]
}

function templateChangeCauses(spec: JsonObject, before: JsonObject, waiting: boolean): readonly Cause[] {
  const [now, then] = [objectAt(spec, 'template'), objectAt(before, 'template')]
  const immutable = (path: string, shown: JsonObject): readonly Cause[] => [invalid(path, shown, 'field is immutable')]
  if (!waiting) {
    return same(now, then) ? [] : immutable('spec.template', internalForm('core.v1.PodTemplateSpec', now))
  }
  const pod = objectAt(now, 'spec')
  if (same(fixedPart(pod), fixedPart(objectAt(then, 'spec')))) return []
  return immutable('spec.template.spec', internalForm('core.v1.PodSpec', pod))
}

function fieldChangeCauses(
  path: string,
  form: string | undefined,
  value: Json | undefined,
  before: Json | undefined,
): readonly Cause[] {
  const shown = form !== undefined && isObject(value) ? internalForm(form, value) : value
  return same(value, before) ? [] : [invalid(path, shown, 'field is immutable')]
}

function completionCauses(spec: JsonObject, before: JsonObject): readonly Cause[] {
  const { completions } = spec
  const path = 'spec.completions'
  if (textAt(spec, 'completionMode') !== 'Indexed') return unchanged(path, completions, before.completions)
  if (same(completions, before.completions) || completions === undefined) return []
  const text = 'can only be modified in tandem with spec.parallelism'
  return completions === spec.parallelism ? [] : [invalid(path, completions, text)]
}

/** It was suspended and nothing of it runs. */
function isWaiting(object: KubeObject): boolean {
  const began = has(object, 'status', 'startTime') && !isCondition(object, 'Suspended')
  return isTrue(object, 'spec', 'suspend') && !began && (wholeAt(object, 'status', 'active') ?? 0) === 0
}

/** Where Pods run, and with what, may still be decided while a Job waits. */
function fixedPart(spec: JsonObject): JsonObject {
  const { affinity: _affinity, nodeSelector: _nodes, tolerations: _tolerations, schedulingGates: _gates, ...pod } = spec
  return changeEach(changeEach(pod, 'containers', withoutResources), 'initContainers', withoutResources)
}

function withoutResources(container: JsonObject): JsonObject {
  return withAt(container, ['resources'], undefined)
}

function isCondition(object: KubeObject, type: string): boolean {
  return objectsAt(object, 'status', 'conditions').some(
    (each) => textAt(each, 'type') === type && textAt(each, 'status') === 'True',
  )
}

function statusCell(object: KubeObject): string {
  if (isCondition(object, 'Complete')) return 'Complete'
  if (isCondition(object, 'Failed')) return 'Failed'
  if (has(object, 'metadata', 'deletionTimestamp')) return 'Terminating'
  if (isCondition(object, 'Suspended')) return 'Suspended'
  if (isCondition(object, 'FailureTarget')) return 'FailureTarget'
  return isCondition(object, 'SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running'
}

function completionsCell(object: KubeObject): string {
  const done = wholeAt(object, 'status', 'succeeded') ?? 0
  const wanted = wholeAt(object, 'spec', 'completions')
  if (wanted !== null) return `${done}/${wanted}`
  const parallel = wholeAt(object, 'spec', 'parallelism') ?? 0
  return parallel > 1 ? `${done}/1 of ${parallel}` : `${done}/1`
}

function durationCell(object: KubeObject, now: number): string {
  const start = timeOf(textAt(object, 'status', 'startTime'))
  const end = timeOf(textAt(object, 'status', 'completionTime'))
  return start === null ? '' : spanText((end ?? now) - start)
}

/** Labels that came from the template are the template's, also those that it gets only now. */
function withSharedLabels(object: KubeObject): KubeObject {
  const labels = (each: KubeObject): JsonObject => objectAt(each, 'spec', 'template', 'metadata', 'labels')
  const made = withSelector(object)
  // A name by lot is tried on a copy, which shares nothing.
  const prefix = textAt(object, 'metadata', 'generateName')
  const drawn = prefix !== '' && object.metadata.name.length === prefix.length + 5
  return !drawn && same(objectAt(object, 'metadata', 'labels'), labels(object))
    ? withAt(made, ['metadata', 'labels'], labels(made))
    : made
}

/** What is odd about the spec of a Job. */
export function jobSpecWarnings(spec: JsonObject, path: string): readonly string[] {
  const many = (wholeAt(spec, 'completions') ?? 0) > 100_000 && (wholeAt(spec, 'parallelism') ?? 0) > 10_000
  const text =
    'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail'
  return many && textAt(spec, 'completionMode') === 'Indexed' ? [`${path}: ${text}`] : []
}

/** Jobs. */
export const job: Entry = {
  generation: 'spec',
  prepareCreate: withSharedLabels,
  validate: jobCauses,
  validateUpdate: changeCauses,
  warnings: (object, old) => [
    ...(old === null ? nameWarnings(object) : []),
    ...jobSpecWarnings(objectAt(object, 'spec'), 'spec'),
    ...templateWarnings(object, old),
  ],
  defaultPropagation: 'Orphan',
  cells: {
    Status: statusCell,
    Completions: completionsCell,
    Duration: durationCell,
    ...containerCells,
    Selector: (object) => selectorText(objectAt(object, 'spec', 'selector')),
  },
}

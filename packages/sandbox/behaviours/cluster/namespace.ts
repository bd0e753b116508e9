// Ends namespaces: deletes their content, Pods first, says what remains, and lets the namespace go when nothing does.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { textAt, textsAt, wholeAt, withAt } from '../../kinds/look.ts'
import type { Resource } from '../../registry/kind.ts'
import { failure, StatusError } from '../../registry/status.ts'
import type { World } from '../../world.ts'
import { type Controller, type Desk, subjectOf } from '../controller.ts'
import { type Remains, withConditions } from './namespace-conditions.ts'
import { finalizersOf, headOf, lastWritten, MANAGER, STATUS } from './objects.ts'

/** After an event of the namespace the real controller waits, so that last writes are seen. */
const GRACE_MS = 5000
/** What finalizers are given before the real controller looks again, halved. */
const FINALIZER_SECONDS = 15
const OWN = 'kubernetes'

/** The controller of namespaces that end. */
export const namespaceController: Controller = {
  name: 'namespace',
  follows: [{ resource: '/namespaces', subjects: (object) => (isTerminating(object) ? [subjectOf(object)] : []) }],
  reconcile: (name, desk) => {
    const namespace = desk.world.get({ apiVersion: 'v1', kind: 'Namespace', namespace: null, name })
    if (namespace === null || !isTerminating(namespace) || !textsAt(namespace, 'spec', 'finalizers').includes(OWN)) {
      return null
    }
    const early = lastWritten(namespace) + GRACE_MS - desk.now
    return early > 0 ? early : empty(namespace, desk)
  },
}

/** Deletes what is there; the answer says when to look again. */
function empty(namespace: KubeObject, desk: Desk): number | null {
  const { world, now } = desk
  const outcome = deleteContent(world, namespace.metadata.name)
  const told = withConditions(namespace, outcome.remains, now)
  const current = told === namespace ? namespace : world.update(told, STATUS)
  if (outcome.remains.failures.length > 0) throw failed(outcome)
  if (outcome.seconds > 0) return (Math.floor(outcome.seconds / 2) + 1) * 1000
  const finalizers = textsAt(current, 'spec', 'finalizers').filter((each) => each !== OWN)
  world.update(withAt(current, ['spec', 'finalizers'], finalizers), { ...MANAGER, subresource: 'finalize' })
  return null
}

/** What came of the deletion of a resource's objects, or of all. */
interface Outcome {
  readonly remains: Remains
  /** How long what remains may take. */
  readonly seconds: number
  /** The first refusal. */
  readonly cause: StatusError | null
}

const DONE: Outcome = { remains: { failures: [], objects: new Map() }, seconds: 0, cause: null }

/** What was refused is tried again, later and later. */
function failed({ cause, remains }: Outcome): Error {
  return cause ?? failure(500, 'InternalError', remains.failures.join(', '))
}

function deleteContent(world: World, namespace: string): Outcome {
  const resources = world.kinds().filter((each) => each.namespaced && each.verbs.includes('delete'))
  const pods = resources.filter(isPods).map((each) => deleteAll(world, each, namespace))
  const waiting = pods.find((each) => each.remains.objects.size > 0)
  // Of Pods that remain the real controller says nothing, but nothing else goes before them.
  if (waiting !== undefined) return { ...waiting, remains: { ...waiting.remains, objects: new Map() } }
  const others = resources.filter((each) => !isPods(each)).map((each) => deleteAll(world, each, namespace))
  return [...pods, ...others].reduce(together, DONE)
}

function isPods({ group, plural }: Resource): boolean {
  return group === '' && plural === 'pods'
}

function together(a: Outcome, b: Outcome): Outcome {
  if (b === DONE) return a
  return {
    remains: {
      failures: [...a.remains.failures, ...b.remains.failures],
      objects: new Map([...a.remains.objects, ...b.remains.objects]),
    },
    seconds: Math.max(a.seconds, b.seconds),
    cause: a.cause ?? b.cause,
  }
}

function deleteAll(world: World, resource: Resource, namespace: string): Outcome {
  const head = headOf(resource)
  const before = world.list(head.apiVersion, head.kind, namespace)
  if (before.length === 0) return DONE
  const cause = deleteEach(world, resource, before)
  if (cause !== null) return { remains: { failures: [cause.message], objects: new Map() }, seconds: 0, cause }
  const left = world.list(head.apiVersion, head.kind, namespace)
  if (left.length === 0) return DONE
  const objects = new Map([[resource, left]])
  const grace = Math.max(0, ...before.map((each) => graceOf(resource, each)))
  const held = left.some((each) => finalizersOf(each).length > 0)
  if (grace > 0 || held) {
    return { remains: { failures: [], objects }, seconds: grace > 0 ? grace : FINALIZER_SECONDS, cause: null }
  }
  const what = `${resource.group}/${resource.versions[0]?.name ?? ''}, Resource=${resource.plural}`
  const failures = [`unexpected items still remain in namespace: ${namespace} for gvr: ${what}`]
  return { remains: { failures, objects }, seconds: 0, cause: null }
}

/** The first refusal, or null. What is gone meanwhile is no failure. */
function deleteEach(world: World, resource: Resource, objects: readonly KubeObject[]): StatusError | null {
  let cause: StatusError | null = null
  for (const { metadata } of objects) {
    const namespace = textAt(metadata, 'namespace')
    try {
      world.delete({ ...headOf(resource), namespace, name: metadata.name }, { propagation: 'Background' })
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      if (error.body.code !== 404) cause ??= error
    }
  }
  return cause
}

/** Seconds that a Pod which still runs is given. */
function graceOf(resource: Resource, object: KubeObject): number {
  if (!isPods(resource) || ['Succeeded', 'Failed'].includes(textAt(object, 'status', 'phase'))) return 0
  return wholeAt(object, 'spec', 'terminationGracePeriodSeconds') ?? 0
}

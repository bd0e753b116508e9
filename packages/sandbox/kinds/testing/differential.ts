// Runs one story (create, then updates) on the real API server and through a kind's Behaviour, and compares every step.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import type { Cause, Resource, Surroundings } from '../../registry/kind.ts'
import { StatusError } from '../../registry/status.ts'
import { same } from '../causes.ts'

/** A story: an object, and what is sent after it, each as a change of the object as it then is. */
export interface Story {
  readonly name: string
  readonly object: JsonObject
  readonly updates?: readonly ((live: KubeObject) => JsonObject)[]
}

/** What came of one step: an object, or what is wrong with it. */
export type Outcome =
  | { readonly kind: 'object'; readonly object: JsonObject; readonly warnings: readonly string[] }
  | { readonly kind: 'refused'; readonly causes: readonly Cause[]; readonly message: string }

/** The real server, as far as a story needs it. */
export interface Real {
  readonly request: (method: string, path: string, body?: unknown, accept?: string) => Promise<RealAnswer>
}

/** An answer with its warnings. */
export interface RealAnswer {
  readonly status: number
  readonly body: unknown
  readonly warnings: readonly string[]
}

/** One step on both sides. */
export interface Step {
  readonly what: string
  readonly real: Outcome
  readonly ours: Outcome
}

/** Plays a story on both sides. `around` is the world that the Behaviour sees. */
export async function play(
  story: Story,
  resource: Resource,
  namespace: string,
  real: Real,
  around: Surroundings,
): Promise<readonly Step[]> {
  const folder = pathOf(resource, namespace, story.object)
  const sent = distinct(placed(story.object, resource, namespace))
  const answer = await real.request('POST', folder, sent)
  const steps: Step[] = [
    { what: 'create', real: outcomeOf(answer), ours: caught(() => create(resource, sent, around)) },
  ]
  if (answer.status !== 201) return steps
  const name = (answer.body as KubeObject).metadata.name
  for (const [at, change] of (story.updates ?? []).entries()) {
    steps.push(await playUpdate(`update ${at + 1}`, change, resource, `${folder}/${name}`, real, around))
  }
  await real.request('DELETE', `${folder}/${name}`, { gracePeriodSeconds: 0, propagationPolicy: 'Background' })
  return steps
}

/** Controllers write as well; a step that they came between is played again. */
async function playUpdate(
  what: string,
  change: (live: KubeObject) => JsonObject,
  resource: Resource,
  path: string,
  real: Real,
  around: Surroundings,
): Promise<Step> {
  for (let tries = 1; ; tries += 1) {
    const old = (await real.request('GET', path)).body as KubeObject
    const sent = change(old) as KubeObject
    const answer = await real.request('PUT', path, sent)
    if (answer.status === 409 && tries < 20) continue
    return { what, real: outcomeOf(answer), ours: caught(() => update(resource, sent, old, around)) }
  }
}

let told = 0

/** Finalizers may hold what an earlier story made, so short names are used once. */
function distinct(object: KubeObject): KubeObject {
  const { name } = object.metadata
  if (typeof name !== 'string' || !/^[a-z.]{1,12}$/.test(name)) return object
  told += 1
  return { ...object, metadata: { ...object.metadata, name: `${name}-${told}` } }
}

function pathOf(resource: Resource, namespace: string, object: JsonObject): string {
  const { group, version } = parseApiVersion(String(object.apiVersion))
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return `${root}${resource.namespaced ? `/namespaces/${namespace}` : ''}/${resource.plural}`
}

function placed(object: JsonObject, resource: Resource, namespace: string): KubeObject {
  const metadata = isObject(object.metadata) ? object.metadata : {}
  // Names of the whole cluster carry the name of the namespace, which no other run has.
  if (!resource.namespaced) {
    const name = typeof metadata.name === 'string' ? { name: `${metadata.name}-${namespace}` } : {}
    return { ...object, metadata: { ...metadata, ...name } } as unknown as KubeObject
  }
  return { ...object, metadata: { namespace, ...metadata } } as unknown as KubeObject
}

function outcomeOf({ status, body, warnings }: RealAnswer): Outcome {
  if (status < 300) return { kind: 'object', object: body as JsonObject, warnings }
  const { details, message } = body as { details?: { causes?: readonly Cause[] }; message: string }
  return { kind: 'refused', causes: details?.causes ?? [], message }
}

/** A refusal that is no 422 is thrown. */
function caught(run: () => Outcome): Outcome {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return { kind: 'refused', causes: [], message: error.body.message }
  }
}

/** The steps of a create, in the server's order. */
export function create(resource: Resource, sent: KubeObject, around: Surroundings): Outcome {
  const { behaviour } = resource
  const filled = behaviour.fillIn?.(sent) ?? sent
  const known = { ...filled, metadata: { ...filled.metadata, uid: around.uid() } }
  const prepared = behaviour.prepareCreate?.(known, around) ?? known
  const given = behaviour.allocate?.(prepared, null, around) ?? { object: prepared, causes: [] }
  const causes = given.causes.length > 0 ? given.causes : (behaviour.validateCreate?.(given.object, around) ?? [])
  if (causes.length > 0) return { kind: 'refused', causes, message: '' }
  const object = keptAndShown(resource, given.object)
  return { kind: 'object', object, warnings: behaviour.warnings?.(given.object, null) ?? [] }
}

/** What the server knows of an object that is updated, whether the client says it or not. */
const KEPT = ['namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds']

/** The steps of an update, in the server's order. */
export function update(resource: Resource, sent: KubeObject, old: KubeObject, around: Surroundings): Outcome {
  const { behaviour } = resource
  const filled = behaviour.fillIn?.(sent) ?? sent
  const { generation = null, ...metadata } = old.metadata
  const kept = {
    ...(generation === null ? {} : { generation }),
    ...Object.fromEntries(KEPT.map((key) => [key, filled.metadata[key] ?? metadata[key] ?? null])),
  }
  const locked = { ...filled, metadata: { ...filled.metadata, ...kept } }
  const prepared = behaviour.prepareUpdate?.(locked, old, around) ?? locked
  const given = behaviour.allocate?.(prepared, old, around) ?? { object: prepared, causes: [] }
  const causes = given.causes.length > 0 ? given.causes : (behaviour.validateUpdate?.(given.object, old, around) ?? [])
  if (causes.length > 0) return { kind: 'refused', causes, message: '' }
  const object = keptAndShown(resource, counted(resource, given.object, old))
  return { kind: 'object', object, warnings: behaviour.warnings?.(object, old) ?? [] }
}

/** What is kept in one version and asked for in another. */
function keptAndShown(resource: Resource, object: KubeObject): KubeObject {
  const { version } = parseApiVersion(object.apiVersion)
  const { behaviour, convert, storage } = resource
  if (convert === undefined || version === storage) return object
  const kept = convert(object, storage)
  const shown = convert(behaviour.fillIn?.(kept) ?? kept, version)
  return behaviour.fillIn?.(shown) ?? shown
}

function counted(resource: Resource, object: KubeObject, old: KubeObject): KubeObject {
  const rule = resource.behaviour.generation ?? 'spec'
  if (rule === 'none') return object
  const bare = (each: KubeObject): JsonObject => ({ ...each, metadata: {}, status: {} })
  const changed = rule === 'spec' ? !same(object.spec, old.spec) : !same(bare(object), bare(old))
  const generation = Number(old.metadata.generation ?? 0) + (changed ? 1 : 0)
  return { ...object, metadata: { ...object.metadata, generation } }
}

/** What is not compared: identities, times, versions, ownership, and what is drawn by lot where nobody asked for it. */
const OWN = ['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'selfLink']

/** An outcome in the form in which both sides must be equal. */
export function comparable(outcome: Outcome): Json {
  if (outcome.kind === 'refused') {
    const texts = outcome.causes.map(({ reason, field, message }) =>
      masked(`${field}: ${reason}: ${shortened(message)}`, ''),
    )
    return texts.length > 0 ? [...texts].sort() : outcome.message
  }
  const metadata = isObject(outcome.object.metadata) ? outcome.object.metadata : {}
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !OWN.includes(key)))
  return masked({ ...outcome.object, metadata: kept }, '')
}

/**
 * Not compared: the difference that the server prints below some refusals (the form is its debugging aid, and it says so
 * itself), templates printed as the server's own types, and whether an empty map was said or left out.
 */
function shortened(message: string): string {
  return message
    .replace(/\n[\s\S]*$/, '')
    .replace(/ value: \{\}: /, ' value: null: ')
    .replace(/^Invalid value: \{.*"?[Cc]ontainers"?.*\}: /, 'Invalid value: a template: ')
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

function masked(value: Json, key: string): Json {
  if (isList(value)) return value.map((each) => masked(each, key))
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, each]) => [name, masked(each, name)]),
    )
  }
  if (typeof value === 'number' && (key === 'nodePort' || key === 'healthCheckNodePort')) {
    return value >= 30_000 ? 'a port' : value
  }
  if (typeof value !== 'string') return value
  if (/(Time|Timestamp)$/.test(key)) return 'a time'
  if (key === 'clusterIP' || key === 'clusterIPs') return value.startsWith('10.96.') ? 'an address' : value
  return value.replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access').replace(UUID, 'a uid')
}

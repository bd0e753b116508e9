// Events, as the real controllers write them; what is said again is counted.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { textAt, wholeAt } from '../../kinds/look.ts'
import { StatusError } from '../../registry/status.ts'
import { timeOf, timeText } from '../../schema/time.ts'
import type { World } from '../../world.ts'
import type { Desk } from '../controller.ts'
import { openLookup } from './owned.ts'

/** What is said. */
export interface Note {
  readonly about: KubeObject
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  /** The controller that says it: `deployment-controller`. */
  readonly from: string
  /** The node on which it runs. */
  readonly host?: string
  /** The part of the object: `spec.containers{web}`. */
  readonly part?: string
  /** The process that writes; the controllers' one where absent. */
  readonly manager?: string
  /** Not to be counted again. */
  readonly once?: boolean
}

/** Events by all that makes two of them one. */
const said = openLookup('/events', (event) => [keyOf(event)])
/** Events by what they are about and why, whatever they say. */
const similar = openLookup('/events', (event) => [reasonKey(event)])

/** As many different messages of one kind as are told one by one. */
const MOST_SIMILAR = 9
/** They are forgotten after a while without another one. */
const SIMILAR_MS = 600_000
const COMBINED = '(combined from similar events): '

/** Says something. Nothing depends on whether it can be written. */
export function note(desk: Desk, what: Note): void {
  const { world, now } = desk
  if (!serves(world, '/events')) return
  const event = eventOf(what)
  const time = timeText(now)
  const writer = { manager: what.manager ?? 'kube-controller-manager' }
  const again = (before: KubeObject, message: string): void => {
    const count = (wholeAt(before, 'count') ?? 0) + 1
    world.update({ ...before, message, count, lastTimestamp: time }, writer)
  }
  try {
    const [before] = said(world, keyOf(event))
    const others = similar(world, reasonKey(event))
    const late = others.filter((each) => (timeOf(textAt(each, 'lastTimestamp')) ?? 0) > now - SIMILAR_MS)
    const combined = late.find((each) => textAt(each, 'message').startsWith(COMBINED))
    if (before !== undefined && what.once === true) return
    if (combined !== undefined) {
      // From then on also what was told alone before.
      again(combined, `${COMBINED}${what.message}`)
    } else if (before !== undefined) {
      again(before, textAt(before, 'message'))
    } else {
      const whole = late.length < MOST_SIMILAR ? event : combinedOf(event)
      world.create({ ...whole, metadata: metadataOf(desk, what), firstTimestamp: time, lastTimestamp: time }, writer)
    }
  } catch (error) {
    // A namespace that goes takes nothing new in.
    if (!(error instanceof StatusError)) throw error
  }
}

/** One event for many: it shows the last message, and does not say who reports. */
function combinedOf<T extends JsonObject>(event: T): T {
  return { ...event, message: `${COMBINED}${textAt(event, 'message')}`, reportingComponent: '', reportingInstance: '' }
}

function keyOf(event: JsonObject): string {
  const texts = ['message', 'reportingComponent', 'reportingInstance'].map((key) => textAt(event, key))
  return [reasonKey(event), ...texts].join('\n')
}

function reasonKey(event: JsonObject): string {
  const about = ['uid', 'fieldPath'].map((key) => textAt(event, 'involvedObject', key))
  const source = ['component', 'host'].map((key) => textAt(event, 'source', key))
  return [...about, textAt(event, 'type'), textAt(event, 'reason'), ...source].join('\n')
}

/** Named after the object and the moment in nanoseconds; within one millisecond the order of writes decides. */
function metadataOf({ world, now }: Desk, { about }: Note): KubeObject['metadata'] {
  const moment = BigInt(now) * 1_000_000n + BigInt(world.revision() % 1_000_000)
  const namespace = textAt(about, 'metadata', 'namespace') || 'default'
  return { name: `${about.metadata.name.slice(0, 236)}.${moment.toString(16)}`, namespace }
}

function eventOf({
  about,
  type,
  reason,
  message,
  from,
  host = '',
  part = '',
}: Note): JsonObject & { readonly apiVersion: string; readonly kind: string } {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name: about.metadata.name,
      ...(about.metadata.namespace === undefined ? {} : { namespace: about.metadata.namespace }),
      uid: textAt(about, 'metadata', 'uid'),
      resourceVersion: textAt(about, 'metadata', 'resourceVersion'),
      ...(part === '' ? {} : { fieldPath: part }),
    },
    type,
    reason,
    message,
    count: 1,
    source: { component: from, ...(host === '' ? {} : { host }) },
    reportingComponent: from,
    reportingInstance: host,
  }
}

const served = new WeakMap<World, ReadonlySet<string>>()

/** True where the world has a built-in resource. */
export function serves(world: World, resource: string): boolean {
  const known = served.get(world) ?? new Set(world.resources())
  served.set(world, known)
  return known.has(resource)
}

// Events of both groups: what each form must say, and how they are shown.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { invalid, invalids, required } from '../causes.ts'
import { sinceText } from '../duration.ts'
import type { Entry } from '../entry.ts'
import { byteLength, qualifiedName } from '../formats.ts'
import { has, objectAt, textAt, wholeAt } from '../look.ts'

/** An event in the fields of either group. */
function about(object: KubeObject): JsonObject {
  return has(object, 'involvedObject') ? objectAt(object, 'involvedObject') : objectAt(object, 'regarding')
}

function firstOf(object: JsonObject, ...keys: readonly string[]): string {
  return keys.map((key) => textAt(object, key)).find((each) => each !== '') ?? ''
}

function firstSeen(object: KubeObject, now: number): string {
  return sinceText(firstOf(object, 'firstTimestamp', 'deprecatedFirstTimestamp', 'eventTime'), now)
}

function lastSeen(object: KubeObject, now: number): string {
  if (has(object, 'series')) return sinceText(textAt(object, 'series', 'lastObservedTime'), now)
  const last = firstOf(object, 'lastTimestamp', 'deprecatedLastTimestamp')
  return last === '' ? firstSeen(object, now) : sinceText(last, now)
}

function target(object: KubeObject): string {
  const kind = textAt(about(object), 'kind').toLowerCase()
  const name = textAt(about(object), 'name')
  return name === '' ? kind : `${kind}/${name}`
}

function source(object: KubeObject): string {
  const from = has(object, 'source') ? objectAt(object, 'source') : objectAt(object, 'deprecatedSource')
  const component = textAt(from, 'component') || firstOf(object, 'reportingComponent', 'reportingController')
  const host = textAt(from, 'host') || textAt(object, 'reportingInstance')
  return host === '' ? component : `${component}, ${host}`
}

function count(object: KubeObject): number {
  const own = wholeAt(object, 'count') ?? wholeAt(object, 'deprecatedCount') ?? 0
  if (has(object, 'series')) return wholeAt(object, 'series', 'count') ?? 0
  return own === 0 ? 1 : own
}

/** What every event must say; one with a time of its own more than an old one. */
function commonCauses(object: KubeObject, reporter: string): readonly Cause[] {
  const own = textAt(object, 'metadata', 'namespace')
  const namespace = textAt(about(object), 'namespace')
  const elsewhere = [invalid('involvedObject.namespace', namespace, 'does not match event.namespace')]
  if (!has(object, 'eventTime')) return own === (namespace === '' ? 'default' : namespace) ? [] : elsewhere
  return [
    ...(namespace === '' && own !== 'default' && own !== 'kube-system' ? elsewhere : []),
    ...reporterCauses(textAt(object, reporter), reporter),
    ...['reportingInstance', 'action', 'reason'].flatMap((key) => shortCauses(textAt(object, key), key)),
    ...longerCauses(firstOf(object, 'message', 'note'), 'message', 1024),
  ]
}

function reporterCauses(reporter: string, path: string): readonly Cause[] {
  return [...(reporter === '' ? [required(path)] : []), ...invalids(path, reporter, qualifiedName(reporter))]
}

function shortCauses(text: string, path: string): readonly Cause[] {
  return text === '' ? [required(path)] : longerCauses(text, path, 128)
}

function longerCauses(text: string, path: string, most: number): readonly Cause[] {
  return byteLength(text) > most ? [invalid(path, '', `can have at most ${most} characters`)] : []
}

/** The newer form asks for more and takes nothing of the older one. */
function newerCauses(object: KubeObject): readonly Cause[] {
  const type = textAt(object, 'type')
  const unset = (key: string, given: boolean): readonly Cause[] =>
    given ? [invalid(key, '', 'needs to be unset')] : []
  return [
    ...commonCauses(object, 'reportingController'),
    ...(has(object, 'series') ? seriesCauses(objectAt(object, 'series')) : []),
    ...(has(object, 'eventTime') ? [] : [required('eventTime')]),
    ...(type === 'Normal' || type === 'Warning' ? [] : [invalid('type', '', `has invalid value: ${type}`)]),
    ...unset('firstTimestamp', has(object, 'deprecatedFirstTimestamp')),
    ...unset('lastTimestamp', has(object, 'deprecatedLastTimestamp')),
    ...unset('count', (wholeAt(object, 'deprecatedCount') ?? 0) !== 0),
    ...unset('source', firstOf(objectAt(object, 'deprecatedSource'), 'component', 'host') !== ''),
  ]
}

function seriesCauses(series: JsonObject): readonly Cause[] {
  return [
    ...((wholeAt(series, 'count') ?? 0) < 2 ? [invalid('series.count', '', 'should be at least 2')] : []),
    ...(has(series, 'lastObservedTime') ? [] : [required('series.lastObservedTime')]),
  ]
}

/** Events of the core group. */
export const event: Entry = {
  validate: (object) => commonCauses(object, 'reportingComponent'),
  cells: {
    'Last Seen': lastSeen,
    Type: (object) => textAt(object, 'type'),
    Reason: (object) => textAt(object, 'reason'),
    Object: target,
    Subobject: (object) => textAt(about(object), 'fieldPath'),
    Source: source,
    Message: (object) => firstOf(object, 'message', 'note').trim(),
    'First Seen': firstSeen,
    Count: count,
  },
}

/** Events of a group of their own. */
export const newerEvent: Entry = { ...event, validate: newerCauses }

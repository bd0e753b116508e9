// The workloads of a namespace in a form in which two clusters can be compared: without times, uids and made-up names.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { objectAt, objectsAt, textAt } from '../../../kinds/look.ts'

/** Collections that are compared. */
export const COLLECTIONS: readonly (readonly [string, string])[] = [
  ['Deployment', '/apis/apps/v1/namespaces/NS/deployments'],
  ['ReplicaSet', '/apis/apps/v1/namespaces/NS/replicasets'],
  ['StatefulSet', '/apis/apps/v1/namespaces/NS/statefulsets'],
  ['DaemonSet', '/apis/apps/v1/namespaces/NS/daemonsets'],
  ['ControllerRevision', '/apis/apps/v1/namespaces/NS/controllerrevisions'],
  ['Job', '/apis/batch/v1/namespaces/NS/jobs'],
  ['CronJob', '/apis/batch/v1/namespaces/NS/cronjobs'],
  ['ReplicationController', '/api/v1/namespaces/NS/replicationcontrollers'],
  ['PersistentVolumeClaim', '/api/v1/namespaces/NS/persistentvolumeclaims'],
  ['Pod', '/api/v1/namespaces/NS/pods'],
  ['Event', '/api/v1/namespaces/NS/events'],
]

/** What a server lists, by kind. */
export type Lists = ReadonlyMap<string, readonly JsonObject[]>

/** Words for what is made up: the same in both clusters. */
function wordsOf(lists: Lists, namespace: string): ReadonlyMap<string, string> {
  const words = new Map<string, string>([
    [namespace, 'NS'],
    ['stand-in', 'NODE'],
    ['sandbox-1', 'NODE'],
  ])
  for (const set of lists.get('ReplicaSet') ?? []) {
    const revision = textAt(set, 'metadata', 'annotations', 'deployment.kubernetes.io/revision')
    const hash = textAt(set, 'metadata', 'labels', 'pod-template-hash')
    if (hash !== '') words.set(hash, `HASH-${revision}`)
  }
  for (const record of lists.get('ControllerRevision') ?? []) {
    const hash = textAt(record, 'metadata', 'labels', 'controller-revision-hash')
    if (hash !== '') words.set(hash, `RECORD-${String(record.revision)}`)
  }
  for (const [kind, objects] of lists) {
    for (const object of objects) words.set(textAt(object, 'metadata', 'uid'), `UID of ${kind}`)
    if (kind !== 'Pod') continue
    for (const pod of objects) {
      const prefix = textAt(pod, 'metadata', 'generateName')
      const name = textAt(pod, 'metadata', 'name')
      if (prefix !== '' && name.length === prefix.length + 5) words.set(name.slice(prefix.length), 'XXXXX')
    }
  }
  return words
}

/** The workloads as they can be compared. */
export function viewOfLists(lists: Lists, namespace: string): JsonObject {
  const words = wordsOf(lists, namespace)
  const view: Record<string, Json> = {}
  for (const [kind, objects] of lists) {
    if (kind === 'Event') continue
    const plain = objects.map((object) => replaced(bare(kind, object), words))
    view[kind] = plain.sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)))
  }
  const said = (lists.get('Event') ?? []).filter((event) => CONTROLLERS.test(textAt(event, 'source', 'component')))
  view.Event = [...new Set(said.map((event) => withoutGone(inWords(eventText(event), words))))].sort()
  return view
}

/** Those whose events are compared. */
const CONTROLLERS = /^(deployment|replicaset|replication|statefulset|daemonset|job|cronjob)-controller$/

/** Events also tell of what is gone, whose made-up names nobody knows any more. */
function withoutGone(text: string): string {
  return text
    .replaceAll(/(pod: \S+-)[a-z0-9]{5}\b/g, '$1XXXXX')
    .replaceAll(/\ba-[b-df-hj-np-tv-z0-9]{7,10}\b/g, 'a-GONE')
}

function eventText(event: JsonObject): string {
  const parts = ['type', 'reason', 'message', 'reportingComponent'].map((key) => textAt(event, key))
  return [textAt(event, 'involvedObject', 'kind'), ...parts].join(' ')
}

function bare(kind: string, object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata')
  const { creationTimestamp: _created, resourceVersion: _version, uid: _uid, managedFields, ...rest } = metadata
  // Within one second managers are in another order than after it.
  const managers = objectsAt({ managedFields: managedFields ?? [] }, 'managedFields')
    .map(({ time: _time, ...entry }) => entry)
    .sort((a, b) => compareText(managerKey(a), managerKey(b)))
  const own = { ...object, metadata: rest }
  if (kind !== 'Pod') return { ...own, metadata: { ...rest, managedFields: managers } }
  // What becomes of a Pod on its node is another matter.
  return { metadata: rest, spec: withoutNode(objectAt(object, 'spec')) }
}

function managerKey(entry: JsonObject): string {
  return ['operation', 'manager', 'subresource'].map((key) => textAt(entry, key)).join(' ')
}

function withoutNode(spec: JsonObject): JsonObject {
  const { nodeName: _node, volumes: _volumes, ...rest } = spec
  return rest
}

const TIMES = new Set(['startTime', 'completionTime', 'lastTransitionTime', 'lastUpdateTime', 'lastProbeTime'])

function replaced(value: Json, words: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return inWords(value, words)
  if (isList(value)) return value.map((each) => replaced(each, words))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => compareText(a, b))
      .map(([key, each]) => [
        inWords(key, words),
        TIMES.has(key) && typeof each === 'string' ? 'TIME' : replaced(each, words),
      ]),
  )
}

function inWords(text: string, words: ReadonlyMap<string, string>): string {
  let plain = text.replaceAll(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-XXXXX')
  for (const [made, word] of words) if (made !== '') plain = plain.replaceAll(made, word)
  return plain
}

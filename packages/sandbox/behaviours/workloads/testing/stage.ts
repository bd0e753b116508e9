// A sandbox with all workload controllers for tests, and short words for what is in it.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { objectsAt, textAt, wholeAt } from '../../../kinds/look.ts'
import { openSandbox, type Sandbox } from '../../../sandbox.ts'
import { openTestClock, type TestClock } from '../../../testing/clock.ts'
import type { World } from '../../../world.ts'
import { type WorkloadOptions, workloadControllers } from '../all.ts'

/** A sandbox in which workloads run, in virtual time. */
export interface Stage {
  readonly sandbox: Sandbox
  readonly world: World
  readonly clock: TestClock
  /** Makes an object in the namespace `default`. */
  readonly make: (apiVersion: string, kind: string, name: string, more: JsonObject) => KubeObject
  readonly get: (apiVersion: string, kind: string, name: string) => KubeObject
  /** Changes the spec of an object. */
  readonly change: (object: KubeObject, spec: JsonObject) => KubeObject
  readonly pods: () => readonly KubeObject[]
  /** Events about an object as `Reason: message (count)`. */
  readonly events: (kind: string, name: string) => readonly string[]
}

/** Opens one. */
export function openStage(options: WorkloadOptions = {}): Stage {
  const clock = openTestClock()
  const sandbox = openSandbox({ clock, seed: 'workloads', controllers: workloadControllers(options) })
  clock.advance(100)
  const { world } = sandbox
  const get = (apiVersion: string, kind: string, name: string): KubeObject => {
    const found = world.get({ apiVersion, kind, namespace: 'default', name })
    if (found === null) throw new Error(`there is no ${kind} ${name}`)
    return found
  }
  return {
    sandbox,
    world,
    clock,
    make: (apiVersion, kind, name, more) => {
      const metadata = { name, namespace: 'default', ...(more.metadata as JsonObject | undefined) }
      return world.create({ ...more, apiVersion, kind, metadata })
    },
    get,
    change: (object, spec) => {
      const { apiVersion, kind, metadata } = object
      const live = get(apiVersion, kind, metadata.name)
      return world.update({ ...live, spec: { ...(live.spec as JsonObject), ...spec } })
    },
    pods: () => world.list('v1', 'Pod', 'default'),
    events: (kind, name) =>
      world
        .list('v1', 'Event', 'default')
        .filter((each) => textAt(each, 'involvedObject', 'kind') === kind)
        .filter((each) => textAt(each, 'involvedObject', 'name') === name)
        .map((each) => `${textAt(each, 'reason')}: ${textAt(each, 'message')} (${wholeAt(each, 'count')})`),
  }
}

/** A template of Pods `app: NAME` with one container `main`. */
export function template(app: string, image: string, pod: JsonObject = {}, annotations: JsonObject = {}): JsonObject {
  const metadata = { labels: { app }, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) }
  return { metadata, spec: { containers: [{ name: 'main', image }], ...pod } }
}

/** What the API needs of a workload that keeps Pods `app: NAME`. */
export function keeping(app: string, image: string, more: JsonObject = {}, pod: JsonObject = {}): JsonObject {
  return { spec: { selector: { matchLabels: { app } }, template: template(app, image, pod), ...more } }
}

/** Conditions as `Type=Status Reason: message`. */
export function conditions(object: KubeObject): readonly string[] {
  return objectsAt(object, 'status', 'conditions').map((each) => {
    const [reason, message] = [textAt(each, 'reason'), textAt(each, 'message')]
    return `${textAt(each, 'type')}=${textAt(each, 'status')}${reason === '' ? '' : ` ${reason}`}${message === '' ? '' : `: ${message}`}`
  })
}

/** A status without conditions. */
export function counts(object: KubeObject): Json {
  const { conditions: _conditions, ...rest } = object.status as JsonObject
  return rest
}

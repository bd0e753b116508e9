// What plays an actor of a cluster: a controller looks at one subject at a time and writes what is missing for it.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Random } from '../store/random.ts'
import type { World } from '../world.ts'

/** What a controller works with. It keeps nothing else between two looks, so that a copy of a sandbox goes on alike. */
export interface Desk {
  readonly world: World
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Chance from the sandbox's seed. */
  readonly random: Random
}

/** Objects whose changes concern a controller, and whom they concern. */
export interface Follow {
  /** `group/plural`, as `apps/deployments` and `/pods`; `*` for the objects of every resource. */
  readonly resource: string
  /** The subjects to look at. Called with the object as it is kept, and once more with what it was before the change. */
  readonly subjects: (object: KubeObject, desk: Desk) => readonly string[]
}

/**
 * One actor. It is told only whom to look at, never what happened: it brings the subject a step nearer to what the
 * world says it should be, and looks as often as it takes. Writes that are refused (StatusError) are tried again later.
 */
export interface Controller {
  /** A name for tests and failures: `deployment`. */
  readonly name: string
  readonly follows: readonly Follow[]
  /** Looks at one subject. The answer: after how many milliseconds to look again though nothing changed; null: never. */
  readonly reconcile: (subject: string, desk: Desk) => number | null
}

/** The subject that names an object: `namespace/name`, or `name` where it is in no namespace. */
export function subjectOf(object: KubeObject): string {
  const { namespace, name } = object.metadata
  return typeof namespace === 'string' ? `${namespace}/${name}` : name
}

/** The namespace (null: none) and the name of a subject. */
export function placeOf(subject: string): { readonly namespace: string | null; readonly name: string } {
  const slash = subject.indexOf('/')
  if (slash < 0) return { namespace: null, name: subject }
  return { namespace: subject.slice(0, slash), name: subject.slice(slash + 1) }
}

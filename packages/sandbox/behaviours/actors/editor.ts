// A person who changes things by hand, each at a time that was written down beforehand.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { objectAt, objectsAt, withAt } from '../../kinds/look.ts'
import { mergePatch } from '../../patch/merge.ts'
import { StatusError } from '../../registry/status.ts'
import { timeText } from '../../schema/time.ts'
import type { DeleteOptions } from '../../verbs/delete.ts'
import type { Place, World } from '../../world.ts'
import type { Controller, Desk } from '../controller.ts'

/** What somebody does with kubectl. */
export type Deed =
  | { readonly kind: 'scale'; readonly replicas: number }
  /** null takes one away. */
  | { readonly kind: 'annotate' | 'label'; readonly values: Readonly<Record<string, string | null>> }
  /** What an editor leaves behind, as a merge patch. */
  | { readonly kind: 'edit' | 'patch'; readonly patch: JsonObject }
  | { readonly kind: 'set-image'; readonly container: string; readonly image: string }
  | { readonly kind: 'restart' }
  | { readonly kind: 'create'; readonly object: KubeObject }
  | { readonly kind: 'delete'; readonly propagation?: DeleteOptions['propagation'] }

/** One deed, once or again and again. */
export interface Edit {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Again after so many milliseconds, for ever. */
  readonly every?: number
  readonly object: Place
  readonly deed: Deed
}

/** The field managers under which kubectl does it. */
const MANAGERS: Readonly<Record<Exclude<Deed['kind'], 'delete'>, string>> = {
  scale: 'kubectl',
  annotate: 'kubectl-annotate',
  label: 'kubectl-label',
  edit: 'kubectl-edit',
  patch: 'kubectl-patch',
  'set-image': 'kubectl-set',
  restart: 'kubectl-rollout',
  create: 'kubectl-create',
}

/** A deed is done within so long after its time or not at all: a cluster that is taken in later does not do it again. */
const WINDOW_MS = 1000

/** A person with a plan. What the API server refuses is not tried again. */
export function editor(name: string, edits: readonly Edit[]): Controller {
  return {
    name: `editor-${name}`,
    // There is always a namespace; which one does not matter.
    follows: [{ resource: '/namespaces', subjects: () => ['plan'] }],
    reconcile: (_subject, desk) => {
      let next: number | null = null
      for (const [index, edit] of edits.entries()) {
        const due = dueTime(edit, desk.now)
        if (due <= desk.now) once(desk, `editor ${name} ${index}`, due, edit)
        const later = nextTime(edit, desk.now)
        if (later !== null) next = Math.min(next ?? later, later)
      }
      return next === null ? null : next - desk.now
    },
  }
}

/** The last time for a deed if its window is open, else a time to come or never. */
function dueTime({ at, every }: Edit, now: number): number {
  const last = every === undefined || now < at ? at : now - ((now - at) % every)
  return now - last < WINDOW_MS ? last : Number.POSITIVE_INFINITY
}

function nextTime({ at, every }: Edit, now: number): number | null {
  if (at > now) return at
  return every === undefined ? null : now - ((now - at) % every) + every
}

/** Noted in the world, so that a copy that is made within the window does not do it a second time. */
function once({ world, now }: Desk, key: string, due: number, edit: Edit): void {
  if (world.noted(key) === due) return
  world.note(key, due)
  try {
    perform(world, edit, now)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
  }
}

function perform(world: World, { object: place, deed }: Edit, now: number): void {
  if (deed.kind === 'delete') {
    world.delete(place, deed.propagation === undefined ? {} : { propagation: deed.propagation })
    return
  }
  const writer = { manager: MANAGERS[deed.kind] }
  if (deed.kind === 'create') world.create(deed.object, writer)
  else if (deed.kind === 'scale') world.scale(place, deed.replicas, writer)
  else {
    const live = world.get(place)
    if (live !== null) world.update(edited(live, deed, now), writer)
  }
}

function edited(
  live: KubeObject,
  deed: Exclude<Deed, { readonly kind: 'delete' | 'create' | 'scale' }>,
  now: number,
): KubeObject {
  switch (deed.kind) {
    case 'annotate':
      return merged(live, { metadata: { annotations: deed.values } })
    case 'label':
      return merged(live, { metadata: { labels: deed.values } })
    case 'edit':
    case 'patch':
      return merged(live, deed.patch)
    case 'set-image': {
      const containers = objectsAt(live, 'spec', 'template', 'spec', 'containers').map((each) =>
        each.name === deed.container ? { ...each, image: deed.image } : each,
      )
      return withAt(live, ['spec', 'template', 'spec', 'containers'], containers)
    }
    case 'restart': {
      const path = ['spec', 'template', 'metadata', 'annotations']
      const annotations = { ...objectAt(live, ...path), 'kubectl.kubernetes.io/restartedAt': timeText(now) }
      return withAt(live, path, annotations)
    }
  }
}

function merged(live: KubeObject, patch: Json): KubeObject {
  const result = mergePatch(live, patch)
  // Whoever patches the kind or the name away is refused by the verbs.
  return isObject(result) ? (result as KubeObject) : live
}

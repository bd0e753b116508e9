// What an image does is data: a table of patterns, and annotations that decide for one Pod.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf } from '@mainstay/core/object/object.ts'
import { textAt } from '../../kinds/look.ts'

/** How a container of an image goes. Times count from when it was started, unless they say otherwise. */
export type ImageBehaviour =
  | {
      readonly kind: 'runs'
      readonly readyAfterMs: number
      /** How long it takes to end when it is told to; a longer grace is not used up. */
      readonly stopAfterMs?: number
    }
  /** It takes long until the container is there at all, counted from when nothing else held it up. */
  | { readonly kind: 'slow-start'; readonly createAfterMs: number; readonly readyAfterMs: number }
  | { readonly kind: 'never-ready' }
  | { readonly kind: 'completes'; readonly afterMs: number; readonly exitCode: number }
  | {
      readonly kind: 'crashes'
      readonly afterMs: number
      readonly exitCode: number
      /** After so many crashes it runs; for ever where absent. */
      readonly times?: number
    }
  /** There is no such image. */
  | { readonly kind: 'not-found' }
  /** An annotation that nobody understands. */
  | { readonly kind: 'unknown'; readonly text: string }

/** What the images of a pattern do. In patterns `*` stands for anything; without a `*` the tag may be left out. */
export interface ImageRule {
  readonly image: string
  readonly behaviour: ImageBehaviour
}

/** The annotation of a Pod that decides for its containers; with `.NAME` appended, for one of them. */
export const BEHAVIOUR = 'sandbox.mainstay.dev/behaviour'

const RUNS: ImageBehaviour = { kind: 'runs', readyAfterMs: 1000 }
const COMPLETES: ImageBehaviour = { kind: 'completes', afterMs: 1000, exitCode: 0 }

/** What a container of a Pod does: by its annotation, by the first rule that fits, or by what such containers mostly do. */
export function behaviourOf(
  pod: KubeObject,
  container: JsonObject,
  rules: readonly ImageRule[],
  init: boolean,
): ImageBehaviour {
  const own = annotationOf(pod, `${BEHAVIOUR}.${textAt(container, 'name')}`)
  const said = own ?? (init ? undefined : annotationOf(pod, BEHAVIOUR))
  if (said !== undefined) return readBehaviour(said)
  const image = textAt(container, 'image')
  const rule = rules.find((each) => fits(each.image, image))
  if (rule !== undefined) return rule.behaviour
  // Nothing is served under that domain, by its very definition.
  if (/^[^/]*\.invalid(:\d+)?\//.test(image)) return { kind: 'not-found' }
  const stays = init
    ? textAt(container, 'restartPolicy') === 'Always'
    : textAt(pod, 'spec', 'restartPolicy') === 'Always'
  return stays ? RUNS : COMPLETES
}

function fits(pattern: string, image: string): boolean {
  if (!pattern.includes('*'))
    return image === pattern || image.startsWith(`${pattern}:`) || image.startsWith(`${pattern}@`)
  const [first = '', ...rest] = pattern.split('*')
  if (!image.startsWith(first)) return false
  const last = rest.pop() ?? ''
  let at = first.length
  for (const part of rest) {
    const found = image.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return image.length - last.length >= at && image.endsWith(last)
}

/** Reads an annotation: `crashes after=2s exit-code=3`. */
export function readBehaviour(text: string): ImageBehaviour {
  const [kind = '', ...words] = text.trim().split(/\s+/)
  const given = new Map<string, number>()
  for (const word of words) {
    const [, key = '', said = ''] = /^([a-z-]+)=(.+)$/.exec(word) ?? []
    const number = KNOWN[kind]?.includes(key) === true ? (READERS[key] ?? readSpan)(said) : null
    if (number === null) return { kind: 'unknown', text }
    given.set(key, number)
  }
  const value = (key: string, otherwise: number): number => given.get(key) ?? otherwise
  switch (kind) {
    case 'runs': {
      const stop = given.get('stop-after')
      return { kind, readyAfterMs: value('ready-after', 1000), ...(stop === undefined ? {} : { stopAfterMs: stop }) }
    }
    case 'slow-start':
      return { kind, createAfterMs: value('create-after', 30_000), readyAfterMs: value('ready-after', 1000) }
    case 'completes':
      return { kind, afterMs: value('after', 1000), exitCode: value('exit-code', 0) }
    case 'crashes': {
      const times = given.get('times')
      const crash = { kind, afterMs: value('after', 1000), exitCode: value('exit-code', 1) } as const
      return times === undefined ? crash : { ...crash, times }
    }
    case 'never-ready':
    case 'not-found':
      return { kind }
    default:
      return { kind: 'unknown', text }
  }
}

/** A span has a unit; null for what is none. */
function readSpan(text: string): number | null {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  return unit === '' ? null : Number(number) * (UNITS[unit] ?? 1)
}

/** A count has none; null for what is none. */
function readCount(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null
}

/** What is no span. */
const READERS: Readonly<Record<string, (text: string) => number | null>> = {
  'exit-code': readCount,
  times: readCount,
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  runs: ['ready-after', 'stop-after'],
  'slow-start': ['create-after', 'ready-after'],
  completes: ['after', 'exit-code'],
  crashes: ['after', 'exit-code', 'times'],
}

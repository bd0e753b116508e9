// How changed fields are told in one line: `replicas 2 → 3`, long values shortened in the middle.
import type { Author, FieldChange } from '../compare/drift.ts'
import { parseTime } from '../diff/time.ts'
import { canonicalJson } from '../object/canonical.ts'
import type { Json } from '../object/json.ts'
import { listText, sortedUnique } from './text-ref.ts'

/** How much is written. */
export interface TextOptions {
  /** Nothing is shortened or left out. */
  readonly full: boolean
  /** Milliseconds since the epoch, for ages (`3 d ago`); without it, dates are written. */
  readonly now?: number
}

/** Longest value in a line that is not `full`. */
const VALUE_LIMIT = 40
/** How much two long values must have in common at their beginning for it to be left out. */
const ALIKE_LIMIT = 8
/** Most changes in a line that is not `full`. */
const CHANGE_LIMIT = 4

/** Where the interesting part of a path begins: everything before it is in most paths of its kind. */
const COMMON_PREFIXES = ['spec.template.spec.containers', 'spec.template.spec.', 'spec.template.', 'spec.', 'metadata.']

/** `replicas 2 → 3`, `data.LEVEL "debug" → "info"`, `paused added (true)`, `env removed`. */
export function changeText(change: FieldChange, options: TextOptions): string {
  const path = options.full ? change.path : shortPath(change.path)
  const [from, to] = valueTexts(change, options)
  switch (change.op) {
    case 'add':
      return `${path} + ${to}`
    case 'set':
      return `${path} ${from} → ${to}`
    case 'remove':
      return `${path} − ${from}`
  }
}

/** Both values; where long ones begin alike, only what tells them apart: `…/web:1.8.1` and `1.8.2`. */
function valueTexts({ from, to }: FieldChange, options: TextOptions): readonly [string, string] {
  if (!options.full && typeof from === 'string' && typeof to === 'string') {
    const differs = firstDifference(from, to)
    const part = lastBreak(from.slice(0, differs), /[/:@=, ]/g)
    const segment = lastBreak(from.slice(0, Math.max(0, part - 1)), /[/]/g)
    if (segment >= ALIKE_LIMIT) {
      const shownFrom = shorten(`…${from.slice(segment - 1)}`, VALUE_LIMIT)
      return [shownFrom, shorten(to.slice(part), VALUE_LIMIT)]
    }
  }
  return [valueText(from, options), valueText(to, options)]
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && at < b.length && a[at] === b[at]) at++
  return at
}

/** The position after the last match in a text; 0 where there is none. */
function lastBreak(text: string, pattern: RegExp): number {
  let last = 0
  for (const match of text.matchAll(pattern)) last = match.index + match[0].length
  return last
}

/** All changes of a step in one text. */
export function changesText(changes: readonly FieldChange[], options: TextOptions): string {
  const all = changes.map((change) => changeText(change, options))
  return options.full ? all.join(', ') : listText(all, CHANGE_LIMIT)
}

/** `hand edit by kubectl-edit (3 d ago) would be lost`; null where nobody edited by hand. */
export function handEditText(changes: readonly FieldChange[], options: TextOptions): string | null {
  const edits = changes.filter((change) => change.handEdit)
  if (edits.length === 0) return null
  const authors = sortedUnique(edits.map((change) => authorText(change.by, options)))
  return `hand edit by ${listText(authors, 3)} would be lost`
}

/** `kubectl-edit (3 d ago)`, or with the date where the age is not known. */
export function authorText(by: Pick<Author, 'manager' | 'time'> | null, options: Pick<TextOptions, 'now'>): string {
  if (by === null) return 'somebody'
  return by.time === null ? by.manager : `${by.manager} (${timeText(by.time, options.now)})`
}

/** A value in one line. Texts stand bare unless they hold spaces or could be taken for something else. */
export function valueText(value: Json, options: Pick<TextOptions, 'full'>): string {
  const text =
    typeof value === 'string' && /^[^\s",]+$/.test(value) && !looksTyped(value) ? value : canonicalJson(value)
  return options.full ? text : shorten(text, VALUE_LIMIT)
}

/** Shortens in the middle: both ends of an image or a URL say more than its middle. */
export function shorten(text: string, limit: number): string {
  const points = [...text]
  if (points.length <= limit) return text
  const head = Math.ceil((limit - 1) / 2)
  return `${points.slice(0, head).join('')}…${points.slice(points.length - (limit - 1 - head)).join('')}`
}

/** `12 min ago` where `now` is given and later, else the date as it was written: `2026-05-01 10:42`. */
export function timeText(time: string, now: number | undefined): string {
  const nanoseconds = now === undefined ? null : parseTime(time)
  const at = nanoseconds === null ? null : Number(nanoseconds / 1_000_000n)
  if (at === null || now === undefined || now < at) return `${time.slice(0, 10)} ${time.slice(11, 16)}`.trim()
  return `${ageText(Math.floor((now - at) / 1000))} ago`
}

function ageText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}

function looksTyped(text: string): boolean {
  return /^(true|false|null|[-+]?[\d.]+)$/.test(text)
}

/** The path without the part that says nothing new; inside containers only the container's name is left. */
function shortPath(path: string): string {
  const container = /^spec\.template\.spec\.containers\[name=([^\]]+)\]\.(.+)$/.exec(path)
  if (container !== null) return `${container[1]}.${container[2]}`
  const prefix = COMMON_PREFIXES.find(
    (each) => path.startsWith(each) && path.length > each.length && each.endsWith('.'),
  )
  return prefix === undefined ? path : path.slice(prefix.length)
}

/** The name out of Git's `Name <email>`: an address says nothing to whoever reads a plan. */
export function authorName(author: string): string {
  return author.replace(/\s*<[^<>]*>$/, '')
}

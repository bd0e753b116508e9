// The one text for one fact: steps, findings, impacts and totals as every surface shows them.
import type { Impact } from '../impact/impact.ts'
import type { ObjectRef } from '../object/ref.ts'
import type { Finding, Fix, Level } from '../policy/finding.ts'
import type { Plan, Step, Totals } from './plan.ts'
import { shortId } from './seal.ts'
import type { TextOptions } from './text-change.ts'
import { changesText, handEditText, timeText } from './text-change.ts'
import type { Naming } from './text-ref.ts'
import { listText, namingOf, refList, refText } from './text-ref.ts'

export type { TextOptions } from './text-change.ts'
export { changeText } from './text-change.ts'
export type { Naming } from './text-ref.ts'
export { refText } from './text-ref.ts'

/** How objects of a plan are named: by everything the plan speaks of. */
export function namingOfPlan(plan: Plan): Naming {
  return namingOf(plan.namespace, [
    ...plan.steps.flatMap(stepRefs),
    ...plan.findings.flatMap((finding) => finding.ref ?? []),
    ...plan.records.map((record) => record.ref),
  ])
}

/** The objects a step is about. */
export function stepRefs(step: Step): readonly ObjectRef[] {
  return step.kind === 'wait' ? step.refs : [step.ref]
}

/** A step in its parts: what it does, to what, and the details beside it. */
export interface StepText {
  /** `~`, `+`, `-`, `⧖`, `↺`: repeats the verb for the eye only. */
  readonly symbol: string
  /** `create`, `apply`, `adopt`, `wait`, `delete`, `rebind`, `retain`. */
  readonly verb: string
  readonly object: string
  readonly detail: string
  /** What makes a careful reader stop: hand edits that would be lost. */
  readonly warning: string | null
}

/** How a step is told in one line. */
export function stepText(step: Step, naming: Naming, options: TextOptions): StepText {
  switch (step.kind) {
    case 'apply':
      return {
        symbol: step.verb === 'create' ? '+' : '~',
        verb: step.verb === 'update' ? 'apply' : step.verb,
        object: refText(step.ref, naming),
        detail: step.changes.length === 0 ? step.why : changesText(step.changes, options),
        warning: handEditText(step.changes, options),
      }
    case 'wait': {
      const names = step.refs.map((ref) => refText(ref, naming))
      const object = options.full ? names.join(', ') : listText(names, 3)
      const detail = `${step.until} within ${durationText(step.timeoutS)}`
      return { symbol: '⧖', verb: 'wait', object, detail, warning: null }
    }
    case 'delete':
      return { symbol: '-', verb: 'delete', object: refText(step.ref, naming), detail: step.why, warning: null }
    case 'rebind':
      return { symbol: '↺', verb: 'rebind', object: refText(step.ref, naming), detail: step.why, warning: null }
    case 'retain':
      return { symbol: '~', verb: 'retain', object: refText(step.ref, naming), detail: step.why, warning: null }
  }
}

/** One consequence of a deletion, as a sentence without a full stop. */
export function impactText(impact: Impact, naming: Naming, options: TextOptions): string {
  const names = (refs: readonly ObjectRef[]): string => refList(refs, naming, options.full ? refs.length : 10)
  switch (impact.kind) {
    case 'dependants':
      return `takes with it what it owns: ${names(impact.refs)}`
    case 'contents':
      return `takes with it what is inside: ${names(impact.refs)}`
    case 'instances':
      return `takes with it every object of its kind: ${names(impact.refs)}`
    case 'volume':
      return volumeText(impact)
    case 'address':
      return addressText(impact.addresses, impact.names)
    case 'referrers':
      return `still referred to by ${names(impact.refs)}`
    case 'hand-edits': {
      const fields = impact.fields.map(
        ({ path, manager, time }) => `${path} (${manager}${time === null ? '' : `, ${timeText(time, options.now)}`})`,
      )
      return `loses edits that Git does not know: ${listText(fields, options.full ? fields.length : 5)}`
    }
    case 'unseen':
      return `could not see everything it takes with it: ${impact.reason}`
  }
}

function volumeText({ volume, reclaim, retained }: Extract<Impact, { kind: 'volume' }>): string {
  if (retained) return `the data of volume ${volume} stay (its reclaim policy ${reclaim} is set to Retain first)`
  switch (reclaim) {
    case 'Delete':
      return `volume ${volume} is deleted with its data (reclaim policy Delete)`
    case 'Retain':
      return `volume ${volume} stays with its data, unbound (reclaim policy Retain)`
    case 'Recycle':
      return `volume ${volume} is wiped (reclaim policy Recycle)`
    case 'unknown':
      return `volume ${volume}: its reclaim policy could not be seen, its data may be deleted`
  }
}

function addressText(addresses: readonly string[], names: readonly string[]): string {
  const dangling = names.length === 0 ? '' : `${listText(names, 10)} will point to nothing`
  if (addresses.length === 0) return dangling
  const released = `releases ${listText(addresses, 10)}, a new one will differ`
  return dangling === '' ? released : `${released}; ${dangling}`
}

/** A finding in its parts. */
export interface FindingText {
  /** `✗`, `!`, `i`: repeats the level for the eye only. */
  readonly symbol: string
  /** `blocked`, `needs approval`, `warning`, `note`. */
  readonly level: string
  readonly rule: string
  readonly title: string
  readonly what: string
  readonly fixes: readonly string[]
}

/** How a finding is told. `plan` is the id that an approving fix names. */
export function findingText(finding: Finding, plan: string): FindingText {
  return {
    symbol: finding.level === 'info' ? 'i' : finding.level === 'warning' ? '!' : '✗',
    level: levelText(finding.level),
    rule: finding.rule,
    title: finding.title,
    what: finding.what,
    fixes: finding.fixes.map((fix) => fixText(fix, plan)),
  }
}

/** One next step, as a line to read or to copy. */
export function fixText(fix: Fix, plan: string): string {
  switch (fix.kind) {
    case 'do':
      return fix.text
    case 'run':
      return `${fix.text}: ${fix.command}`
    case 'approve':
      return `accept it: mainstay approve ${plan.slice(0, 6)}`
  }
}

function levelText(level: Level): string {
  return level === 'needs-approval' ? 'needs approval' : level === 'info' ? 'note' : level
}

/** `14 objects: 11 same, 2 change, 1 to delete`. */
export function countsText(totals: Totals): string {
  const parts: readonly (readonly [number, string])[] = [
    [totals.same, 'same'],
    [totals.update, 'change'],
    [totals.create, 'to create'],
    [totals.delete, 'to delete'],
    [totals.kept, 'kept'],
    [totals.unseen, 'unseen'],
    [totals.ending ?? 0, 'on the way out'],
  ]
  const shown = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`)
  const objects = `${totals.objects} ${totals.objects === 1 ? 'object' : 'objects'}`
  return shown.length === 0 ? objects : `${objects}: ${shown.join(', ')}`
}

/** `Plan 9f31c2…e7: 2 to change, 1 to delete, 0 to create · needs approval (1)`. */
export function totalsText(plan: Plan): string {
  const { update, delete: deletions, create } = plan.totals
  const counts = `${update} to change, ${deletions} to delete, ${create} to create`
  return `Plan ${shortId(plan.id)}: ${counts}${verdictText(plan)}`
}

function verdictText(plan: Plan): string {
  if (plan.verdict === 'proceed') {
    if (plan.steps.length > 0) return ''
    return plan.records.length === 0 ? ' · nothing to do' : ' · nothing to do in the cluster'
  }
  const heavy = plan.findings.filter((finding) => finding.level === plan.verdict).length
  return ` · ${levelText(plan.verdict)} (${heavy})`
}

/** `10 min`, `90 s`, `2 h`. */
export function durationText(seconds: number): string {
  if (seconds % 3600 === 0 && seconds > 0) return `${seconds / 3600} h`
  return seconds % 60 === 0 && seconds > 0 ? `${seconds / 60} min` : `${seconds} s`
}

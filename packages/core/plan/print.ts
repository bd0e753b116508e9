// A whole plan as lines of styled spans: the terminal colours them, everything else prints the same words plain.
import { shortRevision } from '../desired/revision.ts'
import type { ObjectRef } from '../object/ref.ts'
import { sameRef } from '../object/ref.ts'
import type { Finding } from '../policy/finding.ts'
import { appText } from './keep.ts'
import type { Plan, Step } from './plan.ts'
import type { FindingText, StepText, TextOptions } from './text.ts'
import { countsText, findingText, impactText, namingOfPlan, stepText, totalsText } from './text.ts'
import { authorName, timeText } from './text-change.ts'
import type { Naming } from './text-ref.ts'
import { refList } from './text-ref.ts'

/** What a span is, for a surface to colour. The words say the same without it. */
export type Style = 'add' | 'change' | 'delete' | 'warn' | 'error' | 'dim' | 'bold' | 'plain'

/** A piece of a line. */
export interface Span {
  readonly text: string
  readonly style: Style
}

export type Line = readonly Span[]

/** A plan as lines, without trailing line breaks. */
export function printPlan(plan: Plan, options: TextOptions): readonly Line[] {
  const naming = namingOfPlan(plan)
  const parts = [
    headerLines(plan, options),
    stepLines(plan, naming, options),
    transferLines(plan, naming, options),
    forgottenLines(plan, naming, options),
    findingLines(plan),
    [[{ text: totalsText(plan), style: 'bold' } as const]],
  ]
  return parts.filter((part) => part.length > 0).flatMap((part, at) => (at === 0 ? part : [[], ...part]))
}

/** A line without its styles. */
export function plainLine(line: Line): string {
  return line
    .map((span) => span.text)
    .join('')
    .trimEnd()
}

function headerLines(plan: Plan, options: TextOptions): readonly Line[] {
  const name: Span = { text: plan.app.name, style: 'bold' }
  const first = plan.revisions.length === 0 ? [[name, plain(` · ${intentText(plan)}`)]] : []
  const revisions = plan.revisions.map((revision): Line => {
    const { commit, subject, author, committedAt } = revision
    const by = [authorName(author), committedAt === '' ? '' : timeText(committedAt, options.now)].filter(
      (text) => text !== '',
    )
    const title = subject === '' ? '' : ` "${subject}"`
    return [
      name,
      plain(
        ` · revision ${shortRevision(commit)}${title}${by.length === 0 ? '' : ` (${by.join(', ')})`}${suffix(plan)}`,
      ),
    ]
  })
  const place = plan.namespace === null ? '' : ` · namespace ${plan.namespace}`
  return [...first, ...revisions, [plain(`cluster ${plan.cluster.name}${place} · ${countsText(plan.totals)}`)]]
}

/** What the request was, where it was not simply to sync with everything. */
function intentText({ intent }: Plan): string {
  switch (intent.kind) {
    case 'sync':
      return 'sync'
    case 'rollback':
      return `rollback to ${intent.history}`
    case 'delete':
      return intent.cascade === 'none'
        ? 'forget the application, keep its objects'
        : `delete the application and its objects (${intent.cascade})`
    case 'restore':
      return `restore ${intent.entries.length} from the trash`
  }
}

function suffix(plan: Plan): string {
  if (plan.intent.kind === 'rollback') return ` · rollback to ${plan.intent.history}`
  return plan.intent.kind === 'sync' && plan.intent.only.length > 0 ? ' · selected objects only' : ''
}

function stepLines(plan: Plan, naming: Naming, options: TextOptions): readonly Line[] {
  const texts = plan.steps.map((step) => ({ step, text: stepText(step, naming, options) }))
  const width = Math.min(60, Math.max(0, ...texts.map(({ text }) => text.object.length)))
  const told = new Set(plan.steps.filter((step) => isTold(step, plan)).map((step) => step.id))
  const lines: Line[] = []
  let heading = ''
  for (const { step, text } of texts) {
    const next = step.phase === 'prune' ? 'prune' : `wave ${step.wave}`
    if (next !== heading) lines.push([{ text: next, style: 'bold' }])
    heading = next
    lines.push(stepLine(step, text, width))
    if (!told.has(step.id)) lines.push(...impactLines(step, naming, options))
  }
  return lines
}

/** Objects that come from another application: their entries move, and nothing is deleted. */
function transferLines(plan: Plan, naming: Naming, options: TextOptions): readonly Line[] {
  const byOwner = new Map<string, ObjectRef[]>()
  for (const record of plan.records) {
    if (record.kind !== 'transfer') continue
    const owner = appText(record.from)
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), record.ref])
  }
  return [...byOwner].map(([owner, refs]): Line => {
    const names = refList(refs, naming, options.full ? refs.length : 10)
    return [{ text: `taken over from application ${owner}: ${names}`, style: 'change' }]
  })
}

/** Records that leave because their object was seen gone: nothing happens in the cluster, and nothing happens unsaid. */
function forgottenLines(plan: Plan, naming: Naming, options: TextOptions): readonly Line[] {
  const refs = plan.records.flatMap((record) => (record.kind === 'forget' ? [record.ref] : []))
  if (refs.length === 0) return []
  const names = refList(refs, naming, options.full ? refs.length : 10)
  return [[{ text: `seen gone, no longer recorded: ${names}`, style: 'dim' }]]
}

function stepLine(step: Step, text: StepText, width: number): Line {
  const style = styleOf(step)
  const line: Span[] = [
    { text: `  ${text.symbol} ${text.verb.padEnd(7)} `, style },
    plain(`${text.object.padEnd(width)}  `),
    { text: text.detail, style: step.kind === 'apply' && step.changes.length > 0 ? 'plain' : 'dim' },
  ]
  return text.warning === null ? line : [...line, { text: `   ${text.warning}`, style: 'warn' }]
}

function styleOf(step: Step): Style {
  switch (step.kind) {
    case 'apply':
      return step.verb === 'create' ? 'add' : 'change'
    case 'wait':
      return 'dim'
    case 'delete':
      return 'delete'
    case 'rebind':
    case 'retain':
      return 'change'
  }
}

/** True where a finding of the plan tells the consequences of a deletion already: one text for one fact. */
function isTold(step: Step, plan: Plan): boolean {
  if (step.kind !== 'delete') return false
  return plan.findings.some(
    (finding) =>
      (finding.rule === 'precious-kind' || finding.rule === 'replace') &&
      finding.ref !== null &&
      sameRef(finding.ref, step.ref),
  )
}

function impactLines(step: Step, naming: Naming, options: TextOptions): readonly Line[] {
  if (step.kind !== 'delete') return []
  return step.impact.map((impact) => [{ text: `              ${impactText(impact, naming, options)}`, style: 'warn' }])
}

function findingLines(plan: Plan): readonly Line[] {
  const texts = plan.findings.map((finding) => findingText(offered(finding, plan), plan.id))
  const level = Math.max(0, ...texts.map((text) => text.level.length))
  const rule = Math.max(0, ...texts.map((text) => text.rule.length))
  return texts.flatMap((text) => oneFinding(text, level, rule))
}

/** A blocked plan cannot be approved, so nothing in it offers that. */
function offered(finding: Finding, plan: Plan): Finding {
  if (plan.verdict !== 'blocked') return finding
  return { ...finding, fixes: finding.fixes.filter((fix) => fix.kind !== 'approve') }
}

function oneFinding(text: FindingText, level: number, rule: number): readonly Line[] {
  const style: Style = text.symbol === '✗' ? 'error' : text.symbol === '!' ? 'warn' : 'dim'
  const head: Line = [
    { text: `  ${text.symbol} ${text.level.padEnd(level)}`, style },
    { text: `  ${text.rule.padEnd(rule)}  `, style: 'dim' },
    plain(text.title),
  ]
  const what: Line[] = text.what === '' ? [] : [[{ text: '      what    ', style: 'dim' }, plain(text.what)]]
  const fixes = text.fixes.map(
    (fix, at): Line => [{ text: at === 0 ? '      fix     ' : '              ', style: 'dim' }, plain(fix)],
  )
  return [head, ...what, ...fixes]
}

function plain(text: string): Span {
  return { text, style: 'plain' }
}

// What moved between a plan that was shown and the plan of now: in sentences, and whether the consent still covers it.

import type { FieldChange } from '../compare/drift.ts'
import { shortRevision } from '../desired/revision.ts'
import type { Impact } from '../impact/impact.ts'
import { compareText, refKey, sameRef } from '../object/ref.ts'
import type { Finding } from '../policy/finding.ts'
import type { Plan, Step } from './plan.ts'
import { canonicalPart } from './seal.ts'
import type { Naming } from './text.ts'
import { impactText, namingOfPlan, refText } from './text.ts'
import { authorText, valueText } from './text-change.ts'

type Acting = Exclude<Step, { kind: 'wait' }>

/** What moved, the most telling first. Empty only for plans of equal content. */
export function explainStale(shown: Plan, fresh: Plan): readonly string[] {
  if (shown.id === fresh.id) return []
  const naming = namingOfPlan(fresh)
  const told = [
    ...inputSentences(shown, fresh),
    ...stepSentences(shown, fresh, naming),
    ...findingSentences(shown, fresh),
  ]
  return told.length > 0 ? told : [restSentence(shown, fresh)]
}

/**
 * True when consent to `approved` also is consent to `fresh`: everything that `fresh` would do, `approved` does in the
 * same way. So an interrupted run may go on, with less left to do, and nothing can be slipped in.
 */
export function covers(approved: Plan, fresh: Plan): boolean {
  if (approved.id === fresh.id) return true
  const same = (['schema', 'app', 'project', 'intent', 'cluster', 'revisions'] as const).every(
    (part) => canonicalPart(approved[part]) === canonicalPart(fresh[part]),
  )
  if (!same || approved.basis.application !== fresh.basis.application) return false
  if (fresh.verdict === 'blocked') return false
  const steps = actingSteps(approved)
  return (
    actingSteps(fresh).every((step) => isCovered(steps, step)) &&
    fresh.findings.every((finding) => isAccepted(approved, finding)) &&
    fresh.records.every(
      (record) =>
        (record.kind !== 'release' && record.kind !== 'transfer') ||
        approved.records.some((each) => sameRecord(each, record)),
    )
  )
}

function inputSentences(shown: Plan, fresh: Plan): readonly string[] {
  const told: string[] = []
  if (shown.cluster.id !== fresh.cluster.id)
    told.push(`the cluster is another one (${shown.cluster.name} → ${fresh.cluster.name})`)
  if (shown.basis.application !== fresh.basis.application) told.push("the application's spec changed")
  const before = commits(shown)
  const now = commits(fresh)
  if (before !== now) told.push(`the revision moved ${before} → ${now}`)
  if (canonicalPart(shown.intent) !== canonicalPart(fresh.intent)) told.push('another thing was asked for')
  const lost = fresh.basis.gaps.filter((gap) => !shown.basis.gaps.includes(gap))
  told.push(...lost.map((gap) => `part of the cluster can no longer be seen: ${gap}`))
  if (before === now && told.length === 0 && shown.basis.desired !== fresh.basis.desired) {
    told.push('the same revision now gives other manifests')
  }
  return told
}

function commits(plan: Plan): string {
  const all = plan.revisions.map((revision) => shortRevision(revision.commit))
  return all.length === 0 ? 'none' : all.join(' + ')
}

function stepSentences(shown: Plan, fresh: Plan, naming: Naming): readonly string[] {
  const before = byObject(shown)
  const now = byObject(fresh)
  const keys = [...new Set([...before.keys(), ...now.keys()])].sort(compareText)
  return keys.flatMap((key) => {
    const was = before.get(key)
    const is = now.get(key)
    if (was === undefined)
      return is === undefined ? [] : [`${refText(is.ref, naming)} is now to be ${participle(is)} (${is.why})`]
    if (is === undefined)
      return [`${refText(was.ref, naming)} is no longer to be ${participle(was)}${cause(was, fresh)}`]
    return changedStep(was, is, naming)
  })
}

/** Why a step is no longer there, where a finding of the fresh plan says it. */
function cause(was: Acting, fresh: Plan): string {
  const told = fresh.findings.find(
    (finding) => finding.rule === 'recreated' && finding.ref !== null && sameRef(finding.ref, was.ref),
  )
  return told === undefined ? '' : `: ${told.what}`
}

function byObject(plan: Plan): ReadonlyMap<string, Acting> {
  // Of a replacement the deletion tells more: it names the uid and what goes with it.
  const steps = actingSteps(plan).toReversed()
  return new Map(steps.map((step) => [refKey(step.ref), step]))
}

function actingSteps(plan: Plan): readonly Acting[] {
  return plan.steps.filter((step) => step.kind !== 'wait')
}

function participle(step: Acting): string {
  switch (step.kind) {
    case 'apply':
      return step.verb === 'create' ? 'created' : step.verb === 'adopt' ? 'adopted' : 'changed'
    case 'delete':
      return 'deleted'
    case 'rebind':
      return 'bound again'
    case 'retain':
      return 'retained'
  }
}

function changedStep(was: Acting, is: Acting, naming: Naming): readonly string[] {
  const name = refText(is.ref, naming)
  if (was.uid !== is.uid) return [recreated(name, was.uid, is.uid)]
  if (was.kind !== is.kind) return [`${name} was to be ${participle(was)} and is now to be ${participle(is)}`]
  if (was.kind === 'apply' && is.kind === 'apply')
    return changedApply(name, was.changes, is.changes, was.digest !== is.digest)
  if (was.kind === 'delete' && is.kind === 'delete') {
    const known = new Set(was.impact.map((each) => canonicalPart(each)))
    const more = is.impact.filter((each) => !known.has(canonicalPart(each)))
    const told = more.map((each) => `deleting ${name} now ${impactText(each, naming, { full: false })}`)
    if (told.length > 0) return told
    return was.cascade === is.cascade
      ? []
      : [`${name} is now to be deleted with ${is.cascade} cascade, was ${was.cascade}`]
  }
  return []
}

function recreated(name: string, was: string | null, is: string | null): string {
  if (was === null) return `${name} was created meanwhile (uid ${shortUid(is)})`
  if (is === null) return `${name} was deleted meanwhile (uid ${shortUid(was)})`
  return `${name} was re-created (uid ${shortUid(was)} → ${shortUid(is)})`
}

function shortUid(uid: string | null): string {
  return uid === null ? 'none' : uid.length <= 4 ? uid : `${uid.slice(0, 2)}…`
}

function changedApply(
  name: string,
  was: readonly FieldChange[],
  is: readonly FieldChange[],
  manifestMoved: boolean,
): readonly string[] {
  const before = new Map(was.map((change) => [change.path, change]))
  const now = new Map(is.map((change) => [change.path, change]))
  const told: string[] = []
  for (const [path, change] of now) {
    const old = before.get(path)
    const by = change.by === null ? '' : ` (${authorText(change.by, {})})`
    if (old === undefined) told.push(`${name} ${path} is ${value(change)} now, was as Git says${by}`)
    else if (canonicalPart(old.from) !== canonicalPart(change.from)) {
      told.push(`${name} ${path} is ${value(change)} now, was ${value(old)}${by}`)
    } else if (canonicalPart(old.to) !== canonicalPart(change.to)) told.push(`Git now says another ${path} for ${name}`)
  }
  for (const path of before.keys()) if (!now.has(path)) told.push(`${name} ${path} no longer differs from Git`)
  return told.length === 0 && manifestMoved ? [`the manifest of ${name} changed`] : told
}

function value(change: FieldChange): string {
  return change.op === 'add' ? 'absent' : valueText(change.from, { full: false })
}

function findingSentences(shown: Plan, fresh: Plan): readonly string[] {
  const weighty = (finding: Finding): boolean => finding.level === 'blocked' || finding.level === 'needs-approval'
  return fresh.findings
    .filter((finding) => weighty(finding) && !shown.findings.some((each) => sameFinding(each, finding)))
    .map((finding) => `new finding ${finding.rule}: ${finding.title}`)
}

function restSentence(shown: Plan, fresh: Plan): string {
  if (shown.basis.inventory !== fresh.basis.inventory) return 'what is recorded of the application changed'
  const parts = (['steps', 'records', 'findings', 'totals', 'revisions'] as const).filter(
    (part) => canonicalPart(shown[part]) !== canonicalPart(fresh[part]),
  )
  return `the plan made now differs in its ${parts.length === 0 ? 'basis' : parts.join(', ')}`
}

function isCovered(approved: readonly Acting[], step: Acting): boolean {
  const before = approved.find((each) => each.kind === step.kind && refKey(each.ref) === refKey(step.ref))
  if (before === undefined || decided(before) !== decided(step)) return false
  if (before.kind !== 'delete' || step.kind !== 'delete') return true
  return step.impact.every((impact) => before.impact.some((each) => impactCovers(each, impact)))
}

/** What was decided about a step's object, as text: not where it stands in the plan nor who told of it. */
function decided(step: Acting): string {
  switch (step.kind) {
    case 'apply': {
      const changes = step.changes.map(({ path, op, from, to, handEdit }) => [path, op, from, to, handEdit])
      // The second half of a replacement tells what differs; once the first half is done it is a create like any other.
      return canonicalPart([step.apiVersion, step.digest, step.verb, step.uid, step.verb === 'create' ? [] : changes])
    }
    case 'delete':
      return canonicalPart([step.apiVersion, step.uid, step.proof.uid, step.cascade])
    case 'rebind':
      return canonicalPart([step.uid, step.claim])
    case 'retain':
      return step.uid
  }
}

/** A consequence that was accepted covers the same one for fewer objects. */
function impactCovers(approved: Impact, now: Impact): boolean {
  if ('refs' in approved && 'refs' in now && approved.kind === now.kind) {
    const known = new Set(approved.refs.map(refKey))
    return now.refs.every((ref) => known.has(refKey(ref)))
  }
  // The first step was done: the data stay, as was shown.
  if (
    approved.kind === 'volume' &&
    now.kind === 'volume' &&
    approved.volume === now.volume &&
    now.reclaim === 'Retain'
  ) {
    return true
  }
  return canonicalPart(approved) === canonicalPart(now)
}

function isAccepted(approved: Plan, finding: Finding): boolean {
  if (finding.level === 'info' || finding.level === 'warning') return true
  if (finding.rule === 'stateful-recreate' && isReplaced(approved, finding)) return true
  return approved.findings.some(
    (each) => each.rule === finding.rule && each.level === finding.level && isAbout(each, finding),
  )
}

/** True where the approved plan itself deletes the object to create it again: cut off in between, it goes on. */
function isReplaced({ steps }: Plan, { ref }: Finding): boolean {
  return ref !== null && steps.some((step) => step.kind === 'delete' && step.phase === 'sync' && sameRef(step.ref, ref))
}

/** A finding about several objects is told without one of them: it covers what is left of it. */
function isAbout(approved: Finding, finding: Finding): boolean {
  return approved.ref === null || keyOf(approved) === keyOf(finding)
}

function sameFinding(a: Finding, b: Finding): boolean {
  return a.rule === b.rule && a.level === b.level && keyOf(a) === keyOf(b)
}

function keyOf(finding: Finding): string {
  return finding.ref === null ? '' : refKey(finding.ref)
}

function sameRecord(a: Plan['records'][number], b: Plan['records'][number]): boolean {
  if (a.kind !== b.kind || refKey(a.ref) !== refKey(b.ref)) return false
  // Taking another object, or from somebody else, is another transfer.
  return a.kind !== 'transfer' || canonicalPart(a) === canonicalPart(b)
}

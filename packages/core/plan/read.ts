// Reads a plan that comes from outside (a file, the records of an earlier version): every field is checked by hand.
import type { Author, FieldChange, Proof } from '../compare/drift.ts'
import type { Origin, Revision } from '../desired/desired.ts'
import type { Impact } from '../impact/impact.ts'
import type { Digest } from '../object/digest.ts'
import type { Json } from '../object/json.ts'
import { isObject } from '../object/json.ts'
import type { Problem } from '../object/problem.ts'
import type { ObjectRef } from '../object/ref.ts'
import { refKey } from '../object/ref.ts'
import type { Finding, Fix } from '../policy/finding.ts'
import { verdictOf } from '../policy/finding.ts'
import type {
  ApplyStep,
  DeleteStep,
  Intent,
  Plan,
  RebindStep,
  RecordChange,
  RetainStep,
  Selector,
  Step,
  Totals,
  WaitStep,
} from './plan.ts'
import { PLAN_SCHEMA } from './plan.ts'
import { verifyPlan } from './seal.ts'
import type { Reader, Reading } from './shape.ts'
import { anything, flag, integer, kind, listOf, oneOf, optional, orNull, record, text, variant, yes } from './shape.ts'

/** A plan, or everything that is wrong with it. */
export type ReadPlan =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }

/**
 * Reads a plan from JSON. `where` names the file in problems. Refused are: another version of the shape, a field of the
 * wrong form, an unknown field, steps that contradict each other, and content that its id is not the digest of.
 */
export function readPlan(json: Json, where: string, digest: Digest): ReadPlan {
  const version = schemaProblem(json, where)
  if (version !== null) return { kind: 'problems', problems: [version] }
  const reading: Reading = { faults: [] }
  const plan = planShape(json, '', reading)
  if (reading.faults.length > 0)
    return { kind: 'problems', problems: reading.faults.map((fault) => ({ where, ...fault, fix: REMAKE })) }
  const contradictions = contradictionsOf(plan)
  if (contradictions.length > 0) {
    return { kind: 'problems', problems: contradictions.map((fault) => ({ where, ...fault, fix: REMAKE })) }
  }
  const verified = verifyPlan(plan, digest)
  if (verified.kind === 'ok') return { kind: 'plan', plan }
  const what = `was changed after it was made: ${verified.reason}`
  return { kind: 'problems', problems: [{ where, field: 'id', what, fix: REMAKE }] }
}

const REMAKE = 'make a new plan: mainstay app plan NAME --out FILE'

function schemaProblem(json: Json, where: string): Problem | null {
  const schema = isObject(json) ? json.schema : undefined
  if (schema === PLAN_SCHEMA) return null
  const found = typeof schema === 'string' ? `is a plan of the version ${schema}` : 'is not a plan'
  return { where, field: 'schema', what: `${found}; this program reads ${PLAN_SCHEMA}`, fix: REMAKE }
}

const ref = record<ObjectRef>({ group: text, kind: text, namespace: orNull(text), name: text })
const origin = record<Origin>({ file: text, document: integer, line: orNull(integer) })
const revision = record<Revision>({ commit: text, subject: text, author: text, committedAt: text })
const author = record<Author>({
  manager: text,
  operation: oneOf('Apply', 'Update'),
  subresource: orNull(text),
  time: orNull(text),
})
const change = record<FieldChange>({
  path: text,
  op: oneOf('add', 'set', 'remove'),
  from: anything,
  to: anything,
  by: orNull(author),
  handEdit: flag,
})
const proof: Reader<Proof> = variant<Proof>({
  inventory: record<Extract<Proof, { kind: 'inventory' }>>({
    kind: kind('inventory'),
    uid: text,
    commit: text,
    origin: text,
  }),
  tracking: record<Extract<Proof, { kind: 'tracking' }>>({ kind: kind('tracking'), uid: text, id: text }),
})

const selector = record<Selector>({ exclude: flag, group: text, kind: text, namespace: orNull(text), name: text })
const intent: Reader<Intent> = variant<Intent>({
  sync: record<Extract<Intent, { kind: 'sync' }>>({
    kind: kind('sync'),
    prune: flag,
    only: listOf(selector),
    revision: orNull(text),
    force: optional(yes),
  }),
  rollback: record<Extract<Intent, { kind: 'rollback' }>>({ kind: kind('rollback'), history: integer, prune: flag }),
  delete: record<Extract<Intent, { kind: 'delete' }>>({
    kind: kind('delete'),
    cascade: oneOf('foreground', 'background', 'none'),
  }),
  restore: record<Extract<Intent, { kind: 'restore' }>>({ kind: kind('restore'), entries: listOf(text) }),
})

type OfImpact<K extends Impact['kind']> = Extract<Impact, { kind: K }>
const impact: Reader<Impact> = variant<Impact>({
  dependants: record<OfImpact<'dependants'>>({ kind: kind('dependants'), refs: listOf(ref) }),
  contents: record<OfImpact<'contents'>>({ kind: kind('contents'), refs: listOf(ref) }),
  instances: record<OfImpact<'instances'>>({ kind: kind('instances'), refs: listOf(ref) }),
  volume: record<OfImpact<'volume'>>({
    kind: kind('volume'),
    volume: text,
    reclaim: oneOf('Delete', 'Retain', 'Recycle', 'unknown'),
    retained: optional(yes),
  }),
  address: record<OfImpact<'address'>>({ kind: kind('address'), addresses: listOf(text), names: listOf(text) }),
  referrers: record<OfImpact<'referrers'>>({ kind: kind('referrers'), refs: listOf(ref) }),
  'hand-edits': record<OfImpact<'hand-edits'>>({
    kind: kind('hand-edits'),
    fields: listOf(record({ path: text, manager: text, time: orNull(text) })),
  }),
  unseen: record<OfImpact<'unseen'>>({ kind: kind('unseen'), reason: text }),
})

const stepBase = {
  id: text,
  group: text,
  after: listOf(text),
  phase: oneOf('sync', 'prune'),
  wave: integer,
  why: text,
} as const
const step: Reader<Step> = variant<Step>({
  apply: record<ApplyStep>({
    ...stepBase,
    kind: kind('apply'),
    ref,
    apiVersion: text,
    origin,
    digest: text,
    verb: oneOf('create', 'update', 'adopt'),
    uid: orNull(text),
    changes: listOf(change),
  }),
  wait: record<WaitStep>({
    ...stepBase,
    kind: kind('wait'),
    refs: listOf(ref),
    until: oneOf('healthy', 'gone'),
    timeoutS: integer,
  }),
  delete: record<DeleteStep>({
    ...stepBase,
    kind: kind('delete'),
    ref,
    apiVersion: text,
    uid: text,
    proof,
    cascade: oneOf('foreground', 'background', 'orphan'),
    impact: listOf(impact),
  }),
  rebind: record<RebindStep>({
    ...stepBase,
    kind: kind('rebind'),
    ref,
    uid: text,
    claim: record({ namespace: text, name: text, uid: text }),
  }),
  retain: record<RetainStep>({ ...stepBase, kind: kind('retain'), ref, uid: text }),
})

const recordChange: Reader<RecordChange> = variant<RecordChange>({
  adopt: record<Extract<RecordChange, { kind: 'adopt' }>>({ kind: kind('adopt'), ref, uid: text }),
  forget: record<Extract<RecordChange, { kind: 'forget' }>>({ kind: kind('forget'), ref }),
  transfer: record<Extract<RecordChange, { kind: 'transfer' }>>({
    kind: kind('transfer'),
    ref,
    uid: text,
    from: record({ namespace: text, name: text }),
  }),
  release: record<Extract<RecordChange, { kind: 'release' }>>({ kind: kind('release'), ref, why: text }),
})

const fix: Reader<Fix> = variant<Fix>({
  do: record<Extract<Fix, { kind: 'do' }>>({ kind: kind('do'), text }),
  run: record<Extract<Fix, { kind: 'run' }>>({ kind: kind('run'), text, command: text }),
  approve: record<Extract<Fix, { kind: 'approve' }>>({ kind: kind('approve') }),
})
const finding = record<Finding>({
  rule: text,
  level: oneOf('info', 'warning', 'needs-approval', 'blocked'),
  ref: orNull(ref),
  title: text,
  what: text,
  fixes: listOf(fix),
})
const totals = record<Totals>({
  objects: integer,
  same: integer,
  create: integer,
  update: integer,
  delete: integer,
  kept: integer,
  unseen: integer,
  ending: optional(integer),
})

const planShape = record<Plan>({
  schema: oneOf(PLAN_SCHEMA),
  id: text,
  app: record({ namespace: text, name: text }),
  project: text,
  intent,
  cluster: record({ id: text, name: text, server: text }),
  namespace: orNull(text),
  revisions: listOf(revision),
  basis: record({ application: text, desired: text, inventory: text, gaps: listOf(text) }),
  steps: listOf(step),
  records: listOf(recordChange),
  findings: listOf(finding),
  verdict: oneOf('proceed', 'needs-approval', 'blocked'),
  totals,
})

interface Contradiction {
  readonly field: string
  readonly what: string
}

/** What the shape alone does not tell: a plan with a right digest can still be made up by another program. */
function contradictionsOf(plan: Plan): readonly Contradiction[] {
  const found: Contradiction[] = []
  if (plan.verdict !== verdictOf(plan.findings))
    found.push({ field: 'verdict', what: 'does not follow from the findings' })
  const ids = new Set<string>()
  const fates = new Map<string, Step>()
  for (const [at, each] of plan.steps.entries()) {
    const field = `steps[${at}]`
    if (ids.has(each.id)) found.push({ field: `${field}.id`, what: 'stands there twice' })
    ids.add(each.id)
    if (each.after.includes(each.group)) found.push({ field: `${field}.after`, what: 'waits for its own group' })
    if (each.kind === 'delete' && each.proof.uid !== each.uid)
      found.push({ field: `${field}.proof`, what: 'proves another object' })
    if (each.kind === 'wait' || each.kind === 'rebind' || each.kind === 'retain') continue
    const fate = fates.get(refKey(each.ref))
    const again = fate?.kind === 'delete' && fate.phase === 'sync' && each.kind === 'apply' && each.uid === null
    if (fate !== undefined && !again) found.push({ field: `${field}.ref`, what: `is the object of ${fate.id} already` })
    fates.set(refKey(each.ref), each)
  }
  return found
}

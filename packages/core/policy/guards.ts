// The list of all rules, and how they are run.
import type { ObjectRef } from '../object/ref.ts'
import { compareText, refKey } from '../object/ref.ts'
import { namingOf, refText } from '../plan/text-ref.ts'
import { absenceWithoutCause } from './absence-without-cause.ts'
import { adopted } from './adopted.ts'
import { confirm } from './confirm.ts'
import { copiedMark } from './copied-mark.ts'
import { crdInstances } from './crd-instances.ts'
import { deleteApplication } from './delete-application.ts'
import { emptyDesired } from './empty-desired.ts'
import type { Finding, Level } from './finding.ts'
import { gaps } from './gaps.ts'
import type { Guard, GuardContext, GuardedPlan } from './guard.ts'
import { handEdit } from './hand-edit.ts'
import { ignoreRule } from './ignore-rule.ts'
import { impactUnseen } from './impact-unseen.ts'
import { kept } from './kept.ts'
import { movedFile } from './moved-file.ts'
import { namespaceContents } from './namespace-contents.ts'
import { preciousKind } from './precious-kind.ts'
import { reclaimPolicy } from './reclaim-policy.ts'
import { recreated } from './recreated.ts'
import { rejected } from './rejected.ts'
import { replace } from './replace.ts'
import { restoredVolume } from './restored-volume.ts'
import { self } from './self.ts'
import { serverWarning } from './server-warning.ts'
import { sharedResource } from './shared-resource.ts'
import { shrink } from './shrink.ts'
import { statefulRecreate } from './stateful-recreate.ts'
import { stillNeeded } from './still-needed.ts'
import { takesOver } from './takes-over.ts'
import { terminating } from './terminating.ts'
import { unrecorded } from './unrecorded.ts'
import { unseen } from './unseen.ts'

/** Every rule. To add one: a file here, its name in this list, a test and a golden beside them. */
export const GUARDS: readonly Guard[] = [
  absenceWithoutCause,
  adopted,
  confirm,
  crdInstances,
  deleteApplication,
  emptyDesired,
  copiedMark,
  recreated,
  gaps,
  handEdit,
  ignoreRule,
  impactUnseen,
  kept,
  movedFile,
  namespaceContents,
  preciousKind,
  reclaimPolicy,
  rejected,
  replace,
  restoredVolume,
  self,
  serverWarning,
  sharedResource,
  shrink,
  statefulRecreate,
  stillNeeded,
  takesOver,
  terminating,
  unrecorded,
  unseen,
]

const WEIGHT: readonly Level[] = ['blocked', 'needs-approval', 'warning', 'info']

/** All findings of a plan, the heaviest first: what reading had to say, and what every rule has to say. */
export function runGuards(plan: GuardedPlan, guards: readonly Guard[] = GUARDS): readonly Finding[] {
  const context = contextOf(plan)
  const found = [...plan.input.findings, ...guards.flatMap((guard) => guard(context))]
  return found.sort(
    (a, b) =>
      WEIGHT.indexOf(a.level) - WEIGHT.indexOf(b.level) ||
      compareText(a.rule, b.rule) ||
      compareText(keyOf(a.ref), keyOf(b.ref)) ||
      compareText(a.title, b.title) ||
      compareText(a.what, b.what),
  )
}

/** What the rules are given. */
export function contextOf(plan: GuardedPlan): GuardContext {
  const { application, settings } = plan.input
  const naming = namingOf(
    application.destination.namespace,
    plan.drifts.map((drift) => drift.ref),
  )
  const { namespace, name } = application.key
  return {
    ...plan,
    applies: plan.steps.filter((step) => step.kind === 'apply'),
    deletes: plan.steps.filter((step) => step.kind === 'delete'),
    naming,
    name: (ref) => refText(ref, naming),
    app: namespace === settings.tracking.controlPlaneNamespace ? name : `${namespace}/${name}`,
  }
}

function keyOf(ref: ObjectRef | null): string {
  return ref === null ? '' : refKey(ref)
}

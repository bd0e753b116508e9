// Plans of the engine in memory: real plans by shape and digest, decided by three simple rules.
import { createHash } from 'node:crypto'
import type { FieldChange } from '@mainstay/core/compare/drift.ts'
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refOf } from '@mainstay/core/object/object.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import type { ApplyStep, DeleteStep, Intent, Plan, Step } from '@mainstay/core/plan/plan.ts'
import { PLAN_SCHEMA } from '@mainstay/core/plan/plan.ts'
import { sealPlan } from '@mainstay/core/plan/seal.ts'
import type { Finding } from '@mainstay/core/policy/finding.ts'
import { verdictOf } from '@mainstay/core/policy/finding.ts'
import type { TrashEntry } from '@mainstay/engine/ports.ts'
import type { LoadedApplication } from '@mainstay/engine/reconcile/session.ts'
import { kindOf, type World, type WorldObject } from './world.ts'

/** SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

type Bin = readonly { readonly entry: TrashEntry; readonly object: KubeObject }[]

/**
 * Missing and changed objects are applied; surplus ones are deleted with `prune`; a deletion deletes all. Each delete
 * needs approval. An object of the kind Forbidden blocks the plan, one of the kind Unseen has no part in it.
 */
export function planOf(world: World, loaded: LoadedApplication, intent: Intent, bin: Bin): Plan {
  const steps = stepsFor(world, intent, bin)
  const findings = [...steps.flatMap(findingOf), ...blockers(world)]
  const count = (kind: string): number => [...world.objects.values()].filter((each) => kindOf(each) === kind).length
  const deletes = steps.filter((step) => step.kind === 'delete').length
  return sealPlan(
    {
      schema: PLAN_SCHEMA,
      app: loaded.application.key,
      project: loaded.application.project,
      intent,
      cluster: world.cluster,
      namespace: loaded.application.destination.namespace,
      revisions: intent.kind === 'sync' || intent.kind === 'rollback' ? [world.revision] : [],
      basis: {
        application: loaded.digest,
        desired: digestOf(world, 'desired'),
        inventory: digestOf(world, 'live'),
        gaps: [],
      },
      steps,
      records: [],
      findings,
      verdict: verdictOf(findings),
      totals: {
        objects: world.objects.size,
        same: count('same'),
        create: steps.filter((step) => step.kind === 'apply' && step.verb === 'create').length,
        update: steps.filter((step) => step.kind === 'apply' && step.verb === 'update').length,
        delete: deletes,
        kept: count('surplus') - (intent.kind === 'sync' ? deletes : 0),
        unseen: [...world.objects.values()].filter(isUnseen).length,
      },
    },
    sha256,
  )
}

function isUnseen(object: WorldObject): boolean {
  return object.desired?.kind === 'Unseen'
}

function stepsFor(world: World, intent: Intent, bin: Bin): readonly Step[] {
  const objects = [...world.objects.values()]
  switch (intent.kind) {
    case 'sync':
    case 'rollback':
      return objects.flatMap((object): readonly Step[] => {
        if (isUnseen(object)) return []
        const kind = kindOf(object)
        if (kind === 'missing' || kind === 'changed') return [applyStep(object)]
        return kind === 'surplus' && intent.prune ? deleteSteps(object) : []
      })
    case 'delete':
      return intent.cascade === 'none' ? [] : objects.flatMap(deleteSteps)
    case 'restore':
      return bin
        .filter(({ entry }) => intent.entries.includes(entry.id))
        .map(({ object }) => applyStep({ live: null, desired: object, health: null }))
  }
}

function applyStep({ live, desired }: WorldObject): ApplyStep {
  const object = desired ?? live
  if (object === null) throw new TypeError('an object needs at least one side')
  const ref = refOf(object)
  return {
    ...base('apply', ref),
    kind: 'apply',
    ref,
    apiVersion: object.apiVersion,
    origin: { file: 'deploy/shop.yaml', document: 1, line: 1 },
    digest: sha256(canonicalJson(object)),
    verb: live === null ? 'create' : 'update',
    uid: live === null ? null : 'u',
    changes: live === null ? [] : changesOf(live, object),
  }
}

function changesOf(live: KubeObject, desired: KubeObject): readonly FieldChange[] {
  if (canonicalJson(live) === canonicalJson(desired)) return []
  const [from, to] = [live.data ?? live.spec ?? null, desired.data ?? desired.spec ?? null]
  return [{ path: 'data', op: 'set', from, to, by: null, handEdit: false }]
}

function deleteSteps({ live }: WorldObject): readonly DeleteStep[] {
  if (live === null) return []
  const ref = refOf(live)
  return [
    {
      ...base('delete', ref),
      kind: 'delete',
      phase: 'prune',
      ref,
      apiVersion: live.apiVersion,
      uid: 'u',
      proof: { kind: 'inventory', uid: 'u', commit: 'c', origin: 'deploy/shop.yaml' },
      cascade: 'foreground',
      impact: [],
    },
  ]
}

function base(
  verb: string,
  ref: ObjectRef,
): Omit<ApplyStep, 'kind' | 'ref' | 'apiVersion' | 'origin' | 'digest' | 'verb' | 'uid' | 'changes'> {
  const why = verb === 'apply' ? 'Git wants it' : 'not in Git any more'
  return { id: `${verb} ${refKey(ref)}`, group: verb, after: [], phase: 'sync', wave: 0, why }
}

function findingOf(step: Step): readonly Finding[] {
  if (step.kind !== 'delete') return []
  const fixes = [{ kind: 'approve' as const }]
  const title = `${step.ref.kind}/${step.ref.name} would be deleted`
  return [
    { rule: 'deletion', level: 'needs-approval', ref: step.ref, title, what: 'it goes to the trash first', fixes },
  ]
}

function blockers(world: World): readonly Finding[] {
  return [...world.objects.values()].flatMap(({ desired }): readonly Finding[] => {
    if (desired?.kind !== 'Forbidden') return []
    const fixes = [{ kind: 'do' as const, text: 'remove it from Git' }]
    return [
      { rule: 'forbidden', level: 'blocked', ref: refOf(desired), title: 'Forbidden/x may not be', what: '', fixes },
    ]
  })
}

function digestOf(world: World, side: 'live' | 'desired'): string {
  const objects = [...world.objects].sort(([a], [b]) => (a < b ? -1 : 1))
  return sha256(
    objects.map(([key, object]) => `${key} ${object[side] === null ? '' : canonicalJson(object[side])}`).join('\n'),
  )
}

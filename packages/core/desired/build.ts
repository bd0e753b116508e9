// Builds the desired set from the documents of a revision: whole, or everything that is wrong with them.
import type { Application, Tracking } from '../app/application.ts'
import { resourceOptions } from '../app/options.ts'
import { stamp } from '../app/tracking.ts'
import type { HookPhase } from '../app/wave.ts'
import { hookPhases, syncWave } from '../app/wave.ts'
import { canonicalJson } from '../object/canonical.ts'
import type { Digest, Mask } from '../object/digest.ts'
import type { KindTable } from '../object/kinds.ts'
import { canonicalKey } from '../object/moves.ts'
import type { KubeObject } from '../object/object.ts'
import { refOf } from '../object/object.ts'
import type { Problem } from '../object/problem.ts'
import type { KindKey, ObjectRef, RefKey } from '../object/ref.ts'
import { foldStringData, maskSecret } from '../object/secret.ts'
import type { Finding } from '../policy/finding.ts'
import { createdNamespace } from './create-namespace.ts'
import type { DesiredObject, DesiredSet, HookObject, Origin, Revision } from './desired.ts'
import type { SourceDocument, SourceObject } from './documents.ts'
import { readObjects } from './documents.ts'
import { hookNotRun, repeatedResource, serverFields, unknownKind, unseenKind } from './findings.ts'
import { orderDesired } from './order.ts'
import { originText } from './origin.ts'
import type { DefinedKind, ScopeAnswer } from './scope.ts'
import { definedKinds, scopeOf } from './scope.ts'
import { withoutServerFields } from './server-fields.ts'
import { sourceDigestOf } from './source-digest.ts'

export { sourceDigestOf }

/** All that a desired set is made of. */
export interface BuildInput {
  readonly application: Application
  /** All documents of all sources, in the order of the sources: of two that describe one object the later wins. */
  readonly documents: readonly SourceDocument[]
  readonly kinds: KindTable
  readonly tracking: Tracking
  /** One per source. */
  readonly revisions: readonly Revision[]
  readonly digest: Digest
  readonly mask: Mask
}

export type BuildResult =
  | { readonly kind: 'desired'; readonly set: DesiredSet; readonly findings: readonly Finding[] }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }

/**
 * Builds the desired set: objects with their namespace filled in, marked as the application's, in the order of their
 * application; hooks apart. Invalid manifests make the whole set invalid (and name file, line and field); what only
 * the plan can judge becomes a finding. The same input gives the same set, in whatever order distinct documents come.
 */
export function buildDesired(input: BuildInput): BuildResult {
  const read = readObjects(input.documents)
  if (read.kind === 'invalid') return read
  const defined = definedKinds(read.objects)
  const built = read.objects.map((source) => buildObject(source, defined, input))
  const problems = built.flatMap((each) => each.problems)
  if (problems.length > 0) return { kind: 'invalid', problems }

  const findings = built.flatMap((each) => each.findings)
  const hooks = built.flatMap((each) => (each.hook === null ? [] : [each.hook]))
  const unique = lastOfEach(built.flatMap((each) => (each.object === null ? [] : [each.object])))
  const namespace = createdNamespace(input.application, unique.objects, hooks, (manifest) => digestOf(manifest, input))
  const set: DesiredSet = {
    objects: orderDesired(namespace === null ? unique.objects : [namespace, ...unique.objects]),
    hooks,
    revisions: input.revisions,
    sourceDigest: sourceDigestOf(input.application, input.digest),
  }
  return { kind: 'desired', set, findings: [...findings, ...unique.findings] }
}

/** What became of one manifest: an object or a hook, unless there are problems. */
interface Built {
  readonly object: DesiredObject | null
  readonly hook: HookObject | null
  readonly problems: readonly Problem[]
  readonly findings: readonly Finding[]
}

function buildObject(source: SourceObject, defined: ReadonlyMap<KindKey, DefinedKind>, input: BuildInput): Built {
  const { origin } = source
  const scope = scopeOf(source.object, input.kinds, defined)
  const { manifest: clean, dropped } = withoutServerFields(foldStringData(source.object))
  const placed = place(clean, scope, input.application)
  const ref = refOf(placed)
  const dropFindings = dropped.length > 0 ? [serverFields(ref, origin, dropped)] : []
  const phases = hookPhases(placed)
  if (phases !== null) return buildHook(placed, ref, origin, phases, dropFindings)

  const { options, findings } = resourceOptions(input.application, placed, ref)
  const wave = syncWave(placed, originText(origin))
  const problems = [
    ...(scope.scope === 'namespaced' && ref.namespace === null ? [noNamespace(ref, origin)] : []),
    ...(wave.kind === 'invalid' ? [wave.problem] : []),
  ]
  if (wave.kind === 'invalid' || problems.length > 0) return { object: null, hook: null, problems, findings: [] }
  const { key, destination } = input.application
  const manifest = stamp(placed, key, ref, destination.namespace, input.tracking)
  const digest = digestOf(manifest, input)
  return {
    object: { ref, manifest, origin, wave: wave.wave, options, digest },
    hook: null,
    problems: [],
    findings: [...dropFindings, ...kindFindings(scope, ref, origin, options.skipDryRunOnMissing), ...findings],
  }
}

function buildHook(
  manifest: KubeObject,
  ref: ObjectRef,
  origin: Origin,
  phases: readonly HookPhase[],
  findings: readonly Finding[],
): Built {
  const finding = hookNotRun(manifest, ref, origin, phases)
  return {
    object: null,
    hook: { ref, origin, phases },
    problems: [],
    findings: finding === null ? findings : [...findings, finding],
  }
}

/** Fills in the destination's namespace where the kind wants one, and takes it away where it lives in none. */
function place(manifest: KubeObject, scope: ScopeAnswer, application: Application): KubeObject {
  const { namespace, ...rest } = manifest.metadata
  if (scope.scope === 'cluster') {
    if (namespace === undefined) return manifest
    return { ...manifest, metadata: { ...rest, name: manifest.metadata.name } }
  }
  const wanted = application.destination.namespace
  if (namespace !== undefined || wanted === null) return manifest
  return { ...manifest, metadata: { ...manifest.metadata, namespace: wanted } }
}

function kindFindings(scope: ScopeAnswer, ref: ObjectRef, origin: Origin, mayBeMissing: boolean): readonly Finding[] {
  switch (scope.kind) {
    case 'known':
      return []
    case 'unseen':
      return [unseenKind(ref, origin, scope.reason)]
    case 'unknown':
      return mayBeMissing ? [] : [unknownKind(ref, origin, scope.reason, scope.fix)]
  }
}

/** Of several descriptions of one object the last stays; a kind's old and new API group are one object. */
function lastOfEach(objects: readonly DesiredObject[]): {
  readonly objects: readonly DesiredObject[]
  readonly findings: readonly Finding[]
} {
  const byKey = new Map<RefKey, DesiredObject>()
  const findings: Finding[] = []
  for (const object of objects) {
    const key = canonicalKey(object.ref)
    const before = byKey.get(key)
    if (before !== undefined) findings.push(repeatedResource(object.ref, before.origin, object.origin))
    byKey.set(key, object)
  }
  return { objects: [...byKey.values()], findings }
}

function digestOf(manifest: KubeObject, input: BuildInput): string {
  return input.digest(canonicalJson(maskSecret(manifest, input.mask)))
}

function noNamespace(ref: ObjectRef, origin: Origin): Problem {
  return {
    where: originText(origin),
    field: 'metadata.namespace',
    what: `${ref.kind}/${ref.name} lives in a namespace and none is named`,
    fix: 'write metadata.namespace in the manifest, or spec.destination.namespace in the Application',
  }
}

// What there is to say about single manifests while the desired set is built.
import type { HookPhase } from '../app/wave.ts'
import type { KubeObject } from '../object/object.ts'
import { annotationOf, stringAt } from '../object/object.ts'
import type { ObjectRef } from '../object/ref.ts'
import type { Finding } from '../policy/finding.ts'
import type { Origin } from './desired.ts'
import { originText } from './origin.ts'

/** The cluster does not know the kind: applying it would fail, so the plan does not begin. */
export function unknownKind(ref: ObjectRef, origin: Origin, reason: string, fix: string): Finding {
  return {
    rule: 'unknown-kind',
    level: 'blocked',
    ref,
    title: `${ref.kind}/${ref.name} (${originText(origin)}) is of a kind that the cluster does not serve`,
    what: reason,
    fixes: [{ kind: 'do', text: fix }],
  }
}

/** The kind's API group did not answer: nothing is decided about the object. */
export function unseenKind(ref: ObjectRef, origin: Origin, reason: string): Finding {
  return {
    rule: 'unseen-kind',
    level: 'warning',
    ref,
    title: `${ref.kind}/${ref.name} (${originText(origin)}) cannot be seen: its API group ${ref.group} does not answer`,
    what: reason,
    fixes: [{ kind: 'do', text: `find out why: kubectl get apiservices, for group ${ref.group}` }],
  }
}

/** One object written twice: the later place is used. */
export function repeatedResource(ref: ObjectRef, left: Origin, used: Origin): Finding {
  return {
    rule: 'repeated-resource',
    level: 'warning',
    ref,
    title: `${ref.kind}/${ref.name} is written twice`,
    what: `${originText(used)} is used, ${originText(left)} is left out`,
    fixes: [{ kind: 'do', text: 'remove one of the two' }],
  }
}

/** A manifest holds fields that only the server writes. */
export function serverFields(ref: ObjectRef, origin: Origin, fields: readonly string[]): Finding {
  return {
    rule: 'server-field',
    level: 'info',
    ref,
    title: `${ref.kind}/${ref.name} (${originText(origin)}) holds fields of the server`,
    what: `${fields.join(', ')}: left out`,
    fixes: [{ kind: 'do', text: 'remove them from the manifest' }],
  }
}

/** Phases whose loss changes what a sync does. */
const IN_SYNC: ReadonlySet<HookPhase> = new Set(['PreSync', 'Sync', 'PostSync'])

/**
 * A hook that does not run, or null where none was expected to: `Skip` asks for nothing, and Helm's tests are no part
 * of a sync.
 */
export function hookNotRun(
  manifest: KubeObject,
  ref: ObjectRef,
  origin: Origin,
  phases: readonly HookPhase[],
): Finding | null {
  const own = annotationOf(manifest, 'argocd.argoproj.io/hook')
  if (phases.includes('Skip') || (phases.length === 0 && own === undefined)) return null
  const name = ref.name === '' ? `${stringAt(manifest, 'metadata', 'generateName') ?? ''}…` : ref.name
  const isPartOfSync = phases.length === 0 || phases.some((phase) => IN_SYNC.has(phase))
  return {
    rule: 'hook-not-run',
    level: isPartOfSync ? 'needs-approval' : 'warning',
    ref,
    title: `hook ${ref.kind}/${name} (${originText(origin)}) does not run`,
    what:
      phases.length === 0
        ? `its annotation argocd.argoproj.io/hook is ${JSON.stringify(own)}, which names no phase`
        : `it is a hook of ${phases.join(', ')}; hooks are not executed`,
    fixes: [{ kind: 'do', text: 'run it yourself at the right time, or remove it' }],
  }
}

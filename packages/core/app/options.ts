// The options that hold for one object: its own annotations over the application's sync options.
import type { ResourceOptions } from '../desired/desired.ts'
import type { KubeObject } from '../object/object.ts'
import { annotationOf, refOf } from '../object/object.ts'
import type { ObjectRef } from '../object/ref.ts'
import type { Finding } from '../policy/finding.ts'
import type { Application } from './application.ts'
import { nearestWord } from './spelling.ts'
import { parseSyncOptions, stricter } from './sync-options.ts'

export const SYNC_OPTIONS_ANNOTATION = 'argocd.argoproj.io/sync-options'
export const COMPARE_OPTIONS_ANNOTATION = 'argocd.argoproj.io/compare-options'
export const IGNORE_HEALTH_ANNOTATION = 'argocd.argoproj.io/ignore-healthcheck'
export const HELM_POLICY_ANNOTATION = 'helm.sh/resource-policy'

/**
 * The effective options of one manifest (trap T15: the resource wins). `helm.sh/resource-policy: keep` never deletes;
 * it also never prunes, unless the object's own sync options speak of pruning: that is what the word means where it
 * comes from, and keeping too much can be undone.
 */
export function resourceOptions(
  app: Application,
  manifest: KubeObject,
  ref: ObjectRef = refOf(manifest),
): { readonly options: ResourceOptions; readonly findings: readonly Finding[] } {
  const ofApp = app.syncPolicy.options
  const { options: own, findings } = parseSyncOptions(csv(annotationOf(manifest, SYNC_OPTIONS_ANNOTATION)), 'resource')
  const keep = csv(annotationOf(manifest, HELM_POLICY_ANNOTATION)).includes('keep')
  const compare = csv(annotationOf(manifest, COMPARE_OPTIONS_ANNOTATION))
  const options: ResourceOptions = {
    prune: own.prune ?? (keep ? 'no' : ofApp.prune),
    delete: stricter(own.delete ?? ofApp.delete, keep ? 'no' : 'yes'),
    replace: own.replace ?? ofApp.replace,
    force: own.force ?? ofApp.force,
    validate: own.validate ?? ofApp.validate,
    skipDryRunOnMissing: own.skipDryRunOnMissing ?? ofApp.skipDryRunOnMissing,
    pruneLast: own.pruneLast ?? ofApp.pruneLast,
    ignoreExtraneous: compare.includes('IgnoreExtraneous'),
    ignoreHealth: annotationOf(manifest, IGNORE_HEALTH_ANNOTATION) === 'true',
  }
  const unknown = compare.filter((word) => word !== 'IgnoreExtraneous').map((word) => unknownCompareOption(word))
  return { options, findings: [...findings, ...unknown].map((finding) => ({ ...finding, ref })) }
}

/** The words of a comma list, without white space and empty words. */
export function csv(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

function unknownCompareOption(word: string): Finding {
  const meant = nearestWord(word, ['IgnoreExtraneous'])
  return {
    rule: 'unknown-option',
    level: 'warning',
    ref: null,
    title: `${word} is not a compare option of a resource`,
    what: 'it has no effect',
    fixes: [{ kind: 'do', text: meant === null ? 'check its spelling, or remove it' : `write ${meant}` }],
  }
}

// Groups that belong to the Kubernetes community (`*.k8s.io`, `*.kubernetes.io`) ask for an approval in an annotation.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf, stringAt } from '@mainstay/core/object/object.ts'
import type { Condition } from './conditions.ts'
import { findFormat } from './value/format.ts'
import { quote } from './value/text.ts'

/** The annotation with a URL, or `unapproved` and a reason. */
export const APPROVED = 'api-approved.kubernetes.io'

const SEE = 'see https://github.com/kubernetes/enhancements/pull/1111'

/** What the annotation says, and the words for it. */
export interface Approval {
  readonly state: 'missing' | 'bypassed' | 'approved' | 'invalid'
  readonly text: string
}

/** True for a group that needs an approval. */
export function isProtected(group: string): boolean {
  return /(^|\.)(k8s\.io|kubernetes\.io)$/.test(group)
}

/** What the annotation of a definition says. */
export function approvalOf(crd: KubeObject): Approval {
  const value = annotationOf(crd, APPROVED) ?? ''
  const must = `protected groups must have approval annotation ${quote(APPROVED)}`
  if (value === '') return { state: 'missing', text: `${must}, ${SEE}` }
  if (value.startsWith('unapproved')) return { state: 'bypassed', text: `not approved: ${quote(value)}` }
  const isUrl = findFormat('uri')?.(value) === true && /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]/.test(value)
  if (isUrl) return { state: 'approved', text: `approved in ${value}` }
  return { state: 'invalid', text: `${must} with either a URL or a reason starting with "unapproved", ${SEE}` }
}

const REASONS = {
  missing: 'MissingAnnotation',
  bypassed: 'UnapprovedAnnotation',
  approved: 'ApprovedAnnotation',
  invalid: 'InvalidAnnotation',
} as const

/** The condition of a definition in a protected group; null for any other. */
export function approvalCondition(crd: KubeObject, time: string): Condition | null {
  if (!isProtected(stringAt(crd, 'spec', 'group') ?? '')) return null
  const { state, text } = approvalOf(crd)
  return {
    type: 'KubernetesAPIApprovalPolicyConformant',
    status: state === 'approved' ? 'True' : 'False',
    lastTransitionTime: time,
    reason: REASONS[state],
    message: text,
  }
}

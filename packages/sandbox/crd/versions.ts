// Versions of a CustomResourceDefinition and their order: GA before beta before alpha, higher numbers first.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'

/** `spec.versions`. */
export function versionsOf(crd: KubeObject): readonly JsonObject[] {
  const versions = valueAt(crd, 'spec', 'versions')
  return isList(versions) ? versions.filter(isObject) : []
}

interface Rank {
  readonly stage: number
  readonly major: number
  readonly minor: number
}

const STAGES = ['alpha', 'beta', ''] as const

function rankOf(version: string): Rank | null {
  const found = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version)
  if (found === null) return null
  const stage = STAGES.findIndex((each) => each === (found[2] ?? ''))
  return { stage, major: Number(found[1]), minor: Number(found[3] ?? 0) }
}

/** Negative where `a` comes first: `v2`, `v1`, `v1beta1`, `v1alpha1`, then other names from a to z. */
export function compareVersions(a: string, b: string): number {
  const left = rankOf(a)
  const right = rankOf(b)
  if (left === null || right === null) {
    if (left !== null) return -1
    return right !== null ? 1 : compareText(a, b)
  }
  return right.stage - left.stage || right.major - left.major || right.minor - left.minor
}

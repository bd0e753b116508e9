// The little that may change of a Pod that is there, and what is said of the rest.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { forbidden, invalid, required, same } from '../causes.ts'
import { differenceText } from '../difference.ts'
import { betweenText } from '../formats.ts'
import { internalLines } from '../internal.ts'
import { entriesAt, has, objectAt, objectsAt, textAt, wholeAt, withAt } from '../look.ts'
import { tolerationCauses } from './scheduling.ts'

const FREE =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

const DEADLINE = 'spec.activeDeadlineSeconds'
const MOST = 2_147_483_647

/** What is wrong with a change of a Pod. Some faults end the look. */
export function podChangeCauses(object: KubeObject, old: KubeObject): readonly Cause[] {
  const [spec, before] = [objectAt(object, 'spec'), objectAt(old, 'spec')]
  const causes: Cause[] = []
  for (const key of ['containers', 'initContainers']) {
    const found = imageCauses(spec, before, key)
    causes.push(...found.causes)
    if (found.counts) return causes
  }
  const deadline = deadlineCauses(spec, before)
  causes.push(...deadline)
  if (deadline.length > 0 && has(spec, 'activeDeadlineSeconds')) return causes
  return [...causes, ...keptTolerationCauses(spec, before), ...gateCauses(spec, before), ...restCauses(spec, before)]
}

function imageCauses(
  spec: JsonObject,
  before: JsonObject,
  key: string,
): { readonly causes: readonly Cause[]; readonly counts: boolean } {
  const path = `spec.${key}`
  const containers = objectsAt(spec, key)
  if (containers.length !== objectsAt(before, key).length) {
    return { causes: [forbidden(path, 'pod updates may not add or remove containers')], counts: true }
  }
  const causes = containers.flatMap((each, at) => {
    const image = textAt(each, 'image')
    const field = `${path}[${at}].image`
    if (image === '') return [required(field)]
    return image === image.trim() ? [] : [invalid(field, image, 'must not have leading or trailing whitespace')]
  })
  return { causes, counts: false }
}

function deadlineCauses(spec: JsonObject, before: JsonObject): readonly Cause[] {
  const [now, then] = [wholeAt(spec, 'activeDeadlineSeconds'), wholeAt(before, 'activeDeadlineSeconds')]
  if (now === null) {
    const text = 'must not update from a positive integer to nil value'
    return then === null ? [] : [invalid(DEADLINE, null, text)]
  }
  if (now < 0 || now > MOST) return [invalid(DEADLINE, now, betweenText(0, MOST))]
  return then !== null && then < now ? [invalid(DEADLINE, now, 'must be less than or equal to previous value')] : []
}

function keptTolerationCauses(spec: JsonObject, before: JsonObject): readonly Cause[] {
  const [now, then] = [objectsAt(spec, 'tolerations'), objectsAt(before, 'tolerations')]
  const bare = (each: JsonObject): JsonObject => withAt(each, ['tolerationSeconds'], undefined)
  const kept = then.every((each) => now.some((other) => same(bare(other), bare(each))))
  const text = 'existing toleration can not be modified except its tolerationSeconds'
  if (!kept) return [forbidden('spec.tolerations', text)]
  return now.flatMap((each, at) => tolerationCauses(each, `spec.tolerations[${at}]`))
}

/** Gates are there from the beginning and only go. */
function gateCauses(spec: JsonObject, before: JsonObject): readonly Cause[] {
  const known = new Set(objectsAt(before, 'schedulingGates').map((each) => textAt(each, 'name')))
  return objectsAt(spec, 'schedulingGates').flatMap((each, at) => {
    const name = textAt(each, 'name')
    const text = `only deletion is allowed, but found new scheduling gate '${name}'`
    return known.has(name) ? [] : [forbidden(`spec.schedulingGates[${at}].name`, text)]
  })
}

function restCauses(spec: JsonObject, before: JsonObject): readonly Cause[] {
  const gated = objectsAt(before, 'schedulingGates').length > 0
  const compared = comparedSpec(spec, before, gated)
  const moves = gated ? [...selectorCauses(spec, before), ...affinityCauses(spec, before)] : []
  if (same(compared, before)) return moves
  const difference = differenceText(
    internalLines('core.v1.PodSpec', before),
    internalLines('core.v1.PodSpec', compared),
  )
  return [...moves, forbidden('spec', `pod updates may not change fields other than ${FREE}\n${difference}`)]
}

/** The new spec with what may change as it was. */
function comparedSpec(spec: JsonObject, before: JsonObject, gated: boolean): JsonObject {
  const free = ['activeDeadlineSeconds', 'schedulingGates', 'tolerations', ...(gated ? ['nodeSelector'] : [])]
  const kept = free.reduce((at, key) => withAt(at, [key], before[key]), spec)
  const then = wholeAt(before, 'terminationGracePeriodSeconds') ?? 0
  const grace = then < 0 && wholeAt(spec, 'terminationGracePeriodSeconds') === 1
  const timed = grace ? withAt(kept, ['terminationGracePeriodSeconds'], then) : kept
  const placed = gated ? withOldAffinity(timed, before) : timed
  return ['containers', 'initContainers'].reduce((at, key) => withOldImages(at, before, key), placed)
}

function withOldImages(spec: JsonObject, before: JsonObject, key: string): JsonObject {
  if (!has(spec, key)) return spec
  const old = objectsAt(before, key)
  return { ...spec, [key]: objectsAt(spec, key).map((each, at) => withAt(each, ['image'], old[at]?.image)) }
}

function withOldAffinity(spec: JsonObject, before: JsonObject): JsonObject {
  const kept = withAt(objectAt(spec, 'affinity'), ['nodeAffinity'], objectAt(before, 'affinity').nodeAffinity)
  return withAt(spec, ['affinity'], Object.keys(kept).length === 0 ? undefined : kept)
}

function selectorCauses(spec: JsonObject, before: JsonObject): readonly Cause[] {
  const now = objectAt(spec, 'nodeSelector')
  const kept = entriesAt(before, 'nodeSelector').every(([key, value]) => now[key] === value)
  const text = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)'
  return kept ? [] : [invalid('spec.nodeSelector', Object.keys(now).length === 0 ? null : now, text)]
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'

/** While a Pod is gated, what is asked of its node may only become more. */
function affinityCauses(spec: JsonObject, before: JsonObject): readonly Cause[] {
  const terms = (of: JsonObject): readonly JsonObject[] =>
    objectsAt(of, 'affinity', 'nodeAffinity', REQUIRED, 'nodeSelectorTerms')
  const [now, then] = [terms(spec), terms(before)]
  const path = `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`
  if (then.length === 0) return []
  if (now.length !== then.length) {
    const text = 'no additions/deletions to non-empty NodeSelectorTerms list are allowed'
    return [invalid(path, now.length === 0 ? null : now.map(shownTerm), text)]
  }
  return then.flatMap((term, at) => {
    const text = 'only additions are allowed (no mutations or deletions)'
    return onlyMore(now[at] ?? {}, term) ? [] : [invalid(`${path}[${at}]`, shownTerm(now[at] ?? {}), text)]
  })
}

const PARTS = ['matchExpressions', 'matchFields'] as const

function onlyMore(now: JsonObject, then: JsonObject): boolean {
  // A term that asks nothing chooses nothing; more would choose something.
  if (PARTS.every((key) => objectsAt(then, key).length === 0)) return PARTS.every((key) => !has(now, key))
  return PARTS.every((key) => objectsAt(then, key).every((each) => objectsAt(now, key).some((one) => same(one, each))))
}

function shownTerm(term: JsonObject): Json {
  const shown = (key: string): Json =>
    has(term, key)
      ? objectsAt(term, key).map((each) => ({
          Key: textAt(each, 'key'),
          Operator: textAt(each, 'operator'),
          Values: each.values ?? null,
        }))
      : null
  return { MatchExpressions: shown('matchExpressions'), MatchFields: shown('matchFields') }
}

// What the API server's own controllers write into the status of a new or changed CustomResourceDefinition.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { timeText } from '../schema/time.ts'
import { approvalCondition } from './approval.ts'
import type { Condition } from './conditions.ts'
import { conditionOf, isTrue, withCondition } from './conditions.ts'
import { sameJson } from './value/same.ts'
import { quote } from './value/text.ts'

/**
 * The next write of the controllers, or the same object where there is none. Each answer is one update of the status
 * (a resourceVersion of its own): first the names are accepted or not, then the resource is established. Call it until
 * nothing changes, and again for the other definitions of the group whenever one changed or went: names may be free.
 */
export function establish(crd: KubeObject, others: readonly KubeObject[], now: number): KubeObject {
  return nameStep(crd, others, now) ?? approvalStep(crd, now) ?? establishStep(crd, now) ?? crd
}

function approvalStep(crd: KubeObject, now: number): KubeObject | null {
  const condition = approvalCondition(crd, timeText(now))
  if (condition === null || sameCondition(conditionOf(crd, condition.type), condition)) return null
  return withCondition(crd, condition)
}

function establishStep(crd: KubeObject, now: number): KubeObject | null {
  if (!isTrue(crd, 'NamesAccepted') || isTrue(crd, 'Established')) return null
  const bundle = stringAt(crd, 'spec', 'conversion', 'webhook', 'clientConfig', 'caBundle')
  if (bundle !== undefined && !isCertificateBundle(bundle)) {
    const text = 'The conversion webhook CABundle is invalid'
    const condition = { ...established('False', 'InvalidCABundle', text, now) }
    return sameCondition(conditionOf(crd, 'Established'), condition) ? null : withCondition(crd, condition)
  }
  const text = 'the initial names have been accepted'
  return withCondition(crd, established('True', 'InitialNamesAccepted', text, now))
}

/** Base64 of PEM begins with that of five dashes; the certificates themselves are not read here. */
function isCertificateBundle(bundle: string): boolean {
  return bundle === '' || bundle.startsWith('LS0tLS')
}

interface Names {
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly kind: string
  readonly listKind: string
  readonly categories: readonly string[]
}

function nameStep(crd: KubeObject, others: readonly KubeObject[], now: number): KubeObject | null {
  const wanted = namesAt(valueAt(crd, 'spec', 'names'))
  const accepted = namesAt(valueAt(crd, 'status', 'acceptedNames'))
  if (sameJson(jsonOf(wanted), jsonOf(accepted))) return null
  const { names, conflict } = settle(wanted, accepted, takenNames(crd, others))
  const naming: Condition = {
    type: 'NamesAccepted',
    status: conflict === null ? 'True' : 'False',
    lastTransitionTime: timeText(now),
    reason: conflict === null ? 'NoConflicts' : conflict.reason,
    message: conflict === null ? 'no conflicts found' : conflict.message,
  }
  if (sameJson(jsonOf(names), jsonOf(accepted)) && sameCondition(conditionOf(crd, 'NamesAccepted'), naming)) return null
  const status = isObject(crd.status) ? crd.status : {}
  const named: KubeObject = { ...crd, status: { ...status, acceptedNames: jsonOf(names) } }
  return withCondition(withCondition(named, naming), installing(crd, conflict === null, now))
}

/** Until another controller says that the resource is established, it is being installed or not accepted. */
function installing(crd: KubeObject, accepted: boolean, now: number): Condition {
  const old = conditionOf(crd, 'Established')
  if (accepted && old?.status !== 'True') {
    return established('False', 'Installing', 'the initial names have been accepted', now)
  }
  // What is stored was written by this file.
  if (old !== null) return old as Condition
  return established('False', 'NotAccepted', 'not all names are accepted', now)
}

function established(status: 'True' | 'False', reason: string, message: string, now: number): Condition {
  return { type: 'Established', status, lastTransitionTime: timeText(now), reason, message }
}

interface Taken {
  readonly resources: ReadonlySet<string>
  readonly kinds: ReadonlySet<string>
}

/** The accepted names of every definition of the group, its own among them. */
function takenNames(crd: KubeObject, others: readonly KubeObject[]): Taken {
  const group = stringAt(crd, 'spec', 'group')
  const same = [crd, ...others.filter((each) => each.metadata.name !== crd.metadata.name)]
    .filter((each) => stringAt(each, 'spec', 'group') === group)
    .map((each) => namesAt(valueAt(each, 'status', 'acceptedNames')))
  return {
    resources: new Set(same.flatMap((names) => [names.plural, names.singular, ...names.shortNames])),
    kinds: new Set(same.flatMap((names) => [names.kind, names.listKind])),
  }
}

interface Conflict {
  readonly reason: string
  readonly message: string
}

/** Every name that is free or already its own is taken over; of conflicts the last one is told. */
function settle(
  wanted: Names,
  accepted: Names,
  taken: Taken,
): { readonly names: Names; readonly conflict: Conflict | null } {
  const conflicts: Conflict[] = []
  const one = (want: string, have: string, used: ReadonlySet<string>, reason: string): string => {
    if (want === have || !used.has(want)) return want
    conflicts.push({ reason, message: inUse(want) })
    return have
  }
  const plural = one(wanted.plural, accepted.plural, taken.resources, 'PluralConflict')
  const singular = one(wanted.singular, accepted.singular, taken.resources, 'SingularConflict')
  const clashing = wanted.shortNames.filter((name) => !accepted.shortNames.includes(name) && taken.resources.has(name))
  if (clashing.length > 0) {
    const texts = [...new Set(clashing.map(inUse))]
    conflicts.push({
      reason: 'ShortNamesConflict',
      message: texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`,
    })
  }
  const kind = one(wanted.kind, accepted.kind, taken.kinds, 'KindConflict')
  const listKind = one(wanted.listKind, accepted.listKind, taken.kinds, 'ListKindConflict')
  const shortNames = clashing.length > 0 ? accepted.shortNames : wanted.shortNames
  const names = { plural, singular, shortNames, kind, listKind, categories: wanted.categories }
  return { names, conflict: conflicts.at(-1) ?? null }
}

function inUse(name: string): string {
  return `${quote(name)} is already in use`
}

/** Names as they are written in spec and status. */
export function namesAt(value: Json | undefined): Names {
  const raw = isObject(value) ? value : {}
  const text = (name: string): string => (typeof raw[name] === 'string' ? raw[name] : '')
  const texts = (name: string): readonly string[] => {
    const list = raw[name]
    return isList(list) ? list.filter((each): each is string => typeof each === 'string') : []
  }
  return {
    plural: text('plural'),
    singular: text('singular'),
    shortNames: texts('shortNames'),
    kind: text('kind'),
    listKind: text('listKind'),
    categories: texts('categories'),
  }
}

function jsonOf(names: Names): JsonObject {
  return {
    plural: names.plural,
    ...(names.singular === '' ? {} : { singular: names.singular }),
    ...(names.shortNames.length === 0 ? {} : { shortNames: names.shortNames }),
    kind: names.kind,
    ...(names.listKind === '' ? {} : { listKind: names.listKind }),
    ...(names.categories.length === 0 ? {} : { categories: names.categories }),
  }
}

function sameCondition(a: JsonObject | null, b: Condition): boolean {
  return a !== null && a.status === b.status && a.reason === b.reason && a.message === b.message
}

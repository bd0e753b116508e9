// What all workloads share: a selector that fits the template, Pods that are restarted for ever, cells of tables.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { forbidden, invalid, invalids, notSupported, required } from '../causes.ts'
import type { Cells } from '../entry.ts'
import { dnsLabel, percent } from '../formats.ts'
import { entriesAt, has, objectAt, objectsAt, textAt, textsAt } from '../look.ts'
import { isEmptySelector, selectorCauses, selects } from '../metadata.ts'
import { NEGATIVE } from '../pod/numbers.ts'
import { templateCauses } from '../pod/spec.ts'

/** The selector of a workload: there, well formed, and choosing something. */
export function ownSelectorCauses(spec: JsonObject, kind: string): readonly Cause[] {
  if (!has(spec, 'selector')) return [required('spec.selector')]
  const selector = objectAt(spec, 'selector')
  return [
    ...selectorCauses(selector, 'spec.selector'),
    ...(isEmptySelector(selector) ? [invalid('spec.selector', selector, `empty selector is invalid for ${kind}`)] : []),
  ]
}

/** The template of a workload whose Pods are restarted for ever. */
export function lastingTemplateCauses(spec: JsonObject, kind: string, broken: string): readonly Cause[] {
  const path = 'spec.template'
  const template = objectAt(spec, 'template')
  const selector = objectAt(spec, 'selector')
  // With a selector that cannot be used, the server looks no further.
  if (isBroken(selector)) return [invalid('spec.selector', selector, broken)]
  return [...fitCauses(spec, path), ...templateCauses(template, path), ...lastingCauses(template, path, kind)]
}

/** The template has the labels that the selector looks for. */
export function fitCauses(spec: JsonObject, path: string): readonly Cause[] {
  const selector = objectAt(spec, 'selector')
  const labels = objectAt(spec, 'template', 'metadata', 'labels')
  const fits = isBroken(selector) || selects(selector, labels)
  // No selector selects nothing, an empty one selects everything.
  if (has(spec, 'selector') && fits) return []
  const shown: Json = Object.keys(labels).length === 0 ? null : labels
  return [invalid(`${path}.metadata.labels`, shown, '`selector` does not match template `labels`')]
}

/** A selector that cannot be used at all: the server then says nothing of what it selects. */
export function isBroken(selector: JsonObject): boolean {
  return selectorCauses(selector, '').length > 0
}

/** Pods that are restarted for ever and never end by themselves. */
export function lastingCauses(template: JsonObject, path: string, kind: string): readonly Cause[] {
  const policy = textAt(template, 'spec', 'restartPolicy')
  const deadline = `${path}.spec.activeDeadlineSeconds`
  return [
    ...(policy === 'Always' ? [] : [notSupported(`${path}.spec.restartPolicy`, policy, ['Always'])]),
    ...(has(template, 'spec', 'activeDeadlineSeconds')
      ? [forbidden(deadline, `activeDeadlineSeconds in ${kind} is not Supported`)]
      : []),
  ]
}

/** A number or a percentage. */
export function amountCauses(value: Json | undefined, path: string): readonly Cause[] {
  if (typeof value === 'string') return invalids(path, value, percent(value))
  return typeof value === 'number' && value < 0 ? [invalid(path, value, NEGATIVE)] : []
}

/** Not more than all. */
export function atMostAllCauses(value: Json | undefined, path: string): readonly Cause[] {
  const part = typeof value === 'string' && /^[0-9]+%$/.test(value) ? Number.parseInt(value, 10) : 0
  return part > 100 ? [invalid(path, value, 'must not be greater than 100%')] : []
}

/** The number in a number or a percentage. */
export function amountOf(value: Json | undefined): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^[0-9]+%$/.test(value) ? Number.parseInt(value, 10) : 0
}

/** A warning for names that Pods cannot have as their host's name. */
export function nameWarnings(object: KubeObject): readonly string[] {
  const wrong = dnsLabel(object.metadata.name)
  const text =
    'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended'
  return wrong.length === 0 ? [] : [`${text}: [${wrong.join(' ')}]`]
}

/** Cells that show the containers of a template. */
export const containerCells: Cells = {
  Containers: (object) => containerNames(objectAt(object, 'spec', 'template')),
  Images: (object) => containerImages(objectAt(object, 'spec', 'template')),
  Selector: (object) => selectorText(objectAt(object, 'spec', 'selector')),
}

/** The names of the containers of a template. */
export function containerNames(template: JsonObject): string {
  return objectsAt(template, 'spec', 'containers')
    .map((each) => textAt(each, 'name'))
    .join(',')
}

/** The images of the containers of a template. */
export function containerImages(template: JsonObject): string {
  return objectsAt(template, 'spec', 'containers')
    .map((each) => textAt(each, 'image'))
    .join(',')
}

/** A label selector as text: `a=b,c in (d,e),!f`. */
export function selectorText(selector: JsonObject): string {
  const equal = entriesAt(selector, 'matchLabels').map(([key, value]) => [key, `${key}=${value}`] as const)
  const others = objectsAt(selector, 'matchExpressions').map((each) => {
    const key = textAt(each, 'key')
    const values = [...textsAt(each, 'values')].sort().join(',')
    return [key, expressionText(key, textAt(each, 'operator'), values)] as const
  })
  const parts = [...equal, ...others].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, text]) => text)
  return parts.length === 0 ? '<none>' : parts.join(',')
}

function expressionText(key: string, operator: string, values: string): string {
  switch (operator) {
    case 'In':
      return `${key} in (${values})`
    case 'NotIn':
      return `${key} notin (${values})`
    case 'Exists':
      return key
    default:
      return `!${key}`
  }
}

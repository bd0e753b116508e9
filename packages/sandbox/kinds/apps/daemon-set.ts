// DaemonSets.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { invalid, notSupported, required, same, unchanged } from '../causes.ts'
import { labelsCell } from '../core/cells.ts'
import type { Entry } from '../entry.ts'
import { has, objectAt, textAt, wholeAt, withAt } from '../look.ts'
import { isEmptySelector, selectorCauses } from '../metadata.ts'
import { countsCauses } from '../pod/numbers.ts'
import { templateCauses } from '../pod/spec.ts'
import { templateWarnings } from '../pod/warnings.ts'
import { daemonSetStatus } from './status.ts'
import { amountCauses, amountOf, atMostAllCauses, containerCells, fitCauses, lastingCauses } from './template.ts'

function daemonSetCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const selector = objectAt(spec, 'selector')
  const given = has(spec, 'selector')
  return [
    ...selectorCauses(selector, 'spec.selector'),
    ...fitCauses(spec, 'spec.template'),
    ...(given && isEmptySelector(selector)
      ? [invalid('spec.selector', selector, 'empty selector is invalid for daemonset')]
      : []),
    ...templateCauses(objectAt(spec, 'template'), 'spec.template'),
    ...lastingCauses(objectAt(spec, 'template'), 'spec.template', 'DaemonSet'),
    ...countsCauses(spec, ['minReadySeconds'], 'spec'),
    ...strategyCauses(objectAt(spec, 'updateStrategy'), 'spec.updateStrategy'),
    ...countsCauses(spec, ['revisionHistoryLimit'], 'spec'),
  ]
}

function strategyCauses(strategy: JsonObject, path: string): readonly Cause[] {
  const type = textAt(strategy, 'type')
  if (type === 'OnDelete') return []
  if (type !== 'RollingUpdate') {
    const shown = { Type: type, RollingUpdate: strategy.rollingUpdate ?? null }
    return [notSupported(path, shown, ['RollingUpdate', 'OnDelete'])]
  }
  const { maxUnavailable, maxSurge } = objectAt(strategy, 'rollingUpdate')
  const own = `${path}.rollingUpdate`
  const [off, extra] = [amountOf(maxUnavailable) !== 0, amountOf(maxSurge) !== 0]
  return [
    ...amountCauses(maxUnavailable, `${own}.maxUnavailable`),
    ...amountCauses(maxSurge, `${own}.maxSurge`),
    ...atMostAllCauses(maxUnavailable, `${own}.maxUnavailable`),
    ...atMostAllCauses(maxSurge, `${own}.maxSurge`),
    ...(off && extra ? [invalid(`${own}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero')] : []),
    ...(off || extra ? [] : [required(`${own}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')]),
  ]
}

const COUNT = 'deprecated.daemonset.template.generation'

/** Whoever does not say how often the template changed says that it never did, and owns that. */
function withTemplateCountSaid(object: KubeObject): KubeObject {
  if (textAt(object, 'metadata', 'annotations', COUNT) !== '') return object
  return withAt(object, ['metadata', 'annotations', COUNT], '0')
}

/** How often the template changed, which v1 keeps in an annotation. */
function withTemplateCount(object: KubeObject, old: KubeObject | null): KubeObject {
  const before = Number(textAt(old, 'metadata', 'annotations', COUNT) || '0')
  const given = Number(textAt(object, 'metadata', 'annotations', COUNT) || '0')
  const changed = old !== null && !same(objectAt(object, 'spec').template, objectAt(old, 'spec').template)
  const count = old === null ? Math.max(1, given) : before + (changed ? 1 : 0)
  return withAt(object, ['metadata', 'annotations', COUNT], String(count))
}

function number(object: KubeObject, key: string): number {
  return wholeAt(object, 'status', key) ?? 0
}

/** DaemonSets. */
export const daemonSet: Entry = {
  generation: 'spec',
  read: withTemplateCountSaid,
  prepareCreate: (object) => withTemplateCount(object, null),
  prepareUpdate: (object, old) => withTemplateCount(object, old),
  validate: daemonSetCauses,
  validateUpdate: (object, old) =>
    unchanged('spec.selector', objectAt(object, 'spec').selector, objectAt(old, 'spec').selector),
  validateStatus: daemonSetStatus,
  warnings: templateWarnings,
  cells: {
    Desired: (object) => number(object, 'desiredNumberScheduled'),
    Current: (object) => number(object, 'currentNumberScheduled'),
    Ready: (object) => number(object, 'numberReady'),
    'Up-to-date': (object) => number(object, 'updatedNumberScheduled'),
    Available: (object) => number(object, 'numberAvailable'),
    'Node Selector': (object) => labelsCell(objectAt(object, 'spec', 'template', 'spec', 'nodeSelector')),
    ...containerCells,
  },
}

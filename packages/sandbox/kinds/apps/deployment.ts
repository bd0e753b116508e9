// Deployments and ReplicaSets.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { forbidden, invalid, notSupported, same, unchanged } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { has, objectAt, textAt, wholeAt } from '../look.ts'
import { countsCauses } from '../pod/numbers.ts'
import { templateWarnings } from '../pod/warnings.ts'
import { deploymentStatus, replicaSetStatus } from './status.ts'
import {
  amountCauses,
  amountOf,
  atMostAllCauses,
  containerCells,
  lastingTemplateCauses,
  nameWarnings,
  ownSelectorCauses,
} from './template.ts'

function deploymentCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const deadline = wholeAt(spec, 'progressDeadlineSeconds') ?? 0
  const path = 'spec.progressDeadlineSeconds'
  return [
    ...countsCauses(spec, ['replicas'], 'spec'),
    ...ownSelectorCauses(spec, 'deployment'),
    ...lastingTemplateCauses(spec, 'ReplicaSet', 'invalid label selector'),
    ...strategyCauses(objectAt(spec, 'strategy'), 'spec.strategy'),
    ...countsCauses(spec, ['minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'], 'spec'),
    ...(deadline <= (wholeAt(spec, 'minReadySeconds') ?? 0)
      ? [invalid(path, deadline, 'must be greater than minReadySeconds')]
      : []),
  ]
}

function strategyCauses(strategy: JsonObject, path: string): readonly Cause[] {
  const update = objectAt(strategy, 'rollingUpdate')
  const own = `${path}.rollingUpdate`
  switch (textAt(strategy, 'type')) {
    case 'Recreate':
      return has(strategy, 'rollingUpdate')
        ? [forbidden(own, "may not be specified when strategy `type` is 'Recreate'")]
        : []
    case 'RollingUpdate':
      return rollingCauses(update, own)
    default: {
      const shown = { Type: textAt(strategy, 'type'), RollingUpdate: strategy.rollingUpdate ?? null }
      return [notSupported(path, shown, ['Recreate', 'RollingUpdate'])]
    }
  }
}

function rollingCauses(update: JsonObject, path: string): readonly Cause[] {
  const { maxUnavailable, maxSurge } = update
  const field = `${path}.maxUnavailable`
  const still = amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0
  return [
    ...amountCauses(maxUnavailable, field),
    ...amountCauses(maxSurge, `${path}.maxSurge`),
    ...(still ? [invalid(field, maxUnavailable, 'may not be 0 when `maxSurge` is 0')] : []),
    ...atMostAllCauses(maxUnavailable, field),
  ]
}

function number(object: KubeObject, ...path: readonly string[]): number {
  return wholeAt(object, ...path) ?? 0
}

/** Deployments. */
export const deployment: Entry = {
  generation: 'spec or annotations',
  validate: deploymentCauses,
  validateUpdate: (object, old) =>
    unchanged('spec.selector', objectAt(object, 'spec').selector, objectAt(old, 'spec').selector),
  validateStatus: deploymentStatus,
  // Annotations make a new generation, and a new generation is looked at again.
  warnings: (object, old) => [
    ...(old === null ? nameWarnings(object) : []),
    ...templateWarnings(object, same(object.metadata.annotations, old?.metadata.annotations) ? old : null),
  ],
  cells: {
    Ready: (object) => `${number(object, 'status', 'readyReplicas')}/${number(object, 'spec', 'replicas')}`,
    'Up-to-date': (object) => number(object, 'status', 'updatedReplicas'),
    Available: (object) => number(object, 'status', 'availableReplicas'),
    ...containerCells,
  },
}

/** ReplicaSets. */
export const replicaSet: Entry = {
  generation: 'spec',
  validate: (object) => {
    const spec = objectAt(object, 'spec')
    return [
      ...countsCauses(spec, ['replicas', 'minReadySeconds'], 'spec'),
      ...ownSelectorCauses(spec, 'deployment'),
      ...lastingTemplateCauses(spec, 'ReplicaSet', 'invalid label selector'),
    ]
  },
  validateUpdate: (object, old) =>
    unchanged('spec.selector', objectAt(object, 'spec').selector, objectAt(old, 'spec').selector),
  validateStatus: replicaSetStatus,
  warnings: (object, old) => [...(old === null ? nameWarnings(object) : []), ...templateWarnings(object, old)],
  cells: {
    Desired: (object) => number(object, 'spec', 'replicas'),
    Current: (object) => number(object, 'status', 'replicas'),
    Ready: (object) => number(object, 'status', 'readyReplicas'),
    ...containerCells,
  },
}

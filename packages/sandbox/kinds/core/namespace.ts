// Namespaces and ServiceAccounts.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { invalid, invalids } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { dnsLabel, qualifiedName } from '../formats.ts'
import { has, objectAt, textAt, textsAt, withAt } from '../look.ts'
import { standardFinalizerCauses } from '../metadata.ts'

const OWN = 'kubernetes'

function finalizerCauses(object: KubeObject): readonly Cause[] {
  const path = 'spec.finalizers'
  return textsAt(object, 'spec', 'finalizers').flatMap((each) => [
    ...invalids(path, each, qualifiedName(each)),
    ...standardFinalizerCauses(each, path),
  ])
}

/** The finalizer by which the namespace controller keeps a namespace until it is empty. */
function withOwnFinalizer(object: KubeObject): KubeObject {
  const finalizers = textsAt(object, 'spec', 'finalizers')
  return finalizers.includes(OWN) ? object : withAt(object, ['spec', 'finalizers'], [...finalizers, OWN])
}

/** The label with the name, which nobody can take away. */
function labelled(object: KubeObject): KubeObject {
  return withAt(object, ['metadata', 'labels', 'kubernetes.io/metadata.name'], object.metadata.name)
}

function statusCauses(object: KubeObject): readonly Cause[] {
  const phase = textAt(object, 'status', 'phase')
  const ending = has(object, 'metadata', 'deletionTimestamp')
  const only = ending ? 'Terminating' : 'Active'
  const text = `may only be '${only}' if \`deletionTimestamp\` is ${ending ? 'not ' : ''}empty`
  return phase === only ? [] : [invalid('status.Phase', phase, text)]
}

/** Namespaces. */
export const namespace: Entry = {
  name: dnsLabel,
  prepareCreate: (object) => labelled(withOwnFinalizer(object)),
  prepareUpdate: (object, old) => labelled({ ...object, spec: objectAt(old, 'spec') }),
  prepareStatus: (object, old) => ({ ...object, spec: objectAt(old, 'spec') }),
  validate: finalizerCauses,
  validateStatus: statusCauses,
  cells: { Status: (object) => textAt(object, 'status', 'phase') },
}

/** Accounts of Pods. */
export const serviceAccount: Entry = {
  warnings: (object, old) =>
    !has(old, 'metadata', 'annotations', 'kubernetes.io/enforce-mountable-secrets') &&
    has(object, 'metadata', 'annotations', 'kubernetes.io/enforce-mountable-secrets')
      ? [
          'metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets',
        ]
      : [],
}

// What every namespace has: the account `default`, and the certificate of the API server's authority.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, stringAt } from '@mainstay/core/object/object.ts'
import { objectAt } from '../../kinds/look.ts'
import { equalJson } from '../../verbs/equal.ts'
import type { World } from '../../world.ts'
import { type Controller, type Follow, subjectOf } from '../controller.ts'
import { MANAGER } from './objects.ts'

/** Makes the account `default` of every namespace. */
export const accountController: Controller = {
  name: 'default-account',
  follows: followsOf('/serviceaccounts', 'default'),
  reconcile: (namespace, { world }) => {
    const head = { apiVersion: 'v1', kind: 'ServiceAccount' }
    if (!isActive(world, namespace) || world.get({ ...head, namespace, name: 'default' }) !== null) return null
    world.create({ ...head, metadata: { name: 'default', namespace } }, MANAGER)
    return null
  },
}

const ROOT_CA = 'kube-root-ca.crt'
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the ' +
  'internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes ' +
  'clusters.'
const NOTED = 'kubernetes.io/description'

/** Keeps the certificate of the API server's authority (PEM) in every namespace. */
export function rootCaController(certificate: string): Controller {
  const data = { 'ca.crt': certificate }
  return {
    name: 'root-ca',
    follows: followsOf('/configmaps', ROOT_CA),
    reconcile: (namespace, { world }) => {
      if (!isActive(world, namespace)) return null
      const annotations = { [NOTED]: DESCRIPTION }
      const head = { apiVersion: 'v1', kind: 'ConfigMap' }
      const live = world.get({ ...head, namespace, name: ROOT_CA })
      if (live === null) {
        world.create({ ...head, metadata: { name: ROOT_CA, namespace, annotations }, data }, MANAGER)
      } else if (!equalJson(live.data, data) || noteOf(live) !== DESCRIPTION) {
        const noted = { ...objectAt(live, 'metadata', 'annotations'), ...annotations }
        world.update({ ...live, metadata: { ...live.metadata, annotations: noted }, data }, MANAGER)
      }
      return null
    },
  }
}

function noteOf(object: KubeObject): string | undefined {
  return stringAt(object, 'metadata', 'annotations', NOTED)
}

/** Namespaces, and those in which the one object changed. */
function followsOf(resource: string, name: string): readonly Follow[] {
  return [
    { resource: '/namespaces', subjects: (object) => [subjectOf(object)] },
    {
      resource,
      subjects: ({ metadata }) =>
        metadata.name === name && typeof metadata.namespace === 'string' ? [metadata.namespace] : [],
    },
  ]
}

function isActive(world: World, name: string): boolean {
  const namespace = world.get({ apiVersion: 'v1', kind: 'Namespace', namespace: null, name })
  return namespace !== null && !isTerminating(namespace)
}

// Writes the certificate of an authority into what must trust it: webhook configurations, definitions, API services.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf } from '@mainstay/core/object/object.ts'
import { has, objectsAt, textAt, withAt } from '../../kinds/look.ts'
import type { World } from '../../world.ts'
import { writeIfOther } from '../cluster/objects.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../controller.ts'

/** How the injector is asked and named. */
export interface AuthorityInjectorOptions {
  /** The annotation that names the Secret (`namespace/name`) from whose `ca.crt` the certificate comes. */
  readonly annotation?: string
  readonly manager?: string
}

const KINDS = [
  [
    'admissionregistration.k8s.io/validatingwebhookconfigurations',
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
  ],
  [
    'admissionregistration.k8s.io/mutatingwebhookconfigurations',
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
  ],
  ['apiextensions.k8s.io/customresourcedefinitions', 'apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['apiregistration.k8s.io/apiservices', 'apiregistration.k8s.io/v1', 'APIService'],
] as const

/** An injector as cert-manager has one. */
export function authorityInjector(options: AuthorityInjectorOptions = {}): Controller {
  const { annotation = 'cert-manager.io/inject-ca-from-secret', manager = 'cert-manager-cainjector' } = options
  return {
    name: 'authority-injector',
    follows: [
      ...KINDS.map(([resource, , kind]) => ({
        resource,
        subjects: (object: KubeObject) =>
          annotationOf(object, annotation) === undefined ? [] : [`${kind}/${object.metadata.name}`],
      })),
      { resource: '/secrets', subjects: (secret, desk) => trusting(desk, annotation, subjectOf(secret)) },
    ],
    reconcile: (subject, { world }) => {
      const slash = subject.indexOf('/')
      const [kind, name] = [subject.slice(0, slash), subject.slice(slash + 1)]
      const apiVersion = KINDS.find((each) => each[2] === kind)?.[1] ?? ''
      const object = world.get({ apiVersion, kind, namespace: null, name })
      const certificate = object === null ? null : certificateFor(world, object, annotation)
      if (object === null || certificate === null) return null
      writeIfOther(world, object, withCertificate(object, certificate), { manager })
      return null
    },
  }
}

/** Whoever takes the certificate from a Secret. */
function trusting({ world }: Desk, annotation: string, secret: string): readonly string[] {
  return KINDS.flatMap(([resource, , kind]) =>
    [...world.all(resource)]
      .filter((object) => annotationOf(object, annotation) === secret)
      .map((object) => `${kind}/${object.metadata.name}`),
  )
}

/** base64, as Secrets and configurations both have it. */
function certificateFor(world: World, object: KubeObject, annotation: string): string | null {
  const secret = annotationOf(object, annotation)
  if (secret === undefined) return null
  const found = world.get({ apiVersion: 'v1', kind: 'Secret', ...placeOf(secret) })
  return textAt(found ?? {}, 'data', 'ca.crt') || null
}

function withCertificate(object: KubeObject, certificate: string): KubeObject {
  switch (object.kind) {
    case 'CustomResourceDefinition':
      if (!has(object, 'spec', 'conversion', 'webhook')) return object
      return withAt(object, ['spec', 'conversion', 'webhook', 'clientConfig', 'caBundle'], certificate)
    case 'APIService':
      return withAt(object, ['spec', 'caBundle'], certificate)
    default: {
      const webhooks = objectsAt(object, 'webhooks').map(
        (each): JsonObject => withAt(each, ['clientConfig', 'caBundle'], certificate),
      )
      return { ...object, webhooks }
    }
  }
}

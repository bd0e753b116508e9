// An Ingress that names no class gets the default one.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { has, textAt, withAt } from '../../kinds/look.ts'
import type { Admission, AdmissionRequest } from '../../registry/admission.ts'
import type { Surroundings } from '../../registry/kind.ts'

const DEFAULT = 'ingressclass.kubernetes.io/is-default-class'
const NOTED = 'kubernetes.io/ingress.class'

/** The default class of Ingresses; of several the newest. */
export const ingressClassAdmission: Admission = {
  name: 'DefaultIngressClass',
  mutate: (request, around) => {
    const { object, operation } = request
    if (operation !== 'CREATE' || object === null || !isAbout(request, 'networking.k8s.io', 'ingresses')) return {}
    if (has(object, 'spec', 'ingressClassName') || has(object, 'metadata', 'annotations', NOTED)) return {}
    const name = defaultClass(around)
    return name === null ? {} : { object: withAt(object, ['spec', 'ingressClassName'], name) }
  },
}

function isAbout({ resource, subresource }: AdmissionRequest, group: string, plural: string): boolean {
  return resource.group === group && resource.plural === plural && subresource === null
}

function defaultClass(around: Surroundings): string | null {
  const made = (each: KubeObject): string => textAt(each, 'metadata', 'creationTimestamp')
  const [first] = around
    .list({ group: 'networking.k8s.io', plural: 'ingressclasses' }, null)
    .filter((each) => textAt(each, 'metadata', 'annotations', DEFAULT) === 'true')
    .sort((a, b) => compareText(made(b), made(a)) || compareText(a.metadata.name, b.metadata.name))
  return first?.metadata.name ?? null
}

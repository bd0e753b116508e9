// Classes that other objects name: of priorities, of runtimes, of Ingresses.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { duplicate, forbidden, invalid, invalids, oneOf, required, same, tooLong, unchanged } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { byteLength, dnsLabel, dnsSubdomain, domainPathFaults, pathSegment } from '../formats.ts'
import { internalForm } from '../internal.ts'
import { has, isTrue, objectAt, objectsAt, textAt, wholeAt } from '../look.ts'
import { labelCauses } from '../metadata.ts'
import { SYSTEM_PRIORITIES } from '../pod/admission.ts'
import { resourceCauses } from '../pod/resources.ts'
import { tolerationCauses } from '../pod/scheduling.ts'

const HIGHEST = 1_000_000_000
const RESERVED = "priority class names with 'system-' prefix are reserved for system use only. error: "

function priorityCauses(object: KubeObject): readonly Cause[] {
  const { name } = object.metadata
  const value = wholeAt(object, 'value') ?? 0
  const policy = textAt(object, 'preemptionPolicy')
  const fault = name.startsWith('system-') ? systemFault(name, value, isTrue(object, 'globalDefault')) : null
  const above = value > HIGHEST && !name.startsWith('system-')
  const policies = ['PreemptLowerPriority', 'Never']
  return [
    ...(fault === null ? [] : [forbidden('metadata.name', `${RESERVED}${fault}`)]),
    ...(above ? [forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST}`)] : []),
    ...oneOf('preemptionPolicy', policy, policies),
  ]
}

function systemFault(name: string, value: number, fallback: boolean): string | null {
  const known = SYSTEM_PRIORITIES[name]
  if (known === undefined) return `${name} is not a known system priority class`
  if (known !== value) return `value of ${name} PriorityClass must be ${known}`
  return fallback ? `globalDefault of ${name} PriorityClass must be false` : null
}

/** PriorityClasses. */
export const priorityClass: Entry = {
  generation: 'none',
  validate: priorityCauses,
  prepareCreate: (object) => ({ ...object, metadata: { ...object.metadata, generation: 1 } }),
  validateUpdate: (object, old) => [
    ...(same(object.value, old.value) ? [] : [forbidden('value', 'may not be changed in an update.')]),
    ...unchanged('preemptionPolicy', object.preemptionPolicy, old.preemptionPolicy),
  ],
  cells: {
    Value: (object) => wholeAt(object, 'value') ?? 0,
    'Global-Default': (object) => isTrue(object, 'globalDefault'),
    PreemptionPolicy: (object) => textAt(object, 'preemptionPolicy'),
  },
}

function runtimeCauses(object: KubeObject): readonly Cause[] {
  const handler = textAt(object, 'handler')
  const scheduling = objectAt(object, 'scheduling')
  const tolerations = objectsAt(scheduling, 'tolerations')
  return [
    ...(handler === '' ? [required('handler')] : invalids('handler', handler, dnsLabel(handler))),
    ...resourceCauses({ limits: objectAt(object, 'overhead', 'podFixed') }, 'overhead'),
    ...labelCauses(scheduling, 'scheduling.nodeSelector', 'nodeSelector'),
    ...tolerations.flatMap((each, at) => tolerationCauses(each, `scheduling.tolerations[${at}]`)),
    ...tolerations.flatMap((each, at) => repeatedCauses(each, tolerations.slice(0, at), at)),
  ]
}

function repeatedCauses(toleration: JsonObject, before: readonly JsonObject[], at: number): readonly Cause[] {
  if (!before.some((each) => same(each, toleration))) return []
  return [duplicate(`scheduling.tolerations[${at}]`, internalForm('core.v1.Toleration', toleration))]
}

/** RuntimeClasses. */
export const runtimeClass: Entry = {
  validate: runtimeCauses,
  validateUpdate: (object, old) => unchanged('handler', textAt(object, 'handler'), textAt(old, 'handler')),
  cells: { Handler: (object) => textAt(object, 'handler') },
}

const LONGEST = 250

function ingressClassCauses(object: KubeObject): readonly Cause[] {
  const controller = textAt(object, 'spec', 'controller')
  const path = 'spec.controller'
  return [
    ...(byteLength(controller) > LONGEST ? [tooLong(path, LONGEST)] : []),
    ...(controller === ''
      ? [required(path)]
      : domainPathFaults(controller).map(([part, text]) => invalid(path, part, text))),
    ...(has(object, 'spec', 'parameters') ? parametersCauses(objectAt(object, 'spec', 'parameters')) : []),
  ]
}

function parametersCauses(parameters: JsonObject): readonly Cause[] {
  const path = 'spec.parameters'
  const group = textAt(parameters, 'apiGroup')
  const named = (key: string): readonly Cause[] => {
    const text = textAt(parameters, key)
    return text === '' ? [required(`${path}.${key}`)] : invalids(`${path}.${key}`, text, pathSegment(text))
  }
  return [
    ...(has(parameters, 'apiGroup') ? invalids(`${path}.apiGroup`, group, dnsSubdomain(group)) : []),
    ...named('kind'),
    ...named('name'),
    ...oneOf(`${path}.scope`, textAt(parameters, 'scope'), ['Cluster', 'Namespace']),
    ...placeCauses(parameters, `${path}.namespace`),
  ]
}

function placeCauses(parameters: JsonObject, path: string): readonly Cause[] {
  const [scope, namespace] = [textAt(parameters, 'scope'), textAt(parameters, 'namespace')]
  const given = has(parameters, 'namespace')
  if (scope === 'Cluster') return given ? [forbidden(path, "`parameters.scope` is set to 'Cluster'")] : []
  if (scope !== 'Namespace') return []
  return given
    ? invalids(path, namespace, dnsLabel(namespace))
    : [required(path, "`parameters.scope` is set to 'Namespace'")]
}

/** Classes of Ingresses. */
export const ingressClass: Entry = {
  generation: 'spec',
  validate: ingressClassCauses,
  validateUpdate: (object, old) =>
    unchanged('spec.controller', textAt(object, 'spec', 'controller'), textAt(old, 'spec', 'controller')),
  cells: {
    Name: (object) => {
      const fallback =
        textAt(object, 'metadata', 'annotations', 'ingressclass.kubernetes.io/is-default-class') === 'true'
      return fallback ? `${object.metadata.name} (default)` : object.metadata.name
    },
    Controller: (object) => textAt(object, 'spec', 'controller'),
    Parameters: (object) => {
      if (!has(object, 'spec', 'parameters')) return '<none>'
      const parameters = objectAt(object, 'spec', 'parameters')
      const group = has(parameters, 'apiGroup') ? `.${textAt(parameters, 'apiGroup')}` : ''
      return `${textAt(parameters, 'kind')}${group}/${textAt(parameters, 'name')}`
    },
  },
}

// What the API server warns of in the spec of a Pod, though it takes it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { RecentSet } from '../../schema/recent.ts'
import { quoted, same } from '../causes.ts'
import { has, objectAt, objectsAt, textAt, wholeAt } from '../look.ts'
import { nanoOf } from '../quantity.ts'
import { hasProfileNotes, profileWarnings } from './system.ts'

/** Warnings for a template, where it is new or the spec around it changed. */
export function templateWarnings(object: KubeObject, old: KubeObject | null): readonly string[] {
  if (old !== null && same(object.spec, old.spec)) return []
  return podWarnings(objectAt(object, 'spec', 'template'), 'spec.template.')
}

/** Specs and containers of late that nothing is to be said of. */
const quiet = new RecentSet<JsonObject>()

/** Warnings for metadata and spec of a Pod; `path` ends with a dot, or is empty for a Pod itself. */
export function podWarnings(pod: JsonObject, path: string): readonly string[] {
  const spec = objectAt(pod, 'spec')
  const noted = annotationWarnings(pod, path)
  const profiled = hasProfileNotes(pod)
  if (quiet.has(spec) && !profiled) return noted
  const profiles = (container: JsonObject | null): readonly string[] =>
    profiled ? profileWarnings(pod, container, path) : []
  const all = specWarnings(spec, `${path}spec`, noted, profiles)
  if (all.length === noted.length) quiet.add(spec)
  return all
}

/** Warnings for a spec; those for the annotations come in between. */
function specWarnings(
  spec: JsonObject,
  own: string,
  noted: readonly string[],
  profiles: (container: JsonObject | null) => readonly string[],
): readonly string[] {
  const grace = wholeAt(spec, 'terminationGracePeriodSeconds') ?? 0
  return [
    ...nodeWarnings(spec, own),
    ...spreadWarnings(spec, own),
    ...noted,
    ...volumeWarnings(spec, own),
    ...twiceWarnings(spec, own),
    ...profiles(null),
    ...containersOf(spec, own).flatMap((each) => [...profiles(each.container), ...containerWarnings(each)]),
    ...portWarnings(spec, own),
    ...portNameWarnings(spec, own),
    ...(grace < 0
      ? [`${own}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...affinityWarnings(spec, own),
  ]
}

interface Placed {
  readonly container: JsonObject
  readonly path: string
}

/** Init containers first, as the server visits them. */
function containersOf(spec: JsonObject, path: string): readonly Placed[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) =>
    objectsAt(spec, key).map((container, at) => ({ container, path: `${path}.${key}[${at}]` })),
  )
}

const LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
}

function nodeWarnings(spec: JsonObject, path: string): readonly string[] {
  return Object.keys(objectAt(spec, 'nodeSelector')).flatMap((key) => {
    const text = LABELS[key]
    return text === undefined ? [] : [`${path}.nodeSelector[${key}]: ${text}`]
  })
}

const NOBODY = 'a null labelSelector results in matching no pod'

function spreadWarnings(spec: JsonObject, path: string): readonly string[] {
  return objectsAt(spec, 'topologySpreadConstraints').flatMap((each, at) => {
    const own = `${path}.topologySpreadConstraints[${at}]`
    const key = textAt(each, 'topologyKey')
    const text = LABELS[key]
    return [
      ...(text === undefined ? [] : [`${own}.topologyKey: ${key} is ${text}`]),
      ...(has(each, 'labelSelector') ? [] : [`${own}.labelSelector: ${NOBODY}`]),
    ]
  })
}

const ANNOTATIONS: readonly (readonly [string, string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
]

function annotationWarnings(pod: JsonObject, path: string): readonly string[] {
  const notes = objectAt(pod, 'metadata', 'annotations')
  return ANNOTATIONS.filter(([key]) => Object.hasOwn(notes, key)).map(
    ([key, text]) => `${path}metadata.annotations[${key}]: ${text}`,
  )
}

const VOLUMES: readonly (readonly [string, string, string])[] = [
  ['photonPersistentDisk', 'photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'rbd', 'deprecated in v1.28, non-functional in v1.31+'],
]

function volumeWarnings(spec: JsonObject, path: string): readonly string[] {
  return objectsAt(spec, 'volumes').flatMap((volume, at) =>
    VOLUMES.filter(([key]) => has(volume, key)).map(([, shown, text]) => `${path}.volumes[${at}].${shown}: ${text}`),
  )
}

function twiceWarnings(spec: JsonObject, path: string): readonly string[] {
  const addresses = objectsAt(spec, 'hostAliases').map((each) => textAt(each, 'ip'))
  const secrets = objectsAt(spec, 'imagePullSecrets').map((each) => textAt(each, 'name'))
  const again = (all: readonly string[], list: string, key: string): readonly string[] =>
    all.flatMap((each, at) =>
      all.indexOf(each) < at ? [`${path}.${list}[${at}].${key}: duplicate ${key} ${quoted(each)}`] : [],
    )
  return [
    ...again(addresses, 'hostAliases', 'ip'),
    ...again(secrets, 'imagePullSecrets', 'name'),
    ...secrets.flatMap((each, at) =>
      each === '' ? [`${path}.imagePullSecrets[${at}].name: invalid empty name ""`] : [],
    ),
  ]
}

function containerWarnings({ container, path }: Placed): readonly string[] {
  if (quiet.has(container)) return []
  const fractions = ['memory', 'ephemeral-storage'].flatMap((name) =>
    ['limits', 'requests'].flatMap((kind) => {
      const value = textAt(container, 'resources', kind, name)
      const fraction = value !== '' && nanoOf(value) % 1_000_000_000n !== 0n
      const own = `${path}.resources.${kind}[${name}]`
      return fraction ? [`${own}: fractional byte value ${quoted(value)} is invalid, must be an integer`] : []
    }),
  )
  const all = [...fractions, ...variableWarnings(container, path)]
  if (all.length === 0) quiet.add(container)
  return all
}

function variableWarnings(container: JsonObject, path: string): readonly string[] {
  const names = new Set<string>()
  return objectsAt(container, 'env').flatMap((variable, at) => {
    const name = textAt(variable, 'name')
    const value = textAt(variable, 'value')
    const known = names.has(name)
    names.add(name)
    // A definition that builds on the one before it is no accident.
    const ref = `$(${name})`
    const bad = has(variable, 'valueFrom') || value === ref || !value.includes(ref)
    const text = `hides previous definition of ${quoted(name)}, which may be dropped when using apply`
    return known && bad ? [`${path}.env[${at}]: ${text}`] : []
  })
}

function portWarnings(spec: JsonObject, path: string): readonly string[] {
  const seen: { readonly key: string; readonly path: string; readonly port: JsonObject }[] = []
  return containersOf(spec, path).flatMap(({ container, path: own }) =>
    objectsAt(container, 'ports').flatMap((port, at) => {
      const key = `${wholeAt(port, 'containerPort') ?? 0}/${textAt(port, 'protocol')}`
      const place = `${own}.ports[${at}]`
      const others = seen.filter((each) => each.key === key)
      seen.push({ key, path: place, port })
      return others.flatMap((other) => {
        const how = clash(port, other.port)
        return how === null ? [] : [`${place}: ${how} port definition with ${other.path}`]
      })
    }),
  )
}

function clash(a: JsonObject, b: JsonObject): string | null {
  const host = (port: JsonObject): number => wholeAt(port, 'hostPort') ?? 0
  const [one, two] = [textAt(a, 'hostIP'), textAt(b, 'hostIP')]
  if (one === two && host(a) === host(b)) return 'duplicate'
  if (host(a) === 0 || host(b) === 0) return 'overlapping'
  return host(a) === host(b) && (one === '') !== (two === '') ? 'dangerously ambiguous' : null
}

function portNameWarnings(spec: JsonObject, path: string): readonly string[] {
  const seen = new Map<string, string>()
  return containersOf(spec, path).flatMap(({ container, path: own }) =>
    objectsAt(container, 'ports').flatMap((port, at) => {
      const name = textAt(port, 'name')
      const place = `${own}.ports[${at}]`
      const other = seen.get(name)
      if (name === '') return []
      if (other === undefined) {
        seen.set(name, place)
        return []
      }
      const text = `services and probes that select ports by name will use ${other}`
      return [`${place}: duplicate port name ${quoted(name)} with ${other}, ${text}`]
    }),
  )
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'

function affinityWarnings(spec: JsonObject, path: string): readonly string[] {
  return ['podAffinity', 'podAntiAffinity'].flatMap((key) => {
    const affinity = objectAt(spec, 'affinity', key)
    const own = `${path}.affinity.${key}`
    return [
      ...objectsAt(affinity, REQUIRED).flatMap((each, at) =>
        has(each, 'labelSelector') ? [] : [`${own}.${REQUIRED}[${at}].labelSelector: ${NOBODY}`],
      ),
      ...objectsAt(affinity, PREFERRED).flatMap((each, at) =>
        has(each, 'podAffinityTerm', 'labelSelector')
          ? []
          : [`${own}.${PREFERRED}[${at}].podAffinityTerm.labelSelector: ${NOBODY}`],
      ),
    ]
  })
}

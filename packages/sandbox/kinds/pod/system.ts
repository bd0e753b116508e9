// What a Pod may not say where it says for which operating system it is.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { forbidden, invalid, quoted } from '../causes.ts'
import { changeEach, entriesAt, has, isTrue, objectAt, objectsAt, textAt, wholeAt } from '../look.ts'
import { descendingCauses } from './paths.ts'

/** Settings of another system than the Pod's own. */
export function systemCauses(spec: JsonObject, path: string): readonly Cause[] {
  switch (textAt(spec, 'os', 'name')) {
    case 'windows':
      return [...windowsPodCauses(spec, path), ...eachContext(spec, path, windowsContextCauses)]
    case 'linux':
      return [
        ...linuxCauses(objectAt(spec, 'securityContext'), `${path}.securityContext`),
        ...eachContext(spec, path, linuxCauses),
      ]
    default:
      return []
  }
}

type Judge = (context: JsonObject, path: string) => readonly Cause[]

function eachContext(spec: JsonObject, path: string, judge: Judge): readonly Cause[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) =>
    objectsAt(spec, key).flatMap((each, at) =>
      judge(objectAt(each, 'securityContext'), `${path}.${key}[${at}].securityContext`),
    ),
  )
}

function linuxCauses(context: JsonObject, path: string): readonly Cause[] {
  const text = 'windows options cannot be set for a linux pod'
  return has(context, 'windowsOptions') ? [forbidden(`${path}.windowsOptions`, text)] : []
}

const UNKNOWN = 'cannot be set for a windows pod'

function away(path: string, there: boolean): readonly Cause[] {
  return there ? [forbidden(path, UNKNOWN)] : []
}

function windowsPodCauses(spec: JsonObject, path: string): readonly Cause[] {
  const context = objectAt(spec, 'securityContext')
  const own = `${path}.securityContext`
  const part = (key: string): readonly Cause[] => away(`${own}.${key}`, has(context, key))
  return [
    ...part('appArmorProfile'),
    ...part('seLinuxOptions'),
    ...away(`${path}.hostUsers`, has(spec, 'hostUsers')),
    ...away(`${path}.hostPID`, isTrue(spec, 'hostPID')),
    ...away(`${path}.hostIPC`, isTrue(spec, 'hostIPC')),
    ...part('seccompProfile'),
    ...part('fsGroup'),
    ...part('fsGroupChangePolicy'),
    ...away(`${own}.sysctls`, objectsAt(context, 'sysctls').length > 0),
    ...away(`${path}.shareProcessNamespace`, has(spec, 'shareProcessNamespace')),
    ...part('runAsUser'),
    ...part('runAsGroup'),
    ...part('supplementalGroups'),
    ...part('supplementalGroupsPolicy'),
    ...part('seLinuxChangePolicy'),
  ]
}

const CONTEXT = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
]

function windowsContextCauses(context: JsonObject, path: string): readonly Cause[] {
  return CONTEXT.flatMap((key) => away(`${path}.${key}`, has(context, key)))
}

const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/'

/** A profile in an annotation of old, as the field has it; null where the annotation says none. */
function appArmorOf(value: string): JsonObject | null {
  if (value === 'runtime/default') return { type: 'RuntimeDefault' }
  if (value === 'unconfined') return { type: 'Unconfined' }
  return value.startsWith('localhost/') ? { type: 'Localhost', localhostProfile: value.slice(10) } : null
}

/** A Pod whose containers have the profiles that its annotations name. */
export function withAppArmor(pod: JsonObject): JsonObject {
  const notes = objectAt(pod, 'metadata', 'annotations')
  if (!Object.keys(notes).some((key) => key.startsWith(APP_ARMOR))) return pod
  const spec = objectAt(pod, 'spec')
  const profiled = (container: JsonObject): JsonObject => withProfile(container, notes, spec)
  const changed = changeEach(changeEach(spec, 'initContainers', profiled), 'containers', profiled)
  return { ...pod, spec: changed }
}

function withProfile(container: JsonObject, notes: JsonObject, spec: JsonObject): JsonObject {
  const context = objectAt(container, 'securityContext')
  const profile = appArmorOf(textAt(notes, `${APP_ARMOR}${textAt(container, 'name')}`))
  if (profile === null || has(context, 'appArmorProfile')) return container
  if (textAt(spec, 'os', 'name') === 'windows' || has(spec, 'securityContext', 'appArmorProfile')) return container
  return { ...container, securityContext: { ...context, appArmorProfile: profile } }
}

/** A time to end below zero becomes one second. */
export function withGrace(pod: JsonObject): JsonObject {
  const spec = objectAt(pod, 'spec')
  if ((wholeAt(spec, 'terminationGracePeriodSeconds') ?? 0) >= 0) return pod
  return { ...pod, spec: { ...spec, terminationGracePeriodSeconds: 1 } }
}

const SECCOMP = 'seccomp.security.alpha.kubernetes.io/pod'
const CONTAINER_SECCOMP = 'container.seccomp.security.alpha.kubernetes.io/'
const NO_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead'
const OLD_APP_ARMOR = 'deprecated since v1.30; use the "appArmorProfile" field instead'

/** Warnings of annotations where a field says the same today: for the Pod (null) or for one of its containers. */
export function profileWarnings(pod: JsonObject, container: JsonObject | null, path: string): readonly string[] {
  const notes = objectAt(pod, 'metadata', 'annotations')
  const warning = (key: string, text: string): readonly string[] =>
    Object.hasOwn(notes, key) ? [`${path}metadata.annotations[${key}]: ${text}`] : []
  if (container === null) {
    return has(pod, 'spec', 'securityContext', 'seccompProfile') ? [] : warning(SECCOMP, NO_SECCOMP)
  }
  const name = textAt(container, 'name')
  const without = (key: string): boolean => !has(container, 'securityContext', key)
  return [
    ...(without('seccompProfile') ? warning(`${CONTAINER_SECCOMP}${name}`, NO_SECCOMP) : []),
    ...(path !== '' && without('appArmorProfile') ? warning(`${APP_ARMOR}${name}`, OLD_APP_ARMOR) : []),
  ]
}

/** Warnings of the profiles that a new Pod was given from its annotations. */
export function appArmorWarnings(pod: JsonObject): readonly string[] {
  const notes = objectAt(pod, 'metadata', 'annotations')
  return ['initContainers', 'containers'].flatMap((key) =>
    objectsAt(pod, 'spec', key).flatMap((each) => {
      const name = `${APP_ARMOR}${textAt(each, 'name')}`
      return Object.hasOwn(notes, name) ? [`metadata.annotations[${name}]: ${OLD_APP_ARMOR}`] : []
    }),
  )
}

/** True where annotations of old say something of profiles. */
export function hasProfileNotes(pod: JsonObject): boolean {
  const notes = Object.keys(objectAt(pod, 'metadata', 'annotations'))
  return notes.some((key) => key === SECCOMP || key.startsWith(CONTAINER_SECCOMP) || key.startsWith(APP_ARMOR))
}

const PROFILES = ['runtime/default', 'docker/default', 'unconfined']

/** What is wrong with annotations of profiles; `path` is that of the annotations. */
export function profileNoteCauses(pod: JsonObject, path: string): readonly Cause[] {
  if (!hasProfileNotes(pod)) return []
  const notes = entriesAt(pod, 'metadata', 'annotations')
  const names = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) =>
    objectsAt(pod, 'spec', key).map((each) => textAt(each, 'name')),
  )
  return [
    ...notes.filter(([key]) => key === SECCOMP).flatMap(([key, value]) => seccompCauses(value, `${path}.${key}`)),
    ...notes
      .filter(([key]) => key.startsWith(CONTAINER_SECCOMP))
      .flatMap(([key, value]) => seccompCauses(value, `${path}.${key}`)),
    ...notes
      .filter(([key]) => key.startsWith(APP_ARMOR))
      .flatMap(([key, value]) => appArmorCauses(key.slice(APP_ARMOR.length), value, names, `${path}[${key}]`)),
  ]
}

function seccompCauses(value: string, path: string): readonly Cause[] {
  if (value.startsWith('localhost/')) return descendingCauses(path, value.slice('localhost/'.length))
  return PROFILES.includes(value) ? [] : [invalid(path, value, 'must be a valid seccomp profile')]
}

function appArmorCauses(name: string, value: string, names: readonly string[], path: string): readonly Cause[] {
  if (!names.includes(name)) return [invalid(path, name, 'container not found')]
  const known = value === '' || appArmorOf(value) !== null
  return known ? [] : [invalid(path, value, `invalid AppArmor profile name: ${quoted(value)}`)]
}

/** An annotation and a field of a new Pod that name different profiles. */
export function profileMatchCauses(pod: JsonObject): readonly Cause[] {
  const notes = objectAt(pod, 'metadata', 'annotations')
  return ['initContainers', 'containers'].flatMap((key) =>
    objectsAt(pod, 'spec', key).flatMap((each, at) => {
      const noted = appArmorOf(textAt(notes, `${APP_ARMOR}${textAt(each, 'name')}`))
      const path = `spec.${key}[${at}].securityContext.appArmorProfile`
      const field = objectAt(each, 'securityContext', 'appArmorProfile')
      if (noted === null || !has(each, 'securityContext', 'appArmorProfile')) return []
      const same = textAt(noted, 'type') === textAt(field, 'type')
      return same ? [] : [forbidden(`${path}.type`, 'apparmor type in annotation and field must match')]
    }),
  )
}

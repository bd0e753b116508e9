// Who a Pod and its containers run as, and what they may do.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { duplicate, forbidden, invalid, notSupported, required } from '../causes.ts'
import { betweenText } from '../formats.ts'
import { has, isTrue, objectAt, objectsAt, textAt, textsAt } from '../look.ts'
import { rangeCause } from './numbers.ts'
import { descendingCauses } from './paths.ts'

const IDS = [0, 2_147_483_647] as const

/** The security context of a container. */
export function containerSecurityCauses(context: JsonObject, path: string, hostUsers: boolean): readonly Cause[] {
  const refuses = context.allowPrivilegeEscalation === false
  const mount = textAt(context, 'procMount')
  const field = `${path}.procMount`
  const both = 'cannot set `allowPrivilegeEscalation` to false and '
  return [
    ...rangeCause(context, 'runAsUser', path, IDS),
    ...rangeCause(context, 'runAsGroup', path, IDS),
    ...(has(context, 'procMount') && !['Default', 'Unmasked'].includes(mount)
      ? [notSupported(field, mount, ['Default', 'Unmasked'])]
      : []),
    ...(mount === 'Unmasked' && hostUsers
      ? [invalid(field, mount, '`hostUsers` must be false to use `Unmasked`')]
      : []),
    ...profileCauses(context, 'seccompProfile', path, 'seccomp'),
    ...(refuses && isTrue(context, 'privileged')
      ? [invalid(path, internal(context), `${both}\`privileged\` to true`)]
      : []),
    ...textsAt(context, 'capabilities', 'add')
      .filter((each) => refuses && each === 'CAP_SYS_ADMIN')
      .map(() => invalid(path, internal(context), `${both}\`capabilities.Add\` CAP_SYS_ADMIN`)),
    ...profileCauses(context, 'appArmorProfile', path, 'AppArmor'),
  ]
}

/** The context as the server's own type prints it. */
function internal(context: JsonObject): JsonObject {
  const capabilities = has(context, 'capabilities')
    ? {
        Add: context.capabilities === undefined ? null : (objectAt(context, 'capabilities').add ?? null),
        Drop: objectAt(context, 'capabilities').drop ?? null,
      }
    : null
  const pick = (key: string): JsonObject[string] => context[key] ?? null
  const profile = (key: string): JsonObject | null =>
    has(context, key)
      ? { Type: textAt(context, key, 'type'), LocalhostProfile: objectAt(context, key).localhostProfile ?? null }
      : null
  return {
    Capabilities: capabilities,
    Privileged: pick('privileged'),
    SELinuxOptions: pick('seLinuxOptions'),
    WindowsOptions: pick('windowsOptions'),
    RunAsUser: pick('runAsUser'),
    RunAsGroup: pick('runAsGroup'),
    RunAsNonRoot: pick('runAsNonRoot'),
    ReadOnlyRootFilesystem: pick('readOnlyRootFilesystem'),
    AllowPrivilegeEscalation: pick('allowPrivilegeEscalation'),
    ProcMount: pick('procMount'),
    SeccompProfile: profile('seccompProfile'),
    AppArmorProfile: profile('appArmorProfile'),
  }
}

const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined']

function profileCauses(context: JsonObject, key: string, parent: string, what: string): readonly Cause[] {
  if (!has(context, key)) return []
  const profile = objectAt(context, key)
  const type = textAt(profile, 'type')
  const path = `${parent}.${key}`
  const local = `${path}.localhostProfile`
  const given = has(profile, 'localhostProfile')
  const typed =
    type === ''
      ? [
          required(
            `${path}.type`,
            what === 'AppArmor'
              ? 'type is required when appArmorProfile is set'
              : 'type is required when seccompProfile is set',
          ),
        ]
      : PROFILES.includes(type)
        ? []
        : [notSupported(`${path}.type`, type, PROFILES)]
  if (type === 'Localhost') {
    const text = `must be set when ${what} type is Localhost`
    const own = given ? descendingCauses(local, textAt(profile, 'localhostProfile')) : [required(local, text)]
    return [...typed, ...own]
  }
  const shown = { Type: type, LocalhostProfile: textAt(profile, 'localhostProfile') }
  return given ? [...typed, invalid(local, shown, `can only be set when ${what} type is Localhost`)] : typed
}

/** The security context of a Pod. */
export function podSecurityCauses(spec: JsonObject, parent: string): readonly Cause[] {
  const context = objectAt(spec, 'securityContext')
  const path = `${parent}.securityContext`
  const shared = isTrue(spec, 'shareProcessNamespace') && isTrue(spec, 'hostPID')
  const change = textAt(context, 'fsGroupChangePolicy')
  return [
    ...['fsGroup', 'runAsUser', 'runAsGroup'].flatMap((key) => rangeCause(context, key, path, IDS)),
    ...groupsCauses(context, `${path}.supplementalGroups`),
    ...(shared
      ? [invalid(`${path}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled')]
      : []),
    ...sysctlCauses(context, `${path}.sysctls`),
    ...(has(context, 'fsGroupChangePolicy') && !['Always', 'OnRootMismatch'].includes(change)
      ? [notSupported(`${path}.fsGroupChangePolicy`, change, ['Always', 'OnRootMismatch'])]
      : []),
    ...profileCauses(context, 'seccompProfile', path, 'seccomp'),
    ...profileCauses(context, 'appArmorProfile', path, 'AppArmor'),
    ...hostUsersCauses(spec, parent),
  ]
}

function groupsCauses(context: JsonObject, path: string): readonly Cause[] {
  const groups = context.supplementalGroups
  if (!Array.isArray(groups)) return []
  return groups.flatMap((each: unknown, at) =>
    typeof each === 'number' && (each < IDS[0] || each > IDS[1])
      ? [invalid(`${path}[${at}]`, each, betweenText(...IDS))]
      : [],
  )
}

const SYSCTL = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$'

function sysctlCauses(context: JsonObject, path: string): readonly Cause[] {
  const names = objectsAt(context, 'sysctls').map((each) => textAt(each, 'name'))
  return names.flatMap((name, at) => {
    const field = `${path}[${at}].name`
    if (name === '') return [required(field)]
    const fits = name.length <= 253 && new RegExp(SYSCTL).test(name)
    if (!fits) return [invalid(field, name, `must have at most 253 characters and match regex ${SYSCTL}`)]
    return names.indexOf(name) < at ? [duplicate(field, name)] : []
  })
}

function hostUsersCauses(spec: JsonObject, path: string): readonly Cause[] {
  if (spec.hostUsers !== false) return []
  return ['hostPID', 'hostIPC']
    .filter((key) => isTrue(spec, key))
    .map((key) => forbidden(`${path}.${key.replace('h', 'H')}`, 'when `hostUsers` is false'))
}

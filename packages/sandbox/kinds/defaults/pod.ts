// What the API server fills into pods, containers, probes and volumes.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Defaulting } from '../../schema/normal.ts'
import { changeAt, changeEach, filled, has, isTrue, objectAt, textAt, wholeAt, withAt } from '../look.ts'
import { pullPolicy } from './image.ts'

const CORE = 'io.k8s.api.core.v1.'

function container(value: JsonObject): JsonObject {
  return filled(value, {
    imagePullPolicy: pullPolicy(textAt(value, 'image')),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  })
}

function podSpec(value: JsonObject): JsonObject {
  // The API has two names for one thing; what is said by either is said by both, and by the new one first.
  const account = both(textAt(value, 'serviceAccountName'), textAt(value, 'serviceAccount'))
  const said = Object.entries(account).every(([key, name]) => value[key] === name) ? value : { ...value, ...account }
  return filled(said, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
  })
}

function both(name: string, old: string): JsonObject {
  const account = name === '' ? old : name
  return account === '' ? {} : { serviceAccountName: account, serviceAccount: account }
}

/** Only what a Pod itself gets, not a template. */
function pod(value: JsonObject): JsonObject {
  return changeAt(value, 'spec', (given) => {
    const spec = filled(given, { enableServiceLinks: true })
    const lists = ['containers', 'initContainers'] as const
    const requested = lists.reduce((at, key) => changeEach(at, key, requestLimits), spec)
    return isTrue(spec, 'hostNetwork')
      ? lists.reduce((at, key) => changeEach(at, key, (each) => changeEach(each, 'ports', hostPort)), requested)
      : requested
  })
}

/** What is limited and not requested is requested up to its limit. */
function requestLimits(value: JsonObject): JsonObject {
  const limits = objectAt(value, 'resources', 'limits')
  if (Object.keys(limits).length === 0) return value
  return changeAt(value, 'resources', (resources) =>
    changeAt(resources, 'requests', (requests) => filled(requests, limits)),
  )
}

function hostPort(value: JsonObject): JsonObject {
  return filled(value, { hostPort: wholeAt(value, 'containerPort') ?? 0 })
}

/** Every kind of volume that there is; a volume of none of them is an `emptyDir`. */
const NO_SOURCE = new Set(['name'])

function volume(value: JsonObject): JsonObject {
  const sources = Object.keys(value).filter((key) => !NO_SOURCE.has(key))
  const made = sources.length === 0 ? { ...value, emptyDir: {} } : value
  return has(made, 'image')
    ? changeAt(made, 'image', (image) => filled(image, { pullPolicy: pullPolicy(textAt(image, 'reference')) }))
    : made
}

const mode: Defaulting = (value) => filled(value, { defaultMode: 420 })

/** Defaults of pods and what is in them, by definition. */
export const podDefaults: readonly (readonly [string, Defaulting])[] = [
  [`${CORE}Pod`, pod],
  [`${CORE}PodSpec`, podSpec],
  [`${CORE}Container`, container],
  [`${CORE}EphemeralContainer`, container],
  [`${CORE}Volume`, volume],
  [
    `${CORE}Probe`,
    (value) => filled(value, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  ],
  // Behind a gate that is closed in this release: what a client says of it is dropped.
  [`${CORE}Lifecycle`, (value) => withAt(value, ['stopSignal'], undefined)],
  [`${CORE}HTTPGetAction`, (value) => filled(value, { path: '/', scheme: 'HTTP' })],
  [`${CORE}GRPCAction`, (value) => filled(value, { service: '' })],
  [`${CORE}SecretVolumeSource`, mode],
  [`${CORE}ConfigMapVolumeSource`, mode],
  [`${CORE}DownwardAPIVolumeSource`, mode],
  [`${CORE}ProjectedVolumeSource`, mode],
  [`${CORE}ServiceAccountTokenProjection`, (value) => filled(value, { expirationSeconds: 3600 })],
  [`${CORE}ObjectFieldSelector`, (value) => filled(value, { apiVersion: 'v1' })],
  // "0" is written where nothing is said, so that a divisor is always there.
  [`${CORE}ResourceFieldSelector`, (value) => filled(value, { divisor: '0' })],
  [`${CORE}HostPathVolumeSource`, (value) => filled(value, { type: '' })],
]

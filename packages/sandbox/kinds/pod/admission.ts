// What the server's default admission plugins make of a new Pod: account, priority, tolerations.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Surroundings } from '../../registry/kind.ts'
import { failure } from '../../registry/status.ts'
import { changeAt, changeEach, has, isTrue, objectAt, objectsAt, textAt, wholeAt, withAt } from '../look.ts'

/** A new Pod as the plugins leave it. */
export function admitted(object: KubeObject, around: Surroundings): KubeObject {
  return withRuntime(withPriority(withTolerations(withAccount(object, around)), around), around)
}

function refused(object: KubeObject, why: string): Error {
  const name = askedName(object)
  return failure(403, 'Forbidden', `pods "${name}" is forbidden: ${why}`, { name, kind: 'pods' })
}

/** The name as it was asked for: the real server makes one up only after its plugins have looked. */
function askedName(object: KubeObject): string {
  const { name } = object.metadata
  const prefix = textAt(object, 'metadata', 'generateName').slice(0, 58)
  return prefix !== '' && name.startsWith(prefix) && name.length === prefix.length + 5 ? prefix : name
}

/**
 * The account and its token. Where nobody makes accounts (no `default` in the namespace and none is named), the plugin is
 * taken to be off, as in a cluster without controllers.
 */
function withAccount(object: KubeObject, around: Surroundings): KubeObject {
  const namespace = textAt(object, 'metadata', 'namespace')
  const find = (name: string): KubeObject | null =>
    around.get({ group: '', plural: 'serviceaccounts' }, namespace, name)
  const named = textAt(object, 'spec', 'serviceAccountName')
  const name = named === '' ? 'default' : named
  const account = find(name)
  if (account === null) {
    if (find('default') === null) return object
    const what = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`
    throw refused(object, what)
  }
  const spec = { ...objectAt(object, 'spec'), serviceAccountName: name, serviceAccount: name }
  const mounted = mountsToken(spec, account) ? withToken(spec, around) : spec
  const secrets = has(mounted, 'imagePullSecrets') ? undefined : account.imagePullSecrets
  return { ...object, spec: secrets === undefined ? mounted : { ...mounted, imagePullSecrets: secrets } }
}

function mountsToken(spec: JsonObject, account: KubeObject): boolean {
  const said = spec.automountServiceAccountToken ?? account.automountServiceAccountToken
  return said !== false
}

const MOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

function withToken(spec: JsonObject, around: Surroundings): JsonObject {
  const bare = ['containers', 'initContainers'].some((key) => objectsAt(spec, key).some((each) => !isMounted(each)))
  if (!bare) return spec
  const suffix = Array.from({ length: 5 }, () => LETTERS.charAt(Math.floor(around.random() * LETTERS.length))).join('')
  const name = `kube-api-access-${suffix}`
  const mount = (container: JsonObject): JsonObject =>
    isMounted(container)
      ? container
      : {
          ...container,
          volumeMounts: [...objectsAt(container, 'volumeMounts'), { name, readOnly: true, mountPath: MOUNT }],
        }
  const mounted = changeEach(changeEach(spec, 'containers', mount), 'initContainers', mount)
  return { ...mounted, volumes: [...objectsAt(mounted, 'volumes'), { name, projected: TOKEN }] }
}

function isMounted(container: JsonObject): boolean {
  return objectsAt(container, 'volumeMounts').some((each) => textAt(each, 'mountPath') === MOUNT)
}

const TOKEN = {
  defaultMode: 420,
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      },
    },
  ],
}

const TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

/** A Pod stays five minutes on a node that is away, unless it says otherwise. */
export function withTolerations(object: KubeObject): KubeObject {
  const given = objectsAt(object, 'spec', 'tolerations')
  const covers = (toleration: JsonObject, key: string): boolean =>
    ['', key].includes(textAt(toleration, 'key')) && ['', 'NoExecute'].includes(textAt(toleration, 'effect'))
  const missing = TAINTS.filter((key) => !given.some((each) => covers(each, key)))
  if (missing.length === 0) return object
  const made = missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }))
  return withAt(object, ['spec', 'tolerations'], [...given, ...made])
}

/** What the runtime itself takes is added to the Pod. */
function withRuntime(object: KubeObject, around: Surroundings): KubeObject {
  const name = textAt(object, 'spec', 'runtimeClassName')
  const unfounded = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead'
  if (name === '' && has(object, 'spec', 'overhead')) throw refused(object, unfounded)
  if (name === '') return object
  const chosen = around.get({ group: 'node.k8s.io', plural: 'runtimeclasses' }, null, name)
  if (chosen === null) throw refused(object, `pod rejected: RuntimeClass "${name}" not found`)
  const overhead = objectAt(chosen, 'overhead').podFixed
  return overhead === undefined ? object : withAt(object, ['spec', 'overhead'], overhead)
}

/** The two classes that every cluster has. */
export const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
}

function withPriority(object: KubeObject, around: Surroundings): KubeObject {
  const name = textAt(object, 'spec', 'priorityClassName')
  const classes = around.list({ group: 'scheduling.k8s.io', plural: 'priorityclasses' }, null)
  const fallback = name === '' ? classes.find((each) => isTrue(each, 'globalDefault')) : undefined
  const chosen = name === '' ? fallback : classes.find((each) => each.metadata.name === name)
  const value =
    chosen === undefined ? (SYSTEM_PRIORITIES[name] ?? (name === '' ? 0 : null)) : (wholeAt(chosen, 'value') ?? 0)
  if (value === null) throw refused(object, `no PriorityClass with name ${name} was found`)
  const policy = textAt(chosen, 'preemptionPolicy') || 'PreemptLowerPriority'
  refuseOther(object, 'integer value of priority', wholeAt(object, 'spec', 'priority'), value)
  refuseOther(object, 'string value of PreemptionPolicy', textAt(object, 'spec', 'preemptionPolicy') || null, policy)
  return changeAt(object, 'spec', (spec) => ({
    ...spec,
    priority: value,
    preemptionPolicy: spec.preemptionPolicy ?? policy,
    ...(fallback === undefined ? {} : { priorityClassName: fallback.metadata.name }),
  }))
}

/** What follows from the class may be said, but not otherwise. */
function refuseOther(object: KubeObject, what: string, said: string | number | null, computed: string | number): void {
  if (said === null || said === computed) return
  const given = `the ${what} (${said}) must not be provided in pod spec`
  const why = `priority admission controller computed ${computed} from the given PriorityClass name`
  throw refused(object, `${given}; ${why}`)
}

// Probes and lifecycle hooks of containers.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { Recent } from '../../schema/recent.ts'
import { forbidden, invalid, invalids, notSupported, required } from '../causes.ts'
import { headerName, portName, portNumber } from '../formats.ts'
import { has, objectAt, objectsAt, textAt, wholeAt } from '../look.ts'
import { countsCauses } from './numbers.ts'

/** The probes of a container. */
export function probesCauses(container: JsonObject, path: string): readonly Cause[] {
  return ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((key) =>
    has(container, key) ? probeCauses(objectAt(container, key), key, `${path}.${key}`) : [],
  )
}

const COUNTS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold']

/** Probes of late with which nothing is wrong, and what they are asked for. */
const fine = new Recent<JsonObject, string>()

function probeCauses(probe: JsonObject, key: string, path: string): readonly Cause[] {
  if (fine.get(probe) === key) return []
  const causes = freshProbeCauses(probe, key, path)
  if (causes.length === 0) fine.set(probe, key)
  return causes
}

function freshProbeCauses(probe: JsonObject, key: string, path: string): readonly Cause[] {
  const successes = wholeAt(probe, 'successThreshold') ?? 0
  const grace = wholeAt(probe, 'terminationGracePeriodSeconds')
  const field = `${path}.terminationGracePeriodSeconds`
  const ready = key === 'readinessProbe'
  return [
    ...handlerCauses(probe, ['exec', 'httpGet', 'tcpSocket', 'grpc'], path, null),
    ...countsCauses(probe, COUNTS, path),
    ...(grace !== null && grace <= 0 ? [invalid(field, grace, 'must be greater than 0')] : []),
    ...(!ready && successes !== 1 ? [invalid(`${path}.successThreshold`, successes, 'must be 1')] : []),
    ...(ready && grace !== null ? [invalid(field, grace, 'must not be set for readinessProbes')] : []),
  ]
}

/** The hooks of a container. */
export function lifecycleCauses(lifecycle: JsonObject, path: string, grace: number | null): readonly Cause[] {
  return ['postStart', 'preStop'].flatMap((key) =>
    has(lifecycle, key)
      ? handlerCauses(objectAt(lifecycle, key), ['exec', 'httpGet', 'tcpSocket', 'sleep'], `${path}.${key}`, grace)
      : [],
  )
}

function handlerCauses(
  handler: JsonObject,
  kinds: readonly string[],
  path: string,
  grace: number | null,
): readonly Cause[] {
  const given = kinds.filter((key) => has(handler, key))
  if (given.length === 0) return [required(path, 'must specify a handler type')]
  return given.flatMap((key, at) =>
    at > 0
      ? [forbidden(`${path}.${key}`, 'may not specify more than 1 handler type')]
      : actionCauses(key, objectAt(handler, key), `${path}.${key}`, grace),
  )
}

function actionCauses(key: string, action: JsonObject, path: string, grace: number | null): readonly Cause[] {
  switch (key) {
    case 'exec':
      return has(action, 'command') ? [] : [required(`${path}.command`)]
    case 'httpGet':
      return httpCauses(action, path)
    case 'sleep':
      return sleepCauses(wholeAt(action, 'seconds') ?? 0, path, grace)
    default:
      return numberOrNameCauses(action.port, `${path}.port`)
  }
}

function sleepCauses(seconds: number, path: string, grace: number | null): readonly Cause[] {
  if (grace === null || (seconds >= 0 && seconds <= grace)) return []
  const text = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`
  return [invalid(path, seconds, text)]
}

function httpCauses(action: JsonObject, path: string): readonly Cause[] {
  const scheme = textAt(action, 'scheme')
  return [
    ...(textAt(action, 'path') === '' ? [required(`${path}.path`)] : []),
    ...numberOrNameCauses(action.port, `${path}.port`),
    ...(['HTTP', 'HTTPS'].includes(scheme) ? [] : [notSupported(`${path}.scheme`, scheme, ['HTTP', 'HTTPS'])]),
    ...objectsAt(action, 'httpHeaders').flatMap((each) => {
      const name = textAt(each, 'name')
      return invalids(`${path}.httpHeaders`, name, headerName(name))
    }),
  ]
}

/** A port by number or by name. */
export function numberOrNameCauses(value: Json | undefined, path: string): readonly Cause[] {
  if (typeof value === 'string') return invalids(path, value, portName(value))
  const number = typeof value === 'number' ? value : 0
  return invalids(path, number, portNumber(number))
}

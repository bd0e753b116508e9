// Webhooks of admission: where they are asked, for what, and how long.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { duplicate, invalid, invalids, notSupported, required } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { dns1035Label, dnsSubdomain, portNumber } from '../formats.ts'
import { has, objectAt, objectsAt, textAt, textsAt, wholeAt } from '../look.ts'
import { selectorCauses } from '../metadata.ts'
import { conditionsCauses, ruleCauses } from './matching.ts'

const REVIEWS = ['v1', 'v1beta1']

function webhooksCauses(object: KubeObject): readonly Cause[] {
  const webhooks = objectsAt(object, 'webhooks')
  const names = webhooks.map((each) => textAt(each, 'name'))
  return webhooks.flatMap((webhook, at) => {
    const path = `webhooks[${at}]`
    const name = names[at] ?? ''
    return [
      ...webhookCauses(webhook, path),
      ...reviewCauses(textsAt(webhook, 'admissionReviewVersions'), `${path}.admissionReviewVersions`),
      ...(names.indexOf(name) < at ? [duplicate(`${path}.name`, name)] : []),
    ]
  })
}

function webhookCauses(webhook: JsonObject, path: string): readonly Cause[] {
  const seconds = wholeAt(webhook, 'timeoutSeconds')
  const text = 'the timeout value must be between 1 and 30 seconds'
  const selector = (key: string): readonly Cause[] =>
    has(webhook, key) ? selectorCauses(objectAt(webhook, key), `${path}.${key}`) : []
  return [
    ...nameCauses(textAt(webhook, 'name'), `${path}.name`),
    ...objectsAt(webhook, 'rules').flatMap((each, at) => ruleCauses(each, `${path}.rules[${at}]`)),
    ...choiceCauses(webhook, 'failurePolicy', ['Fail', 'Ignore'], path),
    ...choiceCauses(webhook, 'matchPolicy', ['Equivalent', 'Exact'], path),
    ...sideCauses(webhook, path),
    ...(seconds !== null && (seconds < 1 || seconds > 30) ? [invalid(`${path}.timeoutSeconds`, seconds, text)] : []),
    ...selector('namespaceSelector'),
    ...selector('objectSelector'),
    ...clientCauses(objectAt(webhook, 'clientConfig'), `${path}.clientConfig`),
    ...choiceCauses(webhook, 'reinvocationPolicy', ['IfNeeded', 'Never'], path),
    ...conditionsCauses(webhook, path),
  ]
}

function nameCauses(name: string, path: string): readonly Cause[] {
  if (name === '') return [required(path)]
  const wrong = dnsSubdomain(name)
  if (wrong.length > 0) return [invalid(path, name, wrong.join(','))]
  const text = 'should be a domain with at least three segments separated by dots'
  return name.split('.').length < 3 ? [invalid(path, name, text)] : []
}

function choiceCauses(object: JsonObject, key: string, choice: readonly string[], path: string): readonly Cause[] {
  const value = textAt(object, key)
  return !has(object, key) || choice.includes(value) ? [] : [notSupported(`${path}.${key}`, value, choice)]
}

function sideCauses(webhook: JsonObject, path: string): readonly Cause[] {
  if (!has(webhook, 'sideEffects')) return [required(`${path}.sideEffects`, 'must specify one of None, NoneOnDryRun')]
  return choiceCauses(webhook, 'sideEffects', ['None', 'NoneOnDryRun'], path)
}

function reviewCauses(versions: readonly string[], path: string): readonly Cause[] {
  if (versions.length === 0) return [required(path, `must specify one of ${REVIEWS.join(', ')}`)]
  const known = versions.some((each) => REVIEWS.includes(each))
  return [
    ...versions.flatMap((each, at) => [
      ...(versions.indexOf(each) < at ? [invalid(`${path}[${at}]`, each, 'duplicate version')] : []),
      ...invalids(`${path}[${at}]`, each, dns1035Label(each)),
    ]),
    ...(known ? [] : [invalid(path, [...versions], `must include at least one of ${REVIEWS.join(', ')}`)]),
  ]
}

function clientCauses(client: JsonObject, path: string): readonly Cause[] {
  if (has(client, 'url') === has(client, 'service')) {
    return [required(path, 'exactly one of url or service is required')]
  }
  return has(client, 'url')
    ? urlCauses(textAt(client, 'url'), `${path}.url`)
    : serviceCauses(objectAt(client, 'service'), `${path}.service`)
}

const URL_PARTS =
  /^(?:(?<scheme>[a-z][a-z\d+.-]*):)?(?:\/\/(?<place>[^/?#]*))?[^?#]*(?:\?(?<query>[^#]*))?(?:#(?<fragment>.*))?$/is
const DESIRED = '; desired format: https://host[/path]'

function urlCauses(url: string, path: string): readonly Cause[] {
  const { scheme = '', place = '', query = '', fragment = '' } = URL_PARTS.exec(url)?.groups ?? {}
  const at = place.lastIndexOf('@')
  const [user, host] = [place.slice(0, Math.max(0, at)), place.slice(at + 1)]
  const away = (value: string, what: string): readonly Cause[] =>
    value === '' ? [] : [invalid(path, value, `${what} not permitted in the URL`)]
  return [
    ...(scheme === 'https' ? [] : [invalid(path, scheme, `'https' is the only allowed URL scheme${DESIRED}`)]),
    ...(host === '' ? [invalid(path, host, `host must be specified${DESIRED}`)] : []),
    ...away(user, 'user information is'),
    ...away(fragment, 'fragments are'),
    ...away(query, 'query parameters are'),
  ]
}

/** A Service that is asked. */
export function serviceCauses(service: JsonObject, path: string): readonly Cause[] {
  const port = wholeAt(service, 'port') ?? 443
  return [
    // The server takes one for the other.
    ...(textAt(service, 'namespace') === '' ? [required(`${path}.name`)] : []),
    ...(textAt(service, 'name') === '' ? [required(`${path}.namespace`)] : []),
    ...portNumber(port).map((text) => invalid(`${path}.port`, port, `port is not valid: ${text}`)),
    ...(has(service, 'path') ? servicePathCauses(textAt(service, 'path'), `${path}.path`) : []),
  ]
}

function servicePathCauses(path: string, field: string): readonly Cause[] {
  if (path === '' || path === '/') return []
  const steps = path.slice(1).replace(/\/$/, '').split('/')
  return [
    ...(path.startsWith('/') ? [] : [invalid(field, path, "must start with a '/'")]),
    ...steps.flatMap((step, at) => {
      if (step === '') return [invalid(field, path, `segment[${at}] may not be empty`)]
      return dnsSubdomain(step).map((text) => invalid(field, path, `segment[${at}]: ${text}`))
    }),
  ]
}

/** Webhooks that judge and that change. */
export const webhooks: Entry = {
  generation: 'all-but-metadata',
  validate: webhooksCauses,
  cells: { Webhooks: (object) => objectsAt(object, 'webhooks').length },
}

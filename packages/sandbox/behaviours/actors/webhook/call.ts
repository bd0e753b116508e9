// Calls a webhook: finds what stands at its address, or says in the real server's words why nobody answers.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { objectAt, objectsAt, textAt, wholeAt } from '../../../kinds/look.ts'
import type { Surroundings } from '../../../registry/kind.ts'
import { serverAt, type WebhookResponse, type WebhookServers } from './handler.ts'

/** An answer, or why there is none. */
export type Called =
  | { readonly kind: 'answered'; readonly response: WebhookResponse }
  | { readonly kind: 'failed'; readonly why: string }

/** Asks a webhook about a request. */
export function callWebhook(
  servers: WebhookServers,
  webhook: JsonObject,
  request: JsonObject,
  around: Surroundings,
): Called {
  const { address, url } = addressOf(webhook)
  const fail = (why: string): Called => ({
    kind: 'failed',
    why: `failed to call webhook: Post "${url}?timeout=${wholeAt(webhook, 'timeoutSeconds') ?? 10}s": ${why}`,
  })
  const unreachable = unreachableService(webhook, around)
  if (unreachable !== null) return fail(unreachable)
  const server = serverAt(servers, address)
  if (server === null) return fail(refused(webhook, around))
  const trusted = textAt(webhook, 'clientConfig', 'caBundle')
  if (server.authority !== undefined && trusted !== server.authority) {
    return fail('tls: failed to verify certificate: x509: certificate signed by unknown authority')
  }
  const response = server.handle(request)
  // An outage has one word, an answer never that one.
  if ('outage' in response && typeof response.outage === 'string') return fail(response.outage)
  return { kind: 'answered', response: response as WebhookResponse }
}

function addressOf(webhook: JsonObject): { readonly address: string; readonly url: string } {
  const config = objectAt(webhook, 'clientConfig')
  const plain = textAt(config, 'url')
  if (plain !== '') return { address: plain, url: plain }
  const service = objectAt(config, 'service')
  const [namespace, name] = [textAt(service, 'namespace'), textAt(service, 'name')]
  const path = textAt(service, 'path').replace(/^\//, '')
  const port = wholeAt(service, 'port') ?? 443
  return { address: `${namespace}/${name}/${path}`, url: `https://${name}.${namespace}.svc:${port}/${path}` }
}

/** Why a Service leads nowhere; null where it may lead somewhere. */
function unreachableService(webhook: JsonObject, around: Surroundings): string | null {
  const reference = objectAt(webhook, 'clientConfig', 'service')
  const [namespace, name] = [textAt(reference, 'namespace'), textAt(reference, 'name')]
  if (name === '') return null
  const service = around.get({ group: '', plural: 'services' }, namespace, name)
  if (service === null) return `service ${JSON.stringify(name)} not found`
  // Behind a Service without a selector stands whoever is there without Pods.
  if (Object.keys(objectAt(service, 'spec', 'selector')).length === 0) return null
  const slices = around
    .list({ group: 'discovery.k8s.io', plural: 'endpointslices' }, namespace)
    .filter((slice) => textAt(slice, 'metadata', 'labels', 'kubernetes.io/service-name') === name)
  const ready = slices
    .flatMap((slice) => objectsAt(slice, 'endpoints'))
    .some((each) => objectAt(each, 'conditions').ready === true)
  return ready ? null : `no endpoints available for service ${JSON.stringify(name)}`
}

function refused(webhook: JsonObject, around: Surroundings): string {
  const reference = objectAt(webhook, 'clientConfig', 'service')
  const url = textAt(webhook, 'clientConfig', 'url')
  const service = around.get(
    { group: '', plural: 'services' },
    textAt(reference, 'namespace'),
    textAt(reference, 'name'),
  )
  const host = service === null ? (/^https:\/\/([^/]+)/.exec(url)?.[1] ?? url) : textAt(service, 'spec', 'clusterIP')
  const port = service === null ? 443 : (wholeAt(reference, 'port') ?? 443)
  return `dial tcp ${/:\d+$/.test(host) ? host : `${host}:${port}`}: connect: connection refused`
}

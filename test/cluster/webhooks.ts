// A webhook server on this machine that a real API server can call: HTTPS with a certificate of its own authority.
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAuthority, issue } from '@mainstay/engine/tls/x509.ts'

/** A running webhook server. */
export interface WebhookProcess extends AsyncDisposable {
  readonly url: string
  /** For `clientConfig.caBundle`. */
  readonly caBundle: string
}

/** Answers the `request` of an AdmissionReview at a path with its `response`. */
export type AnswerReview = (path: string, request: unknown) => object

/** Starts a webhook server on a free port. */
export async function serveWebhooks(answer: AnswerReview): Promise<WebhookProcess> {
  const authority = createAuthority('webhooks of a test')
  const names = ['localhost', '127.0.0.1']
  const { certificate, key } = issue(authority, { commonName: 'webhooks', use: 'server', names })
  const server = createServer({ cert: certificate, key }, (request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    request.on('end', () => {
      const review = JSON.parse(text) as { readonly request: unknown } // The API server sends an AdmissionReview.
      const path = new URL(request.url ?? '/', 'https://localhost').pathname
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ ...review, request: undefined, response: answer(path, review.request) }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caBundle: Buffer.from(authority.certificate).toString('base64'),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

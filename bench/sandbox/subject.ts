// The two that are measured by the same requests: the sandbox in this process, and the real API server over TLS.
import { serve } from '@mainstay/cli/sandbox/serve.ts'
import { createAuthority, issue } from '@mainstay/engine/tls/x509.ts'
import { openSandbox, type Sandbox } from '@mainstay/sandbox/sandbox.ts'
import { Agent, fetch } from 'undici'
import type { Cluster } from '../../test/cluster/cluster.ts'
import type { Placed } from './objects.ts'

/** A Kubernetes API. */
export interface Subject {
  readonly name: 'sandbox' | 'real'
  /** How many requests a client has under way. */
  readonly concurrency: number
  /** The text of the answer; whatever is no success is an error. */
  readonly ask: (method: string, path: string, body?: unknown, type?: string) => Promise<string>
  /** Counts the events of a watch as they come. */
  readonly watch: (path: string, onEvents: (count: number) => void) => Promise<() => Promise<void>>
}

const BASE = 'https://sandbox.example'

/** A sandbox that answers requests of this process. */
export function inProcess(sandbox: Sandbox): Subject {
  return {
    name: 'sandbox',
    // One thread answers: more than one request at a time would only wait.
    concurrency: 1,
    ask: async (method, path, body, type = 'application/json') => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const headers = { 'content-type': type, accept: 'application/json' }
      const response = await sandbox.fetch(new Request(`${BASE}${path}`, { method, headers, ...sent }))
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`)
      return text
    },
    watch: async (path, onEvents) => {
      const { body } = await sandbox.fetch(new Request(`${BASE}${path}`))
      if (body === null) throw new Error('a watch has a body')
      const reader = body.getReader()
      const read = async (): Promise<void> => {
        for (let next = await reader.read(); !next.done; next = await reader.read()) onEvents(lines(next.value))
      }
      const reading = read()
      return async () => {
        await reader.cancel()
        await reading
      }
    },
  }
}

/** A fresh sandbox on the clock of this machine, without controllers. */
export function freshSandbox(): Sandbox {
  return openSandbox({ clock: { now: () => Date.now(), after: () => () => {} }, seed: 'bench' })
}

/** A subject that holds connections. */
export type Connected = Subject & { readonly close: () => Promise<void> }

/** A sandbox as the command serves it, asked in the same way as the real API server; client and server are one process. */
export async function servedOverTls(sandbox: Sandbox): Promise<Connected> {
  const authority = createAuthority('bench authority')
  const identity = issue(authority, { commonName: 'bench', use: 'server', names: ['127.0.0.1'] })
  const token = 'bench'
  const served = await serve({ handler: sandbox.fetch, identity, port: 0, token })
  const subject = overTls({ url: served.url, authority, tokens: { admin: token } }, 'sandbox')
  return {
    ...subject,
    close: async () => {
      await subject.close()
      await served.close()
    },
  }
}

/** Where an API server is, and who may do everything there. */
type Reachable = Pick<Cluster, 'url'> & {
  readonly authority: Pick<Cluster['authority'], 'certificate'>
  readonly tokens: Pick<Cluster['tokens'], 'admin'>
}

/** An API server as the administrator's client sees it. */
export function overTls(cluster: Reachable, name: Subject['name'] = 'real'): Connected {
  const connect = { ca: cluster.authority.certificate }
  // One request a connection: a server that asks a client of HTTP/2 to connect anew would fail those under way.
  const agent = new Agent({ connect, connections: 20, allowH2: false })
  const streams = new Agent({ connect, bodyTimeout: 0, allowH2: false })
  const authorization = `Bearer ${cluster.tokens.admin}`
  return {
    name,
    concurrency: 20,
    ask: async (method, path, body, type = 'application/json') => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const headers = { authorization, 'content-type': type, accept: 'application/json' }
      const response = await fetch(`${cluster.url}${path}`, { method, dispatcher: agent, headers, ...sent })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`)
      return text
    },
    watch: async (path, onEvents) => {
      const abort = new AbortController()
      const { body } = await fetch(`${cluster.url}${path}`, {
        dispatcher: streams,
        headers: { authorization },
        signal: abort.signal,
      })
      if (body === null) throw new Error('a watch has a body')
      const read = async (): Promise<void> => {
        for await (const chunk of body) onEvents(lines(chunk as Uint8Array))
      }
      const reading = read().catch(() => undefined)
      return async () => {
        abort.abort()
        await reading
      }
    },
    close: async () => {
      await agent.close()
      await streams.destroy()
    },
  }
}

/** Ends of lines; every event is one. */
function lines(chunk: Uint8Array): number {
  let count = 0
  // A search by the platform: looking at each byte here would be most of what is measured.
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) count++
  return count
}

/** Applies an object by server-side apply. */
export async function apply(subject: Subject, { path, manifest }: Placed): Promise<void> {
  await subject.ask('PATCH', `${path}?fieldManager=bench&force=true`, manifest, 'application/apply-patch+yaml')
}

/** Does something `count` times, as many at a time as the subject can take; gives milliseconds. */
export async function timed(
  subject: Subject,
  count: number,
  act: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await act(next++)
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: subject.concurrency }, worker))
  return performance.now() - startedAt
}

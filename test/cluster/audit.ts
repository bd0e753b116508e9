// Reads the audit log of a test cluster: which requests the API server really got, and from whom.

import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** One request, as the API server recorded it. */
export interface AuditEntry {
  readonly auditID: string
  readonly verb: string
  readonly requestURI: string
  readonly user: { readonly username: string; readonly groups?: readonly string[] }
  readonly userAgent?: string
  readonly objectRef?: {
    readonly apiGroup?: string
    readonly apiVersion?: string
    readonly resource?: string
    readonly subresource?: string
    readonly namespace?: string
    readonly name?: string
  }
  readonly responseStatus?: { readonly code?: number; readonly reason?: string }
  /** The body of a write (not of Secrets and ConfigMaps): a patch, an object, or the DeleteOptions. */
  readonly requestObject?: unknown
  readonly stage: string
  readonly requestReceivedTimestamp: string
}

/** Verbs that change something. */
export const writeVerbs: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])

/** True for a request that could have changed something: a write verb without `dryRun`. */
export function isWrite(entry: AuditEntry): boolean {
  return writeVerbs.has(entry.verb) && !entry.requestURI.includes('dryRun=')
}

/** Every finished request (and every watch that was begun) that `where` lets through, in the order of the log. */
export async function readAudit(
  cluster: { readonly auditLog: string },
  where: (entry: AuditEntry) => boolean = () => true,
): Promise<readonly AuditEntry[]> {
  const text = await readFile(cluster.auditLog, 'utf8')
  // The last line may be half written.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
  const entries = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as AuditEntry) // As Kubernetes documents it.
  return entries.filter((entry) => entry.stage === 'ResponseComplete' || entry.verb === 'watch').filter(where)
}

/** Waits until the log holds at least `count` such requests (a line may come a moment after the answer). */
export async function awaitAudit(
  cluster: { readonly auditLog: string },
  where: (entry: AuditEntry) => boolean,
  count: number,
): Promise<readonly AuditEntry[]> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const entries = await readAudit(cluster, where)
    if (entries.length >= count) return entries
    if (performance.now() > deadline)
      throw new Error(`the audit log holds ${entries.length} such requests, not ${count}`)
    await delay(20)
  }
}

/**
 * A place in the log to count from: sends a marked request and waits for its line, so that everything sent before is
 * in the log. Returns the number of requests up to here; pass it to `auditSince`.
 */
export async function auditMark(cluster: {
  readonly auditLog: string
  readonly api: { readonly request: (method: string, path: string) => Promise<unknown> }
}): Promise<number> {
  const marker = `/api/v1/namespaces/default?mark=${Math.random().toString(36).slice(2)}`
  await cluster.api.request('GET', marker)
  await awaitAudit(cluster, (entry) => entry.requestURI === marker, 1)
  return (await readAudit(cluster)).length
}

/** What was recorded after a mark, without the test bed's own marks. */
export async function auditSince(
  cluster: Parameters<typeof auditMark>[0],
  mark: number,
  where: (entry: AuditEntry) => boolean = () => true,
): Promise<readonly AuditEntry[]> {
  await auditMark(cluster)
  const entries = (await readAudit(cluster)).slice(mark)
  return entries.filter((entry) => !entry.requestURI.includes('?mark=')).filter(where)
}

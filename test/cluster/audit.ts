// Reads the audit log of a test cluster: which requests the API server really got, and from whom.

import { open } from 'node:fs/promises'
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

/** What was read of a log so far: it only grows, and tests look at it again and again. */
interface Read {
  /** Bytes whose lines are in `entries`. */
  readonly end: number
  readonly entries: readonly AuditEntry[]
}

const known = new Map<string, Read>()

/** Every finished request (and every watch that was begun) that `where` lets through, in the order of the log. */
export async function readAudit(
  cluster: { readonly auditLog: string },
  where: (entry: AuditEntry) => boolean = () => true,
): Promise<readonly AuditEntry[]> {
  return (await readOn(cluster.auditLog)).filter(where)
}

async function readOn(path: string): Promise<readonly AuditEntry[]> {
  const before = known.get(path) ?? { end: 0, entries: [] }
  const { text, end } = await wholeLines(path, before.end)
  const lines = text.split('\n').filter((line) => line !== '')
  const added = lines.map((line) => JSON.parse(line) as AuditEntry) // As Kubernetes documents it.
  const finished = added.filter((entry) => entry.stage === 'ResponseComplete' || entry.verb === 'watch')
  const entries = finished.length === 0 ? before.entries : [...before.entries, ...finished]
  // Somebody else may have read further in the meantime.
  if ((known.get(path)?.end ?? 0) <= end) known.set(path, { end, entries })
  return entries
}

/** The lines from a place on; the last one may be half written and is left for the next time. */
async function wholeLines(path: string, from: number): Promise<{ readonly text: string; readonly end: number }> {
  await using file = await open(path)
  const { size } = await file.stat()
  const bytes = Buffer.alloc(Math.max(0, size - from))
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
  const length = bytes.subarray(0, bytesRead).lastIndexOf(10) + 1
  return { text: bytes.toString('utf8', 0, length), end: from + length }
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

// Reads spec.syncPolicy: automation, options, retry, metadata of the created namespace.
import type { Retry, SyncPolicy } from './application.ts'
import { parseDuration } from './duration.ts'
import type { Fields, Notes } from './fields.ts'
import { DEFAULT_OPTIONS, parseSyncOptions } from './sync-options.ts'

/** What holds where a retry says nothing of its back-off. */
const BACKOFF = { seconds: 5, factor: 2, maxSeconds: 180 }

/** Reads `spec.syncPolicy`; an absent one is a manual application with default options. */
export function readSyncPolicy(spec: Fields, notes: Notes): SyncPolicy {
  const fields = spec.child('syncPolicy')
  if (fields === null) {
    return { automated: null, options: DEFAULT_OPTIONS, retry: null, managedNamespaceMetadata: null }
  }
  const { options, findings } = parseSyncOptions(fields.texts('syncOptions'), 'application')
  notes.findings.push(...findings)
  const policy: SyncPolicy = {
    automated: readAutomated(fields),
    options: { ...DEFAULT_OPTIONS, ...options },
    retry: readRetry(fields),
    managedNamespaceMetadata: readNamespaceMetadata(fields),
  }
  if (policy.managedNamespaceMetadata !== null && !policy.options.createNamespace) {
    notes.findings.push({
      rule: 'shadowed-field',
      level: 'warning',
      ref: null,
      title: 'spec.syncPolicy.managedNamespaceMetadata has no effect without CreateNamespace=true',
      what: 'labels and annotations are only put on a namespace that the application creates',
      fixes: [{ kind: 'do', text: 'add CreateNamespace=true to syncOptions, or remove it' }],
    })
  }
  fields.finish('warning')
  return policy
}

/** `automated: {}` is enabled; `enabled: false` turns it off whatever else is written (trap T02). */
function readAutomated(policy: Fields): SyncPolicy['automated'] {
  const fields = policy.child('automated')
  if (fields === null) return null
  const automated = {
    enabled: fields.flag('enabled') ?? true,
    prune: fields.flag('prune') ?? false,
    selfHeal: fields.flag('selfHeal') ?? false,
    allowEmpty: fields.flag('allowEmpty') ?? false,
  }
  fields.finish('warning')
  return automated
}

function readRetry(policy: Fields): Retry | null {
  const fields = policy.child('retry')
  if (fields === null) return null
  const backoff = fields.child('backoff')
  const retry: Retry = {
    limit: readLimit(fields),
    refresh: fields.flag('refresh') ?? false,
    backoffS: readSeconds(backoff, 'duration') ?? BACKOFF.seconds,
    factor: readFactor(backoff) ?? BACKOFF.factor,
    maxBackoffS: readSeconds(backoff, 'maxDuration') ?? BACKOFF.maxSeconds,
  }
  backoff?.finish('warning')
  fields.finish('warning')
  return retry
}

/** −1 is without limit; absent inside a written `retry` is none. */
function readLimit(fields: Fields): number {
  const limit = fields.integer('limit') ?? 0
  if (limit >= -1) return limit
  fields.problem('limit', 'is less than -1', 'write a number of attempts, or -1 for no limit')
  return 0
}

function readFactor(backoff: Fields | null): number | null {
  const factor = backoff?.integer('factor') ?? null
  if (factor === null || factor >= 1) return factor
  backoff?.problem('factor', 'is less than 1', 'write 1 for even waits, or 2 to double them')
  return null
}

/** A duration in text or as a bare number of seconds (trap T10). */
function readSeconds(backoff: Fields | null, name: string): number | null {
  const given = backoff?.any(name) ?? null
  if (given === null || given === '') return null
  const seconds = typeof given === 'string' || typeof given === 'number' ? parseDuration(String(given)) : null
  if (seconds === null) backoff?.problem(name, 'is not a duration', 'write for example 5s or 3m')
  return seconds
}

function readNamespaceMetadata(policy: Fields): SyncPolicy['managedNamespaceMetadata'] {
  const fields = policy.child('managedNamespaceMetadata')
  if (fields === null) return null
  const metadata = { labels: fields.textMap('labels'), annotations: fields.textMap('annotations') }
  fields.finish('warning')
  return metadata
}

// What the conformance suite asks: a Kubernetes API, whoever gives it.

/** Who answers. */
export type SubjectName = 'real' | 'sandbox'

/** What they are called in titles. */
export const subjectTitles: Readonly<Record<SubjectName, string>> = {
  sandbox: 'the sandbox',
  real: 'the real API server',
}

/** One request beside its path. */
export interface Init {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal
}

/** An answer as it comes from the wire. */
export interface Reply {
  readonly status: number
  readonly headers: { readonly get: (name: string) => string | null }
  readonly text: () => Promise<string>
}

/** One event of a watch. */
export interface WatchLine {
  readonly type: string
  readonly object: unknown
}

/** A Kubernetes API under test. */
export interface Subject {
  readonly name: SubjectName
  readonly fetch: (path: string, init?: Init) => Promise<Reply>
  /**
   * Begins a watch; resolves when the server has begun it, to its lines, parsed, until the server or the signal ends
   * it. Rejects for an answer that is no stream.
   */
  readonly watch: (path: string, signal: AbortSignal, accept?: string) => Promise<AsyncIterable<WatchLine>>
  /** Lets the controllers go on: real time passes, or the sandbox's clock moves until they are quiet. */
  readonly settle: () => Promise<void>
  /** The name of a fresh namespace that has its default ServiceAccount and its root certificate. */
  readonly namespace: () => Promise<string>
  /** Path of a kubeconfig for kubectl; null where the subject cannot be reached from another process. */
  readonly kubeconfig: () => Promise<string | null>
}

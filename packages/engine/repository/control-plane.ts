// What Argo CD's Secrets and ConfigMaps say about repositories: listed when first needed, kept for a while, never guessed.
import type { RepositoryEntry } from '@mainstay/core/repository/entry.ts'
import { readRepositorySecret, SECRET_TYPE_LABEL, SECRET_TYPES } from '@mainstay/core/repository/read-secret.ts'
import { type HostTrust, NO_TRUST, readTrust, TRUST_CONFIG_MAPS } from '@mainstay/core/repository/trust.ts'
import type { Clock, ClusterReader } from '../ports.ts'
import { sharedWait } from './wait.ts'

/** Where the control plane is. */
export interface ControlPlane {
  /** The cluster that holds Argo CD's objects; null where there is no kubeconfig. */
  readonly reader: () => Promise<Pick<ClusterReader, 'list' | 'get'> | null>
  readonly namespace: string
  readonly clock: Clock
  /** How long an answer is taken for true, in milliseconds. */
  readonly maxAgeMs: number
}

/** An answer, and when it was asked for. */
interface Kept<T> {
  readonly at: number
  readonly value: Promise<T>
}

/** The objects of one control plane. A failure is thrown to whoever needs them, and not kept. */
export class ControlPlaneRepositories {
  readonly #place: ControlPlane
  #entries: Kept<readonly RepositoryEntry[]> | null = null
  #trust: Kept<HostTrust> | null = null

  constructor(place: ControlPlane) {
    this.#place = place
  }

  /** Entries of all `repository` and `repo-creds` Secrets. @throws FaultError of the list */
  entries(signal?: AbortSignal): Promise<readonly RepositoryEntry[]> {
    if (this.#entries === null || this.#isOld(this.#entries)) {
      this.#entries = { at: this.#place.clock.now(), value: this.#readEntries() }
      const { value } = this.#entries
      value.catch(() => {
        if (this.#entries?.value === value) this.#entries = null
      })
    }
    return sharedWait(this.#entries.value, 'reading the Secrets of the control plane', signal)
  }

  /** What the two ConfigMaps about hosts say. @throws FaultError of the request */
  trust(signal?: AbortSignal): Promise<HostTrust> {
    if (this.#trust === null || this.#isOld(this.#trust)) {
      this.#trust = { at: this.#place.clock.now(), value: this.#readTrust() }
      const { value } = this.#trust
      value.catch(() => {
        if (this.#trust?.value === value) this.#trust = null
      })
    }
    return sharedWait(this.#trust.value, 'reading the ConfigMaps of the control plane', signal)
  }

  /** Asks again next time. */
  forget(): void {
    this.#entries = null
    this.#trust = null
  }

  #isOld({ at }: Kept<unknown>): boolean {
    return this.#place.clock.now() - at >= this.#place.maxAgeMs
  }

  async #readEntries(): Promise<readonly RepositoryEntry[]> {
    const reader = await this.#place.reader()
    if (reader === null) return []
    const labelSelector = `${SECRET_TYPE_LABEL} in (${SECRET_TYPES.exact},${SECRET_TYPES.prefix})`
    const { namespace } = this.#place
    const request = { group: '', version: 'v1', kind: 'Secret', namespace, metadataOnly: false, labelSelector }
    const secrets = await reader.list(request)
    return secrets.flatMap((secret) => readRepositorySecret(secret) ?? [])
  }

  async #readTrust(): Promise<HostTrust> {
    const reader = await this.#place.reader()
    if (reader === null) return NO_TRUST
    const { namespace } = this.#place
    const config = (name: string) =>
      reader.get({ ref: { group: '', kind: 'ConfigMap', namespace, name }, apiVersion: 'v1' })
    const [ssh, tls] = await Promise.all([config(TRUST_CONFIG_MAPS.ssh), config(TRUST_CONFIG_MAPS.tls)])
    return readTrust(ssh, tls)
  }
}

// One open client a repository and project, opened anew when its access changes.
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import type { RepositoryAccesses } from '../ports.ts'
import { type HttpClient, openHttp } from './client.ts'

/** What is open to one repository. */
export interface Opened<Client> {
  readonly client: Client
  readonly access: RepositoryAccess
}

interface Entry<Client> extends Opened<Client> {
  readonly http: HttpClient
}

/** Open clients by repository and project. */
export class Clients<Client> {
  readonly #accesses: RepositoryAccesses
  readonly #open: (repoURL: string, access: RepositoryAccess, http: HttpClient) => Client
  readonly #entries = new Map<string, Entry<Client>>()

  constructor(
    accesses: RepositoryAccesses,
    open: (repoURL: string, access: RepositoryAccess, http: HttpClient) => Client,
  ) {
    this.#accesses = accesses
    this.#open = open
  }

  /** The client of a repository, with the access that is written for it now. */
  async of(repoURL: string, project: string | null, signal?: AbortSignal): Promise<Opened<Client>> {
    const access = await this.#accesses.accessOf(repoURL, project, signal)
    const key = JSON.stringify([repoURL, project])
    const known = this.#entries.get(key)
    if (known?.access.version === access.version) return known
    const http = openHttp(access)
    const entry = { client: this.#open(repoURL, access, http), access, http }
    this.#entries.set(key, entry)
    // Whoever still reads with the old access learns that it was taken away.
    await known?.http.close()
    return entry
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ http }) => http.close()))
    this.#entries.clear()
  }
}

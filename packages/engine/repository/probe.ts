// Asks a repository of any type once whether it can be read: a write-down that does not work is found out at once.
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import type { RepositoryEntry } from '@mainstay/core/repository/entry.ts'
import { HelmRepository } from '../chart/helm-repository.ts'
import { type HttpClient, openHttp } from '../http/client.ts'
import { ociRepository } from '../oci/reference.ts'
import { Registry } from '../oci/registry.ts'
import type { Clock } from '../ports.ts'
import { probeRepository } from '../source/probe.ts'
import type { Probe } from './repositories.ts'

/** The probe of each type. Charts in a registry can be asked for only by name, so there nothing is asked. */
export function repositoryProbe(clock: Clock): Probe {
  return async (entry, access, signal) => {
    const isChartRegistry = entry.type === 'helm' && (entry.oci.enabled || /^oci:\/\//i.test(entry.url))
    if (isChartRegistry) return 'not-asked'
    if (entry.type === 'git') await probeRepository(entry.url, access, signal)
    else await withHttp(access, (http) => ask(entry, access, http, clock, signal))
    return 'readable'
  }
}

async function ask(
  { type, url }: RepositoryEntry,
  access: RepositoryAccess,
  http: HttpClient,
  clock: Clock,
  signal?: AbortSignal,
): Promise<void> {
  if (type === 'helm') await new HelmRepository(url, access, http).index(signal)
  else await new Registry(ociRepository(url), { access, http, clock }).tags(signal)
}

async function withHttp(access: RepositoryAccess, work: (http: HttpClient) => Promise<void>): Promise<void> {
  const http = openHttp(access)
  try {
    await work(http)
  } finally {
    await http.close()
  }
}

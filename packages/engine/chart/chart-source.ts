// The source for charts that a source names (`spec.source.chart`): of Helm repositories, and of registries that hold charts.
import { join } from 'node:path'
import { RevisionFiles } from '../archive/revision-files.ts'
import { ArchiveStore } from '../archive/store.ts'
import { type Member, unpack } from '../archive/unpack.ts'
import { FaultError } from '../fault.ts'
import { Clients } from '../http/clients.ts'
import { chartFiles, contentLayer, layerFiles } from '../oci/artifact.ts'
import type { ArchiveSourceOptions } from '../oci/oci-source.ts'
import { isTag, ociRepository } from '../oci/reference.ts'
import { Registry } from '../oci/registry.ts'
import type { ChartRef, ResolveOptions, Revision, Snapshot } from '../source/source.ts'
import { CHART_BYTES, HelmRepository } from './helm-repository.ts'
import { chooseVersion } from './version.ts'

/** A place that charts come from. */
interface Charts {
  /** A version that is there just as it is written; null where only the list of all can tell. */
  exact(chart: string, version: string, signal?: AbortSignal): Promise<Known | null>
  /** The versions of a chart. */
  versions(chart: string, signal?: AbortSignal): Promise<readonly Known[]>
  /** The files of one version. */
  files(chart: ChartRef, version: string, where: string): Promise<readonly Member[]>
}

/** A version, and what is said of it. */
interface Known {
  readonly version: string
  readonly description: string
  readonly created: string
}

/** Charts of Helm repositories and registries. Close it when done. */
export class ChartSource {
  readonly #clients: Clients<Charts>
  readonly #files = new RevisionFiles()

  constructor({ cache, accesses, clock }: ArchiveSourceOptions) {
    const store = new ArchiveStore({ folder: join(cache, 'archives'), clock })
    this.#clients = new Clients(accesses, (repoURL, access, http) => {
      if (!access.oci.enabled && !/^oci:\/\//i.test(repoURL)) {
        return new IndexedCharts(new HelmRepository(repoURL, access, http), store)
      }
      const registry = (chart: string) => new Registry(ociRepository(repoURL, chart), { access, http, clock })
      return new RegistryCharts(registry, store)
    })
  }

  /** What a version or range means now. The revision is the version itself, as in Argo CD's status. */
  async resolve(repoURL: string, targetRevision: string, options: ResolveOptions = {}): Promise<Revision> {
    const { project = null, signal } = options
    const chart = options.chart ?? null
    if (chart === null) throw new Error('a chart is asked for by its name')
    const { client } = await this.#clients.of(repoURL, project, signal)
    const exact = await client.exact(chart.name, targetRevision.trim(), signal)
    const known = exact === null ? await client.versions(chart.name, signal) : [exact]
    const versions = known.map(({ version }) => version)
    const commit = chooseVersion({ targetRevision, versions, of: `chart ${chart.name} of ${repoURL}` })
    const { description = '', created = '' } = known.find(({ version }) => version === commit) ?? {}
    return { repoURL, project, chart, ref: null, commit, subject: description, author: '', committedAt: created }
  }

  /** The files of a revision, from the chart's own folder on. */
  async snapshot(revision: Revision): Promise<Snapshot> {
    const { repoURL, commit, project = null, chart } = revision
    if (chart === undefined || chart === null) throw new Error('a chart is asked for by its name')
    const { client, access } = await this.#clients.of(repoURL, project)
    const where = `${chart.name}-${commit}.tgz of ${repoURL}`
    const key = JSON.stringify([where, project, access.version])
    return this.#files.snapshot(key, revision, () => client.files(chart, commit, where))
  }

  close(): Promise<void> {
    return this.#clients.close()
  }
}

class IndexedCharts implements Charts {
  readonly #repository: HelmRepository
  readonly #store: ArchiveStore

  constructor(repository: HelmRepository, store: ArchiveStore) {
    this.#repository = repository
    this.#store = store
  }

  /** The index lists all in one answer. */
  async exact(): Promise<null> {
    return null
  }

  versions(chart: string, signal?: AbortSignal): Promise<readonly Known[]> {
    return this.#repository.versions(chart, signal)
  }

  async files(chart: ChartRef, version: string, where: string): Promise<readonly Member[]> {
    const found = (await this.#repository.versions(chart.name)).find((one) => one.version === version)
    if (found === undefined) throw gone(version, where)
    return chartFiles(await unpack(await this.#repository.archive(chart, found, this.#store), 'tar.gz', where), where)
  }
}

/** A tag cannot have a plus sign, so Helm writes an underscore for it. */
const versionOfTag = (tag: string): string => tag.replaceAll('_', '+')
const tagOfVersion = (version: string): string => version.replaceAll('+', '_')

class RegistryCharts implements Charts {
  readonly #registryOf: (chart: string) => Registry
  readonly #registries = new Map<string, Registry>()
  readonly #store: ArchiveStore

  constructor(registryOf: (chart: string) => Registry, store: ArchiveStore) {
    this.#registryOf = registryOf
    this.#store = store
  }

  /** As Argo CD, which lists tags only for ranges: who may read a chart need not be allowed to list its tags. */
  async exact(chart: string, version: string, signal?: AbortSignal): Promise<Known | null> {
    const tag = tagOfVersion(version)
    if (!/^v?[0-9]+\.[0-9]+\.[0-9]+/.test(version) || !isTag(tag)) return null
    const manifest = await this.#registry(chart).manifest(tag, signal)
    return manifest === null ? null : { version, description: '', created: '' }
  }

  async versions(chart: string, signal?: AbortSignal): Promise<readonly Known[]> {
    const tags = await this.#registry(chart).tags(signal)
    return tags.map((tag) => ({ version: versionOfTag(tag), description: '', created: '' }))
  }

  async files(chart: ChartRef, version: string, where: string): Promise<readonly Member[]> {
    const registry = this.#registry(chart.name)
    const manifest = await registry.manifest(tagOfVersion(version))
    if (manifest === null) throw gone(version, where)
    const layer = contentLayer(manifest, where)
    const download = () => registry.blob(layer.digest, CHART_BYTES)
    const sha256 = layer.digest.slice('sha256:'.length)
    return layerFiles(layer, await this.#store.get(registry.origin, sha256, download), where)
  }

  /** One for each chart, so that its token is asked for once. */
  #registry(chart: string): Registry {
    const known = this.#registries.get(chart) ?? this.#registryOf(chart)
    this.#registries.set(chart, known)
    return known
  }
}

function gone(version: string, where: string): FaultError {
  return new FaultError({
    kind: 'not-found',
    what: `the version "${version}" does not exist`,
    where,
    why: 'it was there when the revision was looked up, and is no longer',
    fix: ['choose another version, or publish this one again'],
  })
}

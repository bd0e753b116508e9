// The source for artifacts of an OCI registry: plain manifests, overlays or a chart as one layer (`oci://…`).
import { join } from 'node:path'
import { RevisionFiles } from '../archive/revision-files.ts'
import { ArchiveStore } from '../archive/store.ts'
import { chooseVersion } from '../chart/version.ts'
import { FaultError } from '../fault.ts'
import { Clients } from '../http/clients.ts'
import type { Clock, RepositoryAccesses } from '../ports.ts'
import { parseRange } from '../source/semver.ts'
import type { ResolveOptions, Revision, Snapshot } from '../source/source.ts'
import { contentLayer, layerFiles } from './artifact.ts'
import type { Manifest } from './manifest.ts'
import { isDigest, isTag, type OciRepository, ociRepository } from './reference.ts'
import { Registry } from './registry.ts'

/** What every source of archives needs. */
export interface ArchiveSourceOptions {
  /** Folder for what was downloaded. */
  readonly cache: string
  readonly accesses: RepositoryAccesses
  readonly clock: Clock
}

/** Bytes of one layer as it is downloaded. */
const LAYER_BYTES = 100 * 1024 * 1024

/** Artifacts of OCI registries. Close it when done. */
export class OciSource {
  readonly #clients: Clients<{ readonly registry: Registry; readonly repository: OciRepository }>
  readonly #store: ArchiveStore
  readonly #files = new RevisionFiles()

  constructor({ cache, accesses, clock }: ArchiveSourceOptions) {
    this.#store = new ArchiveStore({ folder: join(cache, 'archives'), clock })
    this.#clients = new Clients(accesses, (repoURL, access, http) => {
      const repository = ociRepository(repoURL)
      return { repository, registry: new Registry(repository, { access, http, clock }) }
    })
  }

  /**
   * What a tag, a digest or a range of versions means now. The revision is the digest: it names these files for good.
   * A tag wins over a range that reads like it, as in Argo CD.
   */
  async resolve(repoURL: string, targetRevision: string, options: ResolveOptions = {}): Promise<Revision> {
    const { project = null, signal } = options
    const { client } = await this.#clients.of(repoURL, project, signal)
    const { registry, repository } = client
    const wanted = targetRevision === '' || targetRevision === 'HEAD' ? 'latest' : targetRevision
    const direct = isTag(wanted) || isDigest(wanted) ? await registry.manifest(wanted, signal) : null
    if (direct !== null) return revisionOf(repoURL, project, direct, isDigest(wanted) ? null : wanted)
    if (parseRange(wanted) === null) throw noSuchTag(repository, wanted)
    const tags = await registry.tags(signal)
    const tag = chooseVersion({ targetRevision: wanted, versions: tags, of: repoURL })
    const chosen = await registry.manifest(tag, signal)
    if (chosen === null) throw noSuchTag(repository, tag)
    return revisionOf(repoURL, project, chosen, tag)
  }

  /** The files of a revision. */
  async snapshot(revision: Revision): Promise<Snapshot> {
    const { repoURL, commit, project = null } = revision
    const { client } = await this.#clients.of(repoURL, project)
    const { registry, repository } = client
    const where = `${repository.host}/${repository.name}@${commit}`
    // What somebody else may read is not shown to whoever may not: the registry is asked before the files at hand are.
    const manifest = isDigest(commit) ? await registry.manifest(commit) : null
    if (manifest === null) throw noSuchTag(repository, commit)
    return this.#files.snapshot(where, revision, async () => {
      const layer = contentLayer(manifest, where)
      const download = () => registry.blob(layer.digest, LAYER_BYTES)
      const sha256 = layer.digest.slice('sha256:'.length)
      return layerFiles(layer, await this.#store.get(registry.origin, sha256, download), where)
    })
  }

  close(): Promise<void> {
    return this.#clients.close()
  }
}

/** Who made an artifact, and when, stands in annotations: https://specs.opencontainers.org/image-spec/annotations/ */
function revisionOf(repoURL: string, project: string | null, manifest: Manifest, tag: string | null): Revision {
  const said = (name: string) => manifest.annotations[`org.opencontainers.image.${name}`] ?? ''
  const created = Date.parse(said('created'))
  return {
    repoURL,
    project,
    ref: tag,
    commit: manifest.digest,
    subject: (said('title') || said('description')).split('\n', 1)[0] ?? '',
    author: said('authors').split('\n', 1)[0] ?? '',
    committedAt: Number.isNaN(created) ? '' : new Date(created).toISOString(),
  }
}

function noSuchTag({ repoURL, host, name }: OciRepository, wanted: string): FaultError {
  return new FaultError({
    kind: 'not-found',
    what: `the artifact has no tag or digest "${wanted.slice(0, 128)}"`,
    where: `targetRevision of ${repoURL}`,
    why: `${host} has nothing of this name in ${name}`,
    fix: [`list what there is: oras repo tags ${host}/${name}`],
  })
}

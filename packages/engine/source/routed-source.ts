// One source for every kind of repository: charts, artifacts of registries, and Git.
import type { ChartSource } from '../chart/chart-source.ts'
import type { OciSource } from '../oci/oci-source.ts'
import type { ResolveOptions, Revision, Snapshot, Source } from './source.ts'

/** The sources of each kind. */
export interface Sources {
  readonly git: Source
  readonly charts: Pick<ChartSource, 'resolve' | 'snapshot' | 'close'>
  readonly oci: Pick<OciSource, 'resolve' | 'snapshot' | 'close'>
}

/** True where a source names an artifact of a registry itself. */
export function isOciUrl(repoURL: string): boolean {
  return /^oci:\/\//i.test(repoURL)
}

/**
 * The source that asks whichever is meant: a chart where one is named, an artifact where the URL says `oci://`, else Git.
 * Only Git has a history: versions of charts and artifacts follow each other without telling what went.
 */
export function routedSource({ git, charts, oci }: Sources): Source {
  const of = (repoURL: string, chart: ResolveOptions['chart']): Pick<Source, 'resolve' | 'snapshot'> => {
    if (chart !== undefined && chart !== null) return charts
    return isOciUrl(repoURL) ? oci : git
  }
  return {
    resolve: (repoURL, targetRevision, options = {}): Promise<Revision> =>
      of(repoURL, options.chart).resolve(repoURL, targetRevision, options),
    snapshot: (revision): Promise<Snapshot> => of(revision.repoURL, revision.chart).snapshot(revision),
    removedIn: async (repoURL, path, from, to, project) =>
      isOciUrl(repoURL) ? null : git.removedIn(repoURL, path, from, to, project),
    moved: async (repoURL, from, to, project) =>
      isOciUrl(repoURL) ? new Map() : git.moved(repoURL, from, to, project),
    changedSince: async (repoURL, path, from, to, project) =>
      isOciUrl(repoURL) ? [] : git.changedSince(repoURL, path, from, to, project),
    close: async () => {
      await Promise.all([git.close(), charts.close(), oci.close()])
    },
  }
}

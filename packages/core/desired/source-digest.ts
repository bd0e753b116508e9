// The digest of where an application's manifests come from: it tells a change of the spec from a new commit.
import type { Application, Source } from '../app/application.ts'
import { repositoryIdentity, tidySourcePath } from '../app/repository.ts'
import { canonicalJson, jsonOf } from '../object/canonical.ts'
import type { Digest } from '../object/digest.ts'

/**
 * Digest over repository, path, chart and tool settings of all sources. The revision is not part of it: the same
 * place at another commit is no change of the spec. Neither is the spelling of the URL or the path.
 */
export function sourceDigestOf(application: Application, digest: Digest): string {
  return digest(canonicalJson(application.sources.map(place)))
}

function place(source: Source) {
  return {
    repository: repositoryIdentity(source.repoURL),
    path: source.path === null ? null : tidySourcePath(source.path),
    chart: source.chart,
    ref: source.ref,
    tool: jsonOf(source.tool),
  }
}

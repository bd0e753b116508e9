// Which files of a commit are fetched together with the first one that is needed: those that renders read, if not too many.

/** Files of a commit at most: a repository with more holds mostly something else than manifests. */
const MOST = 20_000

/** Names of what renders read. Everything else is fetched when it is asked for. */
const READ =
  /\.(?:ya?ml|json|jsonnet|libsonnet|tpl|env|properties|conf|cfg|ini|toml|txt|lock|sh|sql)$|(?:^|\/)(?:Kustomization|\.helmignore)$/

/**
 * Ids of the files that renders read, as `ls-tree -r -z` lists a commit; none where the commit has too many. One fetch for
 * all of them costs one answer of the server; one for each application would cost as many.
 */
export function gatheredIds(listing: Buffer): readonly string[] {
  const ids: string[] = []
  for (const line of listing.toString('utf8').split('\0')) {
    const [, id, path] = /^100\d{3} blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? []
    if (id !== undefined && path !== undefined && READ.test(path)) ids.push(id)
    if (ids.length > MOST) return []
  }
  return ids
}

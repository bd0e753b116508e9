// Which references of a kustomization are fetched over a network, as kustomize 5 reads them.

/** True where kustomize would ask a host for a single file. */
export function isRemoteFile(reference: string): boolean {
  return /^https?:/i.test(reference)
}

/**
 * True where kustomize would clone a repository: with a scheme, as `user@host:path`, or at github.com. `git::` in front
 * is an old way of go-getter, which kustomize leaves out. `file://` names a repository of the machine it runs on.
 */
export function isRemoteFolder(reference: string): boolean {
  if (reference.startsWith('/')) return false
  const plain = reference.replace(/^git::/i, '')
  return (
    /^(?:ssh|https?|file):\/\//i.test(plain) || /^[A-Za-z][A-Za-z0-9-]*@/.test(plain) || /^github\.com[/:]/i.test(plain)
  )
}

/** True for a repository of the machine that kustomize runs on: no installation can want that. */
export function isOfThisMachine(reference: string): boolean {
  return /^(?:git::)?file:/i.test(reference)
}

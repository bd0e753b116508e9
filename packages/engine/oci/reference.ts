// Reads the address of an artifact in an OCI registry, and what a revision of it may be called.
import { FaultError } from '../fault.ts'
import { shownAddress } from '../source/address.ts'

/** One repository of a registry. */
export interface OciRepository {
  /** As the Application writes it, for messages. */
  readonly repoURL: string
  /** `registry.example.com:5000`. */
  readonly host: string
  /** `charts/shop`. */
  readonly name: string
}

/** Names as the OCI distribution specification allows them (https://github.com/opencontainers/distribution-spec). */
const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::[0-9]{1,5})?$/
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
const DIGEST = /^sha256:[0-9a-f]{64}$/
const MAX_NAME = 255

/** Docker's own name is an alias of the host that answers. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['docker.io', 'registry-1.docker.io'],
  ['index.docker.io', 'registry-1.docker.io'],
])

/**
 * Reads `oci://host/name`, or `host/name` as Argo CD writes Helm repositories in registries; `chart` is put behind it.
 * @throws FaultError `invalid-input`
 */
export function ociRepository(repoURL: string, chart: string | null = null): OciRepository {
  const [host = '', ...path] = repoURL.replace(/^oci:\/\//i, '').split('/')
  const name = [...path, ...(chart === null ? [] : chart.split('/'))].filter((part) => part !== '').join('/')
  const lower = host.toLowerCase()
  if (!HOST.test(lower)) throw refused(repoURL, 'the host of the registry cannot be read')
  if (!NAME.test(name) || name.length > MAX_NAME) {
    throw refused(
      repoURL,
      `"${shown(name)}" is no name of a repository in a registry: lower-case words between slashes`,
    )
  }
  return { repoURL, host: ALIASES.get(lower) ?? lower, name }
}

/** True for a name that a registry can have as a tag. */
export function isTag(text: string): boolean {
  return TAG.test(text)
}

/** True for `sha256:…`. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text)
}

function refused(repoURL: string, why: string): FaultError {
  return new FaultError({
    kind: 'invalid-input',
    what: 'the address of the artifact cannot be read',
    // Without a scheme it is read like one of SSH, whose path cannot hold a password.
    where: `repoURL: ${shown(shownAddress(`oci://${repoURL.replace(/^oci:\/\//i, '')}`))}`,
    why,
    fix: ['write it like oci://registry.example.com/team/shop'],
  })
}

function shown(text: string): string {
  return text.slice(0, 200).replaceAll(/\p{Cc}/gu, '?')
}

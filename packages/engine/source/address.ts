// Reads `repoURL`: today a folder on this machine; everything else is refused by name.
import { createHash } from 'node:crypto'
import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { FaultError } from '../fault.ts'

/** A repository that can be read. */
export interface Address {
  /** As the Application writes it. */
  readonly repoURL: string
  /** What Git is given. */
  readonly url: string
  /** Absolute path on this machine. */
  readonly path: string
  /** Names the mirror: equal for spellings of the same folder. */
  readonly id: string
}

/** Reads a `file://` URL or an absolute path. */
export function parseAddress(repoURL: string): Address {
  const path = localPath(repoURL)
  // Git's configuration and its protocols are made of lines.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) throw refused(repoURL, 'invalid-input', 'the path has a control character')
  const whole = resolve(path)
  const url = pathToFileURL(whole).href
  return { repoURL, url, path: whole, id: createHash('sha256').update(url).digest('hex').slice(0, 24) }
}

function localPath(repoURL: string): string {
  if (isAbsolute(repoURL)) return repoURL
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(repoURL)?.[1]?.toLowerCase() ?? null
  if (scheme !== 'file') {
    const remote = scheme !== null || /^[^/]+@[^/]+:/.test(repoURL)
    throw remote
      ? refused(repoURL, 'unsupported', `repositories over ${scheme ?? 'ssh'} cannot be read yet`)
      : refused(repoURL, 'invalid-input', 'it is neither a URL nor an absolute path')
  }
  try {
    return fileURLToPath(new URL(repoURL).href.replace(/^file:\/\/localhost\//i, 'file:///'))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw refused(repoURL, 'invalid-input', 'a file URL has the form file:///absolute/path, without a host')
  }
}

function refused(repoURL: string, kind: 'unsupported' | 'invalid-input', why: string): FaultError {
  return new FaultError({
    kind,
    what: 'the repository cannot be read',
    where: `repoURL: ${withoutCredentials(repoURL)}`,
    why,
    fix: ['use a repository on this machine: repoURL: file:///path/to/repository'],
  })
}

/** A URL as it may be shown: a user and password in it are left out. */
function withoutCredentials(repoURL: string): string {
  return repoURL.replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^/]*@/, '$1').replace(/[\p{Cc}]/gu, '?')
}

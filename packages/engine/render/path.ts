// Paths of a repository as text: joined and cleaned without looking at any file, as Go's path/filepath does.

/** The path `reference` means in a folder, cleaned; null where it leaves the repository or is absolute. */
export function joinPath(folder: string, reference: string): string | null {
  if (reference.startsWith('/') || reference.includes('\0')) return null
  const parts: string[] = []
  for (const part of `${folder}/${reference}`.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}

/** The folder that a path is in; `''` for one at the root. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** True for a folder itself and for everything below it; `''` is above everything. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`)
}

/** A path as people write it: the root is a dot. */
export function shownPath(path: string): string {
  return path === '' ? '.' : path
}

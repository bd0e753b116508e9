// Where an import leads: to a file of the repository, to a package of ours, to Node, or to a package from the registry.
import { posix } from 'node:path'

/** The scope of the workspace's packages. */
export const SCOPE = '@mainstay/'

/** The target of an import. */
export type Target =
  /** `path` is from the root of the repository; `way` tells how it was spelled. */
  | { readonly kind: 'file'; readonly way: 'relative' | 'package'; readonly path: string }
  | { readonly kind: 'node'; readonly module: string }
  | { readonly kind: 'npm'; readonly name: string }

/** Resolves an import by its spelling alone; whether the file exists is for the caller to ask. */
export function resolveImport(from: string, specifier: string): Target {
  if (specifier.startsWith('.')) {
    return { kind: 'file', way: 'relative', path: posix.join(posix.dirname(from), specifier) }
  }
  if (specifier.startsWith(SCOPE)) {
    return { kind: 'file', way: 'package', path: `packages/${specifier.slice(SCOPE.length)}` }
  }
  if (specifier.startsWith('node:')) return { kind: 'node', module: specifier }
  const parts = specifier.split('/')
  return { kind: 'npm', name: specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier) }
}

/** The package a path belongs to: `engine` for `packages/engine/x/y.ts`; null outside `packages/`. */
export function packageOf(path: string): string | null {
  const parts = path.split('/')
  return parts[0] === 'packages' && parts.length > 2 ? (parts[1] ?? null) : null
}

/** The folder of a package a path belongs to: `object` for `packages/core/object/ref.ts`; null at the package's top. */
export function folderOf(path: string): string | null {
  const parts = path.split('/')
  return parts.length > 3 ? (parts[2] ?? null) : null
}

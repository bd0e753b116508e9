// The repository as the checks see it: paths and texts, read once, so that every check is a function of a value.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Path from the root (with `/`) → text. Binary files are left out. */
export type Tree = ReadonlyMap<string, string>

/** Never part of the repository: what `.gitignore` names, and Git's own folder. */
const IGNORED_FOLDERS = new Set(['node_modules', '.git', '.mainstay', 'coverage'])
const IGNORED_FILES = /\.log$/

/** Larger files are data of tests; no rule here is about them. */
const MAX_BYTES = 4 * 1024 * 1024

/** Reads the whole repository below `root`. Links are not followed. */
export function readTree(root: string): Tree {
  const tree = new Map<string, string>()
  readFolder(root, '', tree)
  return tree
}

function readFolder(root: string, folder: string, tree: Map<string, string>): void {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      if (!IGNORED_FOLDERS.has(entry.name)) readFolder(root, path, tree)
    } else if (entry.isFile() && !IGNORED_FILES.test(entry.name)) {
      const text = readText(join(root, path))
      if (text !== null) tree.set(path, text)
    }
  }
}

/** Null for a binary or very large file, and for one that went away while the tree was read. */
function readText(file: string): string | null {
  try {
    if (statSync(file).size > MAX_BYTES) return null
    const text = readFileSync(file, 'utf8')
    return text.includes('\0') ? null : text
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** True for our TypeScript: examples under `fixtures/` and `testdata/` obey no rule of ours. */
export function isSource(path: string): boolean {
  return /\.tsx?$/.test(path) && !/(^|\/)(fixtures|testdata)\//.test(path)
}

/**
 * True for test code inside a package: it may use the test tools and is not imported by anything that ships.
 * `contract.ts` is the suite that every implementation of a port runs.
 */
export function isTest(path: string): boolean {
  return /\.(test|laws)\.tsx?$/.test(path) || /(^|\/)(testing\/|contract\.ts$)/.test(path)
}

/** The paths of a tree that are our TypeScript, in order. */
export function sources(tree: Tree): readonly string[] {
  return [...tree.keys()].filter(isSource)
}

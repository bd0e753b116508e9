// Writes the files that a render may see into a fresh private folder, in the layout of the repository.
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { FaultError } from '../../fault.ts'
import type { FileContent, Snapshot, Target } from '../../source/source.ts'
import { inputOf, type RenderInput } from '../input.ts'
import { joinPath, parentPath, shownPath } from '../path.ts'

/** What a render wants to see. Paths of the repository. */
export interface TreeWish {
  /** Taken with all that is below them. */
  readonly folders: readonly string[]
  readonly files: readonly string[]
  /** Paths that lead through symlinks to a folder of which only a part is wanted: the links alone are written. */
  readonly ways?: readonly string[]
}

/** How much may be written. */
export interface TreeLimits {
  readonly files: number
  readonly totalBytes: number
  /** Characters of a path inside the repository. */
  readonly pathLength: number
}

/** Argo CD takes 100M of files for a plugin; more than that is no source of manifests. */
export const TREE_LIMITS: TreeLimits = { files: 20_000, totalBytes: 100 * 1024 * 1024, pathLength: 1024 }

/** How the names of private folders begin, in the folder for temporary files. */
export const TREE_PREFIX = 'mainstay-tree-'

/** Name of the tree in its private folder. */
const TREE = 'tree'

/** A tree on disk. Whoever made it disposes of it. */
export interface Tree {
  /** Absolute path of the folder that stands for the root of the repository, symlinks resolved. */
  readonly root: string
  /** The private folder that the tree is in. What else a tool is to read is put beside the tree: it sees no other. */
  readonly folder: string
  /** What was written: the folders and files asked for, and what symlinks in them lead to. */
  readonly inputs: readonly RenderInput[]
  /** The files, by the path where they really are. */
  readonly files: readonly FileContent[]
  dispose(): Promise<void>
}

/** What is to be written, found out before anything is. */
interface Plan {
  readonly inputs: Map<string, RenderInput>
  /** Real paths of files. */
  readonly files: Set<string>
  readonly folders: Set<string>
  /** Real path of a link to the real path of what it leads to; null where it leads to nothing. */
  readonly links: Map<string, string | null>
}

/**
 * Materialises a wish. Symlinks inside of the repository stay links, and what they lead to is written as well; one that
 * leaves it is a fault. A wished file that is not there is left out: the tool says that it misses it.
 *
 * @throws FaultError `invalid-input` (a way out), `too-large`, `unsupported` (submodule, Git LFS), as the snapshot does
 */
export async function materialise(snapshot: Snapshot, wish: TreeWish, limits: TreeLimits = TREE_LIMITS): Promise<Tree> {
  const plan: Plan = { inputs: new Map(), files: new Set(), folders: new Set(), links: new Map() }
  for (const path of wish.folders) await addPath(snapshot, path, plan, limits)
  for (const path of wish.files) await addPath(snapshot, path, plan, limits)
  for (const path of wish.ways ?? []) await addWay(snapshot, path, plan, limits)
  const files = await snapshot.readAll([...plan.files], { fileBytes: limits.totalBytes, totalBytes: limits.totalBytes })
  const folder = await realpath(await mkdtemp(join(tmpdir(), TREE_PREFIX)))
  const root = join(folder, TREE)
  const dispose = () => rm(folder, { recursive: true, force: true })
  try {
    await write(root, files, plan)
  } catch (error) {
    await dispose()
    throw error
  }
  return { root, folder, inputs: [...plan.inputs.values()], files, dispose }
}

/** Plans one path: every link on the way to it, and what is there in the end. */
async function addPath(snapshot: Snapshot, path: string, plan: Plan, limits: TreeLimits): Promise<void> {
  const clean = joinPath('', path)
  if (clean === null) throw leaves(path)
  if (plan.inputs.has(clean)) return
  const target = await addLinks(snapshot, clean, plan, limits)
  plan.inputs.set(clean, inputOf(clean, target))
  if (target?.kind === 'file') addFile(target.realPath, plan, limits)
  if (target?.kind === 'folder') await addFolder(snapshot, target.realPath, plan, limits)
}

/** Plans the links on a way; where a way has none there is nothing to plan. */
async function addWay(snapshot: Snapshot, path: string, plan: Plan, limits: TreeLimits): Promise<void> {
  const clean = joinPath('', path)
  if (clean === null) throw leaves(path)
  const target = await addLinks(snapshot, clean, plan, limits)
  if (target !== null && target.realPath !== clean && !plan.inputs.has(clean))
    plan.inputs.set(clean, inputOf(clean, target))
}

/** Walks down a path and plans each part that is a link; returns what the whole path leads to. */
async function addLinks(snapshot: Snapshot, path: string, plan: Plan, limits: TreeLimits): Promise<Target | null> {
  let here: Target | null = await snapshot.lookup('')
  for (const name of path === '' ? [] : path.split('/')) {
    if (here?.kind !== 'folder') return null
    const literal = here.realPath === '' ? name : `${here.realPath}/${name}`
    const next: Target | null = await snapshot.lookup(literal)
    if (next !== null && next.realPath !== literal) addLink(literal, next, plan, limits)
    here = next
  }
  return here
}

function addLink(path: string, target: Target | null, plan: Plan, limits: TreeLimits): void {
  check(path, plan, limits)
  plan.links.set(path, target?.realPath ?? null)
}

function addFile(realPath: string, plan: Plan, limits: TreeLimits): void {
  check(realPath, plan, limits)
  plan.files.add(realPath)
}

/** Everything below a folder. Links in it are inputs of their own: the folder's id does not cover what they lead to. */
async function addFolder(snapshot: Snapshot, realPath: string, plan: Plan, limits: TreeLimits): Promise<void> {
  if (plan.folders.has(realPath)) return
  plan.folders.add(realPath)
  const links: string[] = []
  for (const { path, kind } of await snapshot.list(realPath, { recurse: true })) {
    if (kind === 'file') addFile(path, plan, limits)
    if (kind === 'symlink') links.push(path)
    if (kind === 'folder') plan.folders.add(path)
  }
  for (const link of links) {
    if (plan.inputs.has(link)) continue
    const target = await snapshot.lookup(link)
    addLink(link, target, plan, limits)
    plan.inputs.set(link, inputOf(link, target))
    if (target?.kind === 'file') addFile(target.realPath, plan, limits)
    if (target?.kind === 'folder') await addFolder(snapshot, target.realPath, plan, limits)
  }
}

async function write(root: string, files: readonly FileContent[], plan: Plan): Promise<void> {
  // Nobody else on this machine reads what is rendered.
  await mkdir(root, { mode: 0o700 })
  const folders = new Set([...plan.folders, ...[...plan.files, ...plan.links.keys()].map(parentPath)])
  for (const folder of folders) await mkdir(join(root, folder), { recursive: true, mode: 0o700 })
  for (const { path, bytes } of files) await writeFile(join(root, path), bytes, { mode: 0o600, flag: 'wx' })
  for (const [path, target] of plan.links) {
    const at = join(root, path)
    // Where a link leads to nothing there is nothing to lead to; its text is of no use to any tool.
    await symlink(target === null ? 'missing' : relative(dirname(at), join(root, target)) || '.', at)
  }
}

function check(path: string, plan: Plan, limits: TreeLimits): void {
  if (path.length > limits.pathLength) throw tooLarge(path, `a path has more than ${limits.pathLength} characters`)
  if (plan.files.size + plan.links.size >= limits.files)
    throw tooLarge(path, `there are more than ${limits.files} files`)
}

function tooLarge(path: string, why: string): FaultError {
  return new FaultError({
    kind: 'too-large',
    what: 'the source is too large to be rendered',
    where: shownPath(path),
    why,
    fix: ['point the source at a smaller folder', 'or split the application'],
  })
}

function leaves(path: string): FaultError {
  return new FaultError({
    kind: 'invalid-input',
    what: `the path "${path}" leads out of the repository`,
    where: path,
    fix: ['put what is needed into the repository'],
  })
}

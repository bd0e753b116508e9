// Which files a chart's values come from: patterns expanded, references to other sources followed, nothing outside of them.
import type { HelmOptions } from '@mainstay/core/app/application.ts'
import { FaultError } from '../../fault.ts'
import type { Snapshot } from '../../source/source.ts'
import { fillIn } from '../environment.ts'
import { joinPath, shownPath } from '../path.ts'
import { filePattern, hasPattern } from './file-pattern.ts'

/** A file with values: of the chart's own repository (`ref` null), or of the source that goes by a name. */
export interface ValueFile {
  readonly ref: string | null
  /** From the root of that repository, as it is to be read. */
  readonly path: string
  readonly id: string
}

/** A `fileParameters` entry. */
export interface FileParameter {
  readonly name: string
  readonly file: ValueFile
}

/** Where files are looked for. */
export interface ValuePlaces {
  readonly snapshot: Snapshot
  /** The chart's folder. */
  readonly path: string
  /** Other sources of the application by their `ref`. */
  readonly refs: ReadonlyMap<string, () => Promise<Snapshot>>
  readonly variables: ReadonlyMap<string, string>
}

/**
 * The files of `helm.valueFiles` in the order in which Helm is given them: patterns give their matches where they stand,
 * in order of names; a file that is also named itself stands where it is named, and no file comes twice.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#glob-patterns-in-value-files
 */
export async function valueFiles(options: HelmOptions, places: ValuePlaces): Promise<readonly ValueFile[]> {
  const wishes = options.valueFiles.map((text, index) => wishOf(text, `spec.source.helm.valueFiles[${index}]`, places))
  const named = new Set(wishes.filter(({ path }) => !hasPattern(path)).map(keyOf))
  const files: ValueFile[] = []
  const taken = new Set<string>()
  for (const wish of wishes) {
    const found = hasPattern(wish.path) ? await matches(wish, places, named) : [await fileAt(wish, places)]
    const there = found.filter((file) => file !== null)
    if (there.length === 0 && !options.ignoreMissingValueFiles && !(hasPattern(wish.path) && found.length > 0)) {
      throw missing(wish)
    }
    for (const file of there) {
      if (taken.has(keyOf(file))) continue
      taken.add(keyOf(file))
      files.push(file)
    }
  }
  return files
}

/** The files of `helm.fileParameters`. */
export function fileParameters(options: HelmOptions, places: ValuePlaces): Promise<readonly FileParameter[]> {
  return Promise.all(
    options.fileParameters.map(async ({ name, path }, index) => {
      const wish = wishOf(path, `spec.source.helm.fileParameters[${index}].path`, places)
      const file = await fileAt(wish, places)
      if (file === null) throw missing(wish)
      return { name, file }
    }),
  )
}

interface Wish {
  readonly ref: string | null
  /** From the root of the repository; may be a pattern. */
  readonly path: string
  /** As it was written, and where. */
  readonly text: string
  readonly field: string
}

const keyOf = ({ ref, path }: Pick<Wish, 'ref' | 'path'>): string => JSON.stringify([ref, path])

/** Reads one entry: `$ref/path` of another source, `/path` from the repository's root, else from the chart's folder. */
function wishOf(text: string, field: string, { path: chart, refs, variables }: ValuePlaces): Wish {
  const [first = '', ...rest] = text.split('/')
  const ref = first.startsWith('$') && refs.has(first.slice(1)) ? first.slice(1) : null
  const [, name] = /^\$\{?([A-Za-z0-9_-]+)\}?$/.exec(first) ?? []
  // What is no ref would be filled in with nothing: `$valeus/a.yaml` would be `/a.yaml` of the chart's own repository.
  if (ref === null && name !== undefined && !variables.has(name)) {
    throw noSuchRef(name, [...refs.keys()], field)
  }
  const filled = fillIn(ref === null ? text : rest.join('/'), variables)
  if (ref === null && /^[a-z][a-z0-9+.-]*:\/\//i.test(filled)) throw remote(field)
  const fromRoot = ref !== null || filled.startsWith('/')
  const path = joinPath(fromRoot ? '' : chart, filled.replace(/^\/+/, ''))
  if (path === null) throw leaves(text, field)
  return { ref, path, text, field }
}

function snapshotOf(wish: Wish, { snapshot, refs }: ValuePlaces): Promise<Snapshot> {
  const other = wish.ref === null ? undefined : refs.get(wish.ref)
  return other === undefined ? Promise.resolve(snapshot) : other()
}

async function fileAt(wish: Wish, places: ValuePlaces): Promise<ValueFile | null> {
  const target = await (await snapshotOf(wish, places)).lookup(wish.path)
  return target?.kind === 'file' ? { ref: wish.ref, path: wish.path, id: target.id } : null
}

/** Files that a pattern matches, but for those that stand somewhere else themselves (null: there, but not here). */
async function matches(
  wish: Wish,
  places: ValuePlaces,
  named: ReadonlySet<string>,
): Promise<readonly (ValueFile | null)[]> {
  const snapshot = await snapshotOf(wish, places)
  const { base, matches: matching } = filePattern(wish.path)
  if ((await snapshot.lookup(base))?.kind !== 'folder') return []
  const entries = await snapshot.list(base, { recurse: true })
  const paths = entries.filter(({ kind, path }) => kind !== 'folder' && matching(path)).map(({ path }) => path)
  return Promise.all(
    paths.toSorted(inWalkOrder).map(async (path) => {
      const target = await snapshot.lookup(path)
      if (target?.kind !== 'file' || named.has(keyOf({ ref: wish.ref, path }))) return null
      return { ref: wish.ref, path, id: target.id }
    }),
  )
}

/** By name; the files of a folder come before those of the folders in it. */
function inWalkOrder(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  for (const [index, part] of left.entries()) {
    const other = right[index]
    if (part === other) continue
    if (other === undefined) return 1
    const isFile = index === left.length - 1
    if (isFile !== (index === right.length - 1)) return isFile ? -1 : 1
    return part < other ? -1 : 1
  }
  return -1
}

function missing({ text, path, ref, field }: Wish): FaultError {
  const where = ref === null ? shownPath(path) : `${shownPath(path)} of the source with ref ${ref}`
  return new FaultError({
    kind: 'not-found',
    what: hasPattern(path) ? `no values file matches "${text}"` : `the values file "${text}" does not exist`,
    where: `${field}: ${where}`,
    fix: ['correct the path, or commit the file', 'or leave it out where it is missing: helm.ignoreMissingValueFiles'],
  })
}

function noSuchRef(name: string, refs: readonly string[], field: string): FaultError {
  return new FaultError({
    kind: 'not-found',
    what: `no source has the ref "${name}"`,
    where: field,
    why: refs.length === 0 ? 'no source of the application has a ref' : `there are: ${refs.join(', ')}`,
    fix: [`set ref: ${name} on the source that has the file`, 'or correct the name behind the dollar sign'],
  })
}

function leaves(text: string, field: string): FaultError {
  return new FaultError({
    kind: 'invalid-input',
    what: `the values file "${text}" is outside of the repository`,
    where: field,
    fix: ['put the file into the repository', 'or name a source of its own by ref, and write $ref/path'],
  })
}

function remote(field: string): FaultError {
  return new FaultError({
    kind: 'unsupported',
    what: 'values are not read from a URL',
    where: field,
    why: 'what stands behind a URL changes without a commit, so nobody could say what was deployed',
    fix: ['commit the file, and write its path', 'or name its repository as a source by ref, and write $ref/path'],
  })
}

// The files that Jsonnet files import, directly and through others, found before anything is evaluated.
import { FaultError } from '../../fault.ts'
import type { Snapshot } from '../../source/source.ts'
import { joinPath, parentPath } from '../path.ts'
import { decodeText } from '../text.ts'
import { importsOf, type JsonnetImport, possibleImportsOf } from './imports.ts'

/** Where imports are looked for. */
export interface ImportOptions {
  /** Folders searched after the importing file's own, the last one first: the application's, then its libraries. */
  readonly search: readonly string[]
  /** Jsonnet code of variables, by the field it is written in: it may import as well. */
  readonly code: ReadonlyMap<string, string>
}

const MAX_FILES = 5000

/**
 * Every path that is looked at when these files are evaluated: those that are there, and those where something would
 * be found first if it were there.
 * @throws FaultError `invalid-input` with file and line for an import that leaves the repository
 */
export async function jsonnetClosure(
  snapshot: Snapshot,
  files: readonly string[],
  options: ImportOptions,
): Promise<readonly string[]> {
  const looked = new Set<string>(files)
  const todo = [...files]
  for (const [field, code] of options.code) {
    refuseWaysOut(code, '', () => field, options)
    for (const each of importsOf(code)) await follow(snapshot, each, '', field, options, looked, todo)
  }
  for (let file = todo.shift(); file !== undefined; file = todo.shift()) {
    if (looked.size > MAX_FILES) throw tooMany(file)
    const text = decodeText(await snapshot.read(file))
    refuseWaysOut(text, parentPath(file), (line) => `${file}:${line}`, options)
    for (const each of importsOf(text)) {
      await follow(snapshot, each, parentPath(file), `${file}:${each.line}`, options, looked, todo)
    }
  }
  return [...looked]
}

/** Jsonnet reads any file of the machine that it is told to; it is not told to. */
function refuseWaysOut(text: string, folder: string, where: (line: number) => string, { search }: ImportOptions): void {
  for (const each of possibleImportsOf(text)) {
    for (const place of [folder, ...search])
      if (joinPath(place, each.path) === null) throw leaves(each, where(each.line))
  }
}

async function follow(
  snapshot: Snapshot,
  each: JsonnetImport,
  folder: string,
  where: string,
  { search }: ImportOptions,
  looked: Set<string>,
  todo: string[],
): Promise<void> {
  for (const place of [folder, ...search.toReversed()]) {
    const path = joinPath(place, each.path)
    if (path === null) throw leaves(each, where)
    const known = looked.has(path)
    looked.add(path)
    if ((await snapshot.lookup(path))?.kind !== 'file') continue
    // What is imported as text is not read as Jsonnet.
    if (!known && each.kind === 'import') todo.push(path)
    return
  }
}

function leaves(each: JsonnetImport, where: string): FaultError {
  return new FaultError({
    kind: 'invalid-input',
    what: `${each.kind} of "${each.path}" leads out of the repository`,
    where,
    fix: ['put the file into the repository, and import it by its relative path'],
  })
}

function tooMany(file: string): FaultError {
  return new FaultError({
    kind: 'too-large',
    what: `more than ${MAX_FILES} files are imported`,
    where: file,
    fix: ['split the application'],
  })
}

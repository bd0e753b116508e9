// What a render has read, by Git's ids: enough to say of another commit that it would read the same.
import { FaultError } from '../fault.ts'
import type { Snapshot, Target } from '../source/source.ts'
import { isWithin } from './path.ts'

/**
 * One thing that was looked at: a file, a whole folder, or that there was nothing. `realPath` is where it really was,
 * symlinks followed: a link that is turned to another folder of the same content is a change.
 */
export type RenderInput =
  | { readonly kind: 'file' | 'folder'; readonly path: string; readonly id: string; readonly realPath: string }
  | { readonly kind: 'absent'; readonly path: string }

/** The input that a path is in a snapshot. @throws FaultError where the path leaves the repository */
export async function inputAt(snapshot: Snapshot, path: string): Promise<RenderInput> {
  return inputOf(path, await snapshot.lookup(path))
}

/** The same of a path that was looked up already. */
export function inputOf(path: string, target: Target | null): RenderInput {
  if (target === null || target.kind === 'submodule') return { kind: 'absent', path }
  return { kind: target.kind, path, id: target.id, realPath: target.realPath }
}

/**
 * Whether a snapshot holds all of this as it was. Compares ids alone: a folder of a thousand files costs what one file
 * costs, and no file is read.
 */
export async function sameInputs(snapshot: Snapshot, inputs: readonly RenderInput[]): Promise<boolean> {
  const same = await Promise.all(decisive(inputs).map((input) => isSame(snapshot, input)))
  return same.every((each) => each)
}

/** Without those that the id of a folder among them covers: a file that stands in it and is no link. */
function decisive(inputs: readonly RenderInput[]): readonly RenderInput[] {
  const folders = inputs.flatMap((input) => (input.kind === 'folder' ? [input.realPath] : []))
  const isCovered = (input: RenderInput) =>
    input.kind === 'file' && input.path === input.realPath && folders.some((folder) => isWithin(input.path, folder))
  return inputs.filter((input) => !isCovered(input))
}

async function isSame(snapshot: Snapshot, input: RenderInput): Promise<boolean> {
  try {
    const now = await inputAt(snapshot, input.path)
    if (now.kind === 'absent' || input.kind === 'absent') return now.kind === input.kind
    return now.kind === input.kind && now.id === input.id && now.realPath === input.realPath
  } catch (error) {
    // A path that cannot be followed any more is a change; whoever renders anew says what is wrong with it.
    if (error instanceof FaultError && error.fault.kind !== 'cancelled') return false
    throw error
  }
}

/** One line for each input, in order of their paths: the same inputs give the same lines, in whatever order they came. */
export function inputLines(inputs: readonly RenderInput[]): readonly string[] {
  return inputs
    .map((input) =>
      JSON.stringify(input.kind === 'absent' ? [input.path] : [input.path, input.kind, input.id, input.realPath]),
    )
    .toSorted()
}

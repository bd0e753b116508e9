// Whether a change of a repository can matter to a render, by the paths that it read alone.
import type { Changes } from '../source/changes.ts'
import type { RenderInput } from './input.ts'
import { joinPath } from './path.ts'

/**
 * False: a render that read these inputs would read the same again, so that it need not even be asked for. True may be
 * said of a change that turns out to be none (a link that leads to the same content in another way).
 */
export function isTouched(inputs: readonly RenderInput[], changes: Changes): boolean {
  if (changes.leaves.size === 0) return false
  return inputs.some((input) => {
    const paths = input.kind === 'absent' ? [input.path] : [input.path, input.realPath]
    return paths.some((path) => touches(joinPath('', path) ?? path, changes))
  })
}

/** Something at the path, below it, or on the way to it has changed. */
function touches(path: string, { leaves, folders }: Changes): boolean {
  if (folders.has(path)) return true
  for (let part = path; ; part = part.slice(0, part.lastIndexOf('/'))) {
    if (leaves.has(part)) return true
    if (!part.includes('/')) return false
  }
}

// Faults on demand from a file, and the telling of their strikes.
import { readFile } from 'node:fs/promises'
import { FaultError } from '@mainstay/engine/fault.ts'
import { parseDocuments } from '@mainstay/engine/yaml/manifests.ts'
import type { FaultRule } from '@mainstay/sandbox/faults/fault.ts'
import { pathText, readFaults } from '@mainstay/sandbox/faults/read.ts'
import type { Call } from '../command.ts'
import { line } from '../output/line.ts'

/**
 * The rules of a file.
 *
 * @throws FaultError with file, line and field
 */
export async function readFaultFile(file: string): Promise<readonly FaultRule[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code ?? error.message
    throw new FaultError({ kind: 'invalid-input', what: 'cannot read the faults', where: file, why }, { cause: error })
  })
  const [document, ...more] = parseDocuments(text, { file }).documents
  if (document === undefined || more.length > 0) {
    const why = document === undefined ? 'it is empty' : `it holds ${more.length + 1} documents`
    throw new FaultError({ kind: 'invalid-input', what: 'the file is no list of faults', where: file, why })
  }
  const found = readFaults(document.value)
  if (found.kind === 'rules') return found.rules
  const { path, what } = found.problem
  const where = `${file}:${document.lineOf(path)}`
  throw new FaultError({
    kind: 'invalid-input',
    what: 'the faults cannot be read',
    where,
    why: `${pathText(path)} ${what}`,
  })
}

/** Tells of each strike: whoever looks for what broke must see that it was wanted. */
export function strikeView(call: Call, rules: readonly FaultRule[]): (rule: number, request: Request) => void {
  return (index, request) => {
    if (call.quiet) return
    const { pathname, search } = new URL(request.url)
    const kind = rules[index]?.fault.kind ?? ''
    call.notes.print([line(`fault ${index + 1} (${kind})  ${request.method} ${pathname}${search}`, 'warn')])
  }
}

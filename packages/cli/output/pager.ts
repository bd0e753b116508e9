// Long output on a terminal goes through a pager, started without a shell.
import type { Io, ProgramCommand } from '../io.ts'
import type { Line } from './line.ts'
import type { Terminal } from './terminal.ts'

/** Prints lines through the pager where the output is a terminal and nobody said no, else directly. */
export async function printPaged(
  io: Io,
  terminal: Terminal,
  lines: readonly Line[],
  options: { readonly paging: boolean },
): Promise<void> {
  const command = options.paging && terminal.live && lines.length > 0 ? pagerOf(io.env) : null
  if (command !== null) {
    const text = lines.map((each) => `${terminal.render(each)}\n`).join('')
    if (await io.page(command, text)) return
  }
  terminal.print(lines)
}

/**
 * `MAINSTAY_PAGER`, else `PAGER`, else `less`; null where it is empty or `cat`. The words are split at blanks and
 * given to the program as they are: no shell reads them. As git does, `less` is told by its environment to quit where
 * one screen is enough and to let colours through, unless `LESS` says otherwise.
 */
function pagerOf(env: Io['env']): ProgramCommand | null {
  const wish = env.MAINSTAY_PAGER ?? env.PAGER ?? 'less'
  const [program = '', ...args] = wish.trim().split(/\s+/)
  if (program === '' || program === 'cat') return null
  return { program, args, env: env.LESS === undefined ? { LESS: 'FRX' } : {} }
}

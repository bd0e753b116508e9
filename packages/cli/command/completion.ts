// `mainstay completion`: a script that teaches a shell our commands and flags.
import type { Call, CommandSpec } from '../command.ts'
import type { ExitCode } from '../exit.ts'
import { EXIT } from '../exit.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'completion',
  summary: 'Print a completion script for bash, zsh or fish',
  details: '',
  args: [{ usage: '<shell>', description: 'which shell', choices: SHELLS }],
  options: [],
  formats: ['text'],
  exits: [0, 2],
  examples: [
    { text: 'bash, for this session; or write it to ~/.bashrc', command: 'source <(mainstay completion bash)' },
    { text: 'zsh, the same', command: 'source <(mainstay completion zsh)' },
    { text: 'fish', command: 'mainstay completion fish > ~/.config/fish/completions/mainstay.fish' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  const { placesOf } = await import('../completion/tree.ts')
  const places = placesOf(await call.tree())
  switch (SHELLS.find((shell) => shell === call.argument(0))) {
    case 'zsh':
      call.io.out.write((await import('../completion/zsh.ts')).zshScript(places))
      break
    case 'fish':
      call.io.out.write((await import('../completion/fish.ts')).fishScript(places))
      break
    case 'bash':
    case undefined:
      call.io.out.write((await import('../completion/bash.ts')).bashScript(places))
  }
  return EXIT.done
}

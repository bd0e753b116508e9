// `mainstay sandbox`: a Kubernetes API in memory for kubectl, tests and rehearsals, until Ctrl-C or a program's end.
import { FaultError } from '@mainstay/engine/fault.ts'
import type { Call, CommandSpec } from '../command.ts'
import { EXIT } from '../exit.ts'
import { line, span } from '../output/line.ts'
import type { OpenedSandbox, SandboxWish } from '../sandbox/open.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'sandbox',
  summary: 'Serve a Kubernetes API in memory, empty or with the objects of a cluster',
  details:
    'Runs until Ctrl-C, then everything in it is gone. No container ever runs. Nothing is written to the cluster that ' +
    '--load reads, and the copy counts as another cluster: plans for it find no records of the one that was copied. ' +
    'With --exec the exit code is that of the program.',
  args: [{ usage: '[program...]', description: 'with --exec: the program and its arguments, after --' }],
  options: [
    {
      usage: '--kubeconfig <file>',
      description: 'write the way to it there; a file that is not of a sandbox is kept (default: a fresh file)',
    },
    { usage: '--port <number>', description: 'port on 127.0.0.1 (default: a free one)' },
    {
      usage: '--seed <text>',
      description:
        'the same uids, generated names, faults and, with --load, identity of the cluster in every run; tokens, ' +
        'certificates and times are never the same (default: chance)',
    },
    {
      usage: '--load <source>',
      description: 'begin with the objects of a YAML or JSON file, or else of a context of the kubeconfig (read only)',
    },
    { usage: '--with-secrets', description: 'load the values of Secrets too (default: marks in their place)' },
    {
      usage: '--nodes <number>',
      description: 'how many Nodes stand in (default: 1; none where --load brings its own)',
    },
    { usage: '--empty', description: 'begin without anything, even namespaces' },
    { usage: '--faults <file>', description: 'what is to fail, and when: a YAML or JSON file, see docs/faults.md' },
    { usage: '--exec', description: 'run a program with KUBECONFIG set, and end with it' },
  ],
  formats: ['text', 'json'],
  exits: [0, 2],
  examples: [
    {
      text: 'in the background, to be reached by that file',
      command: 'mainstay sandbox --kubeconfig sandbox.kubeconfig &',
    },
    { text: 'what would this do to production?', command: 'mainstay sandbox --load prod --exec -- kubectl apply -f .' },
  ],
  run,
}

async function run(call: Call): Promise<number> {
  const wish = wishOf(call)
  const { openServed } = await import('../sandbox/open.ts')
  // Listened for before anything begins, so that an early Ctrl-C is not lost.
  const stop = new AbortController()
  const forget = call.io.onInterrupt(() => stop.abort())
  try {
    const opened = await openServed(call, wish, stop.signal)
    try {
      if (wish.program !== null) {
        if (stop.signal.aborted) throw stopped()
        return await call.io.execute({ ...wish.program, env: { KUBECONFIG: opened.kubeconfig } })
      }
      announce(call, opened)
      await aborted(stop.signal)
      return EXIT.done
    } finally {
      await opened.close()
    }
  } finally {
    forget()
  }
}

function stopped(): FaultError {
  return new FaultError({ kind: 'cancelled', what: 'the sandbox was stopped before the program began' })
}

function announce(call: Call, { url, kubeconfig, fingerprint, seed, words }: OpenedSandbox): void {
  if (call.format === 'json') {
    call.io.out.write(`${JSON.stringify({ url, kubeconfig, fingerprint, seed })}\n`)
    return
  }
  call.out.say(`export KUBECONFIG=${words.kubeconfig}`)
  if (call.quiet) return
  call.notes.print([
    [span('✓ ', 'good'), span(`${url}, in memory, seed ${seed}`)],
    line('  Ctrl-C ends it; everything in it is gone then.', 'dim'),
  ])
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

const MAX_PORT = 65_535
/** As many as there are addresses for documentation, of which each Node has one. */
const MAX_NODES = 250

function wishOf(call: Call): SandboxWish {
  const load = call.text('load')
  const empty = call.flag('empty') === true
  if (call.text('context') !== null) {
    throw usage('--context', 'a sandbox is no context of a kubeconfig', ['to begin with its objects: --load CONTEXT'])
  }
  if (call.flag('with-secrets') === true && load === null) {
    throw usage('--with-secrets', 'there are no Secrets without --load', ['name what to begin with: --load SOURCE'])
  }
  if (empty && load !== null) {
    throw usage('--empty', 'a sandbox begins empty or with the objects of --load', ['leave one of the two away'])
  }
  const nodes = upTo(call, 'nodes', MAX_NODES)
  if (empty && nodes !== null) {
    throw usage('--nodes', 'a sandbox that begins empty has no Nodes', ['leave one of the two away'])
  }
  return {
    kubeconfig: call.text('kubeconfig'),
    port: upTo(call, 'port', MAX_PORT) ?? 0,
    seed: call.text('seed'),
    load,
    withSecrets: call.flag('with-secrets') === true,
    nodes,
    empty,
    faults: call.text('faults'),
    program: programOf(call),
  }
}

function programOf(call: Call): SandboxWish['program'] {
  const [program, ...args] = call.words()
  const exec = call.flag('exec') === true
  if (program === undefined) {
    if (!exec) return null
    throw usage('--exec', 'no program is named', ['name it after two dashes: --exec -- kubectl get namespaces'])
  }
  if (!exec) throw usage(program, 'a sandbox takes no arguments', [`to run a program: --exec -- ${program}`])
  if (call.format === 'json') {
    throw usage('--json', 'with --exec the output is that of the program', ['leave one of the two away'])
  }
  return { program, args }
}

function upTo(call: Call, name: string, most: number): number | null {
  const value = call.count(name)
  if (value === null || value <= most) return value
  throw usage(`--${name}`, `${value} is too much`, [`no more than ${most}`])
}

function usage(where: string, what: string, fix: readonly string[]): FaultError {
  return new FaultError({ kind: 'invalid-input', what, where, fix })
}

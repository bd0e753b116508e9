// `npm run conform -- fuzz`: random operations on the real API server and on the sandbox, side by side.

import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { usedOf } from './exceptions.ts'
import { told } from './operation.ts'
import { type FoundClass, type FuzzResult, fuzz } from './run.ts'

const help = `npm run conform -- fuzz [OPTIONS]

Does random things to the real API server (without controllers) and to the sandbox, and compares what both answer.

  --ops N        about so many operations (2000)
  --seed S       the same seed, the same operations (of today's time where absent; it is printed)
  --kinds A,B    only these kinds
  --shrink N     make so many differences as short as they can be (12)
  --save FILE    write the differences, and what was let pass, as JSON

Exit codes: 0 no difference, 1 differences or an exception used too often, 2 wrong usage or no real API server.
`

interface Wish {
  readonly ops: number
  readonly seed: number
  readonly kinds: readonly string[]
  readonly shrink: number
  readonly save: string | null
}

/** Runs the command; returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const wish = wishOf(args)
  if (wish === null) {
    process.stdout.write(help)
    return args.includes('--help') ? 0 : 2
  }
  process.stdout.write(`seed ${wish.seed}\n`)
  const result = await fuzz({ ...wish, say: (text) => process.stderr.write(text) })
  for (const each of result.classes) process.stdout.write(shown(each))
  process.stdout.write(summary(result, wish.seed))
  if (wish.save !== null) {
    const saved = { differences: result.classes, excused: [...result.excused.values()].flat() }
    await writeFile(wish.save, JSON.stringify(saved, null, 1))
  }
  const tooOften = usedOf(result.excused, result.operations).some(({ count, most }) => count > most)
  return result.classes.length === 0 && !tooOften ? 0 : 1
}

function wishOf(args: readonly string[]): Wish | null {
  const text = { type: 'string' } as const
  const options = { ops: text, seed: text, kinds: text, shrink: text, save: text, help: { type: 'boolean' } } as const
  try {
    const { values } = parseArgs({ args: [...args], options })
    if (values.help === true) return null
    const number = (given: string | undefined, usual: number): number => (given === undefined ? usual : Number(given))
    const wish = {
      ops: number(values.ops, 2000),
      seed: number(values.seed, Math.floor(Date.now() / 1000)),
      kinds: values.kinds?.split(',') ?? [],
      shrink: number(values.shrink, 12),
      save: values.save ?? null,
    }
    return [wish.ops, wish.seed, wish.shrink].every(Number.isInteger) ? wish : null
  } catch {
    return null
  }
}

function shown({ signature, count, episode, operations, found }: FoundClass): string {
  const rows = operations.slice(-8).map((each) => `    ${told(each)}`)
  const more = operations.length > 8 ? [`    (${operations.length - 8} operations before)`] : []
  const lines = found.lines.slice(0, 12).map((line) => `  ${line}`)
  const watch = found.watch === undefined ? [] : [`  seen by a watch of ${found.watch.kind} ${found.watch.query}`]
  const head = `\n${count}× ${signature.trim()}  (episode ${episode}, ${found.step})`
  return [head, ...more, ...rows, ...watch, '  real | sandbox', ...lines, ''].join('\n')
}

function summary({ operations, requests, seconds, classes, excused }: FuzzResult, seed: number): string {
  const passed = usedOf(excused, operations)
    .map(({ reason, count, most }) => `${count > most ? 'TOO OFTEN: ' : ''}let pass ${count}× of ${most}: ${reason}\n`)
    .join('')
  const differing = classes.reduce((sum, { count }) => sum + count, 0)
  const rate = Math.round(operations / seconds)
  const what = `${operations} operations (${requests} requests to each) in ${seconds.toFixed(0)} s, ${rate}/s, seed ${seed}`
  return `${passed}\n${what}: ${differing} differences of ${classes.length} classes\n`
}

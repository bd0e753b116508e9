// How fast and how large the sandbox is, with the real API server's figures of the same run beside its own.
import type { Sandbox } from '@mainstay/sandbox/sandbox.ts'
import type { Cluster } from '../../test/cluster/cluster.ts'
import { measureFork, measureMemory, measureStart, memoryOf } from './alone.ts'
import { FAN_OUT, type Figure, fanOut, furnish, measureRequests, OBJECTS } from './requests.ts'
import { freshSandbox, inProcess, overTls, servedOverTls } from './subject.ts'

const HELD = 100_000

/** One line of the table. */
interface Row {
  readonly what: string
  readonly sandbox: string
  readonly real: string
  /** How many times as good as the real one. */
  readonly ratio: number | null
  readonly wanted: string
}

/** Measures everything; `startMs`: what the start of the cluster took. */
export async function measureSandbox(cluster: Cluster, startMs: number): Promise<readonly string[]> {
  const start = await measureStart()
  const memory = await measureMemory(HELD)
  const sandbox = freshSandbox()
  const real = overTls(cluster)
  try {
    const ours = inProcess(sandbox)
    await furnish(ours)
    const before = await memoryOf(cluster)
    await furnish(real)
    const each = ((await memoryOf(cluster)) - before) / OBJECTS
    const figures = await measureRequests([ours, real])
    const served = await measureServed(sandbox)
    const answered = start.loadMs + start.openMs + start.answerMs
    const own = memory.heap / HELD
    return table([
      ...(figures.get(ours) ?? []).map((figure, at) => figureRow(figure, figures.get(real)?.[at]?.best ?? 0)),
      figureRow(served, figures.get(real)?.find(({ what }) => what === FAN_OUT)?.best ?? 0),
      {
        what: 'start: import to first answer',
        ...pair(ms(answered), ms(startMs)),
        ratio: startMs / answered,
        wanted: '',
      },
      {
        what: 'start: load and open',
        ...pair(ms(start.loadMs + start.openMs), ''),
        ratio: null,
        wanted: '< 200 ms',
      },
      { what: 'start: open alone', ...pair(ms(start.openMs), ''), ratio: null, wanted: '' },
      { what: 'start: load, never compiled before', ...pair(ms(start.coldLoadMs), ''), ratio: null, wanted: '' },
      { what: 'start: command to kubeconfig', ...pair(ms(start.commandMs), ''), ratio: null, wanted: '' },
      { what: 'start: a Node process that does nothing', ...pair(ms(start.nodeMs), ''), ratio: null, wanted: '' },
      {
        what: `fork with ${text(OBJECTS)} objects`,
        ...pair(ms(measureFork(sandbox)), ''),
        ratio: null,
        wanted: '< 5 ms',
      },
      {
        what: `memory of ${text(HELD)} objects, whole process`,
        ...pair(gib(memory.rss), ''),
        ratio: null,
        wanted: '< 1.5 GiB',
      },
      { what: 'memory an object', ...pair(kib(own), kib(each)), ratio: each / own, wanted: '' },
    ])
  } finally {
    await real.close()
    sandbox.close()
  }
}

/** The same watchers of the sandbox over HTTPS, as the real API server has them. */
async function measureServed(sandbox: Sandbox): Promise<Figure> {
  const served = await servedOverTls(sandbox)
  try {
    const rates: number[] = []
    // Rounds that no other measure has used: each makes objects that were not there.
    for (const round of [10, 11]) rates.push(await fanOut(served, round))
    return { what: `${FAN_OUT}, over HTTPS`, unit: '/s', wanted: '', best: Math.max(...rates) }
  } finally {
    await served.close()
  }
}

function pair(sandbox: string, real: string): { readonly sandbox: string; readonly real: string } {
  return { sandbox, real }
}

function figureRow({ what, unit, wanted, best }: Figure, other: number): Row {
  const shown = (value: number): string => (unit === 'ms' ? ms(value) : `${text(value)}${unit}`)
  return { what, ...pair(shown(best), shown(other)), ratio: unit === 'ms' ? other / best : best / other, wanted }
}

function table(rows: readonly Row[]): readonly string[] {
  const line = (what: string, sandbox: string, real: string, ratio: string, wanted: string): string =>
    `${what.padEnd(52)}${sandbox.padStart(12)}${real.padStart(12)}${ratio.padStart(10)}   ${wanted}`.trimEnd()
  return [
    line('sandbox beside the real API server', 'sandbox', 'real', 'ratio', 'wanted'),
    ...rows.map(({ what, sandbox, real, ratio, wanted }) =>
      line(what, sandbox, real === '' ? '-' : real, ratio === null ? '-' : `${ratio.toFixed(1)} ×`, wanted),
    ),
  ]
}

function text(value: number): string {
  return Math.round(value).toLocaleString('en')
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`
}

function gib(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(2)} GiB`
}

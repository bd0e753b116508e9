// Plays the tour on one cluster and writes down what kubectl says.
import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import type { SharedCluster } from '../../cluster/shared.ts'
import { normal, type OwnNames } from './normal.ts'
import { type Step, wordsOf } from './step.ts'

/** What became of one command. */
export interface Played {
  readonly code: number
  /** Both streams, the errors after the output, without what is one run's alone. */
  readonly text: string
}

/** A run of the tour. */
export interface Player {
  readonly kubectl: string
  readonly cluster: Pick<SharedCluster, 'kubeconfig' | 'url'>
  readonly namespace: string
  readonly node: string
  /** A folder for kubectl's caches and for files that it makes. */
  readonly folder: string
}

/** How long is waited for controllers. */
const PATIENCE_MS = 20_000
/** Between two looks at what they do. */
const LOOK_MS = 150

/** All commands in order. */
export async function play(steps: readonly Step[], player: Player): Promise<readonly Played[]> {
  const played: Played[] = []
  for (const step of steps) played.push(await playOne(step, player))
  return played
}

async function playOne(step: Step, player: Player): Promise<Played> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const { code, out, err } = await run(step, player)
    const text = [out, err].filter((each) => each !== '').join('\n')
    if (step.until === undefined || step.until.test(text) || performance.now() > deadline) {
      return { code, text: compared(step, text, player) }
    }
    await delay(LOOK_MS)
  }
}

function compared(step: Step, text: string, { cluster, namespace, node, folder }: Player): string {
  const own: OwnNames = { namespace, url: cluster.url, node, folder }
  const lines = normal(text, own, step.line)
    .split('\n')
    .filter((line) => step.without?.test(line) !== true)
  switch (step.compare ?? 'all') {
    case 'all':
      return lines.join('\n')
    case 'last':
      return lines.at(-1) ?? ''
    case 'sorted':
      return lines.sort().join('\n')
    case 'exit':
      return ''
  }
}

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

function run(step: Step, { kubectl, cluster, namespace, folder }: Player): Promise<Ended> {
  const words = wordsOf(step.line).map((word) => word.replaceAll('NS', namespace))
  const args = ['--kubeconfig', cluster.kubeconfig, '-n', namespace, '--cache-dir', folder, ...words]
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: folder, ...step.env }
    const child = spawn(kubectl, args, { env, cwd: folder })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? -1, out, err }))
    child.stdin.end(step.input?.replaceAll('NS', namespace) ?? '')
  })
}

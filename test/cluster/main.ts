// `npm run cluster`: a real Kubernetes control plane for a person or a script, until Ctrl-C or until a command ends.

import { spawn } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { type FaultError, isFault } from '../../packages/engine/fault.ts'
import { processContext } from '../../packages/engine/tools/context.ts'
import { progressView } from '../../packages/engine/tools/progress.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { getClusterPrograms, recipesFolder } from './programs.ts'
import { loadBalancerAnnotation, stageAnnotation, stageWords } from './stage.ts'

const help = `Usage: npm run cluster [-- OPTIONS]
       npm run cluster -- [OPTIONS] --exec COMMAND [ARGUMENT…]

Starts etcd, kube-apiserver, kube-controller-manager and a stand-in for the kubelet on free local ports in a fresh
folder, prints how to use them, and runs until Ctrl-C. Everything is gone afterwards. Programs that are not on the
machine are made first (see npm run tools -- --help), which takes some minutes once.

Options:
  --no-controllers   only the API server: no garbage collection, no workloads, no kubelet
  --exec COMMAND…    run COMMAND with KUBECONFIG set (and kubectl on PATH), then stop; exit with its code
  --help             print this

No container ever runs. What becomes of a Pod is said by its annotation ${stageAnnotation}:
${stageWords.map(([word, what]) => `  ${word.padEnd(20)} ${what}`).join('\n')}
Without it the Pods of a Job succeed at once, and all others run. Services of type LoadBalancer get an address,
unless they are annotated ${loadBalancerAnnotation}: pending. There is no StorageClass: a claim is bound to a
PersistentVolume that you make.

Exit codes: 0 stopped, 2 wrong usage or it cannot start; with --exec the code of the command.
`

interface Wish {
  readonly controllers: boolean
  readonly exec: readonly string[]
  readonly help: boolean
}

/** Runs the command; returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const wish = parse(args)
  if (typeof wish === 'string') return refuse(`${wish}\n\n${help}`)
  if (wish.help) {
    process.stdout.write(help)
    return 0
  }
  // Listened for before anything starts, so that an early Ctrl-C is not lost.
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
  let cluster: Cluster
  try {
    cluster = await start(wish, stop.signal)
  } catch (error) {
    if (stop.signal.aborted) return 0
    return refuse(isFault(error) ? faultText(error) : error instanceof Error ? error.message : String(error))
  }
  try {
    if (wish.exec.length > 0) return await run(cluster, wish.exec)
    process.stdout.write(greeting(cluster))
    return await stay(cluster, stop.signal)
  } finally {
    await cluster.stop()
  }
}

async function start(wish: Wish, signal: AbortSignal): Promise<Cluster> {
  const view = progressView({
    write: (text) => process.stderr.write(text),
    live: process.stderr.isTTY === true,
    now: () => performance.now(),
  })
  try {
    const programs = await getClusterPrograms(processContext(recipesFolder, { onEvent: view.onEvent, signal }))
    return await startCluster({ controllers: wish.controllers, kubelet: wish.controllers, programs })
  } finally {
    view.end()
  }
}

/** Waits for a signal, or for one of the programs to end, which nobody wanted. */
function stay(cluster: Cluster, signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const look = setInterval(() => {
      const name = [...cluster.processes.pids.keys()].find((one) => cluster.processes.endOf(one) !== null)
      if (name === undefined && !signal.aborted) return
      clearInterval(look)
      resolve(name === undefined ? 0 : refuse(`${name} ended (${cluster.processes.endOf(name)})`))
    }, 100)
  })
}

function faultText(error: FaultError): string {
  const { what, where, why, fix } = error.fault
  return [what, ...[where, why, ...fix].filter((line) => line !== null)].join('\n  ')
}

/** Everything after --exec belongs to the command, also what looks like an option. */
function parse(args: readonly string[]): Wish | string {
  const at = args.indexOf('--exec')
  const own = at === -1 ? args : args.slice(0, at)
  const exec = at === -1 ? [] : args.slice(at + 1)
  if (at !== -1 && exec.length === 0) return '--exec needs a command'
  try {
    const { values } = parseArgs({
      args: [...own],
      allowNegative: true,
      options: {
        controllers: { type: 'boolean', default: true },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    return { ...values, exec }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function refuse(message: string): number {
  process.stderr.write(`${message}\n`)
  return 2
}

function greeting(cluster: Cluster): string {
  const { kubectl } = cluster
  const onPath = kubectl === null || (process.env.PATH ?? '').split(delimiter).includes(dirname(kubectl))
  const path = onPath ? '' : `  export PATH=${dirname(kubectl)}:$PATH    # kubectl of the same version\n`
  return `API server:  ${cluster.url}
audit log:   ${cluster.auditLog}

In another terminal:

  export KUBECONFIG=${cluster.kubeconfig}
${path}
Ctrl-C stops it and removes everything.
`
}

function run(cluster: Cluster, command: readonly string[]): Promise<number> {
  const [program = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env: environment(cluster) })
    const forward = (signal: NodeJS.Signals): void => {
      child.kill(signal)
    }
    process.on('SIGTERM', forward)
    process.on('SIGHUP', forward)
    child.on('error', (error) => resolve(refuse(`cannot run ${program}: ${error.message}`)))
    child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)))
  })
}

function environment(cluster: Cluster): NodeJS.ProcessEnv {
  const folders = cluster.kubectl === null ? [] : [dirname(cluster.kubectl)]
  const path = [...folders, process.env.PATH ?? ''].join(delimiter)
  return { ...process.env, PATH: path, KUBECONFIG: cluster.kubeconfig }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))

// Where the fuzzer plays: a real API server without controllers, and a sandbox with the same definitions for each episode.

import { setTimeout as delay } from 'node:timers/promises'
import { openSandbox, type Sandbox } from '@mainstay/sandbox/sandbox.ts'
import { type Cluster, startCluster } from '../../cluster/cluster.ts'
import { stillClock } from '../clock.ts'
import { sandboxSubject } from '../sandbox.ts'
import { subjectOf } from '../server.ts'
import type { Subject } from '../subject.ts'
import { definitions } from './custom.ts'
import type { Look } from './draw.ts'
import { type Outcome, playEpisode, type Source, type WatchPlan } from './episode.ts'

/** Both servers, ready for episodes. */
export interface Bench extends AsyncDisposable {
  /** Plays an episode in a fresh namespace; `next` may look at the sandbox. */
  readonly play: (
    watches: readonly WatchPlan[],
    next: (look: Look, at: number) => ReturnType<Source>,
  ) => Promise<Outcome>
}

const definitionsPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

/** Starts both. Names begin with `prefix`. */
export async function openBench(prefix: string): Promise<Bench> {
  const cluster = await startCluster()
  try {
    return await benchOn(cluster, prefix)
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

async function benchOn(cluster: Cluster, prefix: string): Promise<Bench> {
  const real = subjectOf({ ...cluster, namespace: () => Promise.reject(new Error('episodes name theirs')) })
  const clock = stillClock(Date.now())
  const base = openSandbox({ clock, seed: prefix })
  for (const subject of [real, sandboxSubject(base, clock)]) await define(subject)
  let count = 0
  return {
    play(watches, next) {
      count += 1
      const own = stillClock(Date.now())
      const sandbox = base.fork({ clock: own })
      const ns = `${prefix}-${count}`
      const look = lookAt(sandbox, ns)
      return playEpisode({ real, sandbox: sandboxSubject(sandbox, own), clock: own }, ns, watches, (at) =>
        next(look, at),
      )
    },
    [Symbol.asyncDispose]: () => cluster.stop(),
  }
}

async function define(subject: Subject): Promise<void> {
  for (const body of definitions) {
    const headers = { 'content-type': 'application/json' }
    const made = await subject.fetch(definitionsPath, { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await made.text()
    if (made.status !== 201) throw new Error(`cannot define (${subject.name}): ${text}`)
  }
  for (const path of ['v1/gadgets', 'v1/things', 'v2/things'])
    await untilServed(subject, `/apis/fuzz.example.com/${path}`)
}

async function untilServed(subject: Subject, path: string): Promise<void> {
  for (let look = 0; look < 1000; look += 1) {
    const reply = await subject.fetch(path)
    await reply.text()
    if (reply.status === 200) return
    await subject.settle()
    await delay(1)
  }
  throw new Error(`${path} is not served (${subject.name})`)
}

function lookAt({ world }: Sandbox, ns: string): Look {
  return (kind, name) =>
    world.get({
      apiVersion: kind.versions[0] ?? '',
      kind: kind.kind,
      namespace: kind.namespaced ? ns : null,
      name: name.replaceAll('%ns%', ns),
    })
}

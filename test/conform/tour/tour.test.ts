// A tour through kubectl, played on the real API server and on the sandbox: every command says the same on both.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { describeRealCluster, type SharedCluster, sharedCluster } from '../../cluster/shared.ts'
import { describeTool } from '../../run/tool.ts'
import { sampled } from '../../run/whole.ts'
import { applying } from './applying.ts'
import { tourExceptions } from './exceptions.ts'
import { looking } from './looking.ts'
import { objects } from './objects.ts'
import { type Played, type Player, play } from './play.ts'
import type { Step } from './step.ts'
import { workloads } from './workloads.ts'

/** The quick run takes a quarter of what only looks; what waits for controllers is no mere look. */
const TOUR: readonly Step[] = quicker([...looking, ...objects, ...workloads, ...applying])

function quicker(steps: readonly Step[]): readonly Step[] {
  const looks = steps.filter(({ line, until }) => until === undefined && /^(get|describe|explain|auth|api-)/.test(line))
  const kept = new Set(sampled(looks, 4))
  return steps.filter((step) => !looks.includes(step) || kept.has(step))
}

describeTool('kubectl', 'with kubectl of the same version', (kubectl) => {
  describeRealCluster('a tour', (real) => {
    let played: readonly (readonly [Played | undefined, Played | undefined])[] = []

    beforeAll(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'mainstay-tour-'))
      try {
        const sides = [
          playOn(sharedCluster('sandbox'), kubectl, join(folder, 'sandbox')),
          playOn(real(), kubectl, join(folder, 'real')),
        ]
        // Both come to an end before the folder goes, also where one of them cannot begin.
        await Promise.allSettled(sides)
        const [ours = [], theirs = []] = await Promise.all(sides)
        played = TOUR.map((_, at) => [ours[at], theirs[at]])
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    }, 600_000)

    for (const [at, { line, compare }] of TOUR.entries()) {
      const exception = tourExceptions.find((each) => each.line === line)
      const known = exception === undefined ? '' : ` (otherwise: ${exception.reason})`
      it(`${at + 1}: kubectl ${line}${known}`, () => {
        const [ours, theirs] = played[at] ?? []
        expect(theirs).toBeDefined()
        if (exception !== undefined) expect(ours).not.toEqual(theirs)
        else expect(ours).toEqual(theirs)
        // A command that fails on both for a reason of its own would look alike.
        if (compare === 'last') expect(theirs?.code).toBe(0)
      })
    }
  })
})

/** Plays it in a fresh namespace, once that has what every namespace gets. */
async function playOn(started: Promise<SharedCluster>, kubectl: string, folder: string): Promise<readonly Played[]> {
  const cluster = await started
  const namespace = await cluster.namespace('tour')
  const nodes = await cluster.api.request('GET', '/api/v1/nodes')
  const { items } = nodes.body as { readonly items: readonly { readonly metadata: { readonly name: string } }[] } // A NodeList.
  await mkdir(folder)
  // Other tests make Nodes as well; Pods are placed on those of the stand-in for the kubelet.
  const names = items.map(({ metadata }) => metadata.name)
  const node = names.find((name) => name.startsWith('stand-in')) ?? names[0] ?? 'no-node'
  const player: Player = { kubectl, cluster, namespace, node, folder }
  return await play(TOUR, player)
}

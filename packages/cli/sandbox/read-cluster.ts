// Reads a live cluster for a sandbox and shows how far it is.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { count } from '@mainstay/core/plan/text-ref.ts'
import { loadCluster } from '@mainstay/engine/cluster/kubeconfig.ts'
import { openTransport } from '@mainstay/engine/cluster/transport.ts'
import { FaultError, isFault } from '@mainstay/engine/fault.ts'
import type { Call } from '../command.ts'
import { line } from '../output/line.ts'
import { durationText } from '../output/time.ts'
import { type GatherProgress, gatherLive } from './live.ts'

/** So many kinds that could not be read are named one by one. */
const NAMED = 20

/** The objects of the cluster of a context of the user's kubeconfig. */
export async function readCluster(call: Call, context: string, signal: AbortSignal): Promise<readonly KubeObject[]> {
  const config = await loadCluster({ context, env: call.io.env }).catch((error: unknown) => {
    if (!isFault(error, 'not-found')) throw error
    const { what, where, fix } = error.fault
    const told = { kind: 'not-found', what: `there is neither a file nor a context "${context}"`, where, fix } as const
    throw new FaultError({ ...told, why: what }, { cause: error })
  })
  const transport = openTransport(config)
  const view = loadView(call, context)
  try {
    const { objects, missing } = await gatherLive(transport, { signal, onProgress: view.onProgress })
    view.end(objects.length, missing)
    return objects
  } finally {
    view.erase()
    await transport.close()
  }
}

interface LoadView {
  readonly onProgress: (progress: GatherProgress) => void
  readonly end: (objects: number, missing: readonly string[]) => void
  readonly erase: () => void
}

/** One line that changes in place on a terminal; one at the beginning and one at the end elsewhere. */
function loadView(call: Call, context: string): LoadView {
  const { notes, io, quiet } = call
  const began = io.now()
  let open = false
  const erase = (): void => {
    if (open) notes.stream.write('\r\u001b[2K')
    open = false
  }
  if (!quiet && !notes.live) notes.say(`reading ${context}`)
  return {
    erase,
    onProgress: ({ kinds, read, objects }) => {
      if (quiet || !notes.live) return
      erase()
      notes.stream.write(
        notes.render(line(`reading ${context}: ${read} of ${kinds} kinds, ${count(objects, 'object')}`)),
      )
      open = true
    },
    end: (objects, missing) => {
      erase()
      if (!quiet) notes.say(`read ${context}: ${count(objects, 'object')} in ${durationText(io.now() - began)}`)
      // What is not there must be known even to those who want no progress: its absence means nothing.
      const more = missing.length > NAMED ? [`… and ${missing.length - NAMED} more`] : []
      notes.print([...missing.slice(0, NAMED), ...more].map((each) => line(`! not loaded  ${each}`, 'warn')))
    },
  }
}

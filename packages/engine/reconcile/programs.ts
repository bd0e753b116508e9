// What rendering by real tools needs of a session: the programs, a place for what they made, and facts of the cluster.
import { join } from 'node:path'
import { FaultError } from '../fault.ts'
import { openKey } from '../record/key.ts'
import { openVault } from '../record/vault.ts'
import { renderCache } from '../render/cache/rendering.ts'
import { renderStore } from '../render/cache/store.ts'
import type { ClusterFacts, RenderTools } from '../render/tool/job.ts'
import { toolRunner } from '../render/tool/runner.ts'
import { processContext, recipesFolder } from '../tools/context.ts'
import type { Connection } from './parts.ts'
import type { SessionOptions } from './session.ts'

/** The tools of a session. What they made is kept beside its records, sealed with their key. */
export function renderTools({ home, env }: Pick<SessionOptions, 'home' | 'env'>): RenderTools {
  const runner = toolRunner(processContext(recipesFolder(), { env }))
  // The records are open already, so that the key is there; what it sealed here can be made again.
  const vault = openVault(openKey(home, () => 0))
  return { runner, cache: renderCache(renderStore({ folder: join(home, 'renders'), vault })) }
}

/**
 * What Helm is told of a cluster. A chart may leave out whatever the cluster does not know, so that a group which did not
 * answer is a fault: its objects would be gone from the manifests, and then from the cluster.
 */
export async function clusterFacts({ reader, kinds }: Pick<Connection, 'reader' | 'kinds'>): Promise<ClusterFacts> {
  const [group, reason] = [...kinds.failedGroups][0] ?? []
  if (group !== undefined) {
    throw new FaultError({
      kind: 'unreachable',
      what: `the cluster does not answer for the API group ${group}, and manifests may depend on it`,
      where: group,
      why: reason ?? null,
      fix: ['See kubectl get apiservices.', 'Or name kubeVersion and apiVersions in the source.'],
    })
  }
  const served = [...kinds.kinds.values()].flatMap((kind) =>
    kind.versions.flatMap((version) => {
      const groupVersion = kind.group === '' ? version : `${kind.group}/${version}`
      return [groupVersion, `${groupVersion}/${kind.kind}`]
    }),
  )
  return { kubeVersion: await reader.version(), apiVersions: [...new Set(served)].toSorted() }
}

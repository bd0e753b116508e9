// Which commit removed the files of objects that Git no longer wants: the positive cause of each deletion, to be shown.
import type { RefKey } from '@mainstay/core/object/ref.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import type { Intent } from '@mainstay/core/plan/plan.ts'
import { isFault } from '../fault.ts'
import { inParallel } from './parallel.ts'
import type { SessionParts } from './parts.ts'
import type { World } from './planning.ts'

/** Files looked for at most: each costs a walk through the history between two commits. */
const MOST = 50
const AT_ONCE = 4

/**
 * The removing commit by object, where one removed the whole file it came from. Nothing is known of an object whose file
 * is still there or whose application has several sources; the plan then names the commit that it was planned at.
 */
export async function removalCauses(
  world: World,
  intent: Intent,
  parts: Pick<SessionParts, 'removedIn'>,
): Promise<ReadonlyMap<RefKey, string>> {
  const causes = new Map<RefKey, string>()
  const [source, ...others] = world.loaded.application.sources
  const [revision] = world.wanted.set.revisions
  const prunes = (intent.kind === 'sync' || intent.kind === 'rollback') && intent.prune
  if (!prunes || source === undefined || others.length > 0 || revision === undefined) return causes
  const wanted = new Map<string, RefKey[]>()
  for (const drift of world.comparison.drifts) {
    if (drift.kind !== 'surplus' || drift.recorded === null || drift.recorded.origin.file === '') continue
    const { commit, origin } = drift.recorded
    const key = JSON.stringify([origin.file, commit])
    if (commit !== revision.commit) wanted.set(key, [...(wanted.get(key) ?? []), refKey(drift.ref)])
  }
  const tasks = [...wanted].slice(0, MOST).map(([key, refs]) => async () => {
    const [file, from] = JSON.parse(key) as [string, string] // As it was written just above.
    const found = await removedIn(source.repoURL, file, from, revision.commit, parts)
    if (found !== null) for (const ref of refs) causes.set(ref, found)
  })
  await inParallel(AT_ONCE, tasks)
  return causes
}

/** Null also where the recorded commit is not in the repository any more: it is told, not decided, by this. */
async function removedIn(
  repoURL: string,
  file: string,
  from: string,
  to: string,
  parts: Pick<SessionParts, 'removedIn'>,
): Promise<string | null> {
  try {
    return await parts.removedIn(repoURL, file, from, to)
  } catch (error) {
    if (isFault(error, 'not-found') || isFault(error, 'invalid-input')) return null
    throw error
  }
}

// How the files of objects went that Git no longer wants: the positive cause of each deletion, to be shown and judged.
import type { RefKey } from '@mainstay/core/object/ref.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import type { Cause } from '@mainstay/core/plan/input.ts'
import type { Intent } from '@mainstay/core/plan/plan.ts'
import { isFault } from '../fault.ts'
import { inParallel } from './parallel.ts'
import type { RepositoryPlace, SessionParts } from './parts.ts'
import type { World } from './planning.ts'

/** Files whose removing commit is looked for at most: each costs a walk through the history between two commits. */
const MOST = 50
const AT_ONCE = 4

/** What is asked of the repository. */
type Repository = Pick<SessionParts, 'removedIn' | 'moved'>

/** A file of the recorded commit, and the objects that came from it. */
interface GoneFile {
  readonly file: string
  readonly commit: string
  readonly refs: RefKey[]
}

/**
 * The cause by object, where the whole file it came from was removed or moved. Nothing is known of an object whose file
 * is still there or whose application has several sources; the plan then names the commit that it was planned at.
 */
export async function removalCauses(
  world: World,
  intent: Intent,
  repository: Repository,
): Promise<ReadonlyMap<RefKey, Cause>> {
  const causes = new Map<RefKey, Cause>()
  const [source, ...others] = world.loaded.application.sources
  const [revision] = world.wanted.set.revisions
  const prunes = (intent.kind === 'sync' || intent.kind === 'rollback') && intent.prune
  if (!prunes || source === undefined || others.length > 0 || revision === undefined) return causes
  // Versions of a chart follow each other without a history of files.
  if (source.chart !== null) return causes
  const files = goneFiles(world, revision.commit)
  const { project } = world.loaded.application
  const between = { place: { repoURL: source.repoURL, project }, to: revision.commit }
  const moved = await movedFiles(new Set(files.map(({ commit }) => commit)), between, repository)
  const tasks = files.map((gone, at) => async () => {
    const movedTo = moved.get(gone.commit)?.get(gone.file) ?? null
    const commit = at < MOST ? await removedIn(gone, between, repository) : null
    if (commit !== null || movedTo !== null) for (const ref of gone.refs) causes.set(ref, { commit, movedTo })
  })
  await inParallel(AT_ONCE, tasks)
  return causes
}

/** Files of objects that are not wanted any more, as far as another commit than today's gave them. */
function goneFiles({ comparison }: World, today: string): readonly GoneFile[] {
  const files = new Map<string, GoneFile>()
  for (const drift of comparison.drifts) {
    if (drift.kind !== 'surplus' || drift.recorded === null || drift.recorded.origin.file === '') continue
    const { commit, origin } = drift.recorded
    if (commit === today) continue
    const key = JSON.stringify([origin.file, commit])
    const gone = files.get(key) ?? { file: origin.file, commit, refs: [] }
    gone.refs.push(refKey(drift.ref))
    files.set(key, gone)
  }
  return [...files.values()]
}

interface Between {
  readonly place: RepositoryPlace
  readonly to: string
}

/** By recorded commit: where its files are now. */
async function movedFiles(
  commits: ReadonlySet<string>,
  { place, to }: Between,
  repository: Repository,
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const moved = new Map<string, ReadonlyMap<string, string>>()
  const tasks = [...commits].map((commit) => async () => {
    moved.set(commit, await orNothing(new Map(), () => repository.moved(place, commit, to)))
  })
  await inParallel(AT_ONCE, tasks)
  return moved
}

function removedIn({ file, commit }: GoneFile, { place, to }: Between, repository: Repository): Promise<string | null> {
  return orNothing(null, () => repository.removedIn(place, file, commit, to))
}

/** Nothing where the recorded commit is not in the repository any more, or is none. */
async function orNothing<T>(nothing: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (isFault(error, 'not-found') || isFault(error, 'invalid-input')) return nothing
    throw error
  }
}

// From flags to intents: what a plan, a sync, a rollback or a deletion is asked for.
import type { Application } from '@mainstay/core/app/application.ts'
import type { Intent } from '@mainstay/core/plan/plan.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import type { HistoryEntry } from '@mainstay/engine/ports.ts'
import { readSelector } from './address.ts'
import type { Call, OptionSpec } from './command.ts'

/** Flags of everything that plans a sync. */
export const SYNC_OPTIONS: readonly OptionSpec[] = [
  { usage: '--revision <revision>', description: 'branch, tag or commit instead of the one in the Application' },
  { usage: '--prune', description: 'delete what is no longer in Git (default: syncPolicy.automated.prune)' },
  { usage: '--no-prune', description: 'keep what is no longer in Git' },
  { usage: '--force', description: 'delete and create again, as visible steps, what cannot be changed in place' },
  {
    usage: '--resource <selector>',
    description: 'only these objects: [!]GROUP:KIND:[NAMESPACE/]NAME; may be repeated',
    repeatable: true,
  },
]

/** The intent of a sync. Without a word about pruning the Application's own sync policy decides. */
export function syncIntent(call: Call, application: Application): Intent {
  return {
    kind: 'sync',
    prune: call.flag('prune') ?? prunesByPolicy(application),
    only: call.list('resource').map(readSelector),
    revision: call.text('revision'),
    ...(call.flag('force') === true ? { force: true } : {}),
  }
}

/** Pruning is the application's rule only where automated sync is on and says so. */
function prunesByPolicy(application: Application): boolean {
  const { automated } = application.syncPolicy
  return automated?.enabled === true && automated.prune
}

/** The intent of a rollback: to the entry that is named, else to the one before the latest. */
export function rollbackIntent(call: Call, history: readonly HistoryEntry[]): Intent {
  const word = call.argument(1)
  const newestFirst = [...history].sort((a, b) => b.id - a.id)
  const entry = word === null ? newestFirst[1] : newestFirst.find((each) => String(each.id) === word)
  if (entry !== undefined) return { kind: 'rollback', history: entry.id, prune: call.flag('prune') === true }
  throw new FaultError({
    kind: 'not-found',
    what: word === null ? 'there is no earlier sync to go back to' : `the history has no entry ${word}`,
    why:
      newestFirst.length === 0 ? 'nothing was synced yet' : `it has: ${newestFirst.map((each) => each.id).join(', ')}`,
    fix: ['see: mainstay app history'],
  })
}

const CASCADES = ['foreground', 'background', 'none'] as const

/** The intent of a deletion. `--cascade` is a way, or true and false as in the argocd CLI; foreground where nothing is said. */
export function deleteIntent(call: Call): Intent {
  const policy = call.text('propagation-policy')
  const word = call.text('cascade') ?? (call.flag('cascade') === false ? 'none' : 'true')
  const cascade = word === 'false' ? 'none' : word === 'true' ? (policy ?? 'foreground') : word
  const known = CASCADES.find((each) => each === cascade)
  if (known !== undefined && (policy === null || policy === known)) return { kind: 'delete', cascade: known }
  throw new FaultError({
    kind: 'invalid-input',
    what:
      known === undefined
        ? `"${cascade}" is no way to delete`
        : `--cascade says ${known}, --propagation-policy ${policy}`,
    where: '--cascade',
    fix: [`one of: ${CASCADES.join(', ')}; none keeps every object and only forgets the application`],
  })
}

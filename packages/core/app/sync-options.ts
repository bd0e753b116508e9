// The words of sync options: which exist, where they count, which values they take.
import type { Finding, Level } from '../policy/finding.ts'
import type { SyncOptions } from './application.ts'
import { nearestWord } from './spelling.ts'

/** Where an option was written. */
export type OptionLevel = 'application' | 'resource'

/** Parsed options; only what was written is present. */
export type GivenOptions = { readonly [K in keyof SyncOptions]?: SyncOptions[K] }

/** What applies where nothing is written. */
export const DEFAULT_OPTIONS: SyncOptions = {
  prune: 'yes',
  delete: 'yes',
  pruneLast: false,
  propagation: 'foreground',
  validate: true,
  skipDryRunOnMissing: false,
  applyOutOfSyncOnly: false,
  replace: false,
  force: false,
  serverSideApply: false,
  clientSideApplyMigration: true,
  createNamespace: false,
  respectIgnoreDifferences: false,
  failOnSharedResource: false,
}

type Consent = 'yes' | 'no' | 'confirm'
type FlagKey = { [K in keyof SyncOptions]: SyncOptions[K] extends boolean ? K : never }[keyof SyncOptions]

/** One option: how it is written, where it counts, what it sets. */
type OptionWord =
  | { readonly word: string; readonly levels: readonly OptionLevel[]; readonly sets: 'prune' | 'delete' }
  | { readonly word: string; readonly levels: readonly OptionLevel[]; readonly sets: 'propagation' }
  | { readonly word: string; readonly levels: readonly OptionLevel[]; readonly sets: FlagKey }

const BOTH = ['application', 'resource'] as const
const APP = ['application'] as const

const WORDS: readonly OptionWord[] = [
  { word: 'Prune', levels: BOTH, sets: 'prune' },
  { word: 'Delete', levels: BOTH, sets: 'delete' },
  { word: 'PruneLast', levels: BOTH, sets: 'pruneLast' },
  { word: 'PrunePropagationPolicy', levels: APP, sets: 'propagation' },
  { word: 'Validate', levels: BOTH, sets: 'validate' },
  { word: 'SkipDryRunOnMissingResource', levels: BOTH, sets: 'skipDryRunOnMissing' },
  { word: 'ApplyOutOfSyncOnly', levels: APP, sets: 'applyOutOfSyncOnly' },
  { word: 'Replace', levels: BOTH, sets: 'replace' },
  { word: 'Force', levels: ['resource'], sets: 'force' },
  { word: 'ServerSideApply', levels: BOTH, sets: 'serverSideApply' },
  { word: 'ClientSideApplyMigration', levels: APP, sets: 'clientSideApplyMigration' },
  { word: 'CreateNamespace', levels: APP, sets: 'createNamespace' },
  { word: 'RespectIgnoreDifferences', levels: APP, sets: 'respectIgnoreDifferences' },
  { word: 'FailOnSharedResource', levels: APP, sets: 'failOnSharedResource' },
]

const BY_WORD: ReadonlyMap<string, OptionWord> = new Map(WORDS.map((each) => [each.word, each]))

/**
 * Parses a list of sync options (`Prune=false`, …). White space around a word does not count, `Option=true` and
 * `Option=false` are read wherever only one of them has an effect, and letter case of the value is forgiven. Of two
 * entries about pruning or deleting the stricter one holds; otherwise the last. What is not understood becomes a
 * finding, and where it is about pruning or deleting, the object is treated as `confirm`: a protection with a typing
 * error must not be none.
 */
export function parseSyncOptions(
  list: readonly string[],
  level: OptionLevel,
): { readonly options: GivenOptions; readonly findings: readonly Finding[] } {
  const findings: Finding[] = []
  let options: GivenOptions = {}
  for (const entry of list.map((each) => each.trim()).filter((each) => each !== '')) {
    const equals = entry.indexOf('=')
    const word = equals < 0 ? entry : entry.slice(0, equals).trim()
    const value = equals < 0 ? null : entry.slice(equals + 1).trim()
    const known = BY_WORD.get(word)
    if (known === undefined) {
      findings.push(unknownWord(entry, word))
      // `prune=false`, `Prunee=false`: whoever wrote it wanted protection.
      options = { ...options, ...doubtful(nearestWord(word, ['Prune', 'Delete']), options) }
      continue
    }
    if (!known.levels.includes(level)) {
      findings.push(misplaced(entry, level))
      continue
    }
    const set = setOption(known, value, options)
    if (set.finding !== null) findings.push(set.finding)
    options = { ...options, ...set.options }
  }
  return { options, findings }
}

/** The stricter of two answers to "may it be removed?". */
export function stricter(a: Consent, b: Consent): Consent {
  if (a === 'no' || b === 'no') return 'no'
  return a === 'confirm' || b === 'confirm' ? 'confirm' : 'yes'
}

interface SetResult {
  readonly options: GivenOptions
  readonly finding: Finding | null
}

function setOption(known: OptionWord, value: string | null, before: GivenOptions): SetResult {
  switch (known.sets) {
    case 'prune':
    case 'delete': {
      const consent = consentOf(value)
      const next = stricter(before[known.sets] ?? 'yes', consent ?? 'confirm')
      const finding = consent === null ? badValue(known.word, value, ['false', 'confirm'], 'needs-approval') : null
      return { options: { [known.sets]: next }, finding }
    }
    case 'propagation': {
      const policy = value?.toLowerCase()
      if (policy === 'foreground' || policy === 'background' || policy === 'orphan') {
        return { options: { propagation: policy }, finding: null }
      }
      const finding = badValue(known.word, value, ['foreground', 'background', 'orphan'], 'warning')
      return { options: {}, finding }
    }
    default: {
      const flag = value?.toLowerCase()
      if (flag === 'true' || flag === 'false') return { options: { [known.sets]: flag === 'true' }, finding: null }
      return { options: {}, finding: badValue(known.word, value, ['true', 'false'], 'warning') }
    }
  }
}

function consentOf(value: string | null): Consent | null {
  switch (value?.toLowerCase()) {
    case 'true':
      return 'yes'
    case 'false':
      return 'no'
    case 'confirm':
      return 'confirm'
    default:
      return null
  }
}

function doubtful(meant: string | null, before: GivenOptions): GivenOptions {
  if (meant === 'Prune') return { prune: stricter(before.prune ?? 'yes', 'confirm') }
  if (meant === 'Delete') return { delete: stricter(before.delete ?? 'yes', 'confirm') }
  return {}
}

function unknownWord(entry: string, word: string): Finding {
  const meant = nearestWord(word, BY_WORD.keys())
  return {
    rule: 'unknown-option',
    level: 'warning',
    ref: null,
    title: `${entry} is not a sync option`,
    what: 'it has no effect',
    fixes: [{ kind: 'do', text: meant === null ? 'check its spelling, or remove it' : `write ${meant}, or remove it` }],
  }
}

function badValue(word: string, value: string | null, allowed: readonly string[], level: Level): Finding {
  const written = value === null ? word : `${word}=${value}`
  const effect =
    word === 'Prune' || word === 'Delete' ? 'it is treated as a wish to be asked first' : 'it has no effect'
  return {
    rule: 'unknown-option',
    level,
    ref: null,
    title: `${written} is not a value of the sync option ${word}`,
    what: effect,
    fixes: [{ kind: 'do', text: `write ${allowed.map((each) => `${word}=${each}`).join(' or ')}` }],
  }
}

function misplaced(entry: string, level: OptionLevel): Finding {
  const other = level === 'application' ? 'on the resource, in its annotation' : 'in the Application'
  return {
    rule: 'unknown-option',
    level: 'warning',
    ref: null,
    title: `${entry} has no effect ${level === 'application' ? 'on an Application' : 'on a resource'}`,
    what: 'the option counts only in the other place',
    fixes: [{ kind: 'do', text: `write it ${other}, or remove it` }],
  }
}

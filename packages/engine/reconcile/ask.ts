// Asks the API server's dry run about objects whose local comparison is not certain; answers are remembered.
import type { DryRun } from '@mainstay/core/compare/drift.ts'
import type { DesiredObject } from '@mainstay/core/desired/desired.ts'
import type { LiveSet } from '@mainstay/core/live/live.ts'
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { resourceVersionOf } from '@mainstay/core/object/object.ts'
import type { RefKey } from '@mainstay/core/object/ref.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import { maskSecret } from '@mainstay/core/object/secret.ts'
import { isFault } from '../fault.ts'
import type { ClusterReader, RecordStore } from '../ports.ts'
import { sha256 } from './digest.ts'
import { inParallel } from './parallel.ts'
import type { RecentAnswers } from './recent.ts'

/** Dry runs under way at once: one application must not take the API server's whole share of writes. */
const DRY_RUNS = 10

/** What is needed to ask. */
export interface AskInput {
  readonly reader: ClusterReader
  readonly records: RecordStore
  readonly recent: RecentAnswers
  readonly clusterId: string
  readonly desired: readonly DesiredObject[]
  readonly live: LiveSet
  readonly uncertain: readonly RefKey[]
  /** The manifest that an apply would send for an object that exists. */
  readonly manifestFor: (desired: DesiredObject, live: KubeObject) => KubeObject
  readonly signal?: AbortSignal
}

/**
 * The server's answers by object. What it accepted for (manifest digest, live resourceVersion) stays accepted, so it is
 * kept; a refusal and `unavailable` are not. One for an object that does not exist yet serves only the plan that
 * is made again right after it was shown.
 */
export async function askDryRuns(input: AskInput): Promise<ReadonlyMap<RefKey, DryRun>> {
  const desired = new Map(input.desired.map((each) => [refKey(each.ref), each]))
  const answers = new Map<RefKey, DryRun>()
  const tasks = input.uncertain.flatMap((key) => {
    const object = desired.get(key)
    return object === undefined ? [] : [async () => void answers.set(key, await answerFor(object, key, input))]
  })
  await inParallel(DRY_RUNS, tasks)
  return answers
}

async function answerFor(object: DesiredObject, key: RefKey, input: AskInput): Promise<DryRun> {
  const live = input.live.objects.get(key)
  const version = live === undefined ? null : resourceVersionOf(live)
  const manifest = live === undefined ? object.manifest : input.manifestFor(object, live)
  const digest =
    manifest === object.manifest ? object.digest : sha256(canonicalJson(maskSecret(manifest, input.records.mask)))
  const { records, recent, clusterId } = input
  const known = version === null ? recent.get(clusterId, digest) : await records.dryRun(clusterId, digest, version)
  if (known !== null) return known
  const answer = await ask(object, manifest, input, live !== undefined)
  if (version === null) recent.put(clusterId, digest, answer)
  // A refusal may be of a right, a policy or a webhook: the next plan asks again.
  else if (answer.kind === 'accepted') await records.putDryRun(clusterId, digest, version, answer)
  return answer
}

async function ask(object: DesiredObject, manifest: KubeObject, input: AskInput, exists: boolean): Promise<DryRun> {
  try {
    const answer = await input.reader.dryRun(manifest, {
      validate: object.options.validate,
      ...(input.signal === undefined ? {} : { signal: input.signal }),
    })
    if (!exists || answer.kind !== 'refused' || answer.refusal.reason !== 'Invalid') return answer
    return (await isCreatable(object, input))
      ? { kind: 'refused', refusal: { ...answer.refusal, creatable: true } }
      : answer
  } catch (error) {
    // Not being able to ask is not an answer: the local comparison stands and says that it was not confirmed.
    if (isFault(error) && error.fault.kind !== 'cancelled') {
      return { kind: 'unavailable', reason: error.fault.why ?? error.fault.what }
    }
    throw error
  }
}

/** Not being able to ask leaves the refusal as it is: then nothing is replaced. */
async function isCreatable(object: DesiredObject, input: AskInput): Promise<boolean> {
  try {
    return await input.reader.creatable(object.manifest, input.signal)
  } catch (error) {
    if (isFault(error) && error.fault.kind !== 'cancelled') return false
    throw error
  }
}

// What an intent wants: rendered from Git, from the trash, or nothing at all.
import type { Application, Tracking } from '@mainstay/core/app/application.ts'
import { buildDesired, sourceDigestOf } from '@mainstay/core/desired/build.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KindTable } from '@mainstay/core/object/kinds.ts'
import { FIELD_MANAGER } from '@mainstay/core/object/manager.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import type { Intent } from '@mainstay/core/plan/plan.ts'
import { FaultError } from '../fault.ts'
import type { RecordKey, TrashEntry } from '../ports.ts'
import { sha256 } from './digest.ts'
import { invalidInput } from './invalid.ts'
import { readSpec } from './load.ts'
import type { SessionParts } from './parts.ts'
import type { Wanted } from './planning.ts'
import type { RenderedApplication, RenderHow } from './rendered.ts'
import { desiredFromTrash } from './restore.ts'

/** What deciding on the wanted set needs to know of the cluster. */
export interface WantContext {
  readonly application: Application
  readonly kinds: KindTable
  readonly tracking: Tracking
  readonly key: RecordKey
  readonly how: RenderHow
}

/** The wanted set of an intent. A deletion wants nothing and renders nothing (invariant 7). */
export async function wantedBy(intent: Intent, context: WantContext, parts: SessionParts): Promise<Wanted> {
  switch (intent.kind) {
    case 'sync':
      return fromGit(context, [intent.revision], parts)
    case 'rollback':
      return fromHistory(intent.history, context, parts)
    case 'delete':
      return { set: emptySet(context.application), findings: [], restored: new Map(), kept: false }
    case 'restore':
      return fromTrash(intent.entries, context, parts)
  }
}

function emptySet(application: Application): Wanted['set'] {
  return { objects: [], hooks: [], revisions: [], sourceDigest: sourceDigestOf(application, sha256) }
}

/** Renders and builds; every problem of every manifest is reported together, and nothing is ever partly wanted. */
async function fromGit(
  context: WantContext,
  revisions: readonly (string | null)[],
  parts: SessionParts,
): Promise<Wanted> {
  const rendered = await parts.render(context.application, context.tracking, revisions, context.how)
  const built = buildOnce(rendered, context, parts)
  if (built.kind === 'invalid') throw invalidInput('the manifests are not valid', built.problems)
  const findings = [...rendered.findings, ...built.findings]
  return { set: built.set, findings, restored: new Map(), kept: rendered.kept }
}

type Built = ReturnType<typeof buildDesired>

/** What was built from a render, while nothing that decides it has changed. Gone with the render itself. */
const BUILT = new WeakMap<RenderedApplication, { readonly context: WantContext; readonly built: Built }>()

function buildOnce(rendered: RenderedApplication, context: WantContext, parts: SessionParts): Built {
  const known = BUILT.get(rendered)
  const { application, kinds, tracking } = context
  const same = known?.context.application === application && known.context.kinds === kinds
  if (known !== undefined && same && known.context.tracking === tracking) return known.built
  const built = buildDesired({
    application,
    documents: rendered.documents,
    kinds,
    tracking,
    revisions: rendered.revisions,
    digest: sha256,
    mask: parts.records.mask,
  })
  BUILT.set(rendered, { context, built })
  return built
}

/** A rollback renders the recorded commits with the Application as it was recorded with them. */
async function fromHistory(id: number, context: WantContext, parts: SessionParts): Promise<Wanted> {
  const history = await parts.records.history(context.key)
  const entry = history.find((each) => each.id === id)
  if (entry === undefined) {
    const known = history.map((each) => each.id).join(', ')
    throw new FaultError({
      kind: 'not-found',
      what: `there is no history entry ${id}`,
      where: context.application.key.name,
      fix: [known === '' ? 'Nothing was synced yet.' : `Choose one of: ${known} (mainstay app history)`],
    })
  }
  const manifest = await parts.records.application(entry.application)
  if (manifest === null) {
    throw new FaultError({ kind: 'record-failed', what: `the records lost the Application of history entry ${id}` })
  }
  const then = readSpec(manifest, `history entry ${id}`).application
  const application = { ...then, destination: context.application.destination, key: context.application.key }
  return fromGit(
    { ...context, application },
    entry.revisions.map((revision) => revision.commit),
    parts,
  )
}

async function fromTrash(ids: readonly string[], context: WantContext, parts: SessionParts): Promise<Wanted> {
  const all = new Map((await parts.records.trash({ key: context.key })).map((entry) => [entry.id, entry]))
  const entries: { entry: TrashEntry; object: KubeObject }[] = []
  for (const id of ids) {
    const entry = all.get(id)
    const object = entry === undefined ? null : await parts.records.trashObject(id)
    if (entry === undefined || object === null) {
      throw new FaultError({ kind: 'not-found', what: `the trash holds no entry ${id}`, fix: ['mainstay trash list'] })
    }
    entries.push({ entry, object })
  }
  const set = desiredFromTrash(entries, {
    digest: sha256,
    mask: parts.records.mask,
    sourceDigest: sourceDigestOf(context.application, sha256),
  })
  const restored = new Map(
    entries.map(({ entry, object }) => [refKey(entry.ref), { owned: ownedFields(object), entry: entry.entry }]),
  )
  return { set, findings: [], restored, kept: false }
}

/** The fields our field manager owned by apply; empty where it owned none. */
function ownedFields(object: KubeObject): JsonObject {
  const entries = object.metadata.managedFields
  const ours = (isList(entries) ? entries : []).find(
    (entry) =>
      isObject(entry) &&
      entry.manager === FIELD_MANAGER &&
      entry.operation === 'Apply' &&
      entry.subresource === undefined,
  )
  return isObject(ours) && isObject(ours.fieldsV1) ? ours.fieldsV1 : {}
}

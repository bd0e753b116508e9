// Differences as people read them: a path, both values (secrets masked), who wrote the live one.
import type { RawChange } from '../diff/draft.ts'
import { printPath } from '../diff/path.ts'
import { canonicalJson } from '../object/canonical.ts'
import type { Mask } from '../object/digest.ts'
import type { Json, JsonObject } from '../object/json.ts'
import { isObject } from '../object/json.ts'
import { compareText } from '../object/ref.ts'
import { maskSecret } from '../object/secret.ts'
import { copyFinder } from '../object/secret-copy.ts'
import type { Evidence } from './authors.ts'
import { authorOf, isHandEdit, toAuthor } from './authors.ts'
import type { FieldChange } from './drift.ts'

/** Where the values of a Secret are. */
const SECRET_FIELDS: ReadonlySet<unknown> = new Set(['data', 'stringData'])

/** Turns differences into changes, ordered by path, so that the order of fields in a file means nothing. */
export function describeChanges(
  raw: readonly RawChange[],
  evidence: Evidence,
  secret: Mask | null,
): readonly FieldChange[] {
  return raw
    .map((change) => describe(change, evidence, secret))
    .sort((a, b) => compareText(a.path, b.path) || compareText(a.op, b.op) || compareText(textOf(a), textOf(b)))
}

function describe(change: RawChange, evidence: Evidence, secret: Mask | null): FieldChange {
  const author = change.op === 'add' ? null : authorOf(evidence.ownership, change.path)
  const hidden = secret !== null && (SECRET_FIELDS.has(change.path[0]) || isCopy(change))
  return {
    path: printPath(change.path),
    op: change.op,
    from: hidden ? maskValue(change.from, secret) : change.from,
    to: hidden ? maskValue(change.to, secret) : change.to,
    by: author === null ? null : toAuthor(author),
    handEdit: isHandEdit(author, change.path, evidence),
  }
}

const holdsManifest = copyFinder([])

/** True for a change of annotations by which some tool keeps a copy of what it applied. */
function isCopy({ path, from, to }: RawChange): boolean {
  const [metadata, annotations, key] = path
  if (metadata !== 'metadata' || annotations !== 'annotations') return false
  return [from, to].some((value) => {
    const texts = typeof value === 'string' ? [value] : isObject(value) ? Object.values(value) : []
    return texts.some((text) => typeof text === 'string' && holdsManifest(String(key), text))
  })
}

/** The mark of a secret value, the same as in a masked Secret; a whole map keeps its keys. */
function maskValue(value: Json, mask: Mask): Json {
  if (value === null) return null
  const data: JsonObject = isObject(value) ? value : { value }
  const masked = maskSecret({ apiVersion: 'v1', kind: 'Secret', metadata: { name: '' }, data }, mask).data
  if (isObject(value)) return masked ?? null
  return isObject(masked) ? (masked.value ?? null) : null
}

function textOf(change: FieldChange): string {
  return canonicalJson([change.from, change.to])
}

// What clients do to one object in a row, as data.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import fc from 'fast-check'
import type { Subject } from './subjects.ts'

/** One request. */
export type Step =
  | { readonly kind: 'apply'; readonly manager: string; readonly force: boolean; readonly wish: JsonObject }
  | {
      readonly kind: 'update'
      readonly manager: string
      readonly wish: JsonObject
      readonly replaces: boolean
      readonly annotated: boolean
    }
  | { readonly kind: 'merge'; readonly manager: string; readonly wish: JsonObject }
  | { readonly kind: 'strategic'; readonly manager: string; readonly wish: JsonObject }
  | { readonly kind: 'json'; readonly manager: string; readonly wish: JsonObject; readonly choice: number }
  | { readonly kind: 'reset'; readonly manager: string; readonly entries: readonly JsonObject[] }

const appliers = fc.constantFrom('ana', 'ben', 'kubectl')
const writers = fc.constantFrom('ana', 'cid', ...Array.from({ length: 12 }, (_, at) => `w${at}`))

/** A row of requests. */
export function steps(subject: Subject, length: number): fc.Arbitrary<readonly Step[]> {
  const wish = subject.wish
  const apply = fc.record({ kind: fc.constant('apply'), manager: appliers, force: fc.boolean(), wish })
  const update = fc.record({
    kind: fc.constant('update'),
    manager: writers,
    wish,
    replaces: fc.boolean(),
    annotated: fc.boolean(),
  })
  const merge = fc.record({ kind: fc.constant('merge'), manager: writers, wish: wish.chain(withNulls) })
  const strategic = fc.record({ kind: fc.constant('strategic'), manager: writers, wish: wish.chain(withNulls) })
  const json = fc.record({ kind: fc.constant('json'), manager: writers, wish, choice: fc.nat(1000) })
  const reset = fc.record({ kind: fc.constant('reset'), manager: writers, entries: fc.constantFrom([], [{}]) })
  const any = fc.oneof(
    { weight: 10, arbitrary: apply },
    { weight: 4, arbitrary: update },
    { weight: 3, arbitrary: merge },
    { weight: 3, arbitrary: json },
    { weight: subject.strategic ? 4 : 0, arbitrary: strategic },
    { weight: 1, arbitrary: reset },
  ) as fc.Arbitrary<Step>
  return fc.array(any, { minLength: length, maxLength: length })
}

/** A wish in which some fields are null, so that a patch takes them away. */
function withNulls(wish: JsonObject): fc.Arbitrary<JsonObject> {
  return fc.infiniteStream(fc.nat(5)).map((numbers) => nulled(wish, () => numbers.next().value === 0))
}

function nulled(value: JsonObject, decide: () => boolean): JsonObject {
  const entries = Object.entries(value).map(([name, item]): [string, Json] => {
    if (name !== 'metadata' && name !== 'spec' && decide()) return [name, null]
    return [name, isObject(item) ? nulled(item, decide) : item]
  })
  return Object.fromEntries(entries)
}

/** Operations that make something of a wish out of an object. */
export function operationsFor(live: JsonObject, wish: JsonObject, choice: number): readonly JsonObject[] {
  const found: JsonObject[] = []
  collect('', live, wish, found)
  return found.filter((_, at) => ((choice >> (at % 10)) & 1) === 0)
}

function collect(path: string, live: Json | undefined, wish: Json, found: JsonObject[]): void {
  if (isObject(wish) && isObject(live)) {
    for (const [name, item] of Object.entries(wish)) {
      collect(`${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, live[name], item, found)
    }
    return
  }
  if (live === undefined) found.push({ op: 'add', path, value: wish })
  else if (isList(live) && isList(wish) && wish.length < live.length) found.push({ op: 'remove', path: `${path}/0` })
  else found.push({ op: 'replace', path, value: wish }, { op: 'test', path, value: wish })
}

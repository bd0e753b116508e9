// How an object is named in text: `Kind/name`, with namespace and API group only where they are needed.
import type { ObjectRef } from '../object/ref.ts'
import { compareRefs, compareText } from '../object/ref.ts'

/** What decides how long a name has to be. */
export interface Naming {
  /** The application's destination namespace: left out in names. */
  readonly namespace: string | null
  /** Kinds that appear under more than one API group: there the group is written. */
  readonly ambiguous: ReadonlySet<string>
}

/** The naming for a set of objects that are shown together. */
export function namingOf(namespace: string | null, refs: Iterable<ObjectRef>): Naming {
  const groups = new Map<string, string>()
  const ambiguous = new Set<string>()
  for (const { kind, group } of refs) {
    const known = groups.get(kind)
    if (known === undefined) groups.set(kind, group)
    else if (known !== group) ambiguous.add(kind)
  }
  return { namespace, ambiguous }
}

/** `Deployment/web`, `other/Deployment/web` in another namespace, `Cluster.postgresql.cnpg.io/orders` where ambiguous. */
export function refText(ref: ObjectRef, naming: Naming): string {
  const kind = naming.ambiguous.has(ref.kind) && ref.group !== '' ? `${ref.kind}.${ref.group}` : ref.kind
  const namespace = ref.namespace === null || ref.namespace === naming.namespace ? '' : `${ref.namespace}/`
  return `${namespace}${kind}/${ref.name}`
}

/** Names of objects in a fixed order, at most `max` of them, then how many more there are. */
export function refList(refs: readonly ObjectRef[], naming: Naming, max = 20): string {
  const names = [...refs].sort(compareRefs).map((ref) => refText(ref, naming))
  return listText(names, max)
}

/** `a, b, c` or `a, b and 7 more`. */
export function listText(items: readonly string[], max: number): string {
  if (items.length <= max) return items.join(', ')
  return `${items.slice(0, max).join(', ')} and ${items.length - max} more`
}

/** `1 object`, `2 objects`, `2 policies`. */
export function count(number: number, noun: string): string {
  if (number === 1) return `1 ${noun}`
  const plural = noun.endsWith('y') && !/[aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`
  return `${number} ${plural}`
}

/** Texts without doubles, in a fixed order. */
export function sortedUnique(texts: Iterable<string>): readonly string[] {
  return [...new Set(texts)].sort(compareText)
}

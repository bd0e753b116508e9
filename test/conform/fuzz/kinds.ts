// Every kind that the fuzzer knows, and which of them are played together.

import { customKinds } from './custom.ts'
import type { FuzzKind } from './kind.ts'
import type { Lot } from './lot.ts'
import { plainKinds } from './plain.ts'
import { limitKinds, storageKinds } from './storage.ts'
import { workloadKinds } from './workloads.ts'

const others = [...workloadKinds, ...plainKinds, ...storageKinds]

/** All kinds. */
export const fuzzKinds: readonly FuzzKind[] = [...others, ...limitKinds, ...customKinds]

/** The kind of an operation. */
export function kindNamed(name: string): FuzzKind {
  const found = fuzzKinds.find(({ kind }) => kind === name)
  if (found === undefined) throw new Error(`no kind ${name}`)
  return found
}

const calm: ReadonlySet<string> = new Set(['Role', 'ClusterRole', 'Lease', 'Ingress', 'NetworkPolicy'])

/** Kinds for one episode: few, so that much happens to each object. */
export function drawKinds(lot: Lot): readonly FuzzKind[] {
  if (lot.chance(0.06)) return [...limitKinds, ...others.filter(({ kind }) => calm.has(kind))]
  return lot.chance(0.3) ? [...customKinds, ...lot.some(others, 2)] : lot.some(others, 5, 3)
}

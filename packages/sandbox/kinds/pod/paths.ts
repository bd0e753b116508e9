// Paths of files inside volumes.
import type { Cause } from '../../registry/kind.ts'
import { invalid } from '../causes.ts'

/** A path without `..`. */
export function stepCauses(path: string, text: string): readonly Cause[] {
  return text.split('/').includes('..') ? [invalid(path, text, "must not contain '..'")] : []
}

/** A relative path without `..`. */
export function descendingCauses(path: string, text: string): readonly Cause[] {
  return [...(text.startsWith('/') ? [invalid(path, text, 'must be a relative path')] : []), ...stepCauses(path, text)]
}

/** A relative path whose first part does not begin with two dots, which the kubelet keeps for itself. */
export function plainPathCauses(path: string, text: string): readonly Cause[] {
  const reserved = text.startsWith('..') && !text.startsWith('../')
  return [...descendingCauses(path, text), ...(reserved ? [invalid(path, text, "must not start with '..'")] : [])]
}

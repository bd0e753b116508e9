// Warnings about the names of new finalizers.
import { isList } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import { qualifiedName } from '../kinds/formats.ts'
import { quote } from './value/text.ts'

const STANDARD: ReadonlySet<string> = new Set(['orphan', 'foregroundDeletion', 'kubernetes'])

/** What the server warns of for finalizers that are new, in their order by name. */
export function finalizerWarnings(object: KubeObject, old: KubeObject | null): readonly string[] {
  const before = new Set(old === null ? [] : finalizersOf(old))
  const added = [...new Set(finalizersOf(object))].filter((each) => !before.has(each)).sort()
  return added.flatMap((name) => {
    const at = `metadata.finalizers: ${quote(name)}: `
    const unqualified = !name.includes('/') && !STANDARD.has(name)
    const path = name.includes('.') ? ' including a path (/)' : ''
    return [
      ...qualifiedName(name).map((problem) => at + problem),
      ...(unqualified
        ? [
            `${at}prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`,
          ]
        : []),
    ]
  })
}

function finalizersOf(object: KubeObject): readonly string[] {
  const finalizers = valueAt(object, 'metadata', 'finalizers')
  return isList(finalizers) ? finalizers.filter((each): each is string => typeof each === 'string') : []
}

// The resources of one sandbox: the built-in ones, and those that definitions bring and take away.
import type { Registry, Resource } from './kind.ts'

/** A registry whose custom resources can be exchanged. */
export interface OpenRegistry extends Registry {
  /** Takes the custom resources of all definitions; those before are gone. */
  readonly setCustom: (resources: readonly Resource[]) => void
  readonly custom: () => readonly Resource[]
}

/** A registry of resources. */
export function openRegistry(builtIn: readonly Resource[]): OpenRegistry {
  const fixed = tables(builtIn)
  let custom: readonly Resource[] = []
  let added = tables(custom)
  return {
    byPlural: (group, version, plural) => {
      const key = `${group}/${plural}`
      const resource = fixed.plurals.get(key) ?? added.plurals.get(key)
      return resource?.versions.some((each) => each.name === version) === true ? resource : null
    },
    byKind: (group, kind) => {
      const key = `${group}/${kind}`
      return fixed.kinds.get(key) ?? added.kinds.get(key) ?? null
    },
    all: () => [...builtIn, ...custom],
    custom: () => custom,
    setCustom: (resources) => {
      custom = resources
      added = tables(resources)
    },
  }
}

interface Tables {
  readonly plurals: ReadonlyMap<string, Resource>
  readonly kinds: ReadonlyMap<string, Resource>
}

function tables(resources: readonly Resource[]): Tables {
  return {
    plurals: new Map(resources.map((each) => [`${each.group}/${each.plural}`, each])),
    kinds: new Map(resources.map((each) => [`${each.group}/${each.kind}`, each])),
  }
}

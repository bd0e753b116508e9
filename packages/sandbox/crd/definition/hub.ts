// A definition as the server judges it: what all versions have in common stands once, at the top. Paths in causes follow.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { sameJson } from '../value/same.ts'
import { versionsOf } from '../versions.ts'

const SHARED = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const
type Shared = (typeof SHARED)[number]

/** The server's inner form. */
export interface Hub {
  readonly group: string
  readonly scope: string
  readonly names: JsonObject
  readonly conversion: JsonObject | null
  readonly preserveUnknownFields: boolean
  /** Versions without what stands at the top. */
  readonly versions: readonly JsonObject[]
  /** Name of the first version. */
  readonly version: string
  readonly top: Readonly<Partial<Record<Shared, Json>>>
  readonly storedVersions: readonly string[] | null
  readonly acceptedNames: JsonObject
}

/** Reads a definition. */
export function hubOf(crd: KubeObject): Hub {
  const versions = versionsOf(crd)
  const top: Partial<Record<Shared, Json>> = {}
  const common = new Set<string>()
  for (const key of SHARED) {
    const first = versions[0]?.[key]
    if (versions.length === 0 || !versions.every((each) => sameJson(each[key] ?? null, first ?? null))) continue
    common.add(key)
    if (first !== undefined) top[key] = first
  }
  const stored = valueAt(crd, 'status', 'storedVersions')
  const conversion = valueAt(crd, 'spec', 'conversion')
  const names = valueAt(crd, 'spec', 'names')
  const accepted = valueAt(crd, 'status', 'acceptedNames')
  return {
    group: stringAt(crd, 'spec', 'group') ?? '',
    scope: stringAt(crd, 'spec', 'scope') ?? '',
    names: isObject(names) ? names : {},
    conversion: isObject(conversion) ? conversion : null,
    preserveUnknownFields: valueAt(crd, 'spec', 'preserveUnknownFields') === true,
    versions: versions.map((each) => Object.fromEntries(Object.entries(each).filter(([key]) => !common.has(key)))),
    version: String(versions[0]?.name ?? ''),
    top,
    storedVersions: isList(stored) ? stored.map(String) : null,
    acceptedNames: isObject(accepted) ? accepted : {},
  }
}

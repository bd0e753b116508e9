// The settings of spec.source.kustomize as Argo CD puts them into a kustomization: commands of kustomize, in its order.
import type { KustomizeOptions } from '@mainstay/core/app/application.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { FaultError } from '../../fault.ts'
import { fillIn } from '../environment.ts'
import type { Reference } from './references.ts'

/** What is done to a kustomization before it is built. */
export interface Edits {
  /** Arguments of `kustomize edit`, one run each. */
  readonly commands: readonly (readonly string[])[]
  /** Added to `patches` after the commands; kustomize has no command that takes them as they are. */
  readonly patches: readonly JsonObject[]
  /** Added last. */
  readonly components: readonly string[]
  readonly ignoreMissingComponents: boolean
}

/** The edits of a source. Texts are filled in where Argo CD does: images, labels, and annotations where asked for. */
export function editsOf(options: KustomizeOptions, variables: ReadonlyMap<string, string>): Edits {
  const fill = (text: string) => fillIn(text, variables)
  const commands: (readonly string[])[] = []
  if (options.namePrefix !== null) commands.push(['set', 'nameprefix', '--', options.namePrefix])
  if (options.nameSuffix !== null) commands.push(['set', 'namesuffix', '--', options.nameSuffix])
  if (options.images.length > 0) commands.push(['set', 'image', ...options.images.map(fill)])
  if (options.replicas.length > 0) commands.push(['set', 'replicas', ...options.replicas.map(replicaArgument)])
  const labels = pairs(options.commonLabels, fill)
  if (labels.length > 0) {
    const flags = [
      ...(options.forceCommonLabels ? ['--force'] : []),
      ...(options.labelWithoutSelector ? ['--without-selector'] : []),
      ...(options.labelIncludeTemplates ? ['--include-templates'] : []),
    ]
    commands.push(['add', 'label', ...flags, ...labels])
  }
  const annotations = pairs(options.commonAnnotations, options.commonAnnotationsEnvsubst ? fill : (text) => text)
  if (annotations.length > 0) {
    commands.push(['add', 'annotation', ...(options.forceCommonAnnotations ? ['--force'] : []), ...annotations])
  }
  if (options.namespace !== null) commands.push(['set', 'namespace', '--', options.namespace])
  const { patches, components, ignoreMissingComponents } = options
  return { commands, patches, components, ignoreMissingComponents }
}

/** Files and folders that the edits make the kustomization refer to. */
export function referencesOfEdits({ patches, components }: Edits): readonly Reference[] {
  return [
    ...patches.flatMap(({ path }, index): Reference[] =>
      typeof path === 'string' && path !== '' ? [{ value: path, field: ['patches', index, 'path'], kind: 'file' }] : [],
    ),
    ...components.map((value, index): Reference => ({ value, field: ['components', index], kind: 'component' })),
  ]
}

/** `key:value` by key; the order makes no difference to kustomize, and is the same every time. */
function pairs(map: Readonly<Record<string, string>>, value: (text: string) => string): readonly string[] {
  return Object.entries(map)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, text]) => `${key}:${value(text)}`)
}

function replicaArgument({ name, count }: KustomizeOptions['replicas'][number]): string {
  if (typeof count === 'number' || /^[+-]?[0-9]+$/.test(count)) return `${name}=${Number(count)}`
  throw new FaultError({
    kind: 'invalid-input',
    what: `the replicas of ${name} are no number`,
    where: 'spec.source.kustomize.replicas',
    why: `count is "${count}"`,
    fix: ['write a whole number'],
  })
}

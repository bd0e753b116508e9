// Reads the tool settings of a source: directory, Helm, Kustomize, plugin.
import type { Json } from '../object/json.ts'
import { isObject } from '../object/json.ts'
import type {
  DirectoryOptions,
  HelmOptions,
  JsonnetVar,
  KustomizeOptions,
  PluginOptions,
  SourceTool,
} from './application.ts'
import type { Fields, Item, Notes } from './fields.ts'
import { readFields } from './fields.ts'

/** The tool a source asks for. Two at once are a problem: one of them would be left out. */
export function readTool(source: Fields, notes: Notes): SourceTool {
  const directory = source.child('directory')
  const helm = source.child('helm')
  const kustomize = source.child('kustomize')
  const plugin = source.child('plugin')
  const given = [directory, helm, kustomize, plugin].filter((each) => each !== null)
  if (given.length > 1) {
    const names = given.map((each) => each.path.slice(each.path.lastIndexOf('.') + 1)).join(' and ')
    source.problem(null, `names ${names}, a source is rendered by one tool`, 'remove all but one')
  }
  // Each is read even if another wins, so that all problems show at once.
  const tools: readonly (SourceTool | null)[] = [
    plugin && { kind: 'plugin', plugin: readPlugin(plugin, notes) },
    kustomize && { kind: 'kustomize', kustomize: readKustomize(kustomize, notes) },
    helm && { kind: 'helm', helm: readHelm(helm, notes) },
    directory && { kind: 'directory', directory: readDirectory(directory, notes) },
  ]
  return tools.find((tool) => tool !== null) ?? { kind: 'detect' }
}

function readDirectory(fields: Fields, notes: Notes): DirectoryOptions {
  const jsonnet = fields.child('jsonnet')
  const options: DirectoryOptions = {
    recurse: fields.flag('recurse') ?? false,
    include: orNull(fields.text('include')),
    exclude: orNull(fields.text('exclude')),
    disableExtensionFilter: fields.flag('disableExtensionFilter') ?? false,
    jsonnet: jsonnet && {
      extVars: readAll(jsonnet.list('extVars'), notes, readJsonnetVar),
      tlas: readAll(jsonnet.list('tlas'), notes, readJsonnetVar),
      libs: jsonnet.texts('libs'),
    },
  }
  jsonnet?.finish('needs-approval')
  fields.finish('needs-approval')
  return options
}

function readJsonnetVar(fields: Fields): JsonnetVar {
  return { name: nameOf(fields), value: fields.text('value') ?? '', code: fields.flag('code') ?? false }
}

function readHelm(fields: Fields, notes: Notes): HelmOptions {
  const options: HelmOptions = {
    valueFiles: fields.texts('valueFiles'),
    parameters: readAll(fields.list('parameters'), notes, (each) => ({
      name: nameOf(each),
      value: each.text('value') ?? '',
      forceString: each.flag('forceString') ?? false,
    })),
    fileParameters: readAll(fields.list('fileParameters'), notes, (each) => ({
      name: nameOf(each),
      path: each.text('path') ?? '',
    })),
    values: orNull(fields.text('values')),
    valuesObject: fields.object('valuesObject'),
    releaseName: orNull(fields.text('releaseName')),
    version: orNull(fields.text('version')),
    passCredentials: fields.flag('passCredentials') ?? false,
    ignoreMissingValueFiles: fields.flag('ignoreMissingValueFiles') ?? false,
    skipCrds: fields.flag('skipCrds') ?? false,
    skipTests: fields.flag('skipTests') ?? false,
    skipSchemaValidation: fields.flag('skipSchemaValidation') ?? false,
    namespace: orNull(fields.text('namespace')),
    kubeVersion: orNull(fields.text('kubeVersion')),
    apiVersions: fields.texts('apiVersions'),
  }
  fields.finish('needs-approval')
  return options
}

function readKustomize(fields: Fields, notes: Notes): KustomizeOptions {
  const options: KustomizeOptions = {
    namePrefix: orNull(fields.text('namePrefix')),
    nameSuffix: orNull(fields.text('nameSuffix')),
    images: fields.texts('images'),
    replicas: readAll(fields.list('replicas'), notes, (each) => ({ name: nameOf(each), count: readCount(each) })),
    commonLabels: fields.textMap('commonLabels'),
    commonAnnotations: fields.textMap('commonAnnotations'),
    commonAnnotationsEnvsubst: fields.flag('commonAnnotationsEnvsubst') ?? false,
    forceCommonLabels: fields.flag('forceCommonLabels') ?? false,
    forceCommonAnnotations: fields.flag('forceCommonAnnotations') ?? false,
    labelWithoutSelector: fields.flag('labelWithoutSelector') ?? false,
    labelIncludeTemplates: fields.flag('labelIncludeTemplates') ?? false,
    namespace: orNull(fields.text('namespace')),
    patches: fields.list('patches').flatMap((item) => readPatch(item, notes)),
    components: fields.texts('components'),
    ignoreMissingComponents: fields.flag('ignoreMissingComponents') ?? false,
    version: orNull(fields.text('version')),
    kubeVersion: orNull(fields.text('kubeVersion')),
    apiVersions: fields.texts('apiVersions'),
  }
  fields.finish('needs-approval')
  return options
}

/** A replica count is a number, or a text in older manifests. */
function readCount(fields: Fields): number | string {
  const count: Json | null = fields.any('count')
  if (typeof count === 'string' || (typeof count === 'number' && Number.isSafeInteger(count))) return count
  fields.problem('count', 'must be a whole number', 'write digits without quotes')
  return 0
}

/** Patches are handed to Kustomize as they are; here only their shape is checked. */
function readPatch(item: Item, notes: Notes): KustomizeOptions['patches'] {
  const fields = readFields(item.value, item.path, notes)
  if (fields === null) return []
  const target = fields.child('target')
  for (const name of ['group', 'version', 'kind', 'name', 'namespace', 'labelSelector', 'annotationSelector']) {
    target?.text(name)
  }
  target?.finish('needs-approval')
  fields.text('path')
  fields.text('patch')
  fields.object('options')
  fields.finish('needs-approval')
  return isObject(item.value) ? [item.value] : []
}

function readPlugin(fields: Fields, notes: Notes): PluginOptions {
  const options: PluginOptions = {
    name: orNull(fields.text('name')),
    env: readAll(fields.list('env'), notes, (each) => ({ name: nameOf(each), value: each.text('value') ?? '' })),
    parameters: readAll(fields.list('parameters'), notes, (each): Json => {
      const text = each.text('string')
      const array = each.has('array') ? { array: each.texts('array') } : {}
      const map = each.has('map') ? { map: each.textMap('map') } : {}
      return { name: nameOf(each), ...(text === null ? {} : { string: text }), ...array, ...map }
    }),
  }
  fields.finish('needs-approval')
  return options
}

/** Reads each item of a list as an object; items that are none are problems and left out. */
function readAll<T>(items: readonly Item[], notes: Notes, read: (fields: Fields) => T): readonly T[] {
  return items.flatMap((item) => {
    const fields = readFields(item.value, item.path, notes)
    if (fields === null) return []
    const value = read(fields)
    fields.finish('needs-approval')
    return [value]
  })
}

function nameOf(fields: Fields): string {
  return fields.required('name', 'give it a name') ?? ''
}

/** An empty text is the same as none, as in every Application written by a form. */
function orNull(text: string | null): string | null {
  return text === '' ? null : text
}

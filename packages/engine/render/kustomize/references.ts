// What a kustomization refers to outside of itself: every field of it that kustomize loads something for.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { FieldPath } from '../../yaml/strict-json.ts'

/** One reference and how kustomize takes it. */
export interface Reference {
  /** As it is written. */
  readonly value: string
  /** Where it is written. */
  readonly field: FieldPath
  readonly kind: /** A file. */
    | 'file'
    /** A file, or text that stands in its place. */
    | 'file-or-text'
    /** A file of resources, or a folder with a kustomization. */
    | 'resource'
    /** As a resource; a file of it configures a plugin that loads files itself. */
    | 'plugin'
    /** A folder with a kustomization of its own. */
    | 'component'
    /** A folder that is taken whole: a chart. */
    | 'folder'
}

/** A chart that kustomize has Helm render. */
export interface ChartReference {
  readonly name: string
  readonly repo: string | null
  readonly field: FieldPath
  /** Folder of the chart from the kustomization; fetched there where it is missing. */
  readonly folder: string
}

/** Everything that a kustomization loads. */
export interface References {
  readonly references: readonly Reference[]
  readonly charts: readonly ChartReference[]
}

/** Reads the references of a kustomization. What has another shape than it should is left for kustomize to judge. */
export function referencesOf(kustomization: JsonObject): References {
  const references: Reference[] = [
    ...listed(kustomization, 'resources', 'resource'),
    ...listed(kustomization, 'bases', 'resource'),
    ...listed(kustomization, 'components', 'component'),
    ...listed(kustomization, 'crds', 'file'),
    ...listed(kustomization, 'configurations', 'file'),
    ...listed(kustomization, 'generators', 'plugin'),
    ...listed(kustomization, 'transformers', 'plugin'),
    ...listed(kustomization, 'validators', 'plugin'),
    ...listed(kustomization, 'patchesStrategicMerge', 'file-or-text'),
    ...pathsIn(kustomization, 'patches'),
    ...pathsIn(kustomization, 'patchesJson6902'),
    ...pathsIn(kustomization, 'replacements'),
    ...pathIn(kustomization.openapi, ['openapi']),
    ...generatedFrom(kustomization, 'configMapGenerator'),
    ...generatedFrom(kustomization, 'secretGenerator'),
  ]
  const charts = chartsOf(kustomization)
  for (const [index, chart] of itemsOf(kustomization.helmCharts)) {
    references.push(...text(chart.valuesFile, ['helmCharts', index, 'valuesFile'], 'file'))
    references.push(...texts(chart.additionalValuesFiles, ['helmCharts', index, 'additionalValuesFiles'], 'file'))
  }
  return { references, charts }
}

/**
 * The references of a document that configures one of kustomize's own plugins: the same settings as in a kustomization,
 * in a file of their own.
 */
export function pluginReferences(config: JsonObject): References {
  const references: Reference[] = [
    ...pathIn(config, []),
    ...listed(config, 'paths', 'file-or-text'),
    ...listed(config, 'files', 'file').map(fileSource),
    ...listed(config, 'envs', 'file'),
    ...text(config.env, ['env'], 'file'),
    ...pathsIn(config, 'replacements'),
    ...text(config.valuesFile, ['valuesFile'], 'file'),
    ...listed(config, 'additionalValuesFiles', 'file'),
  ]
  const chart =
    config.kind === 'HelmChartInflationGenerator' ? chartIn(config, [], textOr(config.chartHome, 'charts')) : []
  return { references, charts: chart }
}

function chartsOf(kustomization: JsonObject): readonly ChartReference[] {
  const globals = isObject(kustomization.helmGlobals) ? kustomization.helmGlobals : {}
  const home = textOr(globals.chartHome, 'charts')
  return [
    ...itemsOf(kustomization.helmCharts).flatMap(([index, chart]) => chartIn(chart, ['helmCharts', index], home)),
    // The form of kustomize 4.0, which 5 still converts.
    ...itemsOf(kustomization.helmChartInflationGenerator).flatMap(([index, chart]) =>
      chartIn(
        { name: chart.chartName ?? null, version: chart.chartVersion ?? null, repo: chart.chartRepoUrl ?? null },
        ['helmChartInflationGenerator', index],
        textOr(chart.chartHome, home),
      ),
    ),
  ]
}

function chartIn(chart: JsonObject, field: FieldPath, home: string): readonly ChartReference[] {
  if (typeof chart.name !== 'string' || chart.name === '') return []
  const repo = textOr(chart.repo, '')
  const version = textOr(chart.version, '')
  const parent = repo !== '' && version !== '' ? `${home}/${chart.name}-${version}` : home
  return [{ name: chart.name, repo: repo === '' ? null : repo, field, folder: `${parent}/${chart.name}` }]
}

function generatedFrom(kustomization: JsonObject, name: string): readonly Reference[] {
  return itemsOf(kustomization[name]).flatMap(([index, generator]) => [
    ...texts(generator.files, [name, index, 'files'], 'file').map(fileSource),
    ...texts(generator.envs, [name, index, 'envs'], 'file'),
    ...text(generator.env, [name, index, 'env'], 'file'),
  ])
}

/** `key=path` names a path; without a key the whole is one. */
function fileSource(reference: Reference): Reference {
  const equals = reference.value.indexOf('=')
  return equals < 0 ? reference : { ...reference, value: reference.value.slice(equals + 1) }
}

function pathsIn(object: JsonObject, name: string): readonly Reference[] {
  return itemsOf(object[name]).flatMap(([index, item]) => pathIn(item, [name, index]))
}

function pathIn(value: Json | undefined, field: FieldPath): readonly Reference[] {
  return isObject(value) ? text(value.path, [...field, 'path'], 'file') : []
}

function listed(object: JsonObject, name: string, kind: Reference['kind']): readonly Reference[] {
  return texts(object[name], [name], kind)
}

function texts(value: Json | undefined, field: FieldPath, kind: Reference['kind']): readonly Reference[] {
  return isList(value) ? value.flatMap((item, index) => text(item, [...field, index], kind)) : []
}

function text(value: Json | undefined, field: FieldPath, kind: Reference['kind']): readonly Reference[] {
  return typeof value === 'string' && value !== '' ? [{ value, field, kind }] : []
}

function itemsOf(value: Json | undefined): readonly (readonly [number, JsonObject])[] {
  return isList(value) ? value.flatMap((item, index) => (isObject(item) ? [[index, item] as const] : [])) : []
}

function textOr(value: Json | undefined, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise
}

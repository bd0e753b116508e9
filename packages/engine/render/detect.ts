// Which tool a source is rendered by: what it says itself, else what its folder looks like, as Argo CD decides it.
import type { DirectoryOptions, HelmOptions, KustomizeOptions, SourceTool } from '@mainstay/core/app/application.ts'
import type { Entry } from '../source/source.ts'
import { KUSTOMIZATION_FILES } from './kustomize/closure.ts'
import { EMPTY } from './overrides.ts'
import { baseName } from './path.ts'
import type { RenderSettings } from './settings.ts'

/** A tool that was decided on. */
export type DecidedTool = Exclude<SourceTool, { readonly kind: 'detect' }>

/** The tool, and the file that made the choice; null where the source made it. */
export interface Decision {
  readonly tool: DecidedTool
  readonly sign: string | null
}

/**
 * The tool for a folder. One that the installation has turned off renders nothing: its files are plain manifests then.
 * Of several signs in a folder the last in order of names counts, because Argo CD walks through it and overwrites.
 */
export function decideTool(tool: SourceTool, entries: readonly Entry[], settings: RenderSettings): Decision {
  const directory: Decision = { tool: { kind: 'directory', directory: EMPTY }, sign: null }
  if ((tool.kind === 'helm' && !settings.helm) || (tool.kind === 'kustomize' && !settings.kustomize)) return directory
  if (tool.kind !== 'detect') return { tool, sign: null }
  const files = entries.filter(({ kind }) => kind === 'file' || kind === 'symlink').map(({ path }) => path)
  let decision = directory
  for (const sign of files.toSorted()) {
    const name = baseName(sign)
    if (settings.helm && name.endsWith('Chart.yaml')) decision = { tool: { kind: 'helm', helm: NO_HELM }, sign }
    if (settings.kustomize && KUSTOMIZATION_FILES.includes(name)) {
      decision = { tool: { kind: 'kustomize', kustomize: NO_KUSTOMIZE }, sign }
    }
  }
  return decision
}

/**
 * A tool that is named without any setting is not named at all: Argo CD's controller takes such a field away before it
 * renders. Settings in the repository come later and do name one.
 */
export function withoutEmpty(tool: SourceTool): SourceTool {
  switch (tool.kind) {
    case 'directory':
      return isEmptyDirectory(tool.directory) ? { kind: 'detect' } : tool
    case 'helm':
      return same(tool.helm, NO_HELM) ? { kind: 'detect' } : tool
    case 'kustomize':
      return isEmptyKustomize(tool.kustomize) ? { kind: 'detect' } : tool
    default:
      return tool
  }
}

function isEmptyDirectory({ recurse, include, exclude, jsonnet, disableExtensionFilter }: DirectoryOptions): boolean {
  const variables = jsonnet === null ? 0 : jsonnet.extVars.length + jsonnet.tlas.length + jsonnet.libs.length
  return !recurse && include === null && exclude === null && variables === 0 && !disableExtensionFilter
}

/** Flags alone are nothing: they only say how other settings work. */
function isEmptyKustomize(options: KustomizeOptions): boolean {
  return same({ ...options, ...FLAGS }, { ...NO_KUSTOMIZE, ...FLAGS })
}

function same(a: object, b: object): boolean {
  return JSON.stringify(Object.entries(a).toSorted()) === JSON.stringify(Object.entries(b).toSorted())
}

const FLAGS = {
  commonAnnotationsEnvsubst: false,
  forceCommonLabels: false,
  forceCommonAnnotations: false,
  labelWithoutSelector: false,
  labelIncludeTemplates: false,
}

const NO_KUSTOMIZE: KustomizeOptions = {
  ...FLAGS,
  namePrefix: null,
  nameSuffix: null,
  images: [],
  replicas: [],
  commonLabels: {},
  commonAnnotations: {},
  namespace: null,
  patches: [],
  components: [],
  ignoreMissingComponents: false,
  version: null,
  kubeVersion: null,
  apiVersions: [],
}

const NO_HELM: HelmOptions = {
  valueFiles: [],
  parameters: [],
  fileParameters: [],
  values: null,
  valuesObject: null,
  releaseName: null,
  version: null,
  passCredentials: false,
  ignoreMissingValueFiles: false,
  skipCrds: false,
  skipTests: false,
  skipSchemaValidation: false,
  namespace: null,
  kubeVersion: null,
  apiVersions: [],
}

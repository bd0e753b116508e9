// What an installation says about rendering: keys of Argo CD's ConfigMap, and what Mainstay adds.

/** Settings for all applications. */
export interface RenderSettings {
  /** `helm.enable`, `kustomize.enable`, `jsonnet.enable`: a tool that is off is not looked for in a folder. */
  readonly helm: boolean
  readonly kustomize: boolean
  readonly jsonnet: boolean
  /** `kustomize.buildOptions`. */
  readonly buildOptions: string
  /** `kustomize.buildOptions.<version>`, used instead where a source names that version. */
  readonly buildOptionsOf: ReadonlyMap<string, string>
  /** `mainstay.kustomize.remote`: whether kustomizations may refer to other hosts. */
  readonly remoteBases: 'refused' | 'allowed'
  /** `mainstay.helm.version`: the Helm that renders charts of sources which do not say; Argo CD 3.5 took up Helm 4. */
  readonly helmVersion: '3' | '4'
}

/** Argo CD's defaults, and no way out of the repository. */
export const DEFAULT_SETTINGS: RenderSettings = {
  helm: true,
  kustomize: true,
  jsonnet: true,
  buildOptions: '',
  buildOptionsOf: new Map(),
  remoteBases: 'refused',
  helmVersion: '3',
}

/** Key by which an installation lets kustomizations load from other hosts; Argo CD has no such key and always does. */
export const REMOTE_KEY = 'mainstay.kustomize.remote'

/** Reads the data of `argocd-cm`. */
export function readRenderSettings(data: Readonly<Record<string, string>>): RenderSettings {
  // Argo CD takes everything but "true" for off (strconv is not asked).
  const enabled = (key: string) => data[key] === undefined || data[key] === 'true'
  const prefix = 'kustomize.buildOptions.'
  return {
    helm: enabled('helm.enable'),
    kustomize: enabled('kustomize.enable'),
    jsonnet: enabled('jsonnet.enable'),
    buildOptions: data['kustomize.buildOptions'] ?? '',
    buildOptionsOf: new Map(
      Object.entries(data).flatMap(([key, value]) =>
        key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
      ),
    ),
    remoteBases: data[REMOTE_KEY] === 'allowed' ? 'allowed' : 'refused',
    helmVersion: data['mainstay.helm.version'] === '4' ? '4' : '3',
  }
}

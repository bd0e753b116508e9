// `kustomize.buildOptions`: the flags that an installation gives to every `kustomize build`, as far as they may be given.
import { FaultError } from '../../fault.ts'
import type { RenderSettings } from '../settings.ts'

/** Flags for `kustomize build`. */
export interface BuildOptions {
  readonly args: readonly string[]
  /** Argo CD passes the cluster's versions where the text has the flag in it. */
  readonly helm: boolean
}

/** Flags that change nothing but the output, and how many values each takes. */
const ALLOWED: ReadonlyMap<string, 0 | 1> = new Map([
  ['--enable-helm', 0],
  ['--helm-debug', 0],
  ['--helm-kube-version', 1],
  ['--helm-api-versions', 1],
  ['--load-restrictor', 1],
  ['--stack-trace', 0],
])

/** Flags that would run programs or containers, or write where we do not look. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['--enable-alpha-plugins', 'plugins are programs that come with a commit, and would run on this machine'],
  ['--enable-exec', 'functions are programs that come with a commit, and would run on this machine'],
  ['--network', 'functions in containers are not run'],
  ['--network-name', 'functions in containers are not run'],
  ['--mount', 'functions in containers are not run'],
  ['--env', 'functions in containers are not run'],
  ['-e', 'functions in containers are not run'],
  ['--as-current-user', 'functions in containers are not run'],
  ['--helm-command', 'Mainstay uses the helm that `mainstay tools` shows'],
  ['--output', 'manifests are read from standard output'],
  ['-o', 'manifests are read from standard output'],
])

/** The options for a source, which may name a version of kustomize. @throws FaultError `unsupported` by flag */
export function buildOptionsFor(settings: RenderSettings, version: string | null): BuildOptions {
  const own = version === null ? undefined : settings.buildOptionsOf.get(version)
  const key = own === undefined ? 'kustomize.buildOptions' : `kustomize.buildOptions.${version}`
  const text = own ?? settings.buildOptions
  const words = text.split(/\s+/).filter((word) => word !== '')
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    const [flag = '', value] = splitAtEquals(word)
    const takes = ALLOWED.get(flag)
    if (takes === undefined) throw refused(flag, key)
    if (takes === 1 && value === undefined) index++
  }
  return { args: words, helm: text.includes('--enable-helm') }
}

function splitAtEquals(word: string): readonly [string, string | undefined] {
  const equals = word.indexOf('=')
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)]
}

function refused(flag: string, key: string): FaultError {
  return new FaultError({
    kind: 'unsupported',
    what: `${flag} cannot be given to kustomize`,
    where: `ConfigMap argocd-cm: ${key}`,
    why: REFUSED.get(flag) ?? 'kustomize build has no such flag that Mainstay knows',
    fix: [`remove ${flag} from ${key}`],
  })
}

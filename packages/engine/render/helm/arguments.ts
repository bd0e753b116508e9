// The arguments of `helm template` for a source, as Argo CD gives them.
import type { HelmOptions } from '@mainstay/core/app/application.ts'
import { FaultError } from '../../fault.ts'
import { fillIn } from '../environment.ts'

/** What a chart is rendered for. */
export interface Release {
  readonly name: string
  /** Empty: Helm's own default. */
  readonly namespace: string
  /** `1.36.3`; empty where the cluster is not known. */
  readonly kubeVersion: string
  readonly apiVersions: readonly string[]
}

/** Helm takes no longer name for a release. */
const MAX_NAME = 53

/** The name of the release: what the source says, else the application's own, without its namespace. */
export function releaseName(options: HelmOptions, appName: string): string {
  const name = options.releaseName ?? appName.slice(appName.indexOf('_') + 1)
  if (name.length <= MAX_NAME) return name
  throw new FaultError({
    kind: 'invalid-input',
    what: `the name of the release has more than ${MAX_NAME} characters`,
    where: options.releaseName === null ? 'metadata.name' : 'spec.source.helm.releaseName',
    why: `"${name}" has ${name.length}, and Helm takes no more than ${MAX_NAME}`,
    fix: ['write a shorter one into spec.source.helm.releaseName'],
  })
}

/** Files in the order of precedence, lowest first; paths as the tool finds them. */
export interface ArgumentFiles {
  readonly values: readonly string[]
  readonly parameters: readonly { readonly name: string; readonly path: string }[]
}

/** Everything behind `helm template .`. */
export function templateArguments(
  options: HelmOptions,
  release: Release,
  files: ArgumentFiles,
  variables: ReadonlyMap<string, string>,
): readonly string[] {
  const set = ({ name, value }: { readonly name: string; readonly value: string }) =>
    `${name}=${escaped(fillIn(value, variables))}`
  // Argo CD keeps the two kinds apart, and Helm lets a text win over what is guessed, whichever is written last.
  const texts = lastOfEach(options.parameters.filter(({ forceString }) => forceString))
  const guessed = lastOfEach(options.parameters.filter(({ forceString }) => !forceString))
  const pairs = (flag: string, list: readonly string[]) => list.map((each) => `${flag}=${each}`)
  return [
    `--name-template=${release.name}`,
    ...(release.namespace === '' ? [] : [`--namespace=${release.namespace}`]),
    ...(release.kubeVersion === '' ? [] : [`--kube-version=${release.kubeVersion}`]),
    ...pairs('--set', guessed.map(set)),
    ...pairs('--set-string', texts.map(set)),
    ...pairs(
      '--set-file',
      lastOfEach(files.parameters).map(({ name, path }) => `${name}=${escaped(path)}`),
    ),
    ...pairs('--values', files.values),
    ...pairs('--api-versions', [...new Set(release.apiVersions)].toSorted()),
    ...(options.skipCrds ? [] : ['--include-crds']),
    ...(options.skipSchemaValidation ? ['--skip-schema-validation'] : []),
    ...(options.skipTests ? ['--skip-tests'] : []),
  ]
}

/** Of parameters with one name the last counts. */
function lastOfEach<Each extends { readonly name: string }>(list: readonly Each[]): readonly Each[] {
  return [...new Map(list.map((each) => [each.name, each])).values()]
}

/** A comma in a value is not the end of it, unless the value is a list in braces; one that is escaped already stays so. */
function escaped(value: string): string {
  if (value.startsWith('{') && value.endsWith('}')) return value
  return value.replaceAll(/(?<!\\),/g, '\\,')
}

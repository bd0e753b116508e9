// What a real Argo CD left in a cluster, as captured: read from beside the repository and put into a test cluster again.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { expect } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import type { Change } from './workbench.ts'

const root = process.env.MAINSTAY_CORPUS ?? join(import.meta.dirname, '../../../shared/corpus')
const captures = join(root, 'argo-cd-state')

/** Whether the captures lie beside the repository; they are no part of the project. */
export const capturesPresent = existsSync(captures)

/** The states that were captured. */
export type State = '1-synced' | '2-changed'

/** As much of a captured object as is looked at. */
export interface Captured {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid?: string
    readonly generation?: number
    readonly annotations?: Readonly<Record<string, string>>
    readonly ownerReferences?: readonly unknown[]
    readonly managedFields?: readonly ManagedFields[]
  }
}

interface ManagedFields {
  readonly manager: string
  readonly operation: string
  readonly subresource?: string
  readonly fieldsV1: unknown
}

/** An Application as it stood in the cluster, status included. */
export interface CapturedApplication {
  readonly metadata: { readonly name: string }
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly destination: { readonly namespace: string }
    readonly source?: Readonly<Record<string, unknown>>
    readonly sources?: readonly Readonly<Record<string, unknown>>[]
  }
}

const MANAGER = 'argocd-controller'
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** Every file of the captured repository at a state. */
export function repositoryOf(state: State): Change {
  const folder = join(captures, state, 'repo')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((file) => join(file.parentPath, file.name).slice(folder.length + 1))
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
}

/** The Application as Argo CD left it, with its repository and its namespace on this machine. */
export function applicationOf(state: State, name: string, repository: string, namespace: string): CapturedApplication {
  const found = items<CapturedApplication>(state, 'applications.json').find((each) => each.metadata.name === name)
  if (found === undefined) throw new Error(`no Application ${name} in ${state}`)
  const repoURL = `file://${repository}`
  const { source, sources, destination, ...spec } = found.spec
  return {
    ...found,
    spec: {
      ...spec,
      ...(source === undefined ? {} : { source: { ...source, repoURL } }),
      ...(sources === undefined ? {} : { sources: sources.map((each) => ({ ...each, repoURL })) }),
      destination: { ...destination, namespace },
    },
  }
}

/**
 * What Argo CD made for an application (its Namespace first), as it would have left it in `namespace`. An application's
 * captured namespace bears its name.
 */
export function objectsOf(state: State, app: string, namespace: string): readonly Captured[] {
  const all = items<Captured>(state, 'objects.json').filter(
    ({ kind, metadata }) => metadata.namespace === app || (kind === 'Namespace' && metadata.name === app),
  )
  const made = all.filter((object) => object.metadata.managedFields?.some(({ manager }) => manager === MANAGER))
  const first = (object: Captured): number => (object.kind === 'Namespace' ? 0 : 1)
  return made.sort((a, b) => first(a) - first(b)).map((object) => moved(object, app, namespace))
}

/** The names of the captured applications. */
export function applicationNames(state: State): readonly string[] {
  return items<CapturedApplication>(state, 'applications.json').map((each) => each.metadata.name)
}

function items<T>(state: State, file: string): T[] {
  return (JSON.parse(readFileSync(join(captures, state, file), 'utf8')) as { items: T[] }).items
}

/** The same object in another namespace: its marks and what was recorded on it name that one. */
function moved(object: Captured, from: string, to: string): Captured {
  const rename = (text: string): string =>
    text
      .replaceAll(`:${from}/`, `:${to}/`)
      .replaceAll(`"namespace":"${from}"`, `"namespace":"${to}"`)
      .replaceAll(`\\"namespace\\":\\"${from}\\"`, `\\"namespace\\":\\"${to}\\"`)
  const there = JSON.parse(rename(JSON.stringify(object))) as Captured
  if (object.kind !== 'Namespace') return there
  const text = JSON.stringify(there)
    .replaceAll(`"name":"${from}"`, `"name":"${to}"`)
    .replaceAll(`\\"name\\":\\"${from}\\"`, `\\"name\\":\\"${to}\\"`)
  return JSON.parse(text) as Captured
}

/**
 * Makes captured objects as Argo CD made them: what it had applied client-side is created with its last-applied
 * annotation, what it had applied server-side is applied by the same field manager. `text` holds the application's
 * manifests. Ownership and annotations are held to the capture, so that a mistake here cannot pass for an adoption.
 */
export async function recreate(cluster: SharedCluster, objects: readonly Captured[], text: string): Promise<void> {
  const manifests = loadAll(text) as Captured[]
  for (const object of objects) {
    const path = await pathOf(cluster, object)
    const lastApplied = object.metadata.annotations?.[LAST_APPLIED]
    const answer =
      lastApplied === undefined
        ? await cluster.api.request(
            'PATCH',
            `${path}/${object.metadata.name}?fieldManager=${MANAGER}&force=true`,
            appliedBody(object, manifests),
            'application/apply-patch+yaml',
          )
        : await cluster.api.request('POST', `${path}?fieldManager=${MANAGER}`, createdBody(object, lastApplied))
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    expect(ownedByArgoCd(answer.body as Captured)).toEqual(ownedByArgoCd(object))
  }
}

function createdBody(object: Captured, lastApplied: string): unknown {
  const body = JSON.parse(lastApplied) as Captured
  const annotations = { ...body.metadata.annotations, [LAST_APPLIED]: lastApplied }
  // The finalizer went when the hook had run.
  const { finalizers: _, ...metadata } = { finalizers: null, ...body.metadata, annotations }
  return { ...body, apiVersion: object.apiVersion, metadata }
}

function appliedBody(object: Captured, manifests: readonly Captured[]): unknown {
  const { kind, apiVersion, metadata } = object
  if (kind === 'Namespace') return { apiVersion, kind, metadata: { name: metadata.name }, spec: {} }
  const manifest = manifests.find((each) => each.kind === kind && each.metadata.name === metadata.name)
  if (manifest === undefined) throw new Error(`no manifest of ${kind} ${metadata.name}`)
  const mark = 'argocd.argoproj.io/tracking-id'
  const annotations = { ...manifest.metadata.annotations, [mark]: metadata.annotations?.[mark] ?? '' }
  return { ...manifest, metadata: { ...manifest.metadata, namespace: metadata.namespace, annotations } }
}

function ownedByArgoCd({ metadata }: Captured): unknown {
  const fields = metadata.managedFields?.filter(({ manager }) => manager === MANAGER)
  return fields?.map(({ operation, fieldsV1 }) => ({ operation, fieldsV1 }))
}

/** Paths of collections by API version, as the server tells them. */
async function pathOf(cluster: SharedCluster, { apiVersion, kind, metadata }: Captured): Promise<string> {
  const group = `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}`
  const answer = (await cluster.api.request('GET', group)).body as { resources: { name: string; kind: string }[] }
  const found = answer.resources.find((each) => each.kind === kind && !each.name.includes('/'))
  if (found === undefined) throw new Error(`the server does not know ${kind}`)
  return metadata.namespace === undefined
    ? `${group}/${found.name}`
    : `${group}/namespaces/${metadata.namespace}/${found.name}`
}

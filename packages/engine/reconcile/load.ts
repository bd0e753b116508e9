// Reads an Application from a file or from the cluster that has the CRD, and names everything that is wrong with it.
import { open } from 'node:fs/promises'
import { readApplication } from '@mainstay/core/app/read.ts'
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { FaultError } from '../fault.ts'
import type { TrashEntry } from '../ports.ts'
import { parseManifests } from '../yaml/manifests.ts'
import { sha256 } from './digest.ts'
import { invalidInput } from './invalid.ts'
import type { SessionParts } from './parts.ts'
import type { ApplicationAddress, LoadedApplication } from './session.ts'

/** An Application manifest is small; anything larger is not one. */
const MAX_FILE_BYTES = 1_048_576

/** Loads the addressed Application. */
export async function loadApplication(
  address: ApplicationAddress,
  controlPlaneNamespace: string,
  parts: SessionParts,
): Promise<LoadedApplication> {
  if (address.kind === 'file') return fromFile(address.file, address.name, controlPlaneNamespace)
  const namespace = address.namespace ?? controlPlaneNamespace
  const { reader } = await parts.controlPlane()
  const ref = { group: 'argoproj.io', kind: 'Application', namespace, name: address.name }
  const found = await reader.get({ ref, apiVersion: 'argoproj.io/v1alpha1' })
  if (found !== null) return readSpec(found, `Application ${namespace}/${address.name} in the cluster`)
  throw new FaultError({
    kind: 'not-found',
    what: `there is no Application ${address.name} in namespace ${namespace}`,
    fix: ['Name a file instead: -f app.yaml', 'Or another namespace: --app-namespace'],
  })
}

async function fromFile(file: string, name: string | null, controlPlaneNamespace: string): Promise<LoadedApplication> {
  const text = await readSmallFile(file)
  const { documents } = parseManifests(text, { file })
  const applications = documents.filter(({ value }) => value.kind === 'Application')
  const chosen = applications.filter(({ value }) => name === null || stringAt(value, 'metadata', 'name') === name)
  const [first, second] = chosen
  if (first === undefined || second !== undefined)
    throw cannotChoose(
      file,
      name,
      applications.map(({ value }) => value),
    )
  const namespace = stringAt(first.value, 'metadata', 'namespace') ?? controlPlaneNamespace
  const metadata = isObject(first.value.metadata) ? { ...first.value.metadata, namespace } : first.value.metadata
  return readSpec(metadata === undefined ? first.value : { ...first.value, metadata }, `${file}:${first.line}`)
}

function cannotChoose(file: string, name: string | null, applications: readonly JsonObject[]): FaultError {
  const names = applications.map((value) => stringAt(value, 'metadata', 'name') ?? '(no name)')
  if (names.length === 0) {
    return new FaultError({
      kind: 'invalid-input',
      what: 'the file holds no Application',
      where: file,
      fix: ['Write a document with apiVersion: argoproj.io/v1alpha1 and kind: Application.'],
    })
  }
  return new FaultError({
    kind: 'invalid-input',
    what: name === null ? 'the file holds several Applications' : `the file holds no single Application named ${name}`,
    where: file,
    why: `it holds: ${names.join(', ')}`,
    fix: [`Name one of them: mainstay app plan ${names[0]} -f ${file}`],
  })
}

/** Reads a file up to the limit without following what the limit forbids. */
async function readSmallFile(file: string): Promise<string> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new FaultError(
      {
        kind: error.code === 'ENOENT' ? 'not-found' : 'invalid-input',
        what: 'the file cannot be read',
        where: file,
        why: error.code ?? null,
        fix: ['Check the path.'],
      },
      { cause: error },
    )
  })
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw new FaultError({ kind: 'invalid-input', what: 'this is not a file', where: file })
    if (stat.size > MAX_FILE_BYTES) {
      throw new FaultError({
        kind: 'too-large',
        what: `the file has ${stat.size} bytes; an Application file may have ${MAX_FILE_BYTES}`,
        where: file,
      })
    }
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

/** Reads a manifest; `where` names it in problems. */
export function readSpec(manifest: JsonObject, where: string): LoadedApplication {
  const read = readApplication(manifest, where)
  if (read.kind === 'invalid') throw invalidInput('the Application is not valid', read.problems)
  const kept = keptManifest(manifest)
  return {
    application: read.application,
    manifest: kept,
    digest: sha256(canonicalJson(kept)),
    findings: read.findings,
    from: where,
  }
}

/**
 * What is recorded of an Application, and what its digest is made of: identity, spec, finalizers and those annotations
 * that change planning. Status, server fields and request annotations (refresh) move by themselves.
 */
function keptManifest(manifest: JsonObject): JsonObject {
  const metadata = isObject(manifest.metadata) ? manifest.metadata : {}
  const annotations = isObject(metadata.annotations)
    ? Object.entries(metadata.annotations).filter(([key]) => PLANNING_ANNOTATIONS.has(key))
    : []
  const { name, namespace, finalizers } = metadata
  return {
    apiVersion: manifest.apiVersion ?? null,
    kind: manifest.kind ?? null,
    metadata: {
      name: name ?? null,
      ...(namespace === undefined ? {} : { namespace }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
    },
    spec: manifest.spec ?? null,
  }
}

const PLANNING_ANNOTATIONS: ReadonlySet<string> = new Set([
  'argocd.argoproj.io/compare-options',
  'argocd.argoproj.io/skip-reconcile',
  'argocd.argoproj.io/manifest-generate-paths',
  'argocd.argoproj.io/client-side-apply-migration-manager',
])

/** The application that trash entries belong to, as it was recorded with the plan that destroyed them. */
export async function applicationOfTrash(
  entries: readonly TrashEntry[],
  parts: SessionParts,
): Promise<LoadedApplication> {
  const [first] = entries
  const plan = first === undefined ? null : await parts.records.plan(first.plan)
  const manifest = plan === null ? null : await parts.records.application(plan.basis.application)
  if (first === undefined || manifest === null) {
    throw new FaultError({
      kind: 'not-found',
      what: 'the records do not know the application of these trash entries',
      fix: ['Name its file: mainstay trash restore … -f app.yaml'],
    })
  }
  return readSpec(manifest, `the records (plan ${first.plan.slice(0, 8)})`)
}

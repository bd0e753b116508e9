// Puts objects into a sandbox before anybody talks to it: those of a cluster as they are, manifests as a client would.
import { createHash } from 'node:crypto'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { resourceVersionOf, stringAt, uidOf } from '@mainstay/core/object/object.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import { StatusError } from '@mainstay/sandbox/registry/status.ts'
import type { Sandbox } from '@mainstay/sandbox/sandbox.ts'
import type { Dumped } from './dump.ts'

/** Takes in the objects of a live cluster; the seed decides as which cluster. */
export function fillFromCluster(sandbox: Sandbox, objects: readonly KubeObject[], seed: string): void {
  sandbox.load(objects.map((object) => asAnother(object, seed)))
}

/**
 * A cluster is known by the uid of this namespace. A copy is another cluster: what is done to it must never be recorded
 * as done to the one that was copied.
 */
function asAnother(object: KubeObject, seed: string): KubeObject {
  const known = object.kind === 'Namespace' && object.apiVersion === 'v1' && object.metadata.name === 'kube-system'
  if (!known) return object
  return { ...object, metadata: { ...object.metadata, uid: uidFor(seed, uidOf(object) ?? '') } }
}

/** A uid that follows from the seed, and is that of no other cluster: in the form of a random one. */
function uidFor(seed: string, uid: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, uid]))
    .digest('hex')
  const variant = ((Number.parseInt(digest.slice(16, 17), 16) & 3) | 8).toString(16)
  const parts = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ]
  return parts.join('-')
}

/**
 * Takes in the objects of a file: with uid and version as they are, others as a client creates them.
 *
 * @throws FaultError with the place of the object that is refused
 */
export function fillFromFile(sandbox: Sandbox, objects: readonly Dumped[], seed: string): void {
  const live = objects.filter(({ object }) => uidOf(object) !== null && resourceVersionOf(object) !== null)
  const taken = new Set(live)
  for (const each of ranked(live)) at(each, () => sandbox.load([asAnother(each.object, seed)]))
  for (const each of ranked(objects.filter((one) => !taken.has(one)))) {
    if (!isThere(sandbox, each.object)) at(each, () => sandbox.world.create(inDefault(each.object), MAINSTAY))
  }
}

const MAINSTAY = { manager: 'mainstay' }

function ranked(objects: readonly Dumped[]): readonly Dumped[] {
  return objects.toSorted((a, b) => rankOf(a.object) - rankOf(b.object))
}

/** What others need comes first. */
function rankOf({ kind }: KubeObject): number {
  if (kind === 'Namespace') return 0
  return kind === 'CustomResourceDefinition' ? 1 : 2
}

/** Namespaces that every cluster has. */
function isThere({ world }: Sandbox, { apiVersion, kind, metadata: { name } }: KubeObject): boolean {
  return kind === 'Namespace' && world.get({ apiVersion, kind, namespace: null, name }) !== null
}

/** As kubectl takes what names no namespace; what can be in none is in none all the same. */
function inDefault(object: KubeObject): KubeObject {
  if (stringAt(object, 'metadata', 'namespace') !== undefined) return object
  return { ...object, metadata: { ...object.metadata, namespace: 'default' } }
}

function at({ object, where }: Dumped, act: () => void): void {
  try {
    act()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const what = `${object.kind}/${object.metadata.name} cannot be taken in`
    throw new FaultError(
      { kind: error instanceof StatusError ? 'rejected' : 'invalid-input', what, where: where(), why },
      { cause: error },
    )
  }
}

/** Webhooks that are configured in a sandbox, where no webhook runs: `KIND/NAME WEBHOOK: ` and what that means for writes. */
export function silentWebhooks({ world }: Sandbox): readonly string[] {
  return ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].flatMap((kind) =>
    world.list('admissionregistration.k8s.io/v1', kind).flatMap((each) =>
      webhooksOf(each).map(({ name, failurePolicy }) => {
        const effect =
          failurePolicy === 'Ignore' ? 'writes pass without it' : 'writes that it is asked about are refused'
        return `${kind}/${each.metadata.name} ${name}: ${effect}`
      }),
    ),
  )
}

function webhooksOf(configuration: KubeObject): readonly { readonly name: string; readonly failurePolicy?: string }[] {
  // The API admits a list of objects with names alone; one from a file passed the same checks or came from a cluster.
  const { webhooks } = configuration as unknown as { readonly webhooks?: readonly { readonly name: string }[] }
  return webhooks ?? []
}

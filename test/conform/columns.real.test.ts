// The rows of `kubectl get`: what the real server writes of its objects, and what the sandbox makes of the same objects.
// One object of each kind is made first; what else is there is looked at too.

import { isObject, type Json, type JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { builtInResources } from '@mainstay/sandbox/kinds/built-in.ts'
import { allStories } from '@mainstay/sandbox/kinds/testing/cases/all.ts'
import type { Resource } from '@mainstay/sandbox/registry/kind.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeRealCluster } from '../cluster/shared.ts'
import { Desk } from './desk.ts'
import { openReal } from './real.ts'
import { acceptTable } from './said.ts'

interface Table {
  readonly columnDefinitions: readonly { readonly name: string }[]
  /** Null where there are none. */
  readonly rows: readonly { readonly cells: readonly Json[]; readonly object: KubeObject }[] | null
}

const listed = builtInResources.filter(({ verbs }) => verbs.includes('list'))
/** Objects of a kind that are looked at. */
const most = 40
/** Between the server's clock and ours a second may begin. */
const shifts = [-1000, 0, 1000, 2000, 3000]

describeRealCluster('the columns of', (cluster) => {
  let at: Desk
  const made: string[] = []

  beforeAll(async () => {
    await cluster()
    const subject = await openReal()
    at = new Desk(subject, await subject.namespace())
    for (const [resource, objects] of examples()) {
      for (const object of objects) {
        const answer = await at.post(folderOf(resource, object), placed(at, resource, object))
        if (answer.status !== 201) continue
        const { name } = (answer.raw as unknown as KubeObject).metadata
        if (!resource.namespaced) made.push(`${folderOf(resource, object)}/${name}`)
        break
      }
    }
  })

  afterAll(async () => {
    for (const path of made) await at.delete(path)
  })

  it.each(listed.map((resource) => [`${resource.plural}.${resource.group}`.replace(/\.$/, ''), resource] as const))(
    '%s are those of the real API server',
    async (_, resource) => {
      const version = resource.versions[0]
      const answer = await at.get(`${rootOf(resource)}?limit=${most}&includeObject=Object`, { accept: acceptTable })
      const now = Date.now()
      const { columnDefinitions, rows } = answer.raw as unknown as Table // It was asked for.
      expect(version?.columns.map((each) => each.name)).toEqual(columnDefinitions.map((each) => each.name))
      for (const { cells, object } of rows ?? []) {
        // The real server writes one cell more than there are columns for an IPAddress.
        for (const [index, cell] of cells.slice(0, columnDefinitions.length).entries()) {
          const column = version?.columns[index]
          const ours = shifts.map((shift) => column?.cell(object, now - shift) ?? null)
          expect(ours, `${object.metadata.name}: ${column?.name}`).toContainEqual(cell)
        }
      }
    },
  )
})

/** Kinds whose objects concern everybody who uses the cluster: what follows stands in for their stories. */
const shared = /^(admissionregistration|flowcontrol|scheduling|storage)\.|^\/(nodes|namespaces)$/

const harmless: readonly JsonObject[] = [
  { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'c' }, provisioner: 'example.com/none' },
  { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: 'd' }, spec: { storageCapacity: true } },
  { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'p' }, value: 5 },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'w' },
    webhooks: [],
  },
]

/** Objects of kinds; the first of them that is taken is looked at. */
function examples(): readonly (readonly [Resource, readonly JsonObject[]])[] {
  return builtInResources.flatMap((resource) => {
    const key = `${resource.group}/${resource.plural}`
    const stories = shared.test(key) ? [] : (allStories.find(([own]) => own === key)?.[1] ?? [])
    const own = harmless.filter(({ kind }) => kind === resource.kind)
    const objects = [...own, ...stories.slice(0, 3).map(({ object }) => object)]
    return objects.length === 0 ? [] : [[resource, objects] as const]
  })
}

function rootOf({ group, versions, plural }: Resource): string {
  const version = versions[0]?.name ?? 'v1'
  return `${group === '' ? `/api/${version}` : `/apis/${group}/${version}`}/${plural}`
}

function folderOf({ namespaced, plural }: Resource, { apiVersion }: JsonObject): string {
  const root = String(apiVersion).includes('/') ? '/apis' : '/api'
  return `${root}/${String(apiVersion)}${namespaced ? '/~' : ''}/${plural}`
}

/** Names of the whole cluster carry the name of the namespace, which no other run has. */
function placed(at: Desk, { namespaced }: Resource, object: JsonObject): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {}
  if (namespaced || typeof metadata.name !== 'string') return object
  return { ...object, metadata: { ...metadata, name: `${metadata.name}-${at.ns}` } }
}

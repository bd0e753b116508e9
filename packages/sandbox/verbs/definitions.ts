// What the API server's own controllers do with CustomResourceDefinitions: names are accepted, resources come and go.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { establish } from '../crd/establish.ts'
import { resourceOf } from '../crd/resource.ts'
import { terminationStep } from '../crd/terminate.ts'
import type { Resource } from '../registry/kind.ts'
import type { OpenRegistry } from '../registry/open.ts'
import type { Change } from '../store/log.ts'
import { resourceKey } from '../store/store.ts'
import { DEFINITIONS, removeAll } from './delete.ts'
import { tracked } from './ownership.ts'
import type { Cluster } from './target.ts'

/** How often the real server looks whether the objects of a definition that goes are gone. */
const LOOK_MILLISECONDS = 5000

/** Follows the definitions of a cluster. What is there already is looked at at once. */
export function followDefinitions(cluster: Cluster, registry: OpenRegistry): { readonly refresh: () => void } {
  const controller = new DefinitionController(cluster, registry)
  controller.refresh()
  cluster.store.subscribe((change) => controller.onChange(change))
  // Objects that are taken in as they are were told to nobody.
  return { refresh: () => controller.refresh() }
}

class DefinitionController {
  readonly #cluster: Cluster
  readonly #registry: OpenRegistry
  /** One definition makes one resource, however often it is asked for. */
  readonly #resources = new WeakMap<KubeObject, { readonly resource: Resource | null }>()
  #looking = false

  constructor(cluster: Cluster, registry: OpenRegistry) {
    this.#cluster = cluster
    this.#registry = registry
  }

  onChange(change: Change): void {
    if (change.resource !== DEFINITIONS) return
    this.refresh()
    const { store, clock } = this.#cluster
    const crds = [...store.list(DEFINITIONS, null)]
    // The next write calls this again, for all of them.
    for (const crd of crds) {
      const next = establish(crd, crds, clock.now())
      if (next !== crd) {
        store.put(DEFINITIONS, this.#owned(crd, next))
        return
      }
    }
    for (const crd of crds) if (isTerminating(crd)) this.#terminate(crd)
  }

  refresh(): void {
    const crds = [...this.#cluster.store.list(DEFINITIONS, null)]
    this.#registry.setCustom(crds.map((crd) => this.#resourceOf(crd)).filter((resource) => resource !== null))
  }

  #resourceOf(crd: KubeObject): Resource | null {
    const known = this.#resources.get(crd)
    if (known !== undefined) return known.resource
    const resource = resourceOf(crd)
    this.#resources.set(crd, { resource })
    return resource
  }

  #terminate(crd: KubeObject): void {
    const { store, clock } = this.#cluster
    const resource = this.#resourceOf(crd)
    const objects = resource === null ? [] : [...store.list(resourceKey(resource), null)]
    const step = terminationStep(crd, objects, clock.now())
    switch (step.kind) {
      case 'none':
        return
      case 'write':
        this.#write(this.#owned(crd, step.crd))
        return
      case 'delete-objects':
        if (resource !== null) this.#removeAll(resource, objects)
        this.#lookAgain()
        return
      case 'wait':
        this.#lookLater()
    }
  }

  /** These writes go through the status, by the server's own name. */
  #owned(before: KubeObject, after: KubeObject): KubeObject {
    const resource = this.#registry.byKind('apiextensions.k8s.io', 'CustomResourceDefinition')
    const [version] = resource?.versions ?? []
    if (resource === null || version === undefined) return after
    const target = { resource, version, namespace: null, subresource: 'status' }
    const options = { dryRun: false, manager: 'kube-apiserver', validation: 'Ignore', warn: () => {} } as const
    return tracked(this.#cluster, target, before, after, null, options)
  }

  /** Where the last finalizer went, the write is the deletion. */
  #write(crd: KubeObject): void {
    const { store } = this.#cluster
    if (crd.metadata.finalizers === undefined) store.remove(DEFINITIONS, null, crd.metadata.name)
    else store.put(DEFINITIONS, crd)
  }

  #removeAll(resource: Resource, objects: readonly KubeObject[]): void {
    const [version] = resource.versions
    if (version === undefined) return
    const none = { uid: null, resourceVersion: null, propagation: null, orphanDependents: null, graceSeconds: null }
    const target = { resource, version, namespace: null, subresource: null }
    removeAll(this.#cluster, target, objects, { dryRun: false, ...none })
  }

  #lookAgain(): void {
    for (const crd of this.#cluster.store.list(DEFINITIONS, null)) if (isTerminating(crd)) this.#terminate(crd)
  }

  #lookLater(): void {
    if (this.#looking) return
    this.#looking = true
    this.#cluster.clock.after(LOOK_MILLISECONDS, () => {
      this.#looking = false
      this.#lookAgain()
    })
  }
}

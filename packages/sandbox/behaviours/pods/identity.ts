// The names and addresses that a node gives to what runs on it: made up, but always the same for the same thing.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTrue, objectsAt, textAt } from '../../kinds/look.ts'
import type { World } from '../../world.ts'
import { hashOf, hexOf } from '../workloads/hash.ts'
import { openLookup } from '../workloads/owned.ts'
import { isFinished } from '../workloads/pod.ts'

/** The whole name of an image: with its registry and its tag. */
export function wholeImage(image: string): string {
  const tagged = image.includes('@') || /:[^/]*$/.test(image) ? image : `${image}:latest`
  const slash = tagged.indexOf('/')
  if (slash < 0) return `docker.io/library/${tagged}`
  const host = tagged.slice(0, slash)
  return host.includes('.') || host.includes(':') || host === 'localhost' ? tagged : `docker.io/${tagged}`
}

/** The digest under which an image was pulled. */
export function imageId(image: string): string {
  const whole = wholeImage(image)
  if (whole.includes('@')) return whole
  const name = whole.slice(0, whole.lastIndexOf(':'))
  return `${name}@sha256:${hexOf(whole, 64)}`
}

/** The id of a container's nth run. */
export function containerId(pod: KubeObject, name: string, run: number): string {
  return `containerd://${hexOf(`${textAt(pod, 'metadata', 'uid')} ${name} ${run}`, 64)}`
}

const addressed = openLookup('/pods', (pod) => (isFinished(pod) ? [] : [textAt(pod, 'status', 'podIP')]))

/** The address of a Pod: one that no other Pod has. */
export function addressFor(world: World, pod: KubeObject, node: KubeObject): string {
  if (isTrue(pod, 'spec', 'hostNetwork')) return nodeAddress(node)
  const first = hashOf(textAt(pod, 'metadata', 'uid'))
  for (let tries = 0; ; tries++) {
    const number = (first + tries) % 0x20_0000
    // Addresses that end in 0 or 255 would look wrong.
    const address = `10.${192 + (number >> 15)}.${(number >> 7) & 255}.${(number & 127) + 64}`
    if (addressed(world, address).length === 0) return address
  }
}

/** The address of a node. */
export function nodeAddress(node: KubeObject): string {
  const addresses = objectsAt(node, 'status', 'addresses')
  const own = addresses.find((each) => textAt(each, 'type') === 'InternalIP')
  return textAt(own, 'address')
}

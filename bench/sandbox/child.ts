// Measures the memory of so many objects in a process of its own: `child.ts COUNT`. Prints one line of JSON.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { mixed } from './objects.ts'
import { apply, freshSandbox, inProcess } from './subject.ts'

const sandbox = freshSandbox()
const before = settled()
sandbox.load(copies(await kept(), Number(process.argv[2])))
const after = settled()
// Asked again afterwards, or the collector would find that nobody needs the sandbox any more.
const objects = sandbox.world.revision()
console.log(JSON.stringify({ rss: after.rss, heap: after.heap, heapBefore: before.heap, objects }))

/** What a sandbox keeps of objects of the mix, as JSON: with managedFields, defaults and all else that a server adds. */
async function kept(): Promise<readonly string[]> {
  const other = inProcess(freshSandbox())
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bench' } }
  await other.ask('POST', '/api/v1/namespaces', namespace)
  const texts: string[] = []
  for (let index = 0; index < 600; index++) {
    await apply(other, mixed('bench', index))
    texts.push(await other.ask('GET', mixed('bench', index).path))
  }
  return texts
}

/** Objects as they come from a live cluster: each read for itself, none sharing anything with another one. */
function* copies(texts: readonly string[], wanted: number): Generator<KubeObject> {
  for (let index = 0; index < wanted; index++) {
    const object = JSON.parse(texts[index % texts.length] ?? '') as KubeObject // An answer of the sandbox.
    yield { ...object, metadata: { ...object.metadata, name: `${object.metadata.name}-${index}` } }
  }
}

/** Collects garbage first, or the number would be of what happens to lie around. */
function settled(): { readonly rss: number; readonly heap: number } {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { rss, heapUsed } = process.memoryUsage()
  return { rss, heap: heapUsed }
}

// Tells every story of the built-in kinds on the real API server and on the sandbox: an object, and what is sent after it.
// Objects, refusals with their causes in order, and warnings are the same.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isList, isObject, type Json, type JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import { builtInResources } from '@mainstay/sandbox/kinds/built-in.ts'
import { allStories } from '@mainstay/sandbox/kinds/testing/cases/all.ts'
import { isChangeable, mutations } from '@mainstay/sandbox/kinds/testing/mutate.ts'
import type { Story } from '@mainstay/sandbox/kinds/testing/story.ts'
import type { Resource } from '@mainstay/sandbox/registry/kind.ts'
import { openSandbox } from '@mainstay/sandbox/sandbox.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cluster, startCluster } from '../cluster/cluster.ts'
import { describeRealCluster } from '../cluster/shared.ts'
import { sampled } from '../run/whole.ts'
import { stillClock } from './clock.ts'
import { type Answer, Desk } from './desk.ts'
import { faults } from './said.ts'
import { sandboxSubject } from './sandbox.ts'
import { subjectOf } from './server.ts'
import type { Subject } from './subject.ts'

/** How many changed stories are told of each kind, and by which lot; another seed is worth a try after a change. */
const changes = 24
const seed = Number(process.env.SEED ?? 1)

interface Told {
  readonly what: string
  readonly status: number
  readonly said: Json
  readonly warnings: readonly string[]
}

describeRealCluster('a story of', () => {
  let cluster: Cluster
  let real: Desk
  let sandbox: Desk

  // Clusters of their own, without controllers: what others write would come in between.
  beforeAll(async () => {
    cluster = await startCluster()
    const namespace = (): Promise<string> => Promise.reject(new Error('the stories name theirs'))
    const clock = stillClock(Date.now())
    real = await deskOn(subjectOf({ ...cluster, namespace }))
    sandbox = await deskOn(sandboxSubject(openSandbox({ clock, seed: 'stories' }), clock))
  })

  afterAll(() => cluster.stop())

  const sent = sampled(sentObjects(), 6)

  it.each([...new Set(sent.map(({ to }) => to))])('objects sent to %s goes as on the real API server', async (to) => {
    for (const { object } of sent.filter((each) => each.to === to)) {
      const text = JSON.stringify(object).replaceAll('"NS"', `"${real.ns}"`)
      const [theirs, ours] = await Promise.all([real, sandbox].map((at) => at.post(`${to}?dryRun=All`, text)))
      if (theirs === undefined || ours === undefined) throw new Error('both answer')
      expect(told('create', ours), text).toEqual(told('create', theirs))
    }
  })

  for (const [key, stories] of allStories) {
    it(`${key.replace(/^\//, '')} goes as on the real API server`, async () => {
      const resource = resourceOf(key)
      const changed = stories.some(isChangeable) ? mutations(stories, changes, seed) : []
      for (const [at, story] of sampled([...stories, ...changed], 8).entries()) {
        const name = `${key.replace(/^.*\//, '')}-${at}`
        const [theirs, ours] = await Promise.all([
          tell(real, resource, story, name),
          tell(sandbox, resource, story, name),
        ])
        expect(ours, story.name).toEqual(theirs)
      }
    }, 120_000)
  }
})

/** A namespace. Nobody makes accounts, so Pods get none. */
async function deskOn(subject: Subject): Promise<Desk> {
  const at = new Desk(subject, 'stories')
  await at.given('/api/v1/namespaces', { metadata: { name: at.ns } })
  return at
}

/** An object that is mostly refused, and where it is sent; `NS` stands for the namespace. */
interface Sent {
  readonly to: string
  readonly object: JsonObject
}

function sentObjects(): readonly Sent[] {
  const text = readFileSync(join(import.meta.dirname, 'testdata/refusals.jsonl'), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Sent) // Each line is one.
}

function resourceOf(key: string): Resource {
  const found = builtInResources.find(({ group, plural }) => `${group}/${plural}` === key)
  if (found === undefined) throw new Error(`there is no ${key}`)
  return found
}

async function tell(at: Desk, resource: Resource, story: Story, name: string): Promise<readonly Told[]> {
  const folder = folderOf(resource, story.object)
  const sent = placed(at, resource, story.object, name)
  const made = await at.post(folder, sent)
  const steps = [told('create', made)]
  if (made.status !== 201) return steps
  const path = `${folder}/${(made.raw as unknown as KubeObject).metadata.name}`
  try {
    for (const [index, change] of (story.updates ?? []).entries()) {
      steps.push(told(`update ${index + 1}`, await changedBy(at, path, change)))
    }
  } finally {
    await at.delete(path, { gracePeriodSeconds: 0, propagationPolicy: 'Background' })
    // What protects an object would keep its name taken.
    await at.merge(path, { metadata: { finalizers: null } })
  }
  return steps
}

async function changedBy(at: Desk, path: string, change: (live: KubeObject) => JsonObject): Promise<Answer> {
  const live = (await at.get(path)).raw as unknown as KubeObject // It was made just now.
  return at.put(path, change(live))
}

function folderOf({ namespaced, plural }: Resource, object: JsonObject): string {
  const { group, version } = parseApiVersion(String(object.apiVersion))
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return `${root}${namespaced ? '/~' : ''}/${plural}`
}

/** The object in the namespace of the desk; names that say nothing are told once, those of the cluster in no other run. */
function placed(at: Desk, { namespaced }: Resource, object: JsonObject, name: string): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {}
  const given = typeof metadata.name === 'string' ? metadata.name : ''
  const fresh = /^[a-z.]{1,12}$/.test(given) ? `${given}-${name}` : given
  const own = namespaced || fresh === '' ? fresh : `${fresh}-${at.ns}`
  return { ...object, metadata: { ...metadata, ...(own === '' ? {} : { name: own }) } }
}

function told(what: string, answer: Answer): Told {
  const { status, body, warnings } = answer
  return { what, status, said: status === 422 ? inOrder(faults(answer)) : body, warnings }
}

/** A cause at a key of a map, or at the map. */
const keyed = /^[^:]*(\[[^\]]*[^\d\]][^\]]*\]|\.(labels|annotations|matchLabels|nodeSelector):)/

/** Keys of maps come in another order each time, and Go tells an empty map from none where nothing else does. */
function inOrder(lines: Json): Json {
  if (!isList(lines)) return lines
  const texts = lines.map((each) => String(each).replace(' value: {}: ', ' value: null: '))
  return texts.some((each) => keyed.test(each)) ? texts.sort() : texts
}

// A copy of a sandbox goes on as the original does, from whatever moment: controllers know nothing that the world does not.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { describe, expect, it } from 'vitest'
import { sampled } from '../../../../test/run/whole.ts'
import { objectsAt } from '../../kinds/look.ts'
import { openSandbox, type Sandbox } from '../../sandbox.ts'
import { openTestClock } from '../../testing/clock.ts'
import { clusterControllers } from '../cluster/all.ts'
import { workloadControllers } from './all.ts'
import { type Deed, STORIES } from './testing/stories.ts'
import { COLLECTIONS, viewOfLists } from './testing/view.ts'

const NAMESPACE = 'default'

async function ask(sandbox: Sandbox, method: string, path: string, body?: JsonObject): Promise<JsonObject> {
  const type = method === 'PATCH' ? 'application/strategic-merge-patch+json' : 'application/json'
  const url = `https://sandbox.example${path.replaceAll('NS', NAMESPACE)}`
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const answer = await sandbox.fetch(new Request(url, { method, headers: { 'content-type': type }, ...sent }))
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as JsonObject // An object or a list of them.
}

async function view(sandbox: Sandbox): Promise<JsonObject> {
  const lists = new Map<string, readonly JsonObject[]>()
  for (const [kind, path] of COLLECTIONS) lists.set(kind, objectsAt(await ask(sandbox, 'GET', path), 'items'))
  return viewOfLists(lists, NAMESPACE)
}

const act = async (sandbox: Sandbox, { method, path, body }: Deed): Promise<void> => {
  await ask(sandbox, method, path, body)
}

describe('a copy made in the middle', () => {
  it.each(sampled(STORIES, 3).map((story, index) => ({ ...story, afterMs: [3, 8, 23, 57][index % 4] ?? 3 })))(
    'comes to the same end where $name',
    async ({ name, deeds, afterMs }) => {
      const clock = openTestClock()
      const controllers = [...clusterControllers(), ...workloadControllers()]
      const original = openSandbox({ clock, seed: name, controllers })
      clock.advance(1000)
      for (const deed of deeds) {
        await act(original, deed)
        clock.advance(afterMs)
        const copy = original.fork()
        clock.advance(120_000)
        expect(await view(copy), deed.what).toEqual(await view(original))
        copy.close()
      }
    },
  )
})

// Whoever has a say in writes: when they are asked, what they see, and what becomes of what they say.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import type { Admission } from '../registry/admission.ts'
import { failure } from '../registry/status.ts'
import { openSandbox } from '../sandbox.ts'
import { type Client, openClient, refusal } from '../testing/client.ts'
import { openTestClock } from '../testing/clock.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'

function clientWith(...admission: readonly Admission[]): Client {
  const clock = openTestClock()
  return openClient(openSandbox({ clock, seed: 'test', admission }), clock)
}

/** Gives every ConfigMap a key, whoever makes or changes it. */
const stamping: Admission = {
  name: 'stamping',
  mutate: ({ object }) =>
    object?.kind === 'ConfigMap' ? { object: { ...object, data: { ...Object(object.data), stamped: 'yes' } } } : {},
}

/** Refuses ConfigMaps with a word, and to delete those that have it. */
const refusing: Admission = {
  name: 'refusing',
  validate: ({ object, old, operation }) => {
    const judged: KubeObject | null = object ?? old
    if (judged?.metadata.name !== 'forbidden') return { warnings: [`looked at ${operation}`] }
    return { refusal: failure(403, 'Forbidden', `no ${operation}`) }
  },
}

describe('admission', () => {
  it('changes what is written, and nobody owns what it changed', async () => {
    const { ask } = clientWith(stamping)
    const made = await ask('POST', MAPS, { metadata: { name: 'a' }, data: { own: '1' } })
    expect(made.body.data).toEqual({ own: '1', stamped: 'yes' })
    expect(made.text).not.toContain('f:stamped')
    const merge = { 'content-type': 'application/merge-patch+json' }
    const changed = await ask('PATCH', `${MAPS}/a`, { data: { stamped: 'no' } }, merge)
    expect(changed.body.data).toEqual({ own: '1', stamped: 'yes' })
  })

  it('refuses and warns, on a dry run as well', async () => {
    const { ask, sandbox } = clientWith(refusing)
    const refused = await ask('POST', `${MAPS}?dryRun=All`, { metadata: { name: 'forbidden' } })
    expect(refusal(refused)).toBe('403 Forbidden: no CREATE')
    const made = await ask('POST', MAPS, { metadata: { name: 'a' } })
    expect(made.header('warning')).toBe('299 - "looked at CREATE"')
    sandbox.world.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'forbidden', namespace: 'default' } })
    expect(refusal(await ask('DELETE', `${MAPS}/forbidden`))).toBe('403 Forbidden: no DELETE')
    const patch = { 'content-type': 'application/merge-patch+json' }
    expect(refusal(await ask('PATCH', `${MAPS}/forbidden`, {}, patch))).toBe('403 Forbidden: no UPDATE')
  })

  it('is asked before the name is known to be taken, and not where there is no namespace', async () => {
    const { ask } = clientWith(refusing)
    await ask('POST', MAPS, { metadata: { name: 'a' } })
    const again = await ask('POST', MAPS, { metadata: { name: 'a' } })
    expect([again.status, again.header('warning')]).toEqual([409, '299 - "looked at CREATE"'])
    const nowhere = '/api/v1/namespaces/nowhere/configmaps'
    expect((await ask('POST', nowhere, { metadata: { name: 'forbidden' } })).status).toBe(404)
  })
})

// Creates, updates, patches and deletions against one sandbox, each as the real server answers.
import { describe, expect, it } from 'vitest'
import { type Answer, openClient, refusal } from '../testing/client.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'
const apply = { 'content-type': 'application/apply-patch+yaml' }
const merge = { 'content-type': 'application/merge-patch+json' }

const metadataOf = ({ body }: Answer): Record<string, unknown> => body.metadata as Record<string, unknown>

describe('create', () => {
  it('gives an object its system fields, and a manager named by the user agent', async () => {
    const { ask } = openClient()
    const sent = { metadata: { name: 'a', uid: 'mine', creationTimestamp: '2000-01-01T00:00:00Z' }, data: { x: '1' } }
    const made = await ask('POST', MAPS, sent, { 'user-agent': 'kubectl/v1.36' })
    expect(made.status).toBe(201)
    expect(metadataOf(made)).toMatchObject({
      namespace: 'default',
      creationTimestamp: '2026-01-01T12:00:00Z',
      managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:data': { '.': {}, 'f:x': {} } } }],
    })
    expect(metadataOf(made).uid).not.toBe('mine')
  })

  it.each([
    [MAPS, { metadata: {} }, /^422 Invalid: ConfigMap "" is invalid: metadata.name: Required value/],
    [MAPS, { metadata: { name: 'a', namespace: 'b' } }, /^400 BadRequest: the namespace of the provided object/],
    [MAPS, { metadata: { name: 'a', resourceVersion: '1' } }, /^500: resourceVersion should not be set/],
    [MAPS, { metadata: { name: 'kept' } }, /^409 AlreadyExists: configmaps "kept" already exists$/],
    [MAPS, { kind: 'Secret', metadata: { name: 'a' } }, /cannot be handled as a ConfigMap: converting \(v1.Secret\)/],
    [MAPS, { metadata: { name: 'a' }, data: { x: 1 } }, /cannot unmarshal number into Go struct field ConfigMap.data/],
    ['/api/v1/namespaces/no/configmaps', { metadata: { name: 'a' } }, /^404 NotFound: namespaces "no" not found$/],
    [`${MAPS}?fieldValidation=Strict`, { metadata: { name: 'a' }, x: 1 }, /strict decoding error: unknown field "x"$/],
  ])('refuses at %s %j', async (path, sent, words) => {
    const { ask } = openClient()
    await ask('POST', MAPS, { metadata: { name: 'kept' } })
    expect(refusal(await ask('POST', path, sent))).toMatch(words)
  })

  it('warns of unknown fields unless it is told otherwise, and drops them', async () => {
    const { ask } = openClient()
    const made = await ask('POST', MAPS, { metadata: { name: 'a' }, x: 1 })
    expect([made.status, made.header('warning'), made.body.x]).toEqual([
      201,
      '299 - "unknown field \\"x\\""',
      undefined,
    ])
    const ignored = await ask('POST', `${MAPS}?fieldValidation=Ignore`, { metadata: { name: 'b' }, x: 1 })
    expect([ignored.status, ignored.header('warning')]).toEqual([201, null])
  })

  it('leaves nothing behind on a dry run', async () => {
    const { ask, sandbox } = openClient()
    const before = sandbox.world.revision()
    expect((await ask('POST', `${MAPS}?dryRun=All`, { metadata: { name: 'a' } })).status).toBe(201)
    expect(sandbox.world.revision()).toBe(before)
    expect((await ask('GET', `${MAPS}/a`)).status).toBe(404)
  })
})

describe('update', () => {
  it('holds the version and the uid that it names', async () => {
    const { ask } = openClient()
    const made = await ask('POST', MAPS, { metadata: { name: 'a' } })
    const { uid } = metadataOf(made)
    const put = async (metadata: object): Promise<string> =>
      refusal(await ask('PUT', `${MAPS}/a`, { metadata: { name: 'a', ...metadata } }))
    expect(await put({ resourceVersion: '1' })).toMatch(/^409 Conflict: .*the object has been modified/)
    expect(await put({ uid: 'x' })).toContain(`UID in precondition: x, UID in object meta: ${String(uid)}`)
    expect(await put({ resourceVersion: 'x' })).toBe('500: strconv.ParseUint: parsing "x": invalid syntax')
  })

  it('that changes nothing leaves the version', async () => {
    const { ask } = openClient()
    const made = await ask('POST', MAPS, { metadata: { name: 'a' }, data: { x: '1' } })
    const again = await ask('PUT', `${MAPS}/a`, { metadata: { name: 'a' }, data: { x: '1' } })
    expect(metadataOf(again)).toEqual(metadataOf(made))
  })

  it('raises the generation where the spec changes, and through the status does not', async () => {
    const { ask } = openClient()
    const path = '/apis/apps/v1/namespaces/default/deployments'
    const labels = { app: 'a' }
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } }
    await ask('POST', path, { metadata: { name: 'a' }, spec: { selector: { matchLabels: labels }, template } })
    const scaled = await ask('PATCH', `${path}/a`, { spec: { replicas: 3 } }, merge)
    expect(metadataOf(scaled).generation).toBe(2)
    const status = await ask('PATCH', `${path}/a/status`, { spec: { replicas: 9 }, status: { replicas: 3 } }, merge)
    expect([metadataOf(status).generation, status.body.spec, status.body.status]).toMatchObject([
      2,
      { replicas: 3 },
      { replicas: 3 },
    ])
  })

  it('makes a Lease that is not there, but no ConfigMap', async () => {
    const { ask } = openClient()
    const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases'
    expect((await ask('PUT', `${leases}/a`, { metadata: { name: 'a' } })).status).toBe(201)
    expect((await ask('PUT', `${MAPS}/a`, { metadata: { name: 'a' } })).status).toBe(404)
  })
})

describe('apply', () => {
  it('makes, changes, and refuses what another manager owns', async () => {
    const { ask } = openClient()
    const wish = (x: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x } })
    const by = (manager: string, x: string): Promise<Answer> =>
      ask('PATCH', `${MAPS}/a?fieldManager=${manager}`, JSON.stringify(wish(x)), apply)
    expect((await by('ana', '1')).status).toBe(201)
    expect((await by('ana', '2')).status).toBe(200)
    const refused = await by('bot', '3')
    expect(refusal(refused)).toBe('409 Conflict: Apply failed with 1 conflict: conflict with "ana": .data.x')
    expect(refused.body.details).toEqual({
      causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "ana"', field: '.data.x' }],
    })
  })

  it('takes YAML, and needs a manager', async () => {
    const { ask } = openClient()
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: "1"\n'
    expect((await ask('PATCH', `${MAPS}/a?fieldManager=ana`, yaml, apply)).status).toBe(201)
    expect(refusal(await ask('PATCH', `${MAPS}/a`, yaml, apply))).toMatch(
      /fieldManager: Required value: is required for apply patch$/,
    )
  })
})

describe('delete', () => {
  it('waits for finalizers and goes with the last of them', async () => {
    const { ask } = openClient()
    await ask('POST', MAPS, { metadata: { name: 'a', finalizers: ['example.com/f'] } })
    const marked = await ask('DELETE', `${MAPS}/a`)
    expect(metadataOf(marked)).toMatchObject({
      deletionTimestamp: '2026-01-01T12:00:00Z',
      deletionGracePeriodSeconds: 0,
    })
    expect((await ask('DELETE', `${MAPS}/a`)).body).toEqual(marked.body)
    expect((await ask('PATCH', `${MAPS}/a`, { metadata: { finalizers: null } }, merge)).status).toBe(200)
    expect((await ask('GET', `${MAPS}/a`)).status).toBe(404)
  })

  it('holds its preconditions', async () => {
    const { ask } = openClient()
    await ask('POST', MAPS, { metadata: { name: 'a' } })
    const refused = await ask('DELETE', `${MAPS}/a`, { preconditions: { uid: 'x' } })
    expect(refusal(refused)).toMatch(/^409 Conflict: .*the UID in the precondition \(x\) does not match/)
    expect((await ask('DELETE', `${MAPS}/a`)).body).toMatchObject({ kind: 'Status', status: 'Success' })
  })

  it('leaves the finalizers of the garbage collector where it is asked to', async () => {
    const { ask } = openClient()
    for (const [propagationPolicy, finalizers] of [
      ['Foreground', ['foregroundDeletion']],
      ['Orphan', ['orphan']],
    ] as const) {
      await ask('POST', MAPS, { metadata: { name: propagationPolicy.toLowerCase() } })
      const marked = await ask('DELETE', `${MAPS}/${propagationPolicy.toLowerCase()}`, { propagationPolicy })
      expect(metadataOf(marked).finalizers).toEqual(finalizers)
    }
  })

  it('of a collection takes what is selected', async () => {
    const { ask } = openClient()
    for (const name of ['a', 'b']) await ask('POST', MAPS, { metadata: { name, labels: { name } } })
    const taken = await ask('DELETE', `${MAPS}?labelSelector=name%3Da`)
    expect(taken.body).toMatchObject({ kind: 'ConfigMapList', items: [{ metadata: { name: 'a' } }] })
    expect((await ask('GET', MAPS)).body).toMatchObject({ items: [{ metadata: { name: 'b' } }] })
  })

  it('of a namespace waits for its own finalizer, and lets nothing new in', async () => {
    const { ask } = openClient()
    await ask('POST', '/api/v1/namespaces', { metadata: { name: 'n' } })
    expect((await ask('DELETE', '/api/v1/namespaces/n')).body.status).toEqual({ phase: 'Terminating' })
    const refused = await ask('POST', '/api/v1/namespaces/n/configmaps', { metadata: { name: 'x' } })
    expect(refusal(refused)).toBe(
      '403 Forbidden: configmaps "x" is forbidden: unable to create new content in namespace n because it is being terminated',
    )
    await ask('PUT', '/api/v1/namespaces/n/finalize', { metadata: { name: 'n' }, spec: {} })
    expect((await ask('GET', '/api/v1/namespaces/n')).status).toBe(404)
    expect((await ask('DELETE', '/api/v1/namespaces/default')).status).toBe(403)
  })
})

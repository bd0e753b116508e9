// Tracking marks, byte for byte.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../object/object.ts'
import { refOf } from '../object/object.ts'
import type { AppKey, Tracking } from './application.ts'
import { claims, DEFAULT_TRACKING, parseTrackingId, readMark, stamp, trackingId } from './tracking.ts'

const shop: AppKey = { namespace: 'argocd', name: 'shop' }
const ID = 'argocd.argoproj.io/tracking-id'
const INSTALLATION = 'argocd.argoproj.io/installation-id'
const LABEL = 'app.kubernetes.io/instance'

function tracking(change: Partial<Tracking>): Tracking {
  return { ...DEFAULT_TRACKING, ...change }
}

function object(apiVersion: string, kind: string, metadata: KubeObject['metadata']): KubeObject {
  return { apiVersion, kind, metadata }
}

const deployment = object('apps/v1', 'Deployment', { name: 'web', namespace: 'shop' })
const role = object('rbac.authorization.k8s.io/v1', 'ClusterRole', { name: 'system:shop:reader' })

function stamped(manifest: KubeObject, key = shop, method = DEFAULT_TRACKING): KubeObject {
  return stamp(manifest, key, refOf(manifest), 'shop', method)
}

describe('a tracking id', () => {
  it('holds application, kind, namespace and name', () => {
    expect(trackingId(shop, refOf(deployment), 'shop', DEFAULT_TRACKING)).toBe('shop:apps/Deployment:shop/web')
  })

  it('of a core kind has an empty group', () => {
    const ref = { group: '', kind: 'Service', namespace: 'a', name: 'web' }
    expect(trackingId(shop, ref, 'shop', DEFAULT_TRACKING)).toBe('shop:/Service:a/web')
  })

  it('of a cluster-scoped object holds the destination namespace, and colons in names stay', () => {
    const id = trackingId(shop, refOf(role), 'shop', DEFAULT_TRACKING)
    expect(id).toBe('shop:rbac.authorization.k8s.io/ClusterRole:shop/system:shop:reader')
    expect(parseTrackingId(id)).toMatchObject({ namespace: 'shop', name: 'system:shop:reader' })
    expect(trackingId(shop, refOf(role), null, DEFAULT_TRACKING)).toContain(':/system:')
  })

  it('names an application of another namespace with that namespace', () => {
    expect(trackingId({ namespace: 'team', name: 'shop' }, refOf(deployment), 'shop', DEFAULT_TRACKING)).toBe(
      'team_shop:apps/Deployment:shop/web',
    )
  })

  it.each([
    '',
    'shop',
    'shop:apps/Deployment',
    'shop:apps:shop/web',
    'shop:a/b/c:shop/web',
    'shop:apps/D:a/b/c',
    'shop:apps/D:web',
  ])('%j is none', (text) => {
    expect(parseTrackingId(text)).toBeNull()
  })

  it('reads back as it was written, and describes the object it was made for', () => {
    const word = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,8}[a-z0-9])?$/)
    const name = fc.stringMatching(/^[a-z0-9:_.-]{1,12}$/)
    fc.assert(
      fc.property(word, word, fc.option(word), name, word, fc.boolean(), (app, kind, namespace, own, group, isCore) => {
        const manifest = object(isCore ? 'v1' : `${group}/v1`, kind, {
          name: own,
          ...(namespace === null ? {} : { namespace }),
        })
        const key = { namespace: 'team', name: app }
        const mark = readMark(stamp(manifest, key, refOf(manifest), 'shop', DEFAULT_TRACKING), DEFAULT_TRACKING)
        expect(mark).toMatchObject({ kind: 'app', by: 'annotation', app: key, self: 'yes' })
        expect(claims(mark, key)).toBe(true)
        expect(claims(mark, { ...key, namespace: 'argocd' })).toBe(false)
      }),
    )
  })
})

describe('stamping', () => {
  it('by annotation leaves labels alone, by label leaves annotations alone', () => {
    expect(stamped(deployment).metadata).toEqual({
      ...deployment.metadata,
      annotations: { [ID]: 'shop:apps/Deployment:shop/web' },
    })
    expect(stamped(deployment, shop, tracking({ method: 'label' })).metadata).toEqual({
      ...deployment.metadata,
      labels: { [LABEL]: 'shop' },
    })
  })

  it('cuts a long name only in the label beside the annotation, back to a letter', () => {
    const key = { namespace: 'argocd', name: `${'a'.repeat(60)}--.bcd` }
    const both = stamped(deployment, key, tracking({ method: 'annotation+label', labelKey: 'example.com/app' }))
    expect(both.metadata.labels).toEqual({ 'example.com/app': 'a'.repeat(60) })
    expect(both.metadata.annotations).toEqual({ [ID]: `${key.name}:apps/Deployment:shop/web` })
    expect(stamped(deployment, key, tracking({ method: 'label' })).metadata.labels).toEqual({ [LABEL]: key.name })
  })

  it('never marks a CustomResourceDefinition', () => {
    const crd = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { name: 'a.example.com' })
    expect(stamped(crd, shop, tracking({ method: 'annotation+label' }))).toBe(crd)
  })

  it('writes the installation id, and takes away one that Git brought along', () => {
    const copied = object('v1', 'ConfigMap', { name: 'x', annotations: { [INSTALLATION]: 'theirs', note: 'kept' } })
    expect(stamped(copied, shop, tracking({ installationId: 'ours' })).metadata.annotations).toMatchObject({
      [INSTALLATION]: 'ours',
    })
    expect(stamped(copied).metadata.annotations).toEqual({ note: 'kept', [ID]: 'shop:/ConfigMap:shop/x' })
  })

  it('does not touch the manifest it was given', () => {
    const frozen = Object.freeze({ ...deployment, metadata: Object.freeze({ ...deployment.metadata }) })
    expect(stamped(frozen)).not.toBe(frozen)
    expect(frozen.metadata).toEqual(deployment.metadata)
  })
})

describe('reading a mark', () => {
  const marked = (annotations: Record<string, string>, labels: Record<string, string> = {}) =>
    object('apps/v1', 'Deployment', { name: 'web', namespace: 'shop', annotations, labels })

  it('tells a copied mark from one that describes its object', () => {
    const replicaSet = object('apps/v1', 'ReplicaSet', {
      name: 'web-1',
      namespace: 'shop',
      annotations: { [ID]: 'shop:apps/Deployment:shop/web' },
    })
    expect(readMark(replicaSet, DEFAULT_TRACKING)).toMatchObject({ kind: 'app', self: 'other' })
    expect(readMark(marked({ [ID]: 'shop:apps/Deployment:other/web' }), DEFAULT_TRACKING)).toMatchObject({
      self: 'other',
    })
    expect(readMark(marked({ [ID]: 'shop:extensions/Deployment:shop/web' }), DEFAULT_TRACKING)).toMatchObject({
      self: 'yes',
    })
  })

  it('cannot tell by a label whom it describes', () => {
    const label = tracking({ method: 'label' })
    expect(readMark(marked({ [ID]: 'x:apps/Deployment:shop/web' }, { [LABEL]: 'team_shop' }), label)).toEqual({
      kind: 'app',
      by: 'label',
      app: { namespace: 'team', name: 'shop' },
      text: 'team_shop',
      self: 'unknown',
    })
    expect(readMark(marked({}), label)).toEqual({ kind: 'none' })
  })

  it('trusts the annotation alone where both are written', () => {
    expect(readMark(marked({}, { [LABEL]: 'shop' }), tracking({ method: 'annotation+label' }))).toEqual({
      kind: 'none',
    })
  })

  it('names what it cannot read and who else marked the object', () => {
    expect(readMark(marked({ [ID]: 'nonsense' }), DEFAULT_TRACKING)).toEqual({ kind: 'unreadable', text: 'nonsense' })
    const text = 'shop:apps/Deployment:shop/web'
    const ours = tracking({ installationId: 'ours' })
    expect(readMark(marked({ [ID]: text, [INSTALLATION]: 'ours' }), ours)).toMatchObject({ kind: 'app' })
    expect(readMark(marked({ [ID]: text }), ours)).toEqual({ kind: 'other-installation', text, installationId: null })
    expect(readMark(marked({ [ID]: text, [INSTALLATION]: 'theirs' }), DEFAULT_TRACKING)).toMatchObject({
      kind: 'other-installation',
      installationId: 'theirs',
    })
  })
})

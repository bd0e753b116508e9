// What the table of types says of fields that everybody knows.
import { describe, expect, it } from 'vitest'
import { coreGroup, legacyDiscovery, namedGroups, version } from './discovery.ts'
import { openapi2, openapi3, openapi3Index } from './documents.ts'
import { definition, typeOf } from './lookup.ts'
import type { Field, FieldType, StructType } from './type.ts'

const fieldAt = (type: StructType | null, ...path: readonly string[]): Field | null => {
  let field: Field | null = null
  let at: FieldType | null = type
  for (const key of path) {
    if (at?.kind === 'list') at = at.items
    field = at?.kind === 'struct' ? at.field(key) : null
    at = field?.type ?? null
  }
  return field
}

describe('typeOf', () => {
  const deployment = typeOf('apps', 'v1', 'Deployment')
  const container = ['spec', 'template', 'spec', 'containers'] as const

  it('knows how lists are merged', () => {
    expect(fieldAt(deployment, ...container)).toMatchObject({
      type: { merge: { by: 'keys', keys: ['name'] } },
      patch: { strategies: ['merge'], mergeKey: 'name' },
    })
    expect(fieldAt(deployment, ...container, 'ports')?.type).toMatchObject({
      merge: { by: 'keys', keys: ['containerPort', 'protocol'] },
    })
    expect(fieldAt(deployment, ...container, 'args')?.type).toMatchObject({ merge: { by: 'atomic' } })
    expect(fieldAt(deployment, 'metadata', 'finalizers')?.type).toMatchObject({ merge: { by: 'set' } })
    expect(fieldAt(deployment, 'spec', 'template', 'spec', 'volumes')?.patch).toEqual({
      strategies: ['merge', 'retainKeys'],
      mergeKey: 'name',
    })
  })

  it('knows atomic maps and structs, quantities, numbers or strings, times and defaults', () => {
    expect(fieldAt(deployment, 'spec', 'selector')?.type).toMatchObject({ kind: 'struct', atomic: true })
    expect(fieldAt(typeOf('', 'v1', 'Service'), 'spec', 'selector')?.type).toMatchObject({ kind: 'map', atomic: true })
    expect(fieldAt(deployment, ...container, 'resources', 'limits')?.type).toMatchObject({
      kind: 'map',
      values: { kind: 'scalar', type: 'quantity' },
    })
    expect(fieldAt(typeOf('', 'v1', 'Service'), 'spec', 'ports', 'targetPort')?.type).toMatchObject({
      type: 'int-or-string',
    })
    expect(fieldAt(deployment, ...container, 'ports', 'protocol')?.default).toBe('TCP')
    expect(fieldAt(deployment, 'metadata', 'creationTimestamp')?.type).toMatchObject({ format: 'date-time' })
    expect(fieldAt(typeOf('', 'v1', 'Secret'), 'data')?.type).toMatchObject({ values: { format: 'byte' } })
    expect(fieldAt(deployment, ...container)?.type).toMatchObject({ items: { required: ['name'] } })
  })

  it('follows types that contain themselves, and knows no others', () => {
    const crd = typeOf('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition')
    const schema = fieldAt(crd, 'spec', 'versions', 'schema', 'openAPIV3Schema')
    expect(schema?.type).toMatchObject({ kind: 'struct' })
    expect(fieldAt(crd, 'spec', 'versions', 'schema', 'openAPIV3Schema', 'not', 'not', 'not')?.type).toBe(schema?.type)
    expect(typeOf('apps', 'v2', 'Deployment')).toBeNull()
    expect(definition('io.k8s.api.core.v1.Pod')).toBe(typeOf('', 'v1', 'Pod'))
  })

  it('can read every definition', () => {
    const seen = new Set<StructType>()
    const visit = (type: FieldType): void => {
      if (type.kind === 'list') visit(type.items)
      if (type.kind === 'map') visit(type.values)
      if (type.kind !== 'struct' || seen.has(type)) return
      seen.add(type)
      for (const name of type.names) visit(type.field(name)?.type ?? { kind: 'any' })
    }
    for (const group of [...coreGroup, ...namedGroups]) {
      for (const { version: name, resources } of group.versions) {
        for (const { responseKind } of resources) {
          const type = typeOf(group.metadata.name ?? '', name, responseKind.kind)
          expect(type, responseKind.kind).not.toBeNull()
          if (type !== null) visit(type)
        }
      }
    }
    expect(seen.size).toBeGreaterThan(400)
  })
})

describe('the documents', () => {
  it('are JSON, and there is one for each entry of the index', async () => {
    expect(JSON.parse(await openapi2())).toMatchObject({ swagger: '2.0' })
    for (const path of Object.keys(openapi3Index)) {
      expect(JSON.parse((await openapi3(path)) ?? ''), path).toMatchObject({ openapi: '3.0.0' })
    }
    expect(await openapi3('apis/nowhere/v1')).toBeNull()
  })

  it('come with the version and the older discovery', () => {
    expect(version).toMatchObject({ major: '1', minor: '36' })
    expect(legacyDiscovery['/api/v1']).toMatchObject({ kind: 'APIResourceList', groupVersion: 'v1' })
  })
})

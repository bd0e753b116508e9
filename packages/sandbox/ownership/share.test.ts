// Objects from outside share their FieldsV1 and lose nothing by it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { expect, test } from 'vitest'
import { FieldsShare } from './share.ts'

function configMap(name: string, key: string): KubeObject {
  const fieldsV1 = { 'f:data': { [`f:${key}`]: {} } }
  const entry = { manager: name, operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, managedFields: [entry] } }
}

function fieldsOf(object: KubeObject): JsonObject {
  const [entry] = object.metadata.managedFields as readonly JsonObject[]
  return (entry?.fieldsV1 ?? {}) as JsonObject
}

test('equal fields of two objects become one value', () => {
  const share = new FieldsShare()
  const [a, b, c] = [configMap('a', 'x'), configMap('b', 'x'), configMap('c', 'y')]
  const shared = [a, b, c].map((each) => share.of(each))
  expect(shared).toEqual([a, b, c])
  expect(fieldsOf(shared[1] as KubeObject)).toBe(fieldsOf(shared[0] as KubeObject))
  expect(fieldsOf(shared[2] as KubeObject)).not.toBe(fieldsOf(shared[0] as KubeObject))
})

test('an object without managers is left alone', () => {
  const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
  expect(new FieldsShare().of(object)).toBe(object)
})

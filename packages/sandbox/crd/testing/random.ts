// Random schemas and random values for them: most values nearly fit, so that every check is met.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import fc from 'fast-check'

const NAMES = ['a', 'b', 'c-d'] as const

const textSchema = fc.record(
  {
    type: fc.constant('string'),
    maxLength: fc.constantFrom(1, 3, 5),
    minLength: fc.constantFrom(1, 2),
    pattern: fc.constantFrom('^a', 'b$', '^[a-c]*$', '\\d'),
    format: fc.constantFrom('date', 'date-time', 'uuid', 'ipv4', 'byte', 'odd'),
    enum: fc.constantFrom<Json[]>(['a', 'abc'], ['b']),
    nullable: fc.constant(true),
    default: fc.constantFrom('a', 'b'),
  },
  { requiredKeys: ['type'] },
)

const numberSchema = fc.record(
  {
    type: fc.constantFrom('integer', 'number'),
    maximum: fc.constantFrom(2, 3.5, 10),
    minimum: fc.constantFrom(-1, 0.5, 1),
    exclusiveMaximum: fc.boolean(),
    exclusiveMinimum: fc.boolean(),
    multipleOf: fc.constantFrom(2, 0.5, 3),
    format: fc.constantFrom('int32', 'int64', 'float', 'double', 'int8'),
    nullable: fc.constant(true),
  },
  { requiredKeys: ['type'] },
)

const open = fc.constantFrom<JsonObject>(
  { 'x-kubernetes-preserve-unknown-fields': true },
  { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  { 'x-kubernetes-int-or-string': true },
  { type: 'boolean' },
)

/** Combinations speak of values alone: types stand outside of them. */
const combined = fc.record(
  {
    anyOf: fc.constantFrom<Json[]>([{ maxLength: 2 }, { minimum: 2 }], [{ pattern: 'a' }, { enum: [1, 'b'] }]),
    oneOf: fc.constantFrom<Json[]>([{ maxLength: 2 }, { minLength: 2 }], [{ maximum: 1 }, { minimum: 1 }]),
    allOf: fc.constantFrom<Json[]>([{ maxLength: 4 }, { maximum: 4 }], [{ minLength: 1 }]),
    not: fc.constantFrom<Json>({ enum: ['b'] }, { minimum: 3 }),
  },
  { requiredKeys: [] },
)

const leaf: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 4, arbitrary: textSchema },
  { weight: 4, arbitrary: numberSchema },
  { weight: 1, arbitrary: open },
  { weight: 2, arbitrary: fc.tuple(textSchema, combined).map(([a, b]): JsonObject => ({ ...a, ...b })) },
  { weight: 1, arbitrary: fc.tuple(numberSchema, combined).map(([a, b]): JsonObject => ({ ...a, ...b })) },
)

/** Random structural schemas. */
export const schemas: fc.Arbitrary<JsonObject> = fc.letrec<{ node: JsonObject }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .tuple(
        fc.dictionary(fc.constantFrom(...NAMES), tie('node'), { minKeys: 1 }),
        fc.subarray([...NAMES]),
        fc.boolean(),
      )
      .map(
        ([properties, required, nullable]): JsonObject => ({
          type: 'object',
          properties,
          required,
          ...(nullable ? { nullable } : {}),
        }),
      ),
    fc
      .tuple(tie('node'), fc.constantFrom(1, 2, 3), fc.constantFrom(0, 1, 2))
      .map(([items, maxItems, minItems]): JsonObject => ({ type: 'array', items, maxItems, minItems })),
    fc
      .tuple(tie('node'), fc.constantFrom(1, 2))
      .map(([each, maxProperties]): JsonObject => ({ type: 'object', additionalProperties: each, maxProperties })),
  ),
})).node

const scalars = fc.constantFrom<Json>(
  '',
  'a',
  'b',
  'abc',
  'abcdef',
  '2024-01-01',
  'YQ==',
  '1.2.3.4',
  0,
  1,
  2,
  3,
  2.5,
  -1,
  7,
  11,
  true,
  null,
  [],
  {},
)

/** Random values that have the shape of a schema more often than not. */
export function valuesFor(schema: JsonObject): fc.Arbitrary<Json> {
  return fc.oneof({ weight: 1, arbitrary: scalars }, { weight: 6, arbitrary: fitting(schema) })
}

function fitting(schema: JsonObject): fc.Arbitrary<Json> {
  if (isObject(schema.properties)) {
    const fields = Object.entries(schema.properties).flatMap(([name, each]) =>
      isObject(each) ? [[name, valuesFor(each)] as const] : [],
    )
    const extra = ['z', fc.constantFrom<Json>(1, { x: 1 })] as const
    return fc.record<Record<string, Json>>(Object.fromEntries([...fields, extra]), {
      requiredKeys: [],
    }) as fc.Arbitrary<Json> // Absent keys are absent.
  }
  if (isObject(schema.items)) return fc.array(valuesFor(schema.items), { maxLength: 4 })
  if (isObject(schema.additionalProperties)) {
    return fc.dictionary(fc.constantFrom('k', 'l.m', 'n'), valuesFor(schema.additionalProperties))
  }
  return scalars
}

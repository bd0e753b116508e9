// Custom resources that a rule of CEL refuses.

import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { widget, widgets } from '../definitions.ts'
import { part, sortedFaults } from '../said.ts'
import { topic } from '../suite.ts'
import { checkSchemas, type SchemaRow } from '../tables.ts'

const text = { type: 'string' }
const number = { type: 'integer' }
const list = { type: 'array', items: text }
const map = { type: 'object', additionalProperties: text }

const rows: readonly SchemaRow[] = [
  [
    'a rule that does not hold',
    { ...text, 'x-kubernetes-validations': [{ rule: 'self.startsWith("a")' }] },
    'b',
    ['spec.x: FieldValueInvalid: Invalid value: "b": failed rule: self.startsWith("a")'],
  ],
  [
    'a rule with a message',
    { ...text, 'x-kubernetes-validations': [{ rule: 'self == "a"', message: 'must be a' }] },
    'b',
    ['spec.x: FieldValueInvalid: Invalid value: "b": must be a'],
  ],
  [
    'a rule with a message that is computed',
    { ...text, 'x-kubernetes-validations': [{ rule: 'self == "a"', messageExpression: '"not " + self' }] },
    'b',
    ['spec.x: FieldValueInvalid: Invalid value: "b": not b'],
  ],
  [
    'a rule with a reason',
    { ...text, 'x-kubernetes-validations': [{ rule: 'self == "a"', reason: 'FieldValueForbidden' }] },
    'b',
    ['spec.x: FieldValueForbidden: Forbidden: failed rule: self == "a"'],
  ],
  [
    'a rule with a path',
    {
      type: 'object',
      properties: { a: number, b: number },
      'x-kubernetes-validations': [{ rule: 'self.a < self.b', fieldPath: '.a', message: 'a below b' }],
    },
    { a: 2, b: 1 },
    ['spec.x.a: FieldValueInvalid: Invalid value: a below b'],
  ],
  [
    'a rule over a list',
    { ...list, maxItems: 9, 'x-kubernetes-validations': [{ rule: 'self.all(x, x.size() == 1)' }] },
    ['a', 'bb'],
    ['spec.x: FieldValueInvalid: Invalid value: failed rule: self.all(x, x.size() == 1)'],
  ],
  [
    'a rule over a map',
    { ...map, maxProperties: 9, 'x-kubernetes-validations': [{ rule: 'self.exists(k, self[k] == "x")' }] },
    { a: 'y' },
    ['spec.x: FieldValueInvalid: Invalid value: failed rule: self.exists(k, self[k] == "x")'],
  ],
  [
    'a rule with has',
    {
      type: 'object',
      properties: { a: text, b: text },
      'x-kubernetes-validations': [{ rule: 'has(self.a) || has(self.b)', message: 'one of both' }],
    },
    {},
    ['spec.x: FieldValueInvalid: Invalid value: one of both'],
  ],
  [
    'a rule with a pattern',
    { ...text, 'x-kubernetes-validations': [{ rule: 'self.matches("^[a-z]+$")' }] },
    'A',
    ['spec.x: FieldValueInvalid: Invalid value: "A": failed rule: self.matches("^[a-z]+$")'],
  ],
  [
    'a rule with a quantity',
    { ...text, 'x-kubernetes-validations': [{ rule: 'quantity(self).isLessThan(quantity("1Gi"))' }] },
    '2Gi',
    ['spec.x: FieldValueInvalid: Invalid value: "2Gi": failed rule: quantity(self).isLessThan(quantity("1Gi"))'],
  ],
  [
    'a rule with a URL',
    { ...text, 'x-kubernetes-validations': [{ rule: 'isURL(self) && url(self).getScheme() == "https"' }] },
    'http://example.com',
    [
      'spec.x: FieldValueInvalid: Invalid value: "http://example.com": failed rule: isURL(self) && url(self).getScheme() == "https"',
    ],
  ],
  [
    'a rule that divides by zero',
    { ...number, 'x-kubernetes-validations': [{ rule: '1 / self > 0' }] },
    0,
    ['spec.x: FieldValueInvalid: Invalid value: "integer": division by zero evaluating rule: 1 / self > 0'],
  ],
  [
    'two rules that do not hold',
    { ...number, 'x-kubernetes-validations': [{ rule: 'self > 1' }, { rule: 'self > 2' }] },
    0,
    [
      'spec.x: FieldValueInvalid: Invalid value: 0: failed rule: self > 1',
      'spec.x: FieldValueInvalid: Invalid value: 0: failed rule: self > 2',
    ],
  ],
  [
    'a rule beside a limit',
    { ...number, minimum: 5, 'x-kubernetes-validations': [{ rule: 'self > 5' }] },
    1,
    [
      'spec.x: FieldValueInvalid: Invalid value: 1: spec.x in body should be greater than or equal to 5',
      'spec.x: FieldValueInvalid: Invalid value: 1: failed rule: self > 5',
    ],
  ],
]

const transitions: readonly (readonly [title: string, schema: JsonObject, before: Json, after: Json, told: unknown])[] =
  [
    [
      'may not change',
      { ...text, 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'is immutable' }] },
      'a',
      'b',
      ['spec.x: FieldValueInvalid: Invalid value: "b": is immutable'],
    ],
    [
      'may only grow',
      { ...number, 'x-kubernetes-validations': [{ rule: 'self >= oldSelf' }] },
      5,
      4,
      ['spec.x: FieldValueInvalid: Invalid value: 4: failed rule: self >= oldSelf'],
    ],
    [
      'may stay wrong where it did not change',
      { ...number, 'x-kubernetes-validations': [{ rule: 'self >= oldSelf' }] },
      5,
      5,
      { x: 5 },
    ],
    [
      'may be compared with nothing where that is optional',
      {
        ...number,
        'x-kubernetes-validations': [
          { rule: 'oldSelf.hasValue() ? self >= oldSelf.value() : self > 3', optionalOldSelf: true },
        ],
      },
      5,
      4,
      [
        'spec.x: FieldValueInvalid: Invalid value: 4: failed rule: oldSelf.hasValue() ? self >= oldSelf.value() : self > 3',
      ],
    ],
  ]

topic('rules of custom resources', (it) => {
  checkSchemas(it, rows)

  for (const [title, schema, before, after, told] of transitions) {
    it(`a value ${title}`, async (at) => {
      const path = await widgets(at, { spec: { x: schema } })
      await at.given(path, widget(at, { x: before }))
      const answer = await at.merge(`${path}/a`, { spec: { x: after } })
      expect(answer.status === 200 ? part(answer, 'spec') : sortedFaults(answer)).toEqual(told)
    })
  }
})

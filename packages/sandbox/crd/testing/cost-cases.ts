// Rules that may cost too much, and ones that just do not: what the real server refuses by its estimate.
import type { JsonObject } from '@mainstay/core/object/json.ts'

const text = { type: 'string' }
const rules = (...all: readonly string[]): JsonObject => ({ 'x-kubernetes-validations': all.map((rule) => ({ rule })) })
const list = (items: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'array', items, ...more })
const object = (properties: JsonObject, ...all: readonly string[]): JsonObject => ({
  type: 'object',
  properties,
  ...rules(...all),
})
const pair = object({ name: text, value: { type: 'string', maxLength: 100 } })

/** Schemas of the spec. */
export const COST_CASES: readonly (readonly [string, JsonObject])[] = [
  [
    'a text without an end',
    object({ a: text }, "self.a.contains('abcdefghijklmnopqrstuvwxyz')", "self.a.matches('^a+$')"),
  ],
  ['texts that are put together', object({ a: text, b: text }, "self.a + self.b == 'x'", 'self.a == self.b')],
  ['a number as a text', object({ n: { type: 'integer' } }, "'x' + string(self.n) == 'x1'")],
  ['a list in a list', object({ l: list(text) }, 'self.l.all(x, self.l.exists_one(y, y == x))')],
  [
    'a bounded list in a list',
    object({ l: list(text, { maxItems: 100 }) }, 'self.l.all(x, self.l.exists_one(y, y == x))'),
  ],
  [
    'short texts in a list in a list',
    object(
      { l: list({ type: 'string', maxLength: 10 }, { maxItems: 500 }) },
      'self.l.all(x, self.l.exists_one(y, y == x))',
    ),
  ],
  [
    'a list of objects',
    object({ l: list(pair) }, "self.l.all(x, x.name.startsWith('a'))", 'self.l.all(x, x.value.size() < 5)'),
  ],
  ['a rule in a list', object({ l: list({ ...text, ...rules("self.matches('^[a-z]+$')") }) })],
  [
    'a rule in a bounded list',
    object({ l: list({ type: 'string', maxLength: 50, ...rules("self.matches('^[a-z]+$')") }, { maxItems: 50 }) }),
  ],
  [
    'a rule in a map',
    object({
      m: { type: 'object', additionalProperties: { ...text, ...rules("self.contains('aaaaaaaaaaaaaaaaaaaaaaaa')") } },
    }),
  ],
  [
    'a rule in a bounded map',
    object({
      m: { type: 'object', maxProperties: 20, additionalProperties: object({ a: text }, "self.a.startsWith('abc')") },
    }),
  ],
  [
    'keys of a map',
    object(
      { m: { type: 'object', additionalProperties: text } },
      "self.m.all(k, k.startsWith('a'))",
      "self.m.exists(k, self.m[k] == 'x')",
    ),
  ],
  [
    'filters and maps',
    object(
      { l: list(pair, { maxItems: 1000 }) },
      "self.l.filter(x, x.name == 'a').size() < 2",
      "self.l.map(x, x.value).exists(v, v == 'a')",
      "self.l.map(x, x.name != 'b', x.value).all(v, v.contains('aaa'))",
    ),
  ],
  [
    'lists as wholes',
    object(
      { l: list(text), n: list({ type: 'integer' }) },
      'self.l.isSorted()',
      'self.n.sum() > 5',
      "self.l.join(',').size() < 100",
      "'a' in self.l",
    ),
  ],
  [
    'texts as wholes',
    object(
      { a: text },
      "self.a.replace('a', 'bbb').size() < 10",
      "self.a.split(',').all(x, x.size() > 1)",
      "self.a.lowerAscii() == 'a'",
      "self.a.find('a+') == 'a'",
    ),
  ],
  [
    'choices',
    object(
      { a: text, b: { type: 'string', enum: ['x', 'yy'] } },
      "(has(self.a) ? self.a : self.b) + 'z' == 'xz'",
      "self.b + 'z' == 'xz'",
    ),
  ],
  [
    'an int or string',
    object(
      { e: { 'x-kubernetes-int-or-string': true } },
      "type(self.e) == string && self.e.matches('^a')",
      'self.e == 5',
    ),
  ],
  [
    'times and addresses',
    object(
      { t: { ...text, format: 'date-time' }, i: text },
      'self.t < timestamp("2024-01-01T00:00:00Z")',
      'ip(self.i).family() == 4',
      "cidr(self.i).containsIP('1.2.3.4')",
      'quantity(self.i).isInteger()',
    ),
  ],
  [
    'many lists deep',
    object({ a: list(list(list(object({ b: text }, "self.b == 'x' || self.b.endsWith('yyyyyyyyyyyyyyyyy')")))) }),
  ],
  [
    'values of a map',
    object(
      { m: { type: 'object', maxProperties: 5, additionalProperties: { type: 'string', maxLength: 5 } } },
      "self.m.app + 'x' == 'x'",
      "self.m['app'] + 'x' == 'x'",
    ),
  ],
  ['a message', object({ a: { type: 'string', maxLength: 10 }, n: { type: 'integer' } })],
]

/** Rules with expressions for their messages. */
export const MESSAGE_COSTS: readonly (readonly [string, string])[] = [
  ['a message of a bounded text', "'not ' + self.a"],
  ['a message of a number', "'not ' + string(self.n)"],
  ['a message by a format', "'not %s, %d'.format([self.a, self.n])"],
  ['a message of an unknown text', "self.m.key + 'x'"],
]

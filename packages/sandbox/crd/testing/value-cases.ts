// Schemas and objects for the differential test: each schema with objects that fit it and objects that do not.
import { specSchema } from './cases.ts'
import { FORMAT_CASE } from './format-case.ts'
import { texts, type ValueCase } from './value-case.ts'

/** Each schema with its objects. */
export const VALUE_CASES: readonly ValueCase[] = [
  {
    name: 'types',
    schema: specSchema({
      text: { type: 'string' },
      whole: { type: 'integer' },
      number: { type: 'number' },
      yes: { type: 'boolean' },
      list: { type: 'array', items: { type: 'string' } },
      map: { type: 'object', additionalProperties: { type: 'integer' } },
    }),
    objects: [
      {},
      { spec: {} },
      { spec: 'text' },
      { spec: [] },
      { spec: null },
      ...['text', 'whole', 'number', 'yes', 'list', 'map'].flatMap((key) =>
        texts(key, [
          'a',
          1,
          -5,
          1.5,
          true,
          [],
          ['a'],
          [1, 'b', null],
          {},
          { a: 1 },
          { a: 'b', c: 2 },
          null,
          1e21,
          9007199254740991,
        ]),
      ),
    ],
  },
  {
    name: 'required fields, enums and nulls',
    schema: {
      type: 'object',
      required: ['spec'],
      properties: {
        spec: {
          type: 'object',
          required: ['name', 'color'],
          properties: {
            name: { type: 'string' },
            color: { type: 'string', enum: ['red', 'gr"een', 'blue'] },
            level: { type: 'integer', enum: [1, 2, 3], nullable: true },
            mixed: { 'x-kubernetes-preserve-unknown-fields': true, enum: [1, 'a', { b: [1] }, null] },
            empty: { type: 'string', nullable: true },
            inner: { type: 'object', required: ['x'], properties: { x: { type: 'string' } } },
            items: {
              type: 'array',
              items: { type: 'object', required: ['y'], properties: { y: { type: 'integer' } } },
            },
          },
        },
      },
    },
    objects: [
      {},
      { spec: {} },
      { spec: { name: 'a', color: 'red' } },
      { spec: { name: 'a', color: 'black' } },
      { spec: { name: null, color: 'red' } },
      { spec: { name: 'a', color: 'red', level: 4 } },
      { spec: { name: 'a', color: 'red', level: null } },
      { spec: { name: 'a', color: 'red', mixed: 'b' } },
      { spec: { name: 'a', color: 'red', mixed: { b: [1] } } },
      { spec: { name: 'a', color: 'red', mixed: { b: [2] } } },
      { spec: { name: 'a', color: 'red', empty: null, inner: {} } },
      { spec: { name: 'a', color: 'red', inner: { x: 5 }, items: [{}, { y: 'z' }, { y: 1 }] } },
      { spec: { color: 5 } },
    ],
  },
  {
    name: 'lengths and patterns',
    schema: specSchema({
      short: { type: 'string', maxLength: 3 },
      one: { type: 'string', maxLength: 1 },
      long: { type: 'string', minLength: 3 },
      pattern: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$' },
      posix: { type: 'string', pattern: '^[[:alpha:]_]\\w{2,4}\\.$' },
      fold: { type: 'string', pattern: '(?i)^abc' },
      quoted: { type: 'string', pattern: '^\'"<&>\\\\$' },
      list: { type: 'array', minItems: 2, maxItems: 3, items: { type: 'string', minLength: 1 } },
      map: {
        type: 'object',
        minProperties: 1,
        maxProperties: 2,
        additionalProperties: { type: 'string', maxLength: 2 },
      },
    }),
    objects: [
      ...texts('short', ['abc', 'abcd', 'äöü', '😀😀😀', '😀😀😀😀']),
      ...texts('one', ['ab']),
      ...texts('long', ['ab', 'abc', '', 'a\nb\t"\u0001é']),
      ...texts('long', ['ü', '"', '\u007f\u00ad', '\u2028']),
      ...texts('pattern', ['a-b', 'A', '', 'a-', 'a\n']),
      ...texts('posix', ['_ab.', 'éab.', 'aab1x.', 'a.', 'aabcde.']),
      ...texts('fold', ['ABCd', 'xabc']),
      ...texts('quoted', ['\'"<&>\\', 'no <&>']),
      ...texts('list', [[], ['a'], ['a', 'b'], ['a', 'b', 'c', 'd'], ['', '']]),
      ...texts('map', [{}, { a: 'b' }, { a: 'b', c: 'd', e: 'f' }, { a: 'bcd' }]),
    ],
  },
  {
    name: 'numbers',
    schema: specSchema({
      most: { type: 'integer', maximum: 10 },
      below: { type: 'integer', maximum: 10, exclusiveMaximum: true },
      least: { type: 'number', minimum: 1.5 },
      above: { type: 'number', minimum: 1.5, exclusiveMinimum: true },
      half: { type: 'integer', maximum: 10.5, minimum: -2.5 },
      tenth: { type: 'number', multipleOf: 0.1 },
      third: { type: 'integer', multipleOf: 3 },
      small: { type: 'integer', format: 'int32' },
      big: { type: 'integer', format: 'int64' },
      float: { type: 'number', format: 'float' },
      double: { type: 'number', format: 'double', maximum: 1e300 },
    }),
    objects: [
      ...texts('most', [10, 11, 10.5, -1]),
      ...texts('below', [9, 10, 11]),
      ...texts('least', [1.5, 1, 2, 1.4999]),
      ...texts('above', [1.5, 1.6, 1]),
      ...texts('half', [10, 11, -2, -3]),
      ...texts('tenth', [0.3, 0.35, 1, 1.1, 7]),
      ...texts('third', [3, 4, 0, -3, -4]),
      ...texts('small', [2147483647, 2147483648, -2147483649, 1.5]),
      ...texts('big', [9007199254740991, 1e20]),
      ...texts('float', [1.5, 1e39, 3]),
      ...texts('double', [1e301, 1.5, 1e-7, 100000]),
    ],
  },
  FORMAT_CASE,
  {
    name: 'combinations',
    schema: specSchema({
      any: {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'integer' }, c: { type: 'string' } },
        anyOf: [{ required: ['a'] }, { required: ['b'], properties: { b: { minimum: 5 } } }],
      },
      one: {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'integer' } },
        oneOf: [{ required: ['a'] }, { required: ['b'] }],
      },
      all: {
        type: 'string',
        allOf: [{ minLength: 3 }, { pattern: '^a' }],
      },
      not: { type: 'string', not: { enum: ['bad'] } },
      nested: {
        type: 'array',
        items: { type: 'object', properties: { k: { type: 'string' } }, not: { required: ['k'] } },
      },
      either: { 'x-kubernetes-int-or-string': true },
      bounded: {
        'x-kubernetes-int-or-string': true,
        anyOf: [{ type: 'integer' }, { type: 'string' }],
        pattern: '^(\\d+)%?$',
        maximum: 10,
      },
      split: {
        'x-kubernetes-int-or-string': true,
        allOf: [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, { anyOf: [{ pattern: '^a' }, { maximum: 3 }] }],
      },
    }),
    objects: [
      ...texts('any', [{}, { a: 'x' }, { b: 3 }, { b: 6 }, { c: 'x' }, 5]),
      ...texts('one', [{}, { a: 'x' }, { a: 'x', b: 1 }, { b: 1 }, { b: 'x' }]),
      ...texts('all', ['abc', 'xbc', 'ab', 'x']),
      ...texts('not', ['good', 'bad']),
      ...texts('nested', [[{}], [{ k: 'a' }, {}]]),
      ...texts('either', [1, 'a', 1.5, true, {}, null]),
      ...texts('bounded', [5, '5%', '5x', 11, true]),
      ...texts('split', ['a', 'b', 2, 5, [], null]),
    ],
  },
  {
    name: 'pruning and defaults',
    schema: {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          default: { from: 'above' },
          properties: {
            from: { type: 'string' },
            replicas: { type: 'integer', default: 1 },
            maybe: { type: 'string', nullable: true, default: 'x' },
            inner: { type: 'object', default: {}, properties: { deep: { type: 'string', default: 'down' } } },
            list: {
              type: 'array',
              default: [{}],
              items: {
                type: 'object',
                properties: { port: { type: 'integer', default: 80 }, name: { type: 'string' } },
              },
            },
            map: {
              type: 'object',
              additionalProperties: { type: 'object', properties: { a: { type: 'string', default: 'b' } } },
            },
            nulls: { type: 'array', items: { type: 'string', nullable: true } },
            open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            half: {
              type: 'object',
              'x-kubernetes-preserve-unknown-fields': true,
              properties: { closed: { type: 'object', properties: { a: { type: 'string' } } } },
            },
            anything: { 'x-kubernetes-preserve-unknown-fields': true },
            free: { type: 'object', additionalProperties: true },
            shut: { type: 'object' },
          },
        },
      },
    },
    objects: [
      {},
      { spec: {} },
      { spec: null },
      { spec: { replicas: null, maybe: null, inner: null, list: null } },
      { spec: { list: [{ name: 'a', extra: 1 }, {}, { port: null }], extra: 5, map: { x: {}, y: { a: null, z: 1 } } } },
      { spec: { nulls: ['a', null], open: { a: { b: [1] } }, half: { x: 1, closed: { a: 'b', c: 'd' } } } },
      { spec: { anything: [1, { a: 2 }], free: { a: 1, b: { c: null } }, shut: { a: 1 } }, extra: 1, status: { a: 1 } },
      { spec: { map: { a: null, b: {} }, nulls: [null, 5] } },
      { spec: { list: [null, 5, 'a'] } },
    ],
  },
  {
    name: 'lists as sets and maps',
    schema: specSchema({
      set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      numbers: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'integer' } },
      atoms: {
        type: 'array',
        'x-kubernetes-list-type': 'set',
        items: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: { type: 'string' } } },
      },
      ports: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['port', 'protocol'],
        items: {
          type: 'object',
          required: ['port'],
          properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } },
        },
      },
      named: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      },
    }),
    objects: [
      ...texts('set', [
        ['a', 'b'],
        ['a', 'a'],
        ['a', 'b', 'a', 'b', 'a'],
      ]),
      ...texts('numbers', [
        [1, 2],
        [1, 1],
      ]),
      ...texts('atoms', [
        [{ a: 'x' }, { a: 'x' }],
        [{ a: 'x' }, {}],
      ]),
      ...texts('ports', [
        [{ port: 1 }, { port: 1 }],
        [{ port: 1 }, { port: 1, protocol: 'UDP' }],
        [{}, {}],
      ]),
      ...texts('named', [
        [{ name: 'a' }, { name: 'a' }, { name: 'a' }],
        [{}, {}],
        [{ name: 'a' }, 5],
      ]),
    ],
  },
  {
    name: 'embedded objects',
    schema: specSchema({
      template: {
        type: 'object',
        'x-kubernetes-embedded-resource': true,
        'x-kubernetes-preserve-unknown-fields': true,
      },
      strict: {
        type: 'object',
        'x-kubernetes-embedded-resource': true,
        properties: { spec: { type: 'object', properties: { a: { type: 'string' } } } },
      },
      many: {
        type: 'array',
        items: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
      },
    }),
    objects: [
      ...texts('template', [
        { apiVersion: 'v1', kind: 'Pod' },
        { apiVersion: 'v1' },
        {},
        { apiVersion: 'a/b/c', kind: 'Po d', metadata: { name: 'a b', labels: { 'a b': 'c d' } } },
        { apiVersion: '', kind: '' },
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', extra: 1, labels: { a: 'b' } }, spec: { any: 1 } },
        { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'x/', namespace: 'A', finalizers: ['a b'] } },
        { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { a: 5 } } },
        { apiVersion: 5, kind: 'Pod' },
        { apiVersion: 'v1', kind: 'Pod', metadata: 5 },
      ]),
      ...texts('strict', [
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { a: 'b', c: 'd' }, extra: 1 },
      ]),
      ...texts('many', [[{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'ok' } }, { kind: 'Pod' }]]),
    ],
  },
  {
    name: 'status and scale',
    schema: {
      type: 'object',
      properties: {
        spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        status: { type: 'object', properties: { replicas: { type: 'integer' }, selector: { type: 'string' } } },
      },
    },
    more: {
      subresources: {
        status: {},
        scale: {
          specReplicasPath: '.spec.replicas',
          statusReplicasPath: '.status.replicas',
          labelSelectorPath: '.status.selector',
        },
      },
    },
    objects: [
      { spec: { replicas: 3 }, status: { replicas: 5 } },
      { spec: { replicas: -1 } },
      { spec: { replicas: 'a' } },
      { spec: { replicas: 2147483648 } },
      { spec: { replicas: null } },
      { spec: { replicas: 1.5 } },
      { spec: [] },
      { spec: 'a' },
    ],
  },
]

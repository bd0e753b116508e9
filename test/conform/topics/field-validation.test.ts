// Fields that a kind does not have and fields that come twice: Strict, Warn, Ignore.

import type { Json } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import type { Answer } from '../desk.ts'
import { configMap, deployment } from '../objects.ts'
import { said } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'
const deployments = '/apis/apps/v1/~/deployments'
const wrong = {
  ...deployment(
    'a',
    { colour: 'red' },
    { containers: [{ name: 'c', image: 'i', sides: 3, ports: [{ containerPort: 80, hue: 1 }] }] },
  ),
  shape: 'round',
}
const twice =
  '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","labels":{"l":"1","l":"2"}},"data":{"x":"1","x":"2"},"data":{"y":"1"}}'
const yamlTwice = 'metadata:\n  name: a\n  name: b\ndata:\n  x: "1"\n  x: "2"\n'

function outcome(answer: Answer): Json {
  return answer.status < 300 ? [answer.status, answer.warnings] : said(answer)
}

topic('field validation', (it) => {
  for (const [mode, told] of [
    [
      'Strict',
      '400 BadRequest: Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.template.spec.containers[0].sides", unknown field "spec.template.spec.containers[0].ports[0].hue", unknown field "spec.colour", unknown field "shape"',
    ],
    [
      'Warn',
      [
        201,
        [
          'unknown field "spec.template.spec.containers[0].sides"',
          'unknown field "spec.template.spec.containers[0].ports[0].hue"',
          'unknown field "spec.colour"',
          'unknown field "shape"',
        ],
      ],
    ],
    ['Ignore', [201, []]],
    [
      '',
      [
        201,
        [
          'unknown field "spec.template.spec.containers[0].sides"',
          'unknown field "spec.template.spec.containers[0].ports[0].hue"',
          'unknown field "spec.colour"',
          'unknown field "shape"',
        ],
      ],
    ],
  ] as const) {
    it(`answers unknown fields of a create with fieldValidation=${mode}`, async (at) => {
      expect(outcome(await at.post(`${deployments}?fieldValidation=${mode}`, wrong))).toEqual(told)
    })
  }

  for (const [mode, told] of [
    [
      'Strict',
      '400 BadRequest: ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "metadata.labels.l", duplicate field "data.x", duplicate field "data"',
    ],
    ['Warn', [201, ['duplicate field "metadata.labels.l"', 'duplicate field "data.x"', 'duplicate field "data"']]],
    ['Ignore', [201, []]],
  ] as const) {
    it(`answers fields that come twice in JSON with fieldValidation=${mode}`, async (at) => {
      expect(outcome(await at.post(`${configMaps}?fieldValidation=${mode}`, twice))).toEqual(told)
    })
  }

  for (const [mode, told] of [
    [
      'Strict',
      '400 BadRequest: ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 3: key "name" already set in map\n  line 6: key "x" already set in map',
    ],
    ['Warn', [201, ['line 3: key "name" already set in map', 'line 6: key "x" already set in map']]],
    ['Ignore', [201, []]],
  ] as const) {
    it(`answers fields that come twice in YAML with fieldValidation=${mode}`, async (at) => {
      expect(
        outcome(
          await at.post(`${configMaps}?fieldValidation=${mode}`, yamlTwice, { 'content-type': 'application/yaml' }),
        ),
      ).toEqual(told)
    })
  }

  for (const [mode, told] of [
    [
      'Strict',
      '400 BadRequest: Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.template.spec.containers[0].sides", unknown field "spec.template.spec.containers[0].ports[0].hue", unknown field "spec.colour", unknown field "shape"',
    ],
    [
      'Warn',
      [
        200,
        [
          'unknown field "spec.template.spec.containers[0].sides"',
          'unknown field "spec.template.spec.containers[0].ports[0].hue"',
          'unknown field "spec.colour"',
          'unknown field "shape"',
        ],
      ],
    ],
    ['Ignore', [200, []]],
  ] as const) {
    it(`answers unknown fields of an update with fieldValidation=${mode}`, async (at) => {
      await at.given(deployments, deployment('a'))
      expect(outcome(await at.put(`${deployments}/a?fieldValidation=${mode}`, wrong))).toEqual(told)
    })
  }

  for (const [mode, told] of [
    [
      'Strict',
      [
        '422 Invalid:  "" is invalid: patch: Invalid value: "{\\"apiVersion\\":\\"v1\\",\\"kind\\":\\"ConfigMap\\",\\"metadata\\":{\\"creationTimestamp\\":\\"TIME\\",\\"hue\\":\\"red\\",\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"resourceVersion\\":\\"RV\\",\\"uid\\":\\"UID\\"},\\"shape\\":1}": strict decoding error: unknown field "metadata.hue", unknown field "shape" ()',
        'patch: FieldValueInvalid: Invalid value: "{\\"apiVersion\\":\\"v1\\",\\"kind\\":\\"ConfigMap\\",\\"metadata\\":{\\"creationTimestamp\\":\\"TIME\\",\\"hue\\":\\"red\\",\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"resourceVersion\\":\\"RV\\",\\"uid\\":\\"UID\\"},\\"shape\\":1}": strict decoding error: unknown field "metadata.hue", unknown field "shape"',
      ],
    ],
    ['Warn', [200, ['unknown field "metadata.hue"', 'unknown field "shape"']]],
    ['Ignore', [200, []]],
  ] as const) {
    it(`answers unknown fields of a merge patch with fieldValidation=${mode}`, async (at) => {
      await at.given(configMaps, configMap('a'))
      expect(
        outcome(await at.merge(`${configMaps}/a?fieldValidation=${mode}`, { metadata: { hue: 'red' }, shape: 1 })),
      ).toEqual(told)
    })
  }

  for (const [mode, told] of [
    [
      'Strict',
      [
        '422 Invalid:  "" is invalid: patch: Invalid value: "map[spec:map[colour:red template:map[spec:map[containers:[map[name:main sides:3]]]]]]": strict decoding error: unknown field "spec.colour", unknown field "spec.template.spec.containers[0].sides" ()',
        'patch: FieldValueInvalid: Invalid value: "map[spec:map[colour:red template:map[spec:map[containers:[map[name:main sides:3]]]]]]": strict decoding error: unknown field "spec.colour", unknown field "spec.template.spec.containers[0].sides"',
      ],
    ],
    ['Warn', [200, ['unknown field "spec.colour"', 'unknown field "spec.template.spec.containers[0].sides"']]],
    ['Ignore', [200, []]],
  ] as const) {
    it(`answers unknown fields of a strategic merge patch with fieldValidation=${mode}`, async (at) => {
      await at.given(deployments, deployment('a'))
      const patch = { spec: { colour: 'red', template: { spec: { containers: [{ name: 'main', sides: 3 }] } } } }
      expect(outcome(await at.strategic(`${deployments}/a?fieldValidation=${mode}`, patch))).toEqual(told)
    })
  }

  for (const [mode, told] of [
    [
      'Strict',
      [
        '422 Invalid:  "" is invalid: patch: Invalid value: "{\\"apiVersion\\":\\"v1\\",\\"colour\\":\\"red\\",\\"kind\\":\\"ConfigMap\\",\\"metadata\\":{\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"uid\\":\\"UID\\",\\"resourceVersion\\":\\"RV\\",\\"creationTimestamp\\":\\"TIME\\"}}": strict decoding error: json patch unknown field "[0].extra", unknown field "colour" ()',
        'patch: FieldValueInvalid: Invalid value: "{\\"apiVersion\\":\\"v1\\",\\"colour\\":\\"red\\",\\"kind\\":\\"ConfigMap\\",\\"metadata\\":{\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"uid\\":\\"UID\\",\\"resourceVersion\\":\\"RV\\",\\"creationTimestamp\\":\\"TIME\\"}}": strict decoding error: json patch unknown field "[0].extra", unknown field "colour"',
      ],
    ],
    ['Warn', [200, ['json patch unknown field "[0].extra"', 'unknown field "colour"']]],
    ['Ignore', [200, []]],
  ] as const) {
    it(`answers unknown fields of a JSON patch with fieldValidation=${mode}`, async (at) => {
      await at.given(configMaps, configMap('a'))
      const patch = [{ op: 'add', path: '/colour', value: 'red', extra: 1 }]
      expect(outcome(await at.jsonPatch(`${configMaps}/a?fieldValidation=${mode}`, patch))).toEqual(told)
    })
  }

  for (const [mode, told] of [
    [
      'Strict',
      '500: failed to create typed patch object (/a; /v1, Kind=ConfigMap): .colour: field not declared in schema',
    ],
    [
      'Warn',
      '500: failed to create typed patch object (/a; /v1, Kind=ConfigMap): .colour: field not declared in schema',
    ],
    [
      'Ignore',
      '500: failed to create typed patch object (/a; /v1, Kind=ConfigMap): .colour: field not declared in schema',
    ],
  ] as const) {
    it(`answers unknown fields of an apply with fieldValidation=${mode}`, async (at) => {
      const answer = await at.apply(
        `${configMaps}/a`,
        { ...configMap('a'), colour: 'red' },
        { query: `fieldValidation=${mode}` },
      )
      expect(outcome(answer)).toEqual(told)
    })
  }

  it('answers fields that come twice in an apply by fieldValidation', async (at) => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: "1"\n  x: "2"\n'
    const seen = []
    for (const mode of ['Strict', 'Warn', 'Ignore'])
      seen.push(outcome(await at.apply(`${configMaps}/a`, yaml, { query: `fieldValidation=${mode}` })))
    expect(seen).toEqual([
      '400 BadRequest: error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 7: key "x" already set in map',
      [201, ['line 7: key "x" already set in map']],
      [200, []],
    ])
  })

  it('names the same field once for each place', async (at) => {
    const containers = [
      { name: 'a', image: 'i', sides: 3 },
      { name: 'b', image: 'i', sides: 3 },
    ]
    expect(
      outcome(await at.post(`${deployments}?fieldValidation=Strict`, deployment('a', {}, { containers }))),
    ).toEqual(
      '400 BadRequest: Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.template.spec.containers[0].sides", unknown field "spec.template.spec.containers[1].sides"',
    )
  })

  it('takes a field with the wrong case for an unknown one', async (at) => {
    expect(
      outcome(await at.post(`${configMaps}?fieldValidation=Strict`, { metadata: { name: 'a' }, Data: { x: '1' } })),
    ).toEqual(
      '400 BadRequest: ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "Data"',
    )
  })

  it('checks unknown fields before it validates', async (at) => {
    expect(
      outcome(await at.post(`${configMaps}?fieldValidation=Strict`, { ...configMap('A_'), colour: 'red' })),
    ).toEqual(
      '400 BadRequest: ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "colour"',
    )
  })

  it('warns and refuses at once', async (at) => {
    const answer = await at.post(`${configMaps}?fieldValidation=Warn`, { ...configMap('A_'), colour: 'red' })
    expect([answer.status, answer.warnings]).toEqual([422, ['unknown field "colour"']])
  })

  it('takes unknown fields at a subresource for the same', async (at) => {
    await at.given(deployments, deployment('a'))
    expect(
      outcome(
        await at.merge(`${deployments}/a/scale?fieldValidation=Strict`, { spec: { replicas: 0, colour: 'red' } }),
      ),
    ).toEqual([
      '422 Invalid:  "" is invalid: patch: Invalid value: "{\\"apiVersion\\":\\"autoscaling/v1\\",\\"kind\\":\\"Scale\\",\\"metadata\\":{\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"uid\\":\\"UID\\",\\"resourceVersion\\":\\"RV\\",\\"creationTimestamp\\":\\"TIME\\",\\"managedFields\\":[{\\"manager\\":\\"conform\\",\\"operation\\":\\"Update\\",\\"apiVersion\\":\\"autoscaling/v1\\",\\"time\\":\\"TIME\\",\\"fieldsType\\":\\"FieldsV1\\",\\"fieldsV1\\":{\\"f:spec\\":{\\"f:replicas\\":{}}}}]},\\"spec\\":{\\"colour\\":\\"red\\",\\"replicas\\":0},\\"status\\":{\\"replicas\\":0,\\"selector\\":\\"app=a\\"}}": strict decoding error: unknown field "spec.colour" ()',
      'patch: FieldValueInvalid: Invalid value: "{\\"apiVersion\\":\\"autoscaling/v1\\",\\"kind\\":\\"Scale\\",\\"metadata\\":{\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"uid\\":\\"UID\\",\\"resourceVersion\\":\\"RV\\",\\"creationTimestamp\\":\\"TIME\\",\\"managedFields\\":[{\\"manager\\":\\"conform\\",\\"operation\\":\\"Update\\",\\"apiVersion\\":\\"autoscaling/v1\\",\\"time\\":\\"TIME\\",\\"fieldsType\\":\\"FieldsV1\\",\\"fieldsV1\\":{\\"f:spec\\":{\\"f:replicas\\":{}}}}]},\\"spec\\":{\\"colour\\":\\"red\\",\\"replicas\\":0},\\"status\\":{\\"replicas\\":0,\\"selector\\":\\"app=a\\"}}": strict decoding error: unknown field "spec.colour"',
    ])
  })
})

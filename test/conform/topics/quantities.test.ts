// Quantities: how they are written back, compared and refused.

import { expect } from 'vitest'
import { podSpec } from '../objects.ts'
import { faults, part } from '../said.ts'
import { topic } from '../suite.ts'

const templates = '/api/v1/~/podtemplates'
const rows: readonly (readonly [string | number, unknown])[] = [
  ['1', '1'],
  ['1000m', '1'],
  ['0.5', '500m'],
  ['500m', '500m'],
  ['1.5', '1500m'],
  ['0.0001', '1m'],
  ['1e3', '1e3'],
  ['1E3', '1E3'],
  ['1e-3', '1e-3'],
  ['1k', '1k'],
  ['1024', '1024'],
  ['1Ki', '1Ki'],
  ['1024Ki', '1Mi'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['0.5Mi', '512Ki'],
  ['1000000', '1M'],
  ['1G', '1G'],
  ['+1', '+1'],
  ['01', '01'],
  ['1.0', '1'],
  ['100u', '1m'],
  ['1n', '1m'],
  ['0.1n', '1m'],
  ['1Ei', '1Ei'],
  ['9223372036854775807', '9223372036854775807'],
  ['9223372036854775808', '9223372036854775808'],
  [2, '2'],
  [1.5, '1500m'],
  [0, '0'],
  [
    '',
    '400 BadRequest: PodTemplate in version "v1" cannot be handled as a PodTemplate: quantities must match the regular expression \'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$\'',
  ],
  [
    '1 Gi',
    '400 BadRequest: PodTemplate in version "v1" cannot be handled as a PodTemplate: quantities must match the regular expression \'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$\'',
  ],
  ['Gi', '0'],
  [
    '1gi',
    '400 BadRequest: PodTemplate in version "v1" cannot be handled as a PodTemplate: quantities must match the regular expression \'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$\'',
  ],
  [
    '1Kb',
    '400 BadRequest: PodTemplate in version "v1" cannot be handled as a PodTemplate: quantities must match the regular expression \'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$\'',
  ],
  [
    '1.2.3',
    '400 BadRequest: PodTemplate in version "v1" cannot be handled as a PodTemplate: quantities must match the regular expression \'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$\'',
  ],
  [
    '-1',
    [
      'template.spec.containers[0].resources.limits[memory]: FieldValueInvalid: Invalid value: "-1": must be greater than or equal to 0',
    ],
  ],
  [
    '1e',
    '400 BadRequest: PodTemplate in version "v1" cannot be handled as a PodTemplate: unable to parse quantity\'s suffix',
  ],
  ['.5', '500m'],
  ['5.', '5.'],
]

function titleOf(text: string | number, seen: unknown): string {
  const refused = Array.isArray(seen) || String(seen).includes(' ')
  return refused ? `refuses ${JSON.stringify(text)}` : `writes ${JSON.stringify(text)} back as ${JSON.stringify(seen)}`
}

topic('quantities', (it) => {
  for (const [text, seen] of rows) {
    it(titleOf(text, seen), async (at) => {
      const made = await at.post(templates, {
        metadata: { name: 'a' },
        template: { spec: podSpec({}, { resources: { limits: { memory: text } } }) },
      })
      expect(
        made.status === 201 ? part(made, 'template.spec.containers.0.resources.limits.memory') : faults(made),
      ).toEqual(seen)
    })
  }

  it('keeps the form of a quantity that is equal to what is there', async (at) => {
    const quotas = '/api/v1/~/resourcequotas'
    await at.given(quotas, { metadata: { name: 'a' }, spec: { hard: { 'requests.memory': '1Gi' } } })
    const changed = await at.merge(`${quotas}/a`, { spec: { hard: { 'requests.memory': '1024Mi' } } })
    expect(part(changed, 'spec.hard')).toEqual({ 'requests.memory': '1Gi' })
  })

  it('keeps requests beside limits in a template', async (at) => {
    const made = await at.post(templates, {
      metadata: { name: 'a' },
      template: {
        spec: podSpec({}, { resources: { limits: { memory: '1Gi', cpu: '1' }, requests: { cpu: '100m' } } }),
      },
    })
    expect(part(made, 'template.spec.containers.0.resources')).toEqual({
      limits: { cpu: '1', memory: '1Gi' },
      requests: { cpu: '100m' },
    })
  })

  it('refuses requests above limits', async (at) => {
    const resources = { limits: { memory: '1Gi', cpu: '100m' }, requests: { memory: '1025Mi', cpu: '0.2' } }
    const faultsOf = faults(
      await at.post('/api/v1/~/pods', { metadata: { name: 'a' }, spec: podSpec({}, { resources }) }),
    )
    expect([...(faultsOf as readonly string[])].sort()).toEqual([
      'spec.containers[0].resources.requests: FieldValueInvalid: Invalid value: "1025Mi": must be less than or equal to memory limit of 1Gi',
      'spec.containers[0].resources.requests: FieldValueInvalid: Invalid value: "200m": must be less than or equal to cpu limit of 100m',
    ])
  })

  it('takes a whole number or a percentage', async (at) => {
    const budgets = '/apis/policy/v1/~/poddisruptionbudgets'
    const seen = []
    for (const minAvailable of [1, '50%', '1', '150%', 'some', -1, '-5%', '5.5%']) {
      const made = await at.post(`${budgets}?dryRun=All`, { metadata: { name: 'a' }, spec: { minAvailable } })
      seen.push(made.status === 201 ? part(made, 'spec.minAvailable') : faults(made))
    }
    expect(seen).toEqual([
      1,
      '50%',
      [
        "spec.minAvailable: FieldValueInvalid: Invalid value: \"1\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ],
      ['spec.minAvailable: FieldValueInvalid: Invalid value: "150%": must not be greater than 100%'],
      [
        "spec.minAvailable: FieldValueInvalid: Invalid value: \"some\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ],
      ['spec.minAvailable: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0'],
      [
        "spec.minAvailable: FieldValueInvalid: Invalid value: \"-5%\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ],
      [
        "spec.minAvailable: FieldValueInvalid: Invalid value: \"5.5%\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ],
    ])
  })
})

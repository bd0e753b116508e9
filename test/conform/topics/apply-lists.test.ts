// Server-side apply of lists: by key, as sets, as a whole.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { type Answer, valueAt } from '../desk.ts'
import { deployment, service } from '../objects.ts'
import { part, said } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'
const deployments = '/apis/apps/v1/~/deployments'

const partial = (containers: readonly JsonObject[], rest: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a' },
  spec: { template: { spec: { containers, ...rest } } },
})
const whole = (containers: readonly JsonObject[], rest: JsonObject = {}): JsonObject =>
  deployment('a', {}, { containers, ...rest })

const held = (metadata: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', ...metadata },
})

/** Containers as `name image`, with what `key` holds. */
function containers(answer: Answer, ...keys: readonly string[]): unknown {
  if (answer.status > 201) return said(answer)
  const list = valueAt(answer.body, 'spec', 'template', 'spec', 'containers') as readonly JsonObject[]
  return list.map((one) => [`${one.name} ${one.image}`, ...keys.map((key) => one[key] ?? null)])
}

topic('apply of lists', (it) => {
  it('adds an element by its key behind those that are there', async (at) => {
    await at.apply(`${deployments}/a`, whole([{ name: 'one', image: 'i:1' }]))
    const answer = await at.apply(`${deployments}/a`, partial([{ name: 'two', image: 'i:2' }]), { manager: 'ben' })
    expect([containers(answer), answer.managers]).toEqual([
      [['one i:1'], ['two i:2']],
      [
        'ana Apply apps/v1: .spec.replicas .spec.selector .spec.template.metadata.labels.app .spec.template.spec.containers[{"name":"one"}] .spec.template.spec.containers[{"name":"one"}].image .spec.template.spec.containers[{"name":"one"}].name',
        'ben Apply apps/v1: .spec.template.spec.containers[{"name":"two"}] .spec.template.spec.containers[{"name":"two"}].image .spec.template.spec.containers[{"name":"two"}].name',
      ],
    ])
  })

  it('removes an element that the manager no longer applies', async (at) => {
    await at.apply(
      `${deployments}/a`,
      whole([
        { name: 'one', image: 'i:1' },
        { name: 'two', image: 'i:2' },
      ]),
    )
    const answer = await at.apply(`${deployments}/a`, whole([{ name: 'two', image: 'i:2' }]))
    expect([containers(answer), answer.managers]).toEqual([
      [['two i:2']],
      [
        'ana Apply apps/v1: .spec.replicas .spec.selector .spec.template.metadata.labels.app .spec.template.spec.containers[{"name":"two"}] .spec.template.spec.containers[{"name":"two"}].image .spec.template.spec.containers[{"name":"two"}].name',
      ],
    ])
  })

  it('keeps the rest of an element that another manager has a part of', async (at) => {
    await at.apply(
      `${deployments}/a`,
      whole([
        { name: 'one', image: 'i:1' },
        { name: 'two', image: 'i:2' },
      ]),
    )
    await at.apply(`${deployments}/a`, partial([{ name: 'two', image: 'i:2', workingDir: '/w' }]), { manager: 'ben' })
    const answer = await at.apply(`${deployments}/a`, whole([{ name: 'one', image: 'i:1' }]))
    expect([containers(answer, 'workingDir'), answer.managers]).toEqual([
      [
        ['one i:1', null],
        ['two i:2', '/w'],
      ],
      [
        'ana Apply apps/v1: .spec.replicas .spec.selector .spec.template.metadata.labels.app .spec.template.spec.containers[{"name":"one"}] .spec.template.spec.containers[{"name":"one"}].image .spec.template.spec.containers[{"name":"one"}].name',
        'ben Apply apps/v1: .spec.template.spec.containers[{"name":"two"}] .spec.template.spec.containers[{"name":"two"}].image .spec.template.spec.containers[{"name":"two"}].name .spec.template.spec.containers[{"name":"two"}].workingDir',
      ],
    ])
  })

  it('changes the order to that which is applied', async (at) => {
    await at.apply(
      `${deployments}/a`,
      whole([
        { name: 'one', image: 'i:1' },
        { name: 'two', image: 'i:2' },
      ]),
    )
    const answer = await at.apply(
      `${deployments}/a`,
      whole([
        { name: 'two', image: 'i:2' },
        { name: 'one', image: 'i:1' },
      ]),
    )
    expect(containers(answer)).toEqual([['two i:2'], ['one i:1']])
  })

  it('keeps elements of others in their places between those that are applied', async (at) => {
    await at.apply(
      `${deployments}/a`,
      whole([
        { name: 'a', image: 'i' },
        { name: 'b', image: 'i' },
        { name: 'c', image: 'i' },
        { name: 'd', image: 'i' },
      ]),
    )
    const answer = await at.apply(
      `${deployments}/a`,
      partial([
        { name: 'd', image: 'i' },
        { name: 'x', image: 'i' },
        { name: 'b', image: 'i' },
      ]),
      { manager: 'ben' },
    )
    expect(containers(answer)).toEqual([['a i'], ['c i'], ['d i'], ['x i'], ['b i']])
  })

  it('refuses an element twice', async (at) => {
    expect(
      said(
        await at.apply(
          `${deployments}/a`,
          whole([
            { name: 'one', image: 'i:1' },
            { name: 'one', image: 'i:2' },
          ]),
        ),
      ),
    ).toEqual(
      '500: failed to create typed patch object (/a; apps/v1, Kind=Deployment): .spec.template.spec.containers: duplicate entries for key [name="one"]',
    )
  })

  it('refuses an element without its key as it refuses it elsewhere', async (at) => {
    expect(said(await at.apply(`${deployments}/a`, whole([{ image: 'i:1' }])))).toEqual([
      '422 Invalid: Deployment.apps "a" is invalid: spec.template.spec.containers[0].name: Required value (name a, group apps, kind Deployment)',
      'spec.template.spec.containers[0].name: FieldValueRequired: Required value',
    ])
  })

  it('fills in a key that has a default', async (at) => {
    const answer = await at.apply(
      `${deployments}/a`,
      whole([{ name: 'one', image: 'i', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] }]),
    )
    expect([containers(answer, 'ports'), answer.managers]).toEqual([
      [
        [
          'one i',
          [
            { containerPort: 80, protocol: 'TCP' },
            { containerPort: 80, protocol: 'UDP' },
          ],
        ],
      ],
      [
        'ana Apply apps/v1: .spec.replicas .spec.selector .spec.template.metadata.labels.app .spec.template.spec.containers[{"name":"one"}] .spec.template.spec.containers[{"name":"one"}].image .spec.template.spec.containers[{"name":"one"}].name .spec.template.spec.containers[{"name":"one"}].ports[{"containerPort":80,"protocol":"TCP"}] .spec.template.spec.containers[{"name":"one"}].ports[{"containerPort":80,"protocol":"TCP"}].containerPort .spec.template.spec.containers[{"name":"one"}].ports[{"containerPort":80,"protocol":"UDP"}] .spec.template.spec.containers[{"name":"one"}].ports[{"containerPort":80,"protocol":"UDP"}].containerPort .spec.template.spec.containers[{"name":"one"}].ports[{"containerPort":80,"protocol":"UDP"}].protocol',
      ],
    ])
  })

  it('conflicts within an element', async (at) => {
    await at.apply(`${deployments}/a`, whole([{ name: 'one', image: 'i:1', env: [{ name: 'A', value: '1' }] }]))
    const answer = await at.apply(
      `${deployments}/a`,
      partial([{ name: 'one', image: 'i:2', env: [{ name: 'A', value: '2' }] }]),
      { manager: 'ben' },
    )
    expect(said(answer)).toEqual([
      '409 Conflict: Apply failed with 2 conflicts: conflicts with "ana":\n- .spec.template.spec.containers[name="one"].image\n- .spec.template.spec.containers[name="one"].env[name="A"].value ()',
      '.spec.template.spec.containers[name="one"].image: FieldManagerConflict: conflict with "ana"',
      '.spec.template.spec.containers[name="one"].env[name="A"].value: FieldManagerConflict: conflict with "ana"',
    ])
  })

  it('merges variables of two managers', async (at) => {
    await at.apply(`${deployments}/a`, whole([{ name: 'one', image: 'i', env: [{ name: 'A', value: '1' }] }]))
    const answer = await at.apply(`${deployments}/a`, partial([{ name: 'one', env: [{ name: 'B', value: '2' }] }]), {
      manager: 'ben',
    })
    expect([containers(answer, 'env'), answer.managers]).toEqual([
      [
        [
          'one i',
          [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
        ],
      ],
      [
        'ana Apply apps/v1: .spec.replicas .spec.selector .spec.template.metadata.labels.app .spec.template.spec.containers[{"name":"one"}] .spec.template.spec.containers[{"name":"one"}].env[{"name":"A"}] .spec.template.spec.containers[{"name":"one"}].env[{"name":"A"}].name .spec.template.spec.containers[{"name":"one"}].env[{"name":"A"}].value .spec.template.spec.containers[{"name":"one"}].image .spec.template.spec.containers[{"name":"one"}].name',
        'ben Apply apps/v1: .spec.template.spec.containers[{"name":"one"}] .spec.template.spec.containers[{"name":"one"}].env[{"name":"B"}] .spec.template.spec.containers[{"name":"one"}].env[{"name":"B"}].name .spec.template.spec.containers[{"name":"one"}].env[{"name":"B"}].value .spec.template.spec.containers[{"name":"one"}].name',
      ],
    ])
  })

  it('replaces an atomic list as a whole and conflicts as a whole', async (at) => {
    await at.apply(`${deployments}/a`, whole([{ name: 'one', image: 'i', args: ['x', 'y'] }]))
    const refused = await at.apply(`${deployments}/a`, partial([{ name: 'one', args: ['x', 'z'] }]), { manager: 'ben' })
    const forced = await at.apply(`${deployments}/a`, partial([{ name: 'one', args: ['z'] }]), {
      manager: 'ben',
      force: true,
    })
    expect([said(refused), containers(forced, 'args'), forced.managers]).toEqual([
      [
        '409 Conflict: Apply failed with 1 conflict: conflict with "ana": .spec.template.spec.containers[name="one"].args ()',
        '.spec.template.spec.containers[name="one"].args: FieldManagerConflict: conflict with "ana"',
      ],
      [['one i', ['z']]],
      [
        'ana Apply apps/v1: .spec.replicas .spec.selector .spec.template.metadata.labels.app .spec.template.spec.containers[{"name":"one"}] .spec.template.spec.containers[{"name":"one"}].image .spec.template.spec.containers[{"name":"one"}].name',
        'ben Apply apps/v1: .spec.template.spec.containers[{"name":"one"}] .spec.template.spec.containers[{"name":"one"}].args .spec.template.spec.containers[{"name":"one"}].name',
      ],
    ])
  })

  it('shares an atomic list that is the same', async (at) => {
    await at.apply(`${deployments}/a`, whole([{ name: 'one', image: 'i', args: ['x'] }]))
    const answer = await at.apply(`${deployments}/a`, partial([{ name: 'one', args: ['x'] }]), { manager: 'ben' })
    expect(answer.managers).toEqual([
      'ana Apply apps/v1: .spec.replicas .spec.selector .spec.template.metadata.labels.app .spec.template.spec.containers[{"name":"one"}] .spec.template.spec.containers[{"name":"one"}].args .spec.template.spec.containers[{"name":"one"}].image .spec.template.spec.containers[{"name":"one"}].name',
      'ben Apply apps/v1 without time: .spec.template.spec.containers[{"name":"one"}] .spec.template.spec.containers[{"name":"one"}].args .spec.template.spec.containers[{"name":"one"}].name',
    ])
  })

  it('replaces an atomic map as a whole', async (at) => {
    await at.apply(`${deployments}/a`, whole([{ name: 'one', image: 'i' }], { nodeSelector: { a: '1' } }))
    const refused = await at.apply(`${deployments}/a`, partial([{ name: 'one' }], { nodeSelector: { b: '1' } }), {
      manager: 'ben',
    })
    expect(said(refused)).toEqual([
      '409 Conflict: Apply failed with 1 conflict: conflict with "ana": .spec.template.spec.nodeSelector ()',
      '.spec.template.spec.nodeSelector: FieldManagerConflict: conflict with "ana"',
    ])
  })

  it('merges a set', async (at) => {
    await at.apply(`${configMaps}/a`, held({ finalizers: ['example.com/a', 'example.com/b'] }))
    const answer = await at.apply(`${configMaps}/a`, held({ finalizers: ['example.com/b', 'example.com/c'] }), {
      manager: 'ben',
    })
    expect([part(answer, 'metadata.finalizers'), answer.managers]).toEqual([
      ['example.com/a', 'example.com/b', 'example.com/c'],
      [
        'ana Apply v1: .metadata.finalizers{"example.com/a"} .metadata.finalizers{"example.com/b"}',
        'ben Apply v1: .metadata.finalizers{"example.com/b"} .metadata.finalizers{"example.com/c"}',
      ],
    ])
  })

  it('removes from a set what only the manager had', async (at) => {
    await at.apply(`${configMaps}/a`, held({ finalizers: ['example.com/a', 'example.com/b'] }))
    await at.apply(`${configMaps}/a`, held({ finalizers: ['example.com/b', 'example.com/c'] }), { manager: 'ben' })
    const answer = await at.apply(`${configMaps}/a`, held({}))
    expect([part(answer, 'metadata.finalizers'), answer.managers]).toEqual([
      ['example.com/b', 'example.com/c'],
      ['ben Apply v1: .metadata.finalizers{"example.com/b"} .metadata.finalizers{"example.com/c"}'],
    ])
  })

  it('refuses a member of a set twice', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, held({ finalizers: ['example.com/a', 'example.com/a'] })))).toEqual(
      '500: failed to create typed patch object (/a; /v1, Kind=ConfigMap): .metadata.finalizers: duplicate entries for key [="example.com/a"]',
    )
  })

  it('keys ports of a Service by number and protocol', async (at) => {
    await at.apply(
      '/api/v1/~/services/a',
      service('a', {
        ports: [
          { name: 'a', port: 53, protocol: 'TCP' },
          { name: 'b', port: 53, protocol: 'UDP' },
        ],
      }),
    )
    const answer = await at.apply(
      '/api/v1/~/services/a',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'a' },
        spec: { ports: [{ name: 'c', port: 54, protocol: 'TCP' }] },
      },
      { manager: 'ben' },
    )
    expect([part(answer, 'spec.ports'), answer.managers]).toEqual([
      [
        { name: 'a', protocol: 'TCP', port: 53, targetPort: 53 },
        { name: 'b', protocol: 'UDP', port: 53, targetPort: 53 },
        { name: 'c', protocol: 'TCP', port: 54, targetPort: 54 },
      ],
      [
        'ana Apply v1: .spec.ports[{"port":53,"protocol":"TCP"}] .spec.ports[{"port":53,"protocol":"TCP"}].name .spec.ports[{"port":53,"protocol":"TCP"}].port .spec.ports[{"port":53,"protocol":"TCP"}].protocol .spec.ports[{"port":53,"protocol":"UDP"}] .spec.ports[{"port":53,"protocol":"UDP"}].name .spec.ports[{"port":53,"protocol":"UDP"}].port .spec.ports[{"port":53,"protocol":"UDP"}].protocol .spec.selector',
        'ben Apply v1: .spec.ports[{"port":54,"protocol":"TCP"}] .spec.ports[{"port":54,"protocol":"TCP"}].name .spec.ports[{"port":54,"protocol":"TCP"}].port .spec.ports[{"port":54,"protocol":"TCP"}].protocol',
      ],
    ])
  })

  it('keys volumes by name and keeps one source', async (at) => {
    await at.apply(`${deployments}/a`, whole([{ name: 'one', image: 'i' }], { volumes: [{ name: 'v', emptyDir: {} }] }))
    const answer = await at.apply(
      `${deployments}/a`,
      whole([{ name: 'one', image: 'i' }], { volumes: [{ name: 'v', configMap: { name: 'c' } }] }),
    )
    expect(part(answer, 'spec.template.spec.volumes')).toEqual([
      { name: 'v', configMap: { name: 'c', defaultMode: 420 } },
    ])
  })

  it('refuses a second source of a volume of another manager', async (at) => {
    await at.apply(`${deployments}/a`, whole([{ name: 'one', image: 'i' }], { volumes: [{ name: 'v', emptyDir: {} }] }))
    const answer = await at.apply(
      `${deployments}/a`,
      partial([{ name: 'one' }], { volumes: [{ name: 'v', configMap: { name: 'c' } }] }),
      { manager: 'ben' },
    )
    expect(said(answer)).toEqual([
      '422 Invalid: Deployment.apps "a" is invalid: spec.template.spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type (name a, group apps, kind Deployment)',
      'spec.template.spec.volumes[0].configMap: FieldValueForbidden: Forbidden: may not specify more than 1 volume type',
    ])
  })

  it('keys owners by uid', async (at) => {
    const other = await at.given('/api/v1/~/secrets', { metadata: { name: 's' } })
    const uid = valueAt(other, 'metadata', 'uid') ?? null
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Secret', name: 's', uid }]
    const answer = await at.apply(`${configMaps}/a`, held({ ownerReferences }))
    expect(answer.managers).toEqual(['ana Apply v1: .metadata.ownerReferences[{"uid":"UID"}]'])
  })

  it('applies conditions at the status by type', async (at) => {
    await at.given(deployments, deployment('a'))
    const condition = {
      type: 'Mine',
      status: 'True',
      reason: 'R',
      message: 'm',
      lastTransitionTime: '2026-01-01T00:00:00Z',
      lastUpdateTime: '2026-01-01T00:00:00Z',
    }
    const answer = await at.apply(`${deployments}/a/status`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'a' },
      status: { conditions: [condition] },
    })
    expect(answer.managers.filter((one) => one.startsWith('ana'))).toEqual([
      'ana Apply apps/v1 (status): .status.conditions[{"type":"Mine"}] .status.conditions[{"type":"Mine"}].lastTransitionTime .status.conditions[{"type":"Mine"}].lastUpdateTime .status.conditions[{"type":"Mine"}].message .status.conditions[{"type":"Mine"}].reason .status.conditions[{"type":"Mine"}].status .status.conditions[{"type":"Mine"}].type',
    ])
  })
})

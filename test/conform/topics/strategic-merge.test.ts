// Strategic merge patches: lists by key, directives, and kinds that have none.

import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { type Answer, textAt, valueAt } from '../desk.ts'
import { configMap, deployment } from '../objects.ts'
import { part, said } from '../said.ts'
import { topic } from '../suite.ts'

const deployments = '/apis/apps/v1/~/deployments'
const spec = {
  containers: [
    {
      name: 'one',
      image: 'example.com/one:1',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      ports: [{ containerPort: 80 }, { containerPort: 81, protocol: 'UDP' }],
      args: ['x', 'y'],
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
    },
    { name: 'two', image: 'example.com/two:1' },
  ],
  volumes: [
    { name: 'data', emptyDir: {} },
    { name: 'more', configMap: { name: 'c' } },
  ],
  tolerations: [{ key: 'a', operator: 'Exists' }],
  imagePullSecrets: [{ name: 'p' }],
  hostAliases: [{ ip: '192.0.2.1', hostnames: ['h'] }],
  nodeSelector: { disk: 'ssd', zone: 'a' },
}

/** The Pod's spec in short lines. */
function podLines(body: Json): readonly string[] {
  const pod = valueAt(body, 'spec', 'template', 'spec') as JsonObject
  const { containers, volumes, tolerations, nodeSelector, imagePullSecrets, hostAliases } = pod
  const line = ({ name, ...rest }: JsonObject) => `${name}: ${JSON.stringify(rest)}`
  const lists = [...(containers as readonly JsonObject[]), ...((volumes ?? []) as readonly JsonObject[])]
  return [
    ...lists.map(line),
    ...Object.entries({ tolerations, nodeSelector, imagePullSecrets, hostAliases }).map(
      ([key, value]) => `${key}: ${JSON.stringify(value)}`,
    ),
  ]
}

/** The lines after a patch that were not there before, with the order of what has a name. */
function changes(before: Json, answer: Answer): Json {
  if (answer.status !== 200) return said(answer)
  const known = new Set(podLines(before))
  const named = podLines(answer.body)
    .slice(0, -4)
    .map((line) => line.split(':')[0])
  return [named.join(' '), ...podLines(answer.body).filter((line) => !known.has(line))]
}

const rows: readonly (readonly [title: string, patch: Json, after: unknown])[] = [
  [
    'changes one container by its name',
    { containers: [{ name: 'one', image: 'example.com/one:2' }] },
    [
      'one two data more',
      'one: {"image":"example.com/one:2","args":["x","y"],"ports":[{"containerPort":80,"protocol":"TCP"},{"containerPort":81,"protocol":"UDP"}],"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"resources":{},"volumeMounts":[{"name":"data","mountPath":"/data"}],"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}',
    ],
  ],
  [
    'adds a container in front',
    { containers: [{ name: 'three', image: 'example.com/three:1' }] },
    [
      'three one two data more',
      'three: {"image":"example.com/three:1","resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}',
    ],
  ],
  ['deletes a container by a directive', { containers: [{ name: 'two', $patch: 'delete' }] }, ['one data more']],
  [
    'replaces all containers by a directive',
    { containers: [{ name: 'new', image: 'i' }, { $patch: 'replace' }] },
    [
      'new data more',
      'new: {"image":"i","resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"Always"}',
    ],
  ],
  [
    'takes null for all containers',
    { containers: null },
    [
      '422 Invalid: Deployment.apps "a" is invalid: spec.template.spec.containers: Required value (name a, group apps, kind Deployment)',
      'spec.template.spec.containers: FieldValueRequired: Required value',
    ],
  ],
  ['takes an empty list of containers for no change', { containers: [] }, ['one two data more']],
  [
    'merges variables by name',
    {
      containers: [
        {
          name: 'one',
          env: [
            { name: 'B', value: '9' },
            { name: 'C', value: '3' },
          ],
        },
      ],
    },
    [
      'one two data more',
      'one: {"image":"example.com/one:1","args":["x","y"],"ports":[{"containerPort":80,"protocol":"TCP"},{"containerPort":81,"protocol":"UDP"}],"env":[{"name":"A","value":"1"},{"name":"B","value":"9"},{"name":"C","value":"3"}],"resources":{},"volumeMounts":[{"name":"data","mountPath":"/data"}],"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}',
    ],
  ],
  [
    'deletes a variable by a directive',
    { containers: [{ name: 'one', env: [{ name: 'A', $patch: 'delete' }] }] },
    [
      'one two data more',
      'one: {"image":"example.com/one:1","args":["x","y"],"ports":[{"containerPort":80,"protocol":"TCP"},{"containerPort":81,"protocol":"UDP"}],"env":[{"name":"B","value":"2"}],"resources":{},"volumeMounts":[{"name":"data","mountPath":"/data"}],"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}',
    ],
  ],
  [
    'removes the value of a variable by null',
    { containers: [{ name: 'one', env: [{ name: 'A', value: null }] }] },
    [
      'one two data more',
      'one: {"image":"example.com/one:1","args":["x","y"],"ports":[{"containerPort":80,"protocol":"TCP"},{"containerPort":81,"protocol":"UDP"}],"env":[{"name":"A"},{"name":"B","value":"2"}],"resources":{},"volumeMounts":[{"name":"data","mountPath":"/data"}],"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}',
    ],
  ],
  [
    'merges ports by number',
    { containers: [{ name: 'one', ports: [{ containerPort: 80, name: 'http' }, { containerPort: 82 }] }] },
    [
      'one two data more',
      'one: {"image":"example.com/one:1","args":["x","y"],"ports":[{"name":"http","containerPort":80,"protocol":"TCP"},{"containerPort":82,"protocol":"TCP"},{"containerPort":81,"protocol":"UDP"}],"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"resources":{},"volumeMounts":[{"name":"data","mountPath":"/data"}],"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}',
    ],
  ],
  [
    'replaces a list without a key',
    { containers: [{ name: 'one', args: ['z'] }] },
    [
      'one two data more',
      'one: {"image":"example.com/one:1","args":["z"],"ports":[{"containerPort":80,"protocol":"TCP"},{"containerPort":81,"protocol":"UDP"}],"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"resources":{},"volumeMounts":[{"name":"data","mountPath":"/data"}],"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}',
    ],
  ],
  [
    'merges volumes by name',
    { volumes: [{ name: 'data', emptyDir: { medium: 'Memory' } }] },
    ['one two data more', 'data: {"emptyDir":{"medium":"Memory"}}'],
  ],
  [
    'keeps only the keys of a volume that the patch retains',
    { volumes: [{ name: 'more', $retainKeys: ['name', 'secret'], secret: { secretName: 's' } }] },
    ['one two data more', 'more: {"secret":{"secretName":"s","defaultMode":420}}'],
  ],
  [
    'refuses a volume with two sources',
    { volumes: [{ name: 'more', secret: { secretName: 's' } }] },
    [
      '422 Invalid: Deployment.apps "a" is invalid: spec.template.spec.volumes[1].configMap: Forbidden: may not specify more than 1 volume type (name a, group apps, kind Deployment)',
      'spec.template.spec.volumes[1].configMap: FieldValueForbidden: Forbidden: may not specify more than 1 volume type',
    ],
  ],
  [
    'sets the order of a list',
    {
      '$setElementOrder/containers': [{ name: 'two' }, { name: 'one' }],
      containers: [{ name: 'one', image: 'example.com/one:3' }],
    },
    [
      'two one data more',
      'one: {"image":"example.com/one:3","args":["x","y"],"ports":[{"containerPort":80,"protocol":"TCP"},{"containerPort":81,"protocol":"UDP"}],"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"resources":{},"volumeMounts":[{"name":"data","mountPath":"/data"}],"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}',
    ],
  ],
  [
    'refuses an order that lacks an element of the patch',
    { '$setElementOrder/containers': [{ name: 'two' }], containers: [{ name: 'one', image: 'i' }] },
    "500: The order in patch list:\n[map[image:i name:one]]\n doesn't match $setElementOrder list:\n[map[name:two]]\n",
  ],
  [
    'replaces tolerations as a whole',
    { tolerations: [{ key: 'b', operator: 'Exists' }] },
    ['one two data more', 'tolerations: [{"key":"b","operator":"Exists"}]'],
  ],
  [
    'merges a map',
    { nodeSelector: { zone: 'b', more: 'x' } },
    ['one two data more', 'nodeSelector: {"disk":"ssd","more":"x","zone":"b"}'],
  ],
  [
    'removes a member of a map by null',
    { nodeSelector: { zone: null } },
    ['one two data more', 'nodeSelector: {"disk":"ssd"}'],
  ],
  [
    'replaces a map by a directive',
    { nodeSelector: { $patch: 'replace', only: 'x' } },
    ['one two data more', 'nodeSelector: {"only":"x"}'],
  ],
  [
    'deletes a map by a directive',
    { nodeSelector: { $patch: 'delete' } },
    ['one two data more', 'nodeSelector: undefined'],
  ],
  [
    'merges host aliases by address',
    {
      hostAliases: [
        { ip: '192.0.2.1', hostnames: ['h2'] },
        { ip: '192.0.2.2', hostnames: ['h3'] },
      ],
    },
    ['one two data more', 'hostAliases: [{"ip":"192.0.2.1","hostnames":["h2"]},{"ip":"192.0.2.2","hostnames":["h3"]}]'],
  ],
  [
    'merges pull secrets by name',
    { imagePullSecrets: [{ name: 'q' }] },
    ['one two data more', 'imagePullSecrets: [{"name":"q"},{"name":"p"}]'],
  ],
  [
    'refuses an element without its key',
    { containers: [{ image: 'x' }] },
    '500: map: map[image:x] does not contain declared merge key: name',
  ],
  [
    'refuses an unknown directive',
    { containers: [{ name: 'one', $patch: 'shake' }] },
    '500: unknown patch type: shake in map: map[$patch:shake name:one]',
  ],
  [
    'refuses an unknown directive of a map',
    { nodeSelector: { $patch: 'shake' } },
    '500: unknown patch type: shake in map: map[$patch:shake]',
  ],
  [
    'refuses a map for a list',
    { containers: { name: 'one' } },
    [
      '422 Invalid:  "" is invalid: patch: Invalid value: "map[spec:map[template:map[spec:map[containers:map[name:one]]]]]": cannot restore slice from map ()',
      'patch: FieldValueInvalid: Invalid value: "map[spec:map[template:map[spec:map[containers:map[name:one]]]]]": cannot restore slice from map',
    ],
  ],
  [
    'refuses a list for a map',
    { nodeSelector: ['x'] },
    [
      '422 Invalid:  "" is invalid: patch: Invalid value: "map[spec:map[template:map[spec:map[nodeSelector:[x]]]]]": cannot restore map from slice ()',
      'patch: FieldValueInvalid: Invalid value: "map[spec:map[template:map[spec:map[nodeSelector:[x]]]]]": cannot restore map from slice',
    ],
  ],
  [
    'refuses a number for a text',
    { containers: [{ name: 'one', image: 1 }] },
    [
      '422 Invalid:  "" is invalid: patch: Invalid value: "map[spec:map[template:map[spec:map[containers:[map[image:1 name:one]]]]]]": cannot convert int64 to string ()',
      'patch: FieldValueInvalid: Invalid value: "map[spec:map[template:map[spec:map[containers:[map[image:1 name:one]]]]]]": cannot convert int64 to string',
    ],
  ],
  ['ignores a field that is not there', { nothing: { x: 1 } }, ['one two data more']],
]

topic('strategic merge', (it) => {
  for (const [title, patch, after] of rows) {
    it(title, async (at) => {
      const before = await at.given(
        deployments,
        deployment('a', { template: { metadata: { labels: { app: 'a' } }, spec } }),
      )
      const answer = await at.strategic(`${deployments}/a`, { spec: { template: { spec: patch } } })
      expect(changes(before, answer)).toEqual(after)
    })
  }

  it('deletes finalizers one by one', async (at) => {
    const metadata = { finalizers: ['example.com/a', 'example.com/b', 'example.com/c'] }
    await at.given('/api/v1/~/configmaps', configMap('a', {}, metadata))
    const answer = await at.strategic('/api/v1/~/configmaps/a', {
      metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/b'] },
    })
    expect(part(answer, 'metadata.finalizers')).toEqual(['example.com/a', 'example.com/c'])
  })

  it('adds finalizers to those that are there', async (at) => {
    await at.given('/api/v1/~/configmaps', configMap('a', {}, { finalizers: ['example.com/a'] }))
    const answer = await at.strategic('/api/v1/~/configmaps/a', {
      metadata: { finalizers: ['example.com/b', 'example.com/a'] },
    })
    expect(part(answer, 'metadata.finalizers')).toEqual(['example.com/b', 'example.com/a'])
  })

  it('merges owners by uid', async (at) => {
    const owner = (uid: string, name: string) => ({ apiVersion: 'v1', kind: 'Secret', name, uid })
    const uids = []
    for (const name of ['a', 'b'])
      uids.push(textAt(await at.given('/api/v1/~/secrets', { metadata: { name } }), 'metadata', 'uid'))
    const [one = '', two = ''] = uids
    await at.given('/api/v1/~/configmaps', configMap('a', {}, { ownerReferences: [owner(one, 'a')] }))
    const answer = await at.strategic('/api/v1/~/configmaps/a', { metadata: { ownerReferences: [owner(two, 'b')] } })
    expect(valueAt(answer.body, 'metadata', 'ownerReferences')).toEqual([
      { apiVersion: 'v1', kind: 'Secret', name: 'b', uid: 'UID' },
      { apiVersion: 'v1', kind: 'Secret', name: 'a', uid: 'UID' },
    ])
    const removed = await at.strategic('/api/v1/~/configmaps/a', {
      metadata: { ownerReferences: [{ uid: one, $patch: 'delete' }] },
    })
    expect(part(removed, 'metadata.ownerReferences')).toEqual([
      { apiVersion: 'v1', kind: 'Secret', name: 'b', uid: 'UID' },
    ])
  })

  it('merges ports of a Service by number', async (at) => {
    const ports = [
      { name: 'a', port: 80 },
      { name: 'b', port: 81 },
    ]
    await at.given('/api/v1/~/services', { metadata: { name: 'a' }, spec: { ports } })
    const answer = await at.strategic('/api/v1/~/services/a', { spec: { ports: [{ port: 81, targetPort: 8080 }] } })
    expect(part(answer, 'spec.ports')).toEqual([
      { name: 'a', protocol: 'TCP', port: 80, targetPort: 80 },
      { name: 'b', protocol: 'TCP', port: 81, targetPort: 8080 },
    ])
  })

  it('merges conditions by type at the status', async (at) => {
    await at.given(deployments, deployment('a', { paused: true }))
    const condition = (type: string, status: string) => ({ type, status, reason: 'R', message: 'm' })
    await at.strategic(`${deployments}/a/status`, { status: { conditions: [condition('X', 'True')] } })
    const answer = await at.strategic(`${deployments}/a/status`, {
      status: { conditions: [condition('Y', 'True'), condition('X', 'False')] },
    })
    const conditions = valueAt(answer.body, 'status', 'conditions') as readonly JsonObject[]
    expect(
      conditions.filter((one) => one.type === 'X' || one.type === 'Y').map((one) => `${one.type} ${one.status}`),
    ).toEqual(['Y True', 'X False'])
  })

  it('removes the whole object of a strategy and fills it in again', async (at) => {
    await at.given(deployments, deployment('a', { strategy: { rollingUpdate: { maxSurge: 3 } } }))
    expect(part(await at.strategic(`${deployments}/a`, { spec: { strategy: null } }), 'spec.strategy')).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' },
    })
  })

  it('changes the type of a strategy where the patch retains it', async (at) => {
    await at.given(deployments, deployment('a'))
    const bad = await at.strategic(`${deployments}/a`, { spec: { strategy: { type: 'Recreate' } } })
    const good = await at.strategic(`${deployments}/a`, {
      spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
    })
    expect([said(bad), part(good, 'spec.strategy')]).toEqual([
      [
        '422 Invalid: Deployment.apps "a" is invalid: spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is \'Recreate\' (name a, group apps, kind Deployment)',
        "spec.strategy.rollingUpdate: FieldValueForbidden: Forbidden: may not be specified when strategy `type` is 'Recreate'",
      ],
      { type: 'Recreate' },
    ])
  })

  it('refuses retained keys that the patch does not keep to', async (at) => {
    await at.given(deployments, deployment('a'))
    const answer = await at.strategic(`${deployments}/a`, {
      spec: { strategy: { $retainKeys: ['type'], type: 'RollingUpdate', rollingUpdate: { maxSurge: 2 } } },
    })
    expect(said(answer)).toEqual('400 BadRequest: invalid patch format of retainKeys')
  })

  it('refuses a patch that is no object', async (at) => {
    await at.given(deployments, deployment('a'))
    expect([
      said(await at.strategic(`${deployments}/a`, '[]')),
      said(await at.strategic(`${deployments}/a`, 'x')),
    ]).toEqual([
      '400 BadRequest: json: cannot unmarshal array into Go value of type map[string]interface {}',
      "400 BadRequest: invalid character 'x' looking for beginning of value",
    ])
  })

  it('replaces a map of texts by a directive', async (at) => {
    await at.given('/api/v1/~/configmaps', configMap('a', { x: '1' }))
    const answer = await at.strategic('/api/v1/~/configmaps/a', { data: { $patch: 'replace', y: '2' } })
    expect(part(answer, 'data')).toEqual({ y: '2' })
  })

  it('refuses a directive at the root', async (at) => {
    await at.given('/api/v1/~/configmaps', configMap('a', { x: '1' }))
    expect(said(await at.strategic('/api/v1/~/configmaps/a', { $patch: 'delete' }))).toEqual(
      '400 BadRequest: the name of the object (a based on URL) was undeterminable: name must be provided',
    )
  })

  it('keeps the object as it is where the patch changes nothing', async (at) => {
    const made = await at.given('/api/v1/~/configmaps', configMap('a', { x: '1' }))
    expect((await at.strategic('/api/v1/~/configmaps/a', { data: { x: '1' } })).raw).toEqual(made)
  })
})

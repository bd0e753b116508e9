// Reading one object.

import { expect } from 'vitest'
import { configMap, deployment, pod } from '../objects.ts'
import { said } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'

topic('get', (it) => {
  it('gives an object as it was created', async (at) => {
    const made = await at.post(configMaps, configMap('a', { x: '1' }))
    const got = await at.get(`${configMaps}/a`)
    expect(got.status).toBe(200)
    expect(got.raw).toEqual(made.raw)
  })

  it('gives JSON without spaces and with a line end', async (at) => {
    await at.given(configMaps, configMap('a', { x: '<&>' }))
    const { text, header } = await at.get(`${configMaps}/a`)
    expect(header('content-type')).toBe('application/json')
    expect(text).toMatch(/^\{"kind":"ConfigMap","apiVersion":"v1","metadata":\{"name":"a"/)
    expect(text).toContain('"x":"\\u003c\\u0026\\u003e"')
    expect(text.endsWith('}\n')).toBe(true)
  })

  it('indents where pretty is asked for', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect((await at.get(`${configMaps}/a?pretty=true`)).text).toMatch(/^\{\n {2}"kind": "ConfigMap",\n/)
  })

  it('indents for a browser or curl', async (at) => {
    await at.given(configMaps, configMap('a'))
    const seen = []
    for (const agent of ['curl/8.0', 'Mozilla/5.0', 'kubectl/v1.36.3']) {
      const { text } = await at.get(`${configMaps}/a`, { 'user-agent': agent })
      seen.push(text.startsWith('{\n'))
    }
    expect(seen).toEqual([true, true, false])
  })

  it('forbids caches', async (at) => {
    await at.given(configMaps, configMap('a'))
    const { header } = await at.get(`${configMaps}/a`)
    expect(header('cache-control')).toBe('no-cache, private')
  })

  it('gives an object at resourceVersion 0', async (at) => {
    await at.given(configMaps, configMap('a'))
    await at.eventually(`${configMaps}/a?resourceVersion=0`, (answer) => answer.status === 200)
  })

  it('refuses a resourceVersion that is too large', async (at) => {
    await at.given(configMaps, configMap('a'))
    const answer = await at.get(`${configMaps}/a?resourceVersion=999999999999`)
    expect([answer.status, answer.header('retry-after')]).toEqual([504, '1'])
  })

  it('refuses a resourceVersion that is no number', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.get(`${configMaps}/a?resourceVersion=abc`))).toEqual(
      '500: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    )
  })

  it('gives the whole object at the status subresource', async (at) => {
    const made = await at.post('/apis/apps/v1/~/deployments', deployment('a', { paused: true }))
    const got = await at.get('/apis/apps/v1/~/deployments/a/status')
    expect(got.status).toBe(200)
    expect(got.body).toMatchObject({ kind: 'Deployment', spec: made.body === null ? {} : { paused: true } })
  })

  it('gives a cluster-scoped object', async (at) => {
    expect(said(await at.get('/api/v1/namespaces/kube-system'))).toEqual({
      status: 200,
      body: {
        kind: 'Namespace',
        apiVersion: 'v1',
        metadata: {
          name: 'kube-system',
          uid: 'UID',
          resourceVersion: 'RV',
          creationTimestamp: 'TIME',
          labels: { 'kubernetes.io/metadata.name': 'kube-system' },
        },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      },
    })
  })

  it('knows no cluster-scoped kind in a namespace', async (at) => {
    expect(said(await at.get('/api/v1/~/nodes'))).toEqual(
      '404 NotFound: the server could not find the requested resource ()',
    )
  })

  it('has the Service of the API server itself', async (at) => {
    const { status, body } = await at.get('/api/v1/namespaces/default/services/kubernetes')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      metadata: { labels: { component: 'apiserver', provider: 'kubernetes' } },
      spec: {
        clusterIP: '10.96.0.1',
        clusterIPs: ['10.96.0.1'],
        type: 'ClusterIP',
        sessionAffinity: 'None',
        ports: [{ name: 'https', protocol: 'TCP', port: 443 }],
      },
    })
  })

  it('does not take HEAD', async (at) => {
    await at.given(configMaps, configMap('a'))
    const answer = await at.ask('HEAD', `${configMaps}/a`)
    expect([answer.status, answer.text]).toEqual([405, ''])
  })

  it('gives an object in YAML', async (at) => {
    await at.given(configMaps, configMap('a', { text: 'line one\nline two\n', yes: 'yes', number: '1', empty: '' }))
    const { text, header, status } = await at.get(`${configMaps}/a`, { accept: 'application/yaml' })
    expect([status, header('content-type')]).toEqual([200, 'application/yaml'])
    expect(
      at.normal(
        text
          .replace(/ {2}managedFields:[\s\S]*?\n {2}name:/, '  name:')
          .replace(/resourceVersion: "\d+"/, 'resourceVersion: RV'),
      ),
    ).toEqual(
      'apiVersion: v1\ndata:\n  empty: ""\n  number: "1"\n  text: |\n    line one\n    line two\n  "yes": "yes"\nkind: ConfigMap\nmetadata:\n  creationTimestamp: "TIME"\n  name: a\n  namespace: NS\n  resourceVersion: RV\n  uid: UID\n',
    )
  })

  it('has no content for the log of a Pod without a node', async (at) => {
    await at.given('/api/v1/~/pods', pod('a', undefined, { annotations: { 'mainstay.dev/stage': 'never-placed' } }))
    const answer = await at.get('/api/v1/~/pods/a/log')
    expect([answer.status, answer.header('content-type'), answer.text]).toEqual([204, null, ''])
  })
})

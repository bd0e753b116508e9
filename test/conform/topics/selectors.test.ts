// Label and field selectors: what they let through and what they refuse.

import { expect } from 'vitest'
import type { Desk } from '../desk.ts'
import { pod, podSpec, secret } from '../objects.ts'
import { names, said } from '../said.ts'
import { topic } from '../suite.ts'

const secrets = '/api/v1/~/secrets'

async function given(at: Desk): Promise<void> {
  const all: readonly (readonly [string, Record<string, string>])[] = [
    ['none', {}],
    ['web', { app: 'web', tier: 'front' }],
    ['api', { app: 'api', tier: 'back', 'example.com/zone': 'a' }],
    ['db', { app: 'db', tier: 'back', size: '10' }],
    ['empty', { app: '' }],
  ]
  await Promise.all(all.map(([name, labels]) => at.given(secrets, { ...secret(name), metadata: { name, labels } })))
}

const labelRows: readonly (readonly [selector: string, found: unknown])[] = [
  ['', ['api', 'db', 'empty', 'none', 'web']],
  ['app', ['api', 'db', 'empty', 'web']],
  ['!app', ['none']],
  ['app=web', ['web']],
  ['app==web', ['web']],
  ['app = web', ['web']],
  ['app!=web', ['api', 'db', 'empty', 'none']],
  ['app=', ['empty']],
  ['app in (web, db)', ['db', 'web']],
  ['app in (web)', ['web']],
  ['app in (,web)', ['empty', 'web']],
  ['app notin (web,db)', ['api', 'empty', 'none']],
  ['app notin ()', ['api', 'db', 'none', 'web']],
  ['app,tier', ['api', 'db', 'web']],
  ['app=api,tier=back', ['api']],
  ['tier=back,!size', ['api']],
  ['size>5', ['db']],
  ['size>10', []],
  ['size<11', ['db']],
  [
    'size>x',
    "400 BadRequest: unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
  ],
  ['app>5', []],
  ['example.com/zone=a', ['api']],
  ['example.com/zone', ['api']],
  ['app=web,app=db', []],
  ['app in web', "400 BadRequest: unable to parse requirement: found 'web' expected: '('"],
  ['app in (web', "400 BadRequest: unable to parse requirement: found '', expected: ',' or ')'"],
  ['app=web,', "400 BadRequest: found '', expected: identifier after ','"],
  [',app', "400 BadRequest: found ',', expected: !, identifier, or 'end of string'"],
  ['a b', "400 BadRequest: unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['!', "400 BadRequest: unable to parse requirement: found '', expected: identifier"],
  [
    'app=a/b',
    "400 BadRequest: unable to parse requirement: values[0][app]: Invalid value: \"a/b\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
  ],
  [
    'a_/b=c',
    "400 BadRequest: unable to parse requirement: <nil>: Invalid value: \"a_/b\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  ],
  ['app!', "400 BadRequest: unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt"],
  [
    'app=web&tier',
    "400 BadRequest: unable to parse requirement: values[0][app]: Invalid value: \"web&tier\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
  ],
  ['in', []],
  ['app notin (web),tier', ['api', 'db']],
]

const fieldRows: readonly (readonly [selector: string, found: unknown])[] = [
  ['metadata.name=web', ['web']],
  ['metadata.name==web', ['web']],
  ['metadata.name!=web', ['api', 'db', 'empty', 'none']],
  ['metadata.name=web,metadata.name=db', []],
  ['metadata.namespace=NS', ['api', 'db', 'empty', 'none', 'web']],
  ['metadata.namespace!=NS', []],
  ['type=Opaque', ['api', 'db', 'empty', 'none', 'web']],
  ['type=x', []],
  ['', ['api', 'db', 'empty', 'none', 'web']],
  ['metadata.name', "400 BadRequest: invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
  ['metadata.uid=1', '400 BadRequest: field label not supported: metadata.uid'],
  [
    'metadata.name in (web)',
    "400 BadRequest: invalid selector: 'metadata.name in (web)'; can't understand 'metadata.name in (web)'",
  ],
  ['metadata.name=a\\,b', []],
]

function titleOf(what: string, selector: string, found: unknown): string {
  if (typeof found === 'string') return `refuses the ${what} selector "${selector}"`
  return `lists what the ${what} selector "${selector}" lets through`
}

topic('selectors', (it) => {
  for (const [selector, found] of labelRows) {
    it(titleOf('label', selector, found), async (at) => {
      await given(at)
      const answer = await at.get(`${secrets}?labelSelector=${encodeURIComponent(selector)}`)
      expect(answer.status === 200 ? names(answer) : said(answer)).toEqual(found)
    })
  }

  for (const [selector, found] of fieldRows) {
    it(titleOf('field', selector, found), async (at) => {
      await given(at)
      const text = encodeURIComponent(selector.replaceAll('NS', at.ns))
      const answer = await at.get(`${secrets}?fieldSelector=${text}`)
      expect(answer.status === 200 ? names(answer) : said(answer)).toEqual(found)
    })
  }

  it('takes a label and a field selector together', async (at) => {
    await given(at)
    const answer = await at.get(`${secrets}?labelSelector=tier%3Dback&fieldSelector=metadata.name%21%3Ddb`)
    expect(names(answer)).toEqual(['api'])
  })

  it('selects Pods by node, phase and more', async (at) => {
    const annotations = { 'mainstay.dev/stage': 'never-placed' }
    await at.given('/api/v1/~/pods', pod('a', podSpec({ restartPolicy: 'Never' }), { annotations }))
    await at.given(
      '/api/v1/~/pods',
      pod('b', podSpec({ nodeName: 'elsewhere', serviceAccountName: 'default' }), { annotations }),
    )
    const seen = []
    for (const selector of [
      'spec.nodeName=',
      'spec.nodeName=elsewhere',
      'status.phase=Pending',
      'status.phase!=Pending',
      'spec.restartPolicy=Never',
      'spec.serviceAccountName=default',
      'spec.schedulerName=default-scheduler',
      'status.podIP=',
      'status.nominatedNodeName=',
      'spec.hostNetwork=true',
    ]) {
      const answer = await at.get(`/api/v1/~/pods?fieldSelector=${encodeURIComponent(selector)}`)
      seen.push([selector, answer.status === 200 ? names(answer) : said(answer)])
    }
    expect(seen).toEqual([
      ['spec.nodeName=', ['a']],
      ['spec.nodeName=elsewhere', ['b']],
      ['status.phase=Pending', ['a', 'b']],
      ['status.phase!=Pending', []],
      ['spec.restartPolicy=Never', ['a']],
      ['spec.serviceAccountName=default', ['a', 'b']],
      ['spec.schedulerName=default-scheduler', ['a', 'b']],
      ['status.podIP=', ['a', 'b']],
      ['status.nominatedNodeName=', ['a', 'b']],
      ['spec.hostNetwork=true', []],
    ])
  })

  it('refuses a field that a Pod cannot be selected by', async (at) => {
    expect(said(await at.get('/api/v1/~/pods?fieldSelector=spec.x%3D1'))).toEqual(
      '400 BadRequest: field label not supported: spec.x',
    )
  })

  const kinds: readonly (readonly [string, unknown])[] = [
    ['/api/v1/nodes', '400 BadRequest: field label not supported: x.y'],
    ['/api/v1/namespaces', '400 BadRequest: field label not supported: x.y'],
    ['/api/v1/~/secrets', '400 BadRequest: field label not supported: x.y'],
    ['/api/v1/~/services', '400 BadRequest: field label not supported: x.y'],
    ['/api/v1/~/events', '400 BadRequest: field label not supported: x.y'],
    [
      '/api/v1/persistentvolumes',
      '400 BadRequest: "x.y" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ['/api/v1/~/replicationcontrollers', '400 BadRequest: field label not supported: x.y'],
    [
      '/apis/apps/v1/~/deployments',
      '400 BadRequest: "x.y" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    [
      '/apis/apps/v1/~/replicasets',
      '400 BadRequest: "x.y" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ['/apis/batch/v1/~/jobs', '400 BadRequest: field label "x.y" not supported for Job'],
    [
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      '400 BadRequest: "x.y" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ['/apis/certificates.k8s.io/v1/certificatesigningrequests', '400 BadRequest: field label not supported: x.y'],
  ]
  for (const [path, told] of kinds) {
    it(`refuses a field that ${path} does not select by`, async (at) => {
      expect(said(await at.get(`${path}?fieldSelector=x.y%3D1`))).toEqual(told)
    })
  }

  it('selects namespaces by phase', async (at) => {
    const answer = await at.get(`/api/v1/namespaces?fieldSelector=metadata.name%3D${at.ns},status.phase%3DActive`)
    expect(names(answer)).toEqual(['NS'])
  })

  it('selects Events by what they are about', async (at) => {
    const event = (name: string, object: string) => ({
      metadata: { name },
      involvedObject: { kind: 'Pod', name: object, namespace: at.ns },
      reason: 'Because',
      type: 'Normal',
    })
    await at.given('/api/v1/~/events', event('a', 'p'))
    await at.given('/api/v1/~/events', event('b', 'q'))
    const answer = await at.get(`/api/v1/~/events?fieldSelector=involvedObject.name%3Dq,involvedObject.kind%3DPod`)
    expect(names(answer)).toEqual(['b'])
  })

  it('gives no object where a name is not there', async (at) => {
    await given(at)
    expect(names(await at.get('/api/v1/~/secrets?fieldSelector=metadata.name%3Dnowhere'))).toEqual([])
  })
})

// Names that the server makes, and names that it does not take.

import { expect } from 'vitest'
import { textAt } from '../desk.ts'
import { configMap, deployment, podSpec, service } from '../objects.ts'
import { faults, part } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'
const unnamed = (prefix: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: prefix } })

topic('names', (it) => {
  it('adds five signs to generateName', async (at) => {
    const { raw, status } = await at.post(configMaps, unnamed('a-'))
    expect(status).toBe(201)
    expect(textAt(raw, 'metadata', 'name')).toMatch(/^a-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  })

  it('keeps generateName beside the name that it made', async (at) => {
    const made = await at.post(configMaps, unnamed('a-'))
    at.rename(textAt(made.raw, 'metadata', 'name'), 'A')
    expect(at.normal(made.raw)).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: {
        name: 'A',
        generateName: 'a-',
        namespace: 'NS',
        uid: 'UID',
        resourceVersion: 'RV',
        creationTimestamp: 'TIME',
      },
    })
  })

  it('makes another name each time', async (at) => {
    const made = await Promise.all([1, 2, 3, 4].map(() => at.post(configMaps, unnamed('a-'))))
    expect(new Set(made.map(({ raw }) => textAt(raw, 'metadata', 'name'))).size).toBe(4)
  })

  it('cuts a prefix that is too long', async (at) => {
    const { raw } = await at.post(configMaps, unnamed('a'.repeat(100)))
    expect(textAt(raw, 'metadata', 'name')).toMatch(/^a{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  })

  it('takes a name before generateName', async (at) => {
    const made = await at.post(configMaps, configMap('a', {}, { generateName: 'b-' }))
    expect(part(made, 'metadata')).toEqual({
      name: 'a',
      generateName: 'b-',
      namespace: 'NS',
      uid: 'UID',
      resourceVersion: 'RV',
      creationTimestamp: 'TIME',
    })
  })

  it('refuses a prefix that makes no name', async (at) => {
    const answer = await at.post(configMaps, unnamed('A_'))
    const text = JSON.stringify(faults(answer)).replace(/A_[a-z0-9]{5}/g, 'A_SIGNS')
    expect(text).toEqual(
      "[\"metadata.generateName: FieldValueInvalid: Invalid value: \\\"A_\\\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\",\"metadata.name: FieldValueInvalid: Invalid value: \\\"A_SIGNS\\\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\"]",
    )
  })

  it('does not make a name for a dry run that stays', async (at) => {
    const dry = await at.post(`${configMaps}?dryRun=All`, unnamed('a-'))
    expect((await at.get(`${configMaps}/${textAt(dry.raw, 'metadata', 'name')}`)).status).toBe(404)
  })

  const names: readonly (readonly [string, string, unknown])[] = [
    [
      'with a capital letter',
      'Abc',
      [
        "metadata.name: FieldValueInvalid: Invalid value: \"Abc\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      'with an underscore',
      'a_b',
      [
        "metadata.name: FieldValueInvalid: Invalid value: \"a_b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      'that ends with a dash',
      'a-',
      [
        "metadata.name: FieldValueInvalid: Invalid value: \"a-\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      'that begins with a dot',
      '.a',
      [
        "metadata.name: FieldValueInvalid: Invalid value: \".a\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      'of 254 signs',
      'a'.repeat(254),
      [
        'metadata.name: FieldValueInvalid: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 253 characters',
      ],
    ],
    [
      'with a slash',
      'a/b',
      [
        "metadata.name: FieldValueInvalid: Invalid value: \"a/b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      'with a percent sign',
      'a%b',
      [
        "metadata.name: FieldValueInvalid: Invalid value: \"a%b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      'of one dot',
      '.',
      [
        "metadata.name: FieldValueInvalid: Invalid value: \".\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      'of two dots',
      '..',
      [
        "metadata.name: FieldValueInvalid: Invalid value: \"..\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
  ]
  for (const [what, name, told] of names) {
    it(`refuses a ConfigMap with a name ${what}`, async (at) => {
      expect(faults(await at.post(configMaps, configMap(name)))).toEqual(told)
    })
  }

  it('takes a name of 253 signs with dots', async (at) => {
    const name = `${'a'.repeat(60)}.${'b'.repeat(192)}`
    expect((await at.post(configMaps, configMap(name))).status).toBe(201)
  })

  it('takes a name that begins with a digit', async (at) => {
    expect((await at.post(configMaps, configMap('0'))).status).toBe(201)
  })

  it('refuses a Service with a dot in its name', async (at) => {
    expect(faults(await at.post('/api/v1/~/services', service('a.b')))).toEqual([
      'metadata.name: FieldValueInvalid: Invalid value: "a.b": must not contain dots',
    ])
  })

  it('takes a Service whose name begins with a digit', async (at) => {
    expect(faults(await at.post('/api/v1/~/services', service('0a')))).toEqual({
      status: 201,
      body: {
        kind: 'Service',
        apiVersion: 'v1',
        metadata: { name: '0a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
        spec: {
          ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
          selector: { app: '0a' },
          clusterIP: 'CLUSTER_IP',
          clusterIPs: ['CLUSTER_IP'],
          type: 'ClusterIP',
          sessionAffinity: 'None',
          ipFamilies: ['IPv4'],
          ipFamilyPolicy: 'SingleStack',
          internalTrafficPolicy: 'Cluster',
        },
        status: { loadBalancer: {} },
      },
    })
  })

  it('refuses a Service with a name of 64 signs', async (at) => {
    expect(faults(await at.post('/api/v1/~/services', service('a'.repeat(64))))).toEqual([
      'metadata.name: FieldValueInvalid: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 63 characters',
      'spec.selector: FieldValueInvalid: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 63 bytes',
    ])
  })

  it('refuses a namespace with a dot', async (at) => {
    expect(faults(await at.post('/api/v1/namespaces', { metadata: { name: 'a.b' } }))).toEqual([
      'metadata.name: FieldValueInvalid: Invalid value: "a.b": must not contain dots',
    ])
  })

  it('refuses a namespace with a name of 64 signs', async (at) => {
    expect(faults(await at.post('/api/v1/namespaces', { metadata: { name: 'a'.repeat(64) } }))).toEqual([
      'metadata.name: FieldValueInvalid: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 63 characters',
      'metadata.labels: FieldValueInvalid: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 63 bytes',
    ])
  })

  it('takes a Role with a name that others may not have', async (at) => {
    const roles = '/apis/rbac.authorization.k8s.io/v1/~/roles'
    const role = (name: string) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name },
      rules: [],
    })
    const seen = []
    for (const name of ['system:A_b', 'Abc', 'a/b', '..']) seen.push(faults(await at.post(roles, role(name))))
    expect(seen).toEqual([
      {
        status: 201,
        body: {
          kind: 'Role',
          apiVersion: 'rbac.authorization.k8s.io/v1',
          metadata: {
            name: 'system:A_b',
            namespace: 'NS',
            uid: 'UID',
            resourceVersion: 'RV',
            creationTimestamp: 'TIME',
          },
          rules: null,
        },
      },
      {
        status: 201,
        body: {
          kind: 'Role',
          apiVersion: 'rbac.authorization.k8s.io/v1',
          metadata: { name: 'Abc', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
          rules: null,
        },
      },
      ['metadata.name: FieldValueInvalid: Invalid value: "a/b": may not contain \'/\''],
      ['metadata.name: FieldValueInvalid: Invalid value: "..": may not be \'..\''],
    ])
  })

  it('warns of a Pod whose name is no host name', async (at) => {
    const made = await at.post('/api/v1/~/pods', { metadata: { name: 'a.b' }, spec: podSpec() })
    expect([made.status, made.warnings]).toEqual([
      201,
      [
        "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
      ],
    ])
  })

  it('warns of a Deployment whose name is no host name', async (at) => {
    const made = await at.post('/apis/apps/v1/~/deployments', deployment('a.b'))
    expect([made.status, made.warnings]).toEqual([
      201,
      [
        'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]',
      ],
    ])
  })

  it('refuses a CronJob with a name of 53 signs', async (at) => {
    const cronJob = {
      metadata: { name: 'c'.repeat(53) },
      spec: {
        schedule: '0 0 1 1 *',
        jobTemplate: { spec: { template: { spec: podSpec({ restartPolicy: 'Never' }) } } },
      },
    }
    expect(faults(await at.post('/apis/batch/v1/~/cronjobs', cronJob))).toEqual([
      'metadata.name: FieldValueInvalid: Invalid value: "ccccccccccccccccccccccccccccccccccccccccccccccccccccc": must be no more than 52 characters',
    ])
  })
})

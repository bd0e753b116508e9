// What policies refuse, in the words that the real API server has for it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect, it } from 'vitest'
import { openSandbox } from '../sandbox.ts'
import { openClient } from '../testing/client.ts'
import { openTestClock } from '../testing/clock.ts'
import { policyAdmission } from './policy.ts'

const HEAD = '/apis/admissionregistration.k8s.io/v1'
const MAPS = '/api/v1/namespaces/default/configmaps'

/** A client of a sandbox with one policy for the ConfigMaps of the namespace `default`, bound as `p-b`. */
async function withPolicy(
  spec: JsonObject,
  actions: readonly string[] = ['Deny'],
): Promise<ReturnType<typeof openClient>> {
  const clock = openTestClock()
  const client = openClient(openSandbox({ clock, seed: 'test', admission: [policyAdmission] }), clock)
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'DELETE'], resources: ['configmaps'] }
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'default' } }
  const matchConstraints = { resourceRules: [rule], namespaceSelector }
  const made = await client.ask('POST', `${HEAD}/validatingadmissionpolicies`, {
    metadata: { name: 'p' },
    spec: { matchConstraints, ...spec },
  })
  expect(made.status, made.text).toBe(201)
  const bound = await client.ask('POST', `${HEAD}/validatingadmissionpolicybindings`, {
    metadata: { name: 'p-b' },
    spec: { policyName: 'p', validationActions: [...actions] },
  })
  expect(bound.status, bound.text).toBe(201)
  return client
}

const map = (name: string): JsonObject => ({ metadata: { name }, data: { k: 'v' } })

it.each([
  [{ message: 'no a' }, 422, 'no a'],
  [{}, 422, 'failed expression: object.metadata.name != "a"'],
  [
    { messageExpression: '"expr " + object.metadata.name + " " + request.operation', reason: 'Forbidden' },
    403,
    'expr a CREATE',
  ],
])('refuses what an expression does not hold for, with the words of %j', async (more, code, words) => {
  const expression = 'object.metadata.name != "a"'
  const client = await withPolicy({ validations: [{ expression, ...more }] })
  const message = `ValidatingAdmissionPolicy 'p' with binding 'p-b' denied request: ${words}`
  const refused = await client.ask('POST', MAPS, map('a'))
  expect(refused.body).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `configmaps "a" is forbidden: ${message}`,
    reason: code === 403 ? 'Forbidden' : 'Invalid',
    details: { name: 'a', kind: 'configmaps', causes: [{ message }] },
    code,
  })
  expect((await client.ask('POST', MAPS, map('b'))).status).toBe(201)
  expect((await client.ask('POST', MAPS.replace('default', 'kube-system'), map('a'))).status).toBe(201)
})

it('refuses what an expression cannot be asked of, unless failures are to be ignored', async () => {
  const expression = 'object.data.zz == "1"'
  const strict = await withPolicy({ validations: [{ expression }] })
  const refused = await strict.ask('POST', MAPS, map('d'))
  expect(refused.body.message).toBe(
    `configmaps "d" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p-b' denied request: expression '${expression}' resulted in error: no such key: zz`,
  )
  const lenient = await withPolicy({ failurePolicy: 'Ignore', validations: [{ expression }] })
  expect((await lenient.ask('POST', MAPS, map('d'))).status).toBe(201)
})

it('only warns where its binding says so', async () => {
  const client = await withPolicy({ validations: [{ expression: 'false', message: 'no e' }] }, ['Warn', 'Audit'])
  const made = await client.ask('POST', MAPS, map('e'))
  expect(made.status).toBe(201)
  expect(made.header('warning')).toBe(
    `299 - "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'p-b': no e"`,
  )
})

it('keeps an object from being deleted, also from a dry run, by conditions and variables', async () => {
  const client = await withPolicy({
    matchConditions: [{ name: 'deletions', expression: 'request.operation == "DELETE"' }],
    variables: [{ name: 'kept', expression: 'oldObject.metadata.name == "f"' }],
    validations: [{ expression: '!variables.kept', message: 'no f' }],
  })
  for (const name of ['f', 'g']) expect((await client.ask('POST', MAPS, map(name))).status).toBe(201)
  expect((await client.ask('DELETE', `${MAPS}/f?dryRun=All`)).status).toBe(422)
  expect((await client.ask('DELETE', `${MAPS}/f`)).status).toBe(422)
  expect((await client.ask('DELETE', `${MAPS}/g`)).status).toBe(200)
})

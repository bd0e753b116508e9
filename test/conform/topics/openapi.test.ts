// The schemas that the API publishes.

import { isList, isObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { textAt, valueAt } from '../desk.ts'
import { topic } from '../suite.ts'

/** Other checks on a shared server bring groups of their own. */
function isBuiltIn(group: string): boolean {
  return !group.includes('.') || group.endsWith('.k8s.io')
}

topic('openapi', (it) => {
  it('names the schemas of each group', async (at) => {
    const { body } = await at.get('/openapi/v3')
    const paths = valueAt(body, 'paths')
    const names = isObject(paths) ? Object.keys(paths).filter((one) => isBuiltIn(one.split('/')[1] ?? '')) : []
    expect(names).toEqual([
      '.well-known/openid-configuration',
      'api',
      'api/v1',
      'apis',
      'apis/admissionregistration.k8s.io',
      'apis/admissionregistration.k8s.io/v1',
      'apis/apiextensions.k8s.io',
      'apis/apiextensions.k8s.io/v1',
      'apis/apiregistration.k8s.io',
      'apis/apiregistration.k8s.io/v1',
      'apis/apps',
      'apis/apps/v1',
      'apis/authentication.k8s.io',
      'apis/authentication.k8s.io/v1',
      'apis/authorization.k8s.io',
      'apis/authorization.k8s.io/v1',
      'apis/autoscaling',
      'apis/autoscaling/v1',
      'apis/autoscaling/v2',
      'apis/batch',
      'apis/batch/v1',
      'apis/certificates.k8s.io',
      'apis/certificates.k8s.io/v1',
      'apis/coordination.k8s.io',
      'apis/coordination.k8s.io/v1',
      'apis/discovery.k8s.io',
      'apis/discovery.k8s.io/v1',
      'apis/events.k8s.io',
      'apis/events.k8s.io/v1',
      'apis/flowcontrol.apiserver.k8s.io',
      'apis/flowcontrol.apiserver.k8s.io/v1',
      'apis/networking.k8s.io',
      'apis/networking.k8s.io/v1',
      'apis/node.k8s.io',
      'apis/node.k8s.io/v1',
      'apis/policy',
      'apis/policy/v1',
      'apis/rbac.authorization.k8s.io',
      'apis/rbac.authorization.k8s.io/v1',
      'apis/resource.k8s.io',
      'apis/resource.k8s.io/v1',
      'apis/scheduling.k8s.io',
      'apis/scheduling.k8s.io/v1',
      'apis/storage.k8s.io',
      'apis/storage.k8s.io/v1',
      'openid/v1/jwks',
      'version',
    ])
    expect(textAt(paths, 'apis/apps/v1', 'serverRelativeURL')).toMatch(
      /^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/,
    )
  })

  it('gives the schema of a kind', async (at) => {
    const { body } = await at.get('/openapi/v3/apis/apps/v1')
    expect([
      valueAt(body, 'openapi'),
      valueAt(body, 'components', 'schemas', 'io.k8s.api.apps.v1.DeploymentStrategy'),
    ]).toEqual([
      '3.0.0',
      {
        description: 'DeploymentStrategy describes how to replace existing pods with new ones.',
        type: 'object',
        properties: {
          rollingUpdate: {
            description: 'Rolling update config params. Present only if DeploymentStrategyType = RollingUpdate.',
            allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.RollingUpdateDeployment' }],
          },
          type: {
            description:
              'Type of deployment. Can be "Recreate" or "RollingUpdate". Default is RollingUpdate.\n\nPossible enum values:\n - `"Recreate"` Kill all existing pods before creating new ones.\n - `"RollingUpdate"` Replace the old ReplicaSets by new one using rolling update i.e gradually scale down the old ReplicaSets and scale up the new one.',
            type: 'string',
            enum: ['Recreate', 'RollingUpdate'],
          },
        },
      },
    ])
  })

  it('marks a kind in its schema', async (at) => {
    const { body } = await at.get('/openapi/v3/apis/apps/v1')
    expect(valueAt(body, 'components', 'schemas', 'io.k8s.api.apps.v1.Deployment')).toEqual({
      description: 'Deployment enables declarative updates for Pods and ReplicaSets.',
      type: 'object',
      properties: {
        apiVersion: {
          description:
            'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
          type: 'string',
        },
        kind: {
          description:
            'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
          type: 'string',
        },
        metadata: {
          description:
            "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
          default: {},
          allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
        },
        spec: {
          description: 'Specification of the desired behavior of the Deployment.',
          default: {},
          allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec' }],
        },
        status: {
          description: 'Most recently observed status of the Deployment.',
          default: {},
          allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentStatus' }],
        },
      },
      'x-kubernetes-group-version-kind': [{ group: 'apps', kind: 'Deployment', version: 'v1' }],
    })
  })

  it('says which parameters a path takes', async (at) => {
    const { body } = await at.get('/openapi/v3/apis/apps/v1')
    const path = valueAt(body, 'paths', '/apis/apps/v1/namespaces/{namespace}/deployments/{name}', 'patch')
    expect([valueAt(path, 'x-kubernetes-action'), valueAt(path, 'x-kubernetes-group-version-kind')]).toEqual([
      'patch',
      { group: 'apps', version: 'v1', kind: 'Deployment' },
    ])
    const parameters = valueAt(path, 'parameters')
    expect((isList(parameters) ? parameters : []).map((one) => valueAt(one, 'name'))).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
      'force',
    ])
  })

  it('gives the schemas of all in the older form', async (at) => {
    const { body, status } = await at.get('/openapi/v2')
    expect([status, valueAt(body, 'swagger'), valueAt(body, 'info')]).toEqual([
      200,
      '2.0',
      { title: 'Kubernetes', version: '1.36' },
    ])
    expect(valueAt(body, 'definitions', 'io.k8s.api.core.v1.ConfigMapKeySelector')).toEqual({
      description: 'Selects a key from a ConfigMap.',
      type: 'object',
      required: ['key'],
      properties: {
        key: { description: 'The key to select.', type: 'string' },
        name: {
          description:
            'Name of the referent. This field is effectively required, but due to backwards compatibility is allowed to be empty. Instances of this type with an empty value here are almost certainly wrong. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names',
          type: 'string',
        },
        optional: { description: 'Specify whether the ConfigMap or its key must be defined', type: 'boolean' },
      },
      'x-kubernetes-map-type': 'atomic',
    })
  })

  it('has no schema of a group that is not there', async (at) => {
    const { status } = await at.get('/openapi/v3/apis/none.example.com/v1')
    expect(status).toBe(404)
  })
})

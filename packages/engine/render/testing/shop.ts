// A small shop as kustomizations: a base, an overlay, a component, and something that belongs to neither.
import type { Files } from './bench.ts'

/** A Deployment of that name, as YAML. */
export const deployment = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 1
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: main
          image: registry.example.com/${name}:1.0
`

/** The repository. */
export const shop: Files = {
  'base/kustomization.yaml':
    'resources: [deployment.yaml]\nconfigMapGenerator:\n  - name: settings\n    files: [a.conf]\n',
  'base/deployment.yaml': deployment('web'),
  'base/a.conf': 'colour=red\n',
  'overlays/prod/kustomization.yaml': 'resources: [../../base]\nnamePrefix: prod-\n',
  'components/quiet/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {quiet: "yes"}\n',
  'other/unrelated.yaml': deployment('unrelated'),
}

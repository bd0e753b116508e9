// The tour's fourth part: manifests, in both ways of applying them; Nodes; and the end of everything.
import { type Step, step } from './step.ts'

const settings = (level: string, more = ''): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: applied
  labels: { app: shop }
data:
  level: ${level}
${more}`

const pair = `${settings('debug')}
---
apiVersion: v1
kind: Service
metadata:
  name: applied
  labels: { app: shop }
spec:
  selector: { app: shop }
  ports:
  - { port: 80, name: http }
`

const wrong = `apiVersion: v1
kind: Service
metadata: { name: wrong }
spec: { ports: [{ port: 99999999 }], nothing: true }
`

const claim = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } }, storageClassName: '' }
`

const node = `apiVersion: v1
kind: Node
metadata: { name: NS-node }
`

/** In order. */
export const applying: readonly Step[] = [
  step('diff -f -', { input: settings('info'), compare: 'exit' }),
  step('apply -f -', { input: settings('info') }),
  step('apply -f -', { input: settings('info') }),
  step('diff -f -', { input: settings('debug', '  size: "1"\n') }),
  step('apply -f - --dry-run=server', { input: settings('debug') }),
  step('apply -f -', { input: pair }),
  step('apply -f - --prune -l app=shop', { input: settings('debug') }),
  step('get configmap applied -o yaml'),
  step('apply -f -', { input: wrong }),
  step('apply -f - --validate=false', { input: wrong }),
  step('apply --server-side -f -', { input: settings('error') }),
  step('apply --server-side --force-conflicts -f -', { input: settings('error') }),
  step('apply --server-side --field-manager=bot -f -', { input: settings('fatal') }),
  step('apply --server-side --field-manager=bot --force-conflicts -f -', { input: settings('fatal') }),
  // The order of the managers depends on whether their writes fell into one second.
  step('get configmap applied -o jsonpath={.metadata.managedFields[?(@.manager=="bot")].fieldsV1}'),
  step('get configmap applied -o jsonpath={.metadata.managedFields[?(@.manager=="kubectl")].fieldsV1}'),
  step('replace -f -', { input: settings('info') }),
  step('replace --force -f -', { input: settings('info') }),
  step('create -f -', { input: settings('info') }),
  step('apply view-last-applied configmap applied'),
  step('apply -f -', { input: claim }),
  step('get persistentvolumeclaim data'),
  step('describe persistentvolumeclaim data'),
  step('create -f -', { input: node }),
  step('get node NS-node'),
  step('cordon NS-node'),
  step('get node NS-node'),
  step('uncordon NS-node'),
  step('taint node NS-node spot=true:NoSchedule'),
  step('taint node NS-node spot=true:NoSchedule'),
  step('label node NS-node zone=a'),
  step('drain NS-node'),
  step('get node NS-node -o jsonpath={.spec}'),
  step('delete node NS-node'),
  step('delete configmap applied --wait=false'),
  step('delete configmap applied'),
  step('delete configmap applied --ignore-not-found'),
  step('delete persistentvolumeclaim data'),
  step('delete services,ingresses --all', { compare: 'sorted' }),
  step('delete clusterrole,clusterrolebinding,priorityclass NS'),
  step('delete secrets -l none=none'),
  step('delete nothing x'),
  step('get configmaps,secrets,roles', { compare: 'sorted' }),
  step('delete namespace NS --wait=false'),
  step('wait namespace/NS --for=delete --timeout=60s', { compare: 'exit' }),
  step('get namespace NS'),
]

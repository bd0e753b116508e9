// Manifests that scenarios commit: a small shop, written as people write them.

/** A Deployment that the kubelet stand-in runs at once. */
export const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: web
          image: registry.example/web:1.0
          ports:
            - containerPort: 8080
          resources:
            requests: {cpu: 1000m, memory: 1024Mi}
`

/** A Service that gets a cluster IP and a node port. */
export const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector: {app: web}
  ports:
    - port: 80
      targetPort: 8080
`

export const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata:
  name: web-config
data:
  LEVEL: info
`

/** A second ConfigMap, to be removed by a commit. */
export const LEGACY = `apiVersion: v1
kind: ConfigMap
metadata:
  name: legacy
data:
  KEEP: "no"
`

/** A claim on a volume that the scenario makes by hand. */
export const CLAIM = `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: uploads
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: ""
  resources:
    requests: {storage: 1Gi}
`

export const SECRET = `apiVersion: v1
kind: Secret
metadata:
  name: web-secret
stringData:
  password: correct-horse-battery
`

/** The volume behind the claim; \`Retain\`, as people who care keep it. */
export function volume(name: string, namespace: string): unknown {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
      claimRef: { namespace, name: 'uploads' },
      hostPath: { path: '/mnt/uploads' },
    },
  }
}

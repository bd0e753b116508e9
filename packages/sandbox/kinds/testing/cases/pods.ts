// Pods as they are told through templates and alone.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { labels, template } from './builders.ts'

/** Pods as they may stand in a template, by what is special about them. */
export const PODS: Readonly<Record<string, JsonObject>> = {
  'an image without a tag': template({ image: 'nginx' }),
  'an image with a digest': template({ image: `nginx@sha256:${'a'.repeat(64)}` }),
  'an image of a registry with a port': template({ image: 'localhost:5000/x' }),
  'an image with a tag and a digest': template({ image: `ghcr.io/a/b:latest@sha256:${'a'.repeat(64)}` }),
  'no containers': { metadata: { labels }, spec: { containers: [] } },
  'no spec at all': { metadata: { labels } },
  'empty values': template(
    { args: [], command: null, env: [], tty: false, workingDir: '', ports: null },
    { nodeSelector: {}, hostNetwork: false },
  ),
  'quantities in odd forms': template({
    resources: {
      limits: { cpu: '1000m', memory: '1024Mi' },
      requests: { cpu: 0.5, memory: '0.5Gi', 'ephemeral-storage': '1e3' },
    },
  }),
  'quantities that are too small': template({ resources: { requests: { cpu: '0.0001', memory: '100m' } } }),
  'limits below requests': template({ resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } }),
  'negative and unknown resources': template({
    resources: {
      limits: { cpu: '-1', pods: '1', 'example.com/gpu': '1.5', 'a b': '1', 'hugepages-2Mi': '1Mi' },
      requests: { 'example.com/x': '1' },
    },
  }),
  probes: template({
    livenessProbe: { httpGet: { port: 80 } },
    readinessProbe: { tcpSocket: { port: 'web' }, periodSeconds: 0 },
    startupProbe: { grpc: { port: 90 } },
    lifecycle: { preStop: { exec: { command: ['x'] } }, postStart: { sleep: { seconds: 5 } } },
  }),
  'bad probes': template({
    livenessProbe: {
      httpGet: { port: 0, scheme: 'FTP', httpHeaders: [{ name: 'a b' }] },
      successThreshold: 2,
      timeoutSeconds: -1,
    },
    readinessProbe: { exec: {}, tcpSocket: { port: 1 }, terminationGracePeriodSeconds: 5 },
    startupProbe: {},
    lifecycle: { preStop: { sleep: { seconds: 500 } }, postStart: {}, stopSignal: 'SIGTERM' },
  }),
  environment: template({
    env: [
      { name: 'A', value: '' },
      { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'C', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
      { name: 'D', valueFrom: { secretKeyRef: { name: 's', key: 'k', optional: false } } },
      { name: 'A', value: 'again' },
      { name: 'B', value: 'x $(B)' },
    ],
    envFrom: [{ prefix: 'P_', configMapRef: { name: 'c' } }, { secretRef: { name: 's', optional: true } }],
  }),
  'bad environment': template({
    env: [
      { name: '' },
      { name: 'a=b' },
      { name: 'ü' },
      { name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'B', valueFrom: {} },
      { name: 'C', valueFrom: { fieldRef: { fieldPath: 'spec.nothing' } } },
      { name: 'D', valueFrom: { fieldRef: { fieldPath: 'metadata.labels' } } },
      { name: 'E', valueFrom: { fieldRef: { fieldPath: "metadata.labels['a b']" } } },
      { name: 'F', valueFrom: { resourceFieldRef: { resource: 'limits.x' }, secretKeyRef: { name: 'A_', key: '' } } },
      { name: 'G', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '5m' } } },
      { name: 'H', valueFrom: { configMapKeyRef: { name: '', key: 'a b' } } },
    ],
    envFrom: [{}, { configMapRef: { name: '' }, secretRef: { name: 'B_' } }],
  }),
  ports: template({
    ports: [
      { containerPort: 80, name: 'http' },
      { containerPort: 80 },
      { containerPort: 81, protocol: 'UDP', hostPort: 81 },
    ],
  }),
  'bad ports': template({
    ports: [
      { containerPort: 0 },
      { containerPort: 70_000, hostPort: -1, protocol: 'X', name: 'Bad_name-that-is-long' },
      { containerPort: 1, name: 'a', hostPort: 5 },
      { containerPort: 2, name: 'a', hostPort: 5 },
    ],
  }),
  'two containers that clash': {
    metadata: { labels },
    spec: {
      containers: [
        { name: 'a', image: 'x:1', ports: [{ containerPort: 80, name: 'http' }] },
        {
          name: 'a',
          image: '',
          ports: [{ containerPort: 80, name: 'http' }],
          imagePullPolicy: 'Some',
          terminationMessagePolicy: 'Other',
        },
      ],
      initContainers: [
        { name: 'a', image: 'x' },
        { name: 'i', image: 'x', livenessProbe: { exec: { command: ['x'] } }, restartPolicy: 'Sometimes' },
        { name: 's', image: 'x', livenessProbe: { exec: { command: ['x'] } }, restartPolicy: 'Always' },
      ],
    },
  },
  volumes: template(
    {
      volumeMounts: [
        { name: 'a', mountPath: '/a' },
        { name: 'b', mountPath: '/b', subPath: 'x', readOnly: true },
      ],
    },
    {
      volumes: [
        { name: 'a' },
        { name: 'b', configMap: { name: 'c', items: [{ key: 'k', path: 'p' }] } },
        { name: 'c', secret: { secretName: 's' } },
        {
          name: 'd',
          projected: {
            sources: [
              { serviceAccountToken: { path: 'token' } },
              { downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } },
            ],
          },
        },
        { name: 'e', persistentVolumeClaim: { claimName: 'x' } },
        { name: 'f', emptyDir: { medium: 'Memory', sizeLimit: '1024Ki' } },
        { name: 'g', hostPath: { path: '/x' } },
        {
          name: 'h',
          downwardAPI: { items: [{ path: 'c', resourceFieldRef: { containerName: 'web', resource: 'limits.cpu' } }] },
        },
        { name: 'i', nfs: { server: 's', path: '/p' } },
        { name: 'j', csi: { driver: 'd.example.com' } },
        {
          name: 'k',
          ephemeral: {
            volumeClaimTemplate: {
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          },
        },
        { name: 'l', image: { reference: 'x:1' } },
      ],
    },
  ),
  'bad volumes': template(
    {
      volumeMounts: [
        { name: 'none', mountPath: '/a' },
        { name: '', mountPath: '' },
        { name: 'b', mountPath: '/a', subPath: '../x', mountPropagation: 'Bidirectional' },
        {
          name: 'b',
          mountPath: '/b',
          subPath: '/x',
          subPathExpr: 'y',
          mountPropagation: 'Some',
          recursiveReadOnly: 'Enabled',
        },
      ],
      volumeDevices: [
        { name: 'b', devicePath: '/b' },
        { name: 'zz', devicePath: '' },
      ],
    },
    {
      volumes: [
        { name: 'A_b' },
        { name: 'b', configMap: { name: 'c' } },
        { name: 'b', secret: {} },
        { name: '' },
        {
          name: 'c',
          configMap: {
            name: '',
            defaultMode: 5000,
            items: [
              { key: '', path: '../x', mode: -1 },
              { key: 'k', path: '..x' },
            ],
          },
        },
        { name: 'd', emptyDir: {}, hostPath: { path: '' } },
        { name: 'e', hostPath: { path: '/a/../b', type: 'Some' } },
        {
          name: 'f',
          projected: {
            sources: [
              { serviceAccountToken: { path: '', expirationSeconds: 5 } },
              {
                secret: { name: '' },
                configMap: {
                  name: 'x',
                  items: [
                    { key: 'a', path: 'p' },
                    { key: 'b', path: 'p' },
                  ],
                },
              },
            ],
          },
        },
        { name: 'g', persistentVolumeClaim: {} },
        { name: 'h', nfs: {} },
        { name: 'i', csi: {} },
        {
          name: 'j',
          downwardAPI: { items: [{ path: '' }, { path: 'x', resourceFieldRef: { resource: 'limits.cpu' } }] },
        },
        { name: 'k', ephemeral: {} },
        { name: 'm', emptyDir: { sizeLimit: '-1' } },
      ],
    },
  ),
  security: template(
    {
      securityContext: {
        runAsUser: 0,
        privileged: false,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
        allowPrivilegeEscalation: false,
      },
    },
    { securityContext: { fsGroup: 1, supplementalGroups: [1, 2], runAsNonRoot: true } },
  ),
  'bad security': template(
    {
      securityContext: {
        runAsUser: -1,
        runAsGroup: 3_000_000_000,
        procMount: 'X',
        seccompProfile: { type: 'Localhost' },
        appArmorProfile: { type: 'Y' },
      },
    },
    {
      securityContext: {
        fsGroup: -1,
        supplementalGroups: [-2],
        fsGroupChangePolicy: 'X',
        sysctls: [
          { name: 'A', value: '' },
          { name: 'a.b', value: '1' },
          { name: 'a.b', value: '1' },
        ],
        seccompProfile: { type: 'X' },
      },
      hostPID: true,
      shareProcessNamespace: true,
    },
  ),
  'an escalation that is refused and allowed': template({
    securityContext: { privileged: true, allowPrivilegeEscalation: false },
  }),
  scheduling: template(
    {},
    {
      tolerations: [
        { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 },
        { operator: 'Exists' },
      ],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }],
          },
        },
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 1, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname' } },
          ],
        },
      },
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
      nodeSelector: { 'beta.kubernetes.io/os': 'linux' },
    },
  ),
  'bad scheduling': template(
    {},
    {
      tolerations: [
        { value: 'x' },
        { key: 'a b', operator: 'Some', effect: 'E', tolerationSeconds: 1 },
        { key: 'c', operator: 'Exists', value: 'v' },
        { key: 'd', value: 'a b' },
      ],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] },
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 0,
              preference: {
                matchExpressions: [
                  { key: '', operator: 'Some' },
                  { key: 'a', operator: 'Gt', values: [] },
                ],
                matchFields: [{ key: 'x', operator: 'Exists' }],
              },
            },
          ],
        },
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: '', namespaces: ['A'], labelSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
          ],
        },
      },
      topologySpreadConstraints: [
        { maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'X', labelSelector: {} },
        { maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2, labelSelector: {} },
        { maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: {} },
      ],
      nodeSelector: { 'a b': 'c d' },
      readinessGates: [{ conditionType: 'a b' }],
      schedulingGates: [{ name: 'x' }, { name: 'x' }],
    },
  ),
  names: template(
    {},
    {
      serviceAccountName: 'robot',
      hostname: 'h',
      subdomain: 's',
      priorityClassName: 'p',
      runtimeClassName: 'r',
      hostAliases: [{ ip: '1.2.3.4', hostnames: ['a'] }, { ip: '1.2.3.4' }],
      imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}],
    },
  ),
  'the old name of an account': template({}, { serviceAccount: 'robot' }),
  'bad names': template(
    {},
    {
      serviceAccountName: 'A',
      hostname: 'H',
      subdomain: 'S',
      priorityClassName: 'P',
      runtimeClassName: 'R',
      nodeName: 'N',
      hostAliases: [{ ip: 'x', hostnames: ['A'] }],
      dnsPolicy: 'None',
      restartPolicy: 'Sometimes',
      os: { name: 'beos' },
      activeDeadlineSeconds: 0,
      preemptionPolicy: 'X',
    },
  ),
  'DNS of its own': template(
    {},
    {
      dnsPolicy: 'None',
      dnsConfig: { nameservers: ['1.1.1.1'], searches: ['a'], options: [{ name: 'ndots', value: '2' }] },
    },
  ),
  'bad DNS': template(
    {},
    { dnsPolicy: 'X', dnsConfig: { nameservers: ['1', '1.1.1.1', '1.1.1.2', '1.1.1.3'], options: [{}] } },
  ),
  'ports of the host': template(
    { ports: [{ containerPort: 80, hostPort: 81 }, { containerPort: 82 }] },
    { hostNetwork: true },
  ),
  'restarted on failure': template({}, { restartPolicy: 'OnFailure', activeDeadlineSeconds: 5 }),
  'ephemeral containers': template({}, { ephemeralContainers: [{ name: 'e', image: 'x:1' }] }),
  'bad labels of a template': {
    metadata: {
      labels: { ...labels, 'a b': 'c d' },
      annotations: { 'a b': 'x', 'scheduler.alpha.kubernetes.io/critical-pod': '' },
    },
    spec: { containers: [{ name: 'a', image: 'x:1' }] },
  },
}

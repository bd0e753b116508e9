// What cannot be changed once it is there, and what can.

import { podSpec } from '../objects.ts'
import { topic } from '../suite.ts'
import { type ChangeRow, checkChanges } from '../tables.ts'

const metadata = { name: 'a' }
const labels = { app: 'a' }
const template = { metadata: { labels }, spec: podSpec() }
const selector = { matchLabels: labels }
const pods = '/api/v1/~/pods'
const pod = {
  metadata: { name: 'a', annotations: { 'mainstay.dev/stage': 'never-placed' } },
  spec: podSpec({ tolerations: [{ key: 'a', operator: 'Exists' }] }),
}
const jobs = '/apis/batch/v1/~/jobs'
const job = { metadata, spec: { suspend: true, template: { spec: podSpec({ restartPolicy: 'Never' }) } } }
const sets = '/apis/apps/v1/~/statefulsets'
const set = { metadata, spec: { replicas: 0, serviceName: 's', selector, template } }
const deployments = '/apis/apps/v1/~/deployments'
const deployment = { metadata, spec: { replicas: 0, paused: true, selector, template } }

const rows: readonly ChangeRow[] = [
  [
    'refuses a change of the selector of a Deployment',
    deployments,
    deployment,
    { spec: { selector: { matchLabels: { app: 'b' } } } },
    [
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
      'spec.selector: FieldValueInvalid: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
    ],
  ],
  [
    'refuses a wider selector of a Deployment',
    deployments,
    deployment,
    { spec: { selector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } } },
    [
      'spec.selector: FieldValueInvalid: Invalid value: {"matchLabels":{"app":"a"},"matchExpressions":[{"key":"app","operator":"Exists"}]}: field is immutable',
    ],
  ],
  [
    'takes a change of the template of a Deployment',
    deployments,
    deployment,
    { spec: { template: { metadata: { annotations: { a: '1' } } } } },
    'taken',
  ],
  [
    'refuses labels of a template that the selector does not match',
    deployments,
    deployment,
    { spec: { template: { metadata: { labels: { app: 'b' } } } } },
    [
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"app":"b"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'refuses a change of the selector of a ReplicaSet',
    '/apis/apps/v1/~/replicasets',
    { metadata, spec: { replicas: 0, selector, template } },
    { spec: { selector: { matchLabels: { b: 'c' } } } },
    [
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
      'spec.selector: FieldValueInvalid: Invalid value: {"matchLabels":{"app":"a","b":"c"}}: field is immutable',
    ],
  ],
  [
    'refuses a change of the selector of a DaemonSet',
    '/apis/apps/v1/~/daemonsets',
    { metadata, spec: { selector, template: { ...template, spec: podSpec({ nodeSelector: { none: 'x' } }) } } },
    { spec: { selector: { matchLabels: { app: 'b' } } } },
    [
      'spec.selector: FieldValueInvalid: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'refuses a change of the service of a StatefulSet',
    sets,
    set,
    { spec: { serviceName: 't' } },
    [
      "spec: FieldValueForbidden: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ],
  ],
  [
    'refuses a change of the selector of a StatefulSet',
    sets,
    set,
    { spec: { selector: { matchLabels: { app: 'b' } } } },
    [
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
      "spec: FieldValueForbidden: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ],
  ],
  [
    'refuses a change of the claims of a StatefulSet',
    sets,
    set,
    {
      spec: {
        volumeClaimTemplates: [
          {
            metadata: { name: 'v' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    },
    [
      "spec: FieldValueForbidden: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ],
  ],
  [
    'refuses a change of the pod management of a StatefulSet',
    sets,
    set,
    { spec: { podManagementPolicy: 'Parallel' } },
    [
      "spec: FieldValueForbidden: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ],
  ],
  [
    'takes a change of replicas, template, history and minimum of a StatefulSet',
    sets,
    set,
    {
      spec: {
        replicas: 0,
        revisionHistoryLimit: 3,
        minReadySeconds: 4,
        template: { metadata: { annotations: { a: '1' } } },
        updateStrategy: { type: 'OnDelete', rollingUpdate: null },
      },
    },
    'taken',
  ],
  [
    'refuses a change of the template of a Job',
    jobs,
    {
      metadata,
      spec: {
        ...job.spec,
        suspend: false,
        template: {
          metadata: { annotations: { 'mainstay.dev/stage': 'never-placed' } },
          spec: podSpec({ restartPolicy: 'Never' }),
        },
      },
    },
    { spec: { template: { spec: { containers: [{ name: 'main', image: 'example.com/other:1' }] } } } },
    [
      'spec.template: FieldValueInvalid: Invalid value: {"labels":{"batch.kubernetes.io/controller-uid":"UID","batch.kubernetes.io/job-name":"a","controller-uid":"UID","job-name":"a"},"annotations":{"mainstay.dev/stage":"never-placed"},"Spec":{"Volumes":null,"InitContainers":null,"Containers":[{"Name":"main","Image":"example.com/other:1","Command":null,"Args":null,"WorkingDir":"","Ports":null,"EnvFrom":null,"Env":null,"Resources":{"Limits":null,"Requests":null,"Claims":null},"ResizePolicy":null,"RestartPolicy":null,"RestartPolicyRules":null,"VolumeMounts":null,"VolumeDevices":null,"LivenessProbe":null,"ReadinessProbe":null,"StartupProbe":null,"Lifecycle":null,"TerminationMessagePath":"/dev/termination-log","TerminationMessagePolicy":"File","ImagePullPolicy":"IfNotPresent","SecurityContext":null,"Stdin":false,"StdinOnce":false,"TTY":false}],"EphemeralContainers":null,"RestartPolicy":"Never","TerminationGracePeriodSeconds":30,"ActiveDeadlineSeconds":null,"DNSPolicy":"ClusterFirst","NodeSelector":null,"ServiceAccountName":"","AutomountServiceAccountToken":null,"NodeName":"","SecurityContext":{"HostNetwork":false,"HostPID":false,"HostIPC":false,"ShareProcessNamespace":null,"HostUsers":null,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"SupplementalGroups":null,"SupplementalGroupsPolicy":null,"FSGroup":null,"FSGroupChangePolicy":null,"Sysctls":null,"SeccompProfile":null,"AppArmorProfile":null,"SELinuxChangePolicy":null},"ImagePullSecrets":null,"Hostname":"","Subdomain":"","SetHostnameAsFQDN":null,"Affinity":null,"SchedulerName":"default-scheduler","Tolerations":null,"HostAliases":null,"PriorityClassName":"","Priority":null,"PreemptionPolicy":null,"DNSConfig":null,"ReadinessGates":null,"RuntimeClassName":null,"Overhead":null,"EnableServiceLinks":null,"TopologySpreadConstraints":null,"OS":null,"SchedulingGates":null,"ResourceClaims":null,"Resources":null,"HostnameOverride":null,"SchedulingGroup":null}}: field is immutable',
    ],
  ],
  [
    'takes a change of where the Pods of a suspended Job go',
    jobs,
    job,
    { spec: { template: { spec: { nodeSelector: { a: 'b' } } } } },
    'taken',
  ],
  [
    'refuses a change of the completions of a Job',
    jobs,
    job,
    { spec: { completions: 3 } },
    ['spec.completions: FieldValueInvalid: Invalid value: 3: field is immutable'],
  ],
  [
    'refuses a change of the mode of completion of a Job',
    jobs,
    job,
    { spec: { completionMode: 'Indexed' } },
    ['spec.completionMode: FieldValueInvalid: Invalid value: "Indexed": field is immutable'],
  ],
  [
    'refuses a change of the selector of a Job',
    jobs,
    job,
    { spec: { selector: { matchLabels: { a: 'b' } } } },
    [
      'spec.selector: FieldValueInvalid: Invalid value: {"matchLabels":{"a":"b","batch.kubernetes.io/controller-uid":"UID"}}: `selector` not auto-generated',
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"batch.kubernetes.io/controller-uid":"UID","batch.kubernetes.io/job-name":"a","controller-uid":"UID","job-name":"a"}: `selector` does not match template `labels`',
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"batch.kubernetes.io/controller-uid":"UID","batch.kubernetes.io/job-name":"a","controller-uid":"UID","job-name":"a"}: `selector` does not match template `labels`',
      'spec.selector: FieldValueInvalid: Invalid value: {"matchLabels":{"a":"b","batch.kubernetes.io/controller-uid":"UID"}}: field is immutable',
    ],
  ],
  [
    'takes a change of parallelism, deadline and retries of a Job',
    jobs,
    job,
    { spec: { parallelism: 2, activeDeadlineSeconds: 50, backoffLimit: 2, ttlSecondsAfterFinished: 9 } },
    'taken',
  ],
  ['takes manualSelector for a suspended Job', jobs, job, { spec: { manualSelector: true } }, 'taken'],
  [
    'refuses containers of a Pod without the mount that it was given',
    pods,
    pod,
    { spec: { containers: [{ name: 'main', image: 'example.com/app:2' }] } },
    [
      'spec: FieldValueForbidden: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n@@ -107,17 +107,7 @@\n    "ResizePolicy": null,\n    "RestartPolicy": null,\n    "RestartPolicyRules": null,\n-   "VolumeMounts": [\n-    {\n-     "Name": "kube-api-access-SIGNS",\n-     "ReadOnly": true,\n-     "RecursiveReadOnly": null,\n-     "MountPath": "/var/run/secrets/kubernetes.io/serviceaccount",\n-     "SubPath": "",\n-     "MountPropagation": null,\n-     "SubPathExpr": ""\n-    }\n-   ],\n+   "VolumeMounts": null,\n    "VolumeDevices": null,\n    "LivenessProbe": null,\n    "ReadinessProbe": null,\n',
    ],
  ],
  [
    'refuses another command of a Pod',
    pods,
    pod,
    { spec: { containers: [{ name: 'main', image: 'example.com/app:1', command: ['x'] }] } },
    [
      'spec: FieldValueForbidden: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n@@ -93,7 +93,9 @@\n   {\n    "Name": "main",\n    "Image": "example.com/app:1",\n-   "Command": null,\n+   "Command": [\n+    "x"\n+   ],\n    "Args": null,\n    "WorkingDir": "",\n    "Ports": null,\n@@ -107,17 +109,7 @@\n    "ResizePolicy": null,\n    "RestartPolicy": null,\n    "RestartPolicyRules": null,\n-   "VolumeMounts": [\n-    {\n-     "Name": "kube-api-access-SIGNS",\n-     "ReadOnly": true,\n-     "RecursiveReadOnly": null,\n-     "MountPath": "/var/run/secrets/kubernetes.io/serviceaccount",\n-     "SubPath": "",\n-     "MountPropagation": null,\n-     "SubPathExpr": ""\n-    }\n-   ],\n+   "VolumeMounts": null,\n    "VolumeDevices": null,\n    "LivenessProbe": null,\n    "ReadinessProbe": null,\n',
    ],
  ],
  [
    'refuses another container of a Pod',
    pods,
    pod,
    {
      spec: {
        containers: [
          { name: 'main', image: 'example.com/app:1' },
          { name: 'two', image: 'i' },
        ],
      },
    },
    ['spec.containers: FieldValueForbidden: Forbidden: pod updates may not add or remove containers'],
  ],
  [
    'refuses another node of a Pod',
    pods,
    pod,
    { spec: { nodeName: 'elsewhere' } },
    [
      'spec: FieldValueForbidden: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n@@ -140,7 +140,7 @@\n  "NodeSelector": null,\n  "ServiceAccountName": "default",\n  "AutomountServiceAccountToken": null,\n- "NodeName": "",\n+ "NodeName": "elsewhere",\n  "SecurityContext": {\n   "HostNetwork": false,\n   "HostPID": false,\n',
    ],
  ],
  [
    'refuses another account of a Pod',
    pods,
    pod,
    { spec: { serviceAccountName: 'other' } },
    [
      'spec: FieldValueForbidden: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n@@ -138,7 +138,7 @@\n  "ActiveDeadlineSeconds": null,\n  "DNSPolicy": "ClusterFirst",\n  "NodeSelector": null,\n- "ServiceAccountName": "default",\n+ "ServiceAccountName": "other",\n  "AutomountServiceAccountToken": null,\n  "NodeName": "",\n  "SecurityContext": {\n',
    ],
  ],
  [
    'refuses another restart policy of a Pod',
    pods,
    pod,
    { spec: { restartPolicy: 'Never' } },
    [
      'spec: FieldValueForbidden: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n@@ -133,7 +133,7 @@\n   }\n  ],\n  "EphemeralContainers": null,\n- "RestartPolicy": "Always",\n+ "RestartPolicy": "Never",\n  "TerminationGracePeriodSeconds": 30,\n  "ActiveDeadlineSeconds": null,\n  "DNSPolicy": "ClusterFirst",\n',
    ],
  ],
  [
    'refuses fewer tolerations of a Pod',
    pods,
    pod,
    { spec: { tolerations: [] } },
    [
      'spec.tolerations: FieldValueForbidden: Forbidden: existing toleration can not be modified except its tolerationSeconds',
    ],
  ],
  ['takes a deadline of a Pod', pods, pod, { spec: { activeDeadlineSeconds: 50 } }, 'taken'],
  [
    'refuses a longer grace of a Pod',
    pods,
    pod,
    { spec: { terminationGracePeriodSeconds: 99 } },
    [
      'spec: FieldValueForbidden: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n@@ -134,7 +134,7 @@\n  ],\n  "EphemeralContainers": null,\n  "RestartPolicy": "Always",\n- "TerminationGracePeriodSeconds": 30,\n+ "TerminationGracePeriodSeconds": 99,\n  "ActiveDeadlineSeconds": null,\n  "DNSPolicy": "ClusterFirst",\n  "NodeSelector": null,\n',
    ],
  ],
  [
    'takes labels and annotations of a Pod',
    pods,
    pod,
    { metadata: { labels: { a: 'b' }, annotations: { a: 'b' } } },
    'taken',
  ],
  [
    'refuses a gate on a Pod that had none',
    pods,
    pod,
    { spec: { schedulingGates: [{ name: 'example.com/g' }] } },
    [
      "spec.schedulingGates[0].name: FieldValueForbidden: Forbidden: only deletion is allowed, but found new scheduling gate 'example.com/g'",
    ],
  ],
]

topic('immutability', (it) => checkChanges(it, rows))

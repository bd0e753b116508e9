// The comparison held against a real kube-apiserver and the types it publishes: what was applied is the same, nobody is
// asked about it, and what somebody changed is told as the server has it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compare } from '@mainstay/core/compare/compare.ts'
import type { CompareInput } from '@mainstay/core/compare/context.ts'
import type { DryRun } from '@mainstay/core/compare/drift.ts'
import { handover } from '@mainstay/core/compare/handover.ts'
import type { DesiredObject } from '@mainstay/core/desired/desired.ts'
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refOf, resourceVersionOf, uidOf } from '@mainstay/core/object/object.ts'
import { parseApiVersion, refKey } from '@mainstay/core/object/ref.ts'
import { foldStringData } from '@mainstay/core/object/secret.ts'
import { printComparison } from '@mainstay/core/testing/print-drift.ts'
import { compareInput, desired, recorded } from '@mainstay/core/testing/world.ts'
import { loadAll } from 'js-yaml'
import { expect, it } from 'vitest'
import { discover } from './discovery.ts'
import { dryRunApply } from './dry-run.ts'
import { getObject } from './get.ts'
import { openSchemas } from './openapi.ts'
import type { Resource } from './resource-path.ts'
import { describeReal, type Real } from './testing/real.ts'
import { applyObject, createObject, mergePatch } from './write.ts'

const corpus = process.env.MAINSTAY_CORPUS ?? join(import.meta.dirname, '../../../../shared/corpus')

/** The manifests of a folder of public examples; none where they are not on this machine. */
function examples(...path: readonly string[]): readonly KubeObject[] {
  const folder = join(corpus, ...path)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => manifests(readFileSync(join(folder, file), 'utf8')))
}

function manifests(text: string): readonly KubeObject[] {
  return loadAll(text).filter((each): each is KubeObject => {
    return isObject(each as KubeObject) && (each as KubeObject).kind !== 'Kustomization'
  })
}

/** Spellings and shapes that the server stores otherwise than they are written. */
const ODD = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, creationTimestamp: null, labels: {}}
spec:
  serviceName: db
  replicas: 0
  selector: {matchLabels: {app: db}}
  template:
    metadata: {creationTimestamp: null, labels: {app: db}}
    spec:
      hostNetwork: false
      securityContext: {}
      tolerations: [{key: x, operator: Exists}]
      containers:
        - name: db
          image: db:1
          resources: {requests: {cpu: 0.1, memory: 0.5Gi}}
          args: []
          env: [{name: A, value: ""}, {name: B, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
          ports: [{containerPort: 53, protocol: UDP, name: dns}, {containerPort: 53, name: dns-tcp}]
          volumeMounts: [{name: data, mountPath: /d, readOnly: false}]
      volumes: [{name: tmp, emptyDir: {}}, {name: token, projected: {sources: [{serviceAccountToken: {path: token}}]}}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1024Mi}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {a: b}}}], ports: [{port: 80}]}, {}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
subjects: [{kind: ServiceAccount, name: default}, {kind: Group, name: all, apiGroup: rbac.authorization.k8s.io}]
---
apiVersion: v1
kind: Service
metadata: {name: web, finalizers: []}
spec: {clusterIP: "", selector: {a: b}, ports: [{port: 80, targetPort: 8080, name: http}, {port: 53, protocol: UDP, name: dns}]}
---
apiVersion: v1
kind: Secret
metadata: {name: web}
stringData: {a: x}
data: {b: "YWFh\\nYWFh\\n"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: empty}
data: {}
binaryData: null
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 50%, selector: {matchLabels: {a: b}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  maxReplicas: 5
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
`

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {tier: front}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, image: "web:1", ports: [{containerPort: 8080}], env: [{name: A, value: "1"}, {name: B, value: "2"}]}
        - {name: proxy, image: "proxy:1"}
`

/** Manifests of one namespace against the server. */
class Bench {
  readonly #real: Real
  readonly #wanted: readonly DesiredObject[]

  constructor(real: Real, list: readonly KubeObject[], namespace: string) {
    this.#real = real
    this.#wanted = list.map((each) => desired(foldStringData({ ...each, metadata: { ...each.metadata, namespace } })))
  }

  resource(object: KubeObject): Resource {
    const { group, version } = parseApiVersion(object.apiVersion)
    return { ...this.#real.resource(group, object.kind), version }
  }

  async apply(): Promise<void> {
    for (const { manifest } of this.#wanted) {
      await applyObject(this.#real.transport, this.resource(manifest), manifest, { force: true })
    }
  }

  /** What is compared now; `recorded` says that these manifests were applied last. */
  async input(memory: 'recorded' | 'unrecorded'): Promise<CompareInput> {
    const { transport } = this.#real
    const live = new Map<string, KubeObject>()
    for (const { ref, manifest } of this.#wanted) {
      const object = await getObject(transport, this.resource(manifest), ref)
      if (object !== null) live.set(refKey(refOf(object)), object)
    }
    const versions = this.#wanted.map((each) => parseApiVersion(each.manifest.apiVersion))
    const entries = this.#wanted.map((each) => {
      const object = live.get(refKey(each.ref))
      return recorded(each, { kind: 'applied', uid: object === undefined ? '' : (uidOf(object) ?? '') })
    })
    return compareInput({
      desired: this.#wanted,
      live: { objects: live, seen: [], absent: new Set(), gaps: [] },
      inventory: { entries: memory === 'recorded' ? entries : [] },
      kinds: (await discover(transport)).table,
      schema: (await openSchemas(transport).load(versions)).lookup,
    })
  }

  /** The comparison after the server was asked about what is not certain. */
  async asked(input: CompareInput): Promise<readonly string[]> {
    const uncertain = new Set(compare(input).uncertain)
    const dryRuns = new Map<string, DryRun>()
    for (const { ref, manifest } of this.#wanted) {
      if (!uncertain.has(refKey(ref))) continue
      const options = { fieldValidation: 'Strict' as const }
      const { object } = await dryRunApply(this.#real.transport, this.resource(manifest), manifest, options)
      dryRuns.set(refKey(ref), { kind: 'accepted', object, warnings: [] })
    }
    return printComparison(compare({ ...input, dryRuns }))
  }
}

/** Everything but the objects that are the same. */
function remarkable(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !line.startsWith('same '))
}

describeReal('the comparison on the real server', (real) => {
  const bench = async (list: readonly KubeObject[]): Promise<Bench> => {
    return new Bench(real(), list, await real().shared.namespace('compare'))
  }

  it('finds whole applications the same after they were applied, without asking about a single object', async () => {
    const list = [
      ...examples('microservices-demo', 'kubernetes-manifests'),
      ...examples('podinfo', 'kustomize'),
      ...manifests(DEPLOYMENT),
    ]
    const applied = await bench(list)
    await applied.apply()
    const lines = printComparison(compare(await applied.input('unrecorded')))
    expect(remarkable(lines)).toEqual([])
    expect(lines).toHaveLength(list.length)
  })

  it('asks once about odd spellings that nobody recorded, and never about those it applied itself', async () => {
    const odd = await bench(manifests(ODD))
    await odd.apply()
    expect(compare(await odd.input('unrecorded')).uncertain.length).toBeGreaterThan(0)
    expect(remarkable(await odd.asked(await odd.input('unrecorded')))).toEqual([])
    expect(remarkable(printComparison(compare(await odd.input('recorded'))))).toEqual([])
  })

  it('tells a hand edit with its author, before and after asking', async () => {
    const [web] = manifests(DEPLOYMENT)
    if (web === undefined) throw new Error('no manifest')
    const edited = await bench([web])
    await edited.apply()
    const input = await edited.input('unrecorded')
    const [live] = [...input.live.objects.values()]
    if (live === undefined) throw new Error('no live object')
    const patch = { spec: { replicas: 5, minReadySeconds: 3 }, metadata: { labels: { tier: 'back', mine: 'x' } } }
    await mergePatch(real().transport, edited.resource(web), refOf(live), patch, { fieldManager: 'kubectl-edit' })
    const expected = [
      'changed Deployment/web',
      '  set metadata.labels.tier "back" → "front" by kubectl-edit (hand edit)',
      '  set spec.replicas 5 → 2 by kubectl-edit (hand edit)',
    ]
    const now = await edited.input('recorded')
    expect(printComparison(compare(now)).slice(0, -1)).toEqual(expected)
    expect(await edited.asked(now)).toEqual(expected)
  })

  it('foresees what an apply takes away when Git drops it, and finds nothing left afterwards', async () => {
    const namespace = await real().shared.namespace('compare')
    const before = new Bench(real(), manifests(DEPLOYMENT), namespace)
    await before.apply()
    const shorter = DEPLOYMENT.replace(
      'env: [{name: A, value: "1"}, {name: B, value: "2"}]',
      'env: [{name: A, value: "1"}]',
    )
      .replace('        - {name: proxy, image: "proxy:1"}\n', '')
      .replace(', labels: {tier: front}', '')
    const after = new Bench(real(), manifests(shorter), namespace)
    const input = await after.input('unrecorded')
    const local = printComparison(compare(input))
    expect(local.map((line) => line.replace(/ (\{|").*/, ''))).toEqual([
      'changed Deployment/web',
      '  remove metadata.labels.tier',
      '  remove spec.template.spec.containers[name=proxy]',
      '  remove spec.template.spec.containers[name=web].env[name=B]',
      `ask apps/Deployment/${namespace}/web`,
    ])
    const asked = await after.asked(input)
    expect(asked.map((line) => line.split(' ')[3]).slice(2)).toEqual(
      local.map((line) => line.split(' ')[3]).slice(2, -1),
    )
    await after.apply()
    expect(printComparison(compare(await after.input('unrecorded')))).toEqual(['same Deployment/web'])
  })

  it('hands what client-side apply left behind over to the apply that removes it', async () => {
    const namespace = await real().shared.namespace('compare')
    const [manifest] = manifests(DEPLOYMENT)
    if (manifest === undefined) throw new Error('no manifest')
    const before = desired({ ...manifest, metadata: { ...manifest.metadata, namespace } }).manifest
    const annotations = {
      ...(isObject(before.metadata.annotations) ? before.metadata.annotations : {}),
      'kubectl.kubernetes.io/last-applied-configuration': `${canonicalJson(before)}\n`,
    }
    const clientSide = { ...before, metadata: { ...before.metadata, annotations } }
    const adopted = new Bench(real(), [manifest], namespace)
    await createObject(real().transport, adopted.resource(manifest), clientSide)
    expect(printComparison(compare(await adopted.input('unrecorded')))).toEqual(['same Deployment/web'])

    const [wanted] = manifests(DEPLOYMENT.replace('{name: A, value: "1"}, ', '').replace(', labels: {tier: front}', ''))
    if (wanted === undefined) throw new Error('no manifest')
    const after = new Bench(real(), [wanted], namespace)
    await after.apply()
    const removals = [
      'changed Deployment/web',
      '  remove metadata.labels.tier "front" → null by argocd-controller',
      '  remove spec.template.spec.containers[name=web].env[name=A] {"name":"A","value":"1"} → null by argocd-controller',
    ]
    const input = await after.input('unrecorded')
    expect(await after.asked(input)).toEqual(removals)

    const [live] = [...input.live.objects.values()]
    const [object] = input.desired
    if (live === undefined || object === undefined) throw new Error('no object')
    const removed = new Set(['metadata.labels.tier', 'spec.template.spec.containers[name=web].env[name=A]'])
    const managedFields = handover({ manifest: object.manifest, live, schema: null, removed })
    if (managedFields === null) throw new Error('nothing to hand over')
    const target = { ...refOf(live), resourceVersion: resourceVersionOf(live) ?? '' }
    await mergePatch(real().transport, after.resource(wanted), target, { metadata: { managedFields } })
    await after.apply()
    expect(printComparison(compare(await after.input('unrecorded')))).toEqual(['same Deployment/web'])
  })
})

// Arbitrary worlds for the laws of planning: a few kinds, names and waves, each object in one of all possible places.
import fc from 'fast-check'
import type { JsonObject } from '../object/json.ts'
import type { PlanInput } from '../plan/input.ts'
import type { Intent } from '../plan/plan.ts'
import type { PlanCase } from './plan-case.ts'
import { planInput } from './plan-case.ts'

/** Where an object is: in Git, in the cluster, in the records. */
const PLACES = ['same', 'changed', 'missing', 'surplus', 'gone', 'recreated', 'unmarked', 'marked'] as const
type Place = (typeof PLACES)[number]

interface Thing {
  readonly kind: keyof typeof API_VERSIONS
  readonly name: string
  readonly wave: number
  readonly place: Place
  readonly options: string
}

const API_VERSIONS = {
  Namespace: 'v1',
  ConfigMap: 'v1',
  Secret: 'v1',
  Service: 'v1',
  PersistentVolumeClaim: 'v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  Ingress: 'networking.k8s.io/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  Widget: 'example.com/v1',
} as const
const KINDS = Object.keys(API_VERSIONS) as (keyof typeof API_VERSIONS)[] // Keys of a literal.

const thing: fc.Arbitrary<Thing> = fc.record({
  kind: fc.constantFrom(...KINDS),
  name: fc.constantFrom('a', 'b', 'c'),
  wave: fc.integer({ min: -1, max: 2 }),
  place: fc.constantFrom(...PLACES),
  options: fc.constantFrom('', '', '', 'Prune=false', 'Prune=confirm', 'Delete=false', 'Replace=true'),
})

/** Any set of objects, each once. */
export const things: fc.Arbitrary<readonly Thing[]> = fc.uniqueArray(thing, {
  maxLength: 12,
  selector: (each) => `${each.kind}/${nameOf(each)}`,
})

/** Any request. */
export const anyIntent: fc.Arbitrary<Intent> = fc.oneof(
  fc.boolean().map((prune): Intent => ({ kind: 'sync', prune, only: [], revision: null })),
  fc.constantFrom('foreground', 'background', 'none').map((cascade): Intent => ({ kind: 'delete', cascade })),
  fc.constant<Intent>({
    kind: 'sync',
    prune: true,
    only: [{ exclude: false, group: '*', kind: 'Deployment', namespace: null, name: '*' }],
    revision: null,
  }),
)

/** Any input of planning. */
export const anyInput: fc.Arbitrary<PlanInput> = fc
  .tuple(things, anyIntent)
  .map(([all, intent]) => planInput(caseOf(all, intent)))

/** The case of a set of objects. */
export function caseOf(all: readonly Thing[], intent: Intent): PlanCase {
  const at = (...places: readonly Place[]): readonly Thing[] => all.filter((each) => places.includes(each.place))
  const recreated = at('recreated').map((each): [string, { state: { kind: 'applied'; uid: string } }] => [
    `${each.kind}/${nameOf(each)}`,
    { state: { kind: 'applied', uid: 'the-one-before' } },
  ])
  return {
    intent,
    same: at('same').map((each) => written(each, 1)),
    desired: [...at('changed', 'missing', 'unmarked').map((each) => written(each, 2))],
    ours: at('changed', 'surplus', 'recreated').map((each) => written(each, 1)),
    gone: at('gone').map((each) => written(each, 1)),
    live: [...at('unmarked').map((each) => placed(each)), ...at('marked').map((each) => marked(each))],
    records: Object.fromEntries(recreated),
    limits: { maxDeletes: 5 },
  }
}

function nameOf({ kind, name }: Thing): string {
  if (kind === 'Namespace') return name === 'a' ? 'shop' : name
  return kind === 'CustomResourceDefinition' ? (name === 'a' ? 'widgets.example.com' : `${name}s.example.org`) : name
}

function written(each: Thing, version: number): JsonObject {
  const annotations = {
    'argocd.argoproj.io/sync-wave': String(each.wave),
    ...(each.options === '' ? {} : { 'argocd.argoproj.io/sync-options': each.options }),
  }
  return {
    apiVersion: API_VERSIONS[each.kind],
    kind: each.kind,
    metadata: { name: nameOf(each), annotations },
    ...fieldsOf(each, version),
  }
}

function fieldsOf(each: Thing, version: number): JsonObject {
  switch (each.kind) {
    case 'Namespace':
      return {}
    case 'ConfigMap':
      return { data: { version: String(version) } }
    case 'Secret':
      return { data: { version: version === 1 ? 'MQ==' : 'Mg==' } }
    case 'Service':
      return { spec: { type: each.name === 'b' ? 'LoadBalancer' : 'ClusterIP', ports: [{ port: 79 + version }] } }
    case 'CustomResourceDefinition':
      return {
        spec: {
          group: each.name === 'a' ? 'example.com' : 'example.org',
          scope: 'Namespaced',
          names: { kind: each.name === 'a' ? 'Widget' : each.name.toUpperCase(), plural: 'x' },
          versions: [{ name: 'v1', served: true, storage: version === 1 }],
        },
      }
    default:
      return { spec: { replicas: version } }
  }
}

/** There, without a mark of ours. */
function placed(each: Thing): JsonObject {
  const object = written(each, 1)
  const namespaced = each.kind !== 'Namespace' && each.kind !== 'CustomResourceDefinition'
  return { ...object, metadata: { name: nameOf(each), ...(namespaced ? { namespace: 'shop' } : {}) } }
}

/** There with our mark, and nothing recorded. */
function marked(each: Thing): JsonObject {
  const object = placed(each)
  const group = API_VERSIONS[each.kind].split('/').length === 1 ? '' : API_VERSIONS[each.kind].split('/')[0]
  const id = `shop:${group ?? ''}/${each.kind}:shop/${nameOf(each)}`
  const metadata = { ...(object.metadata as JsonObject), annotations: { 'argocd.argoproj.io/tracking-id': id } }
  return { ...object, metadata }
}

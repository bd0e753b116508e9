// What of an artifact is deployed: the one layer that holds files, unpacked.
import { type Member, unpack } from '../archive/unpack.ts'
import { FaultError } from '../fault.ts'
import type { Layer, Manifest } from './manifest.ts'

/** A Helm chart: its files are in one folder that is called like the chart. */
const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'
/** A signature beside a chart; it is not deployed. */
const PROVENANCE_LAYER = 'application/vnd.cncf.helm.chart.provenance.v1.prov'

/** Argo CD's default for `reposerver.oci.layer.media.types`, by how each is packed. */
const FORMS: ReadonlyMap<string, 'tar' | 'tar.gz'> = new Map([
  ['application/vnd.oci.image.layer.v1.tar', 'tar'],
  ['application/vnd.oci.image.layer.v1.tar+gzip', 'tar.gz'],
  [CHART_LAYER, 'tar.gz'],
])

/**
 * The layer with the files.
 * @throws FaultError `unsupported` where there is none of a known type, or more than one
 */
export function contentLayer({ layers }: Manifest, where: string): Layer {
  const [layer, ...others] = layers.filter(({ mediaType }) => mediaType !== PROVENANCE_LAYER)
  if (layer !== undefined && others.length === 0 && FORMS.has(layer.mediaType)) return layer
  const why =
    layer === undefined
      ? 'it has no layers'
      : others.length > 0
        ? `it has ${others.length + 1} layers, and one is expected`
        : `its layer is of type ${layer.mediaType.slice(0, 100)}`
  throw new FaultError({
    kind: 'unsupported',
    what: 'the artifact holds no manifests',
    where,
    why,
    fix: [`push it as one layer of one of these types: ${[...FORMS.keys()].join(', ')}`],
  })
}

/** The files of a layer; those of a chart from its own folder on. */
export async function layerFiles(layer: Layer, bytes: Buffer, where: string): Promise<readonly Member[]> {
  const members = await unpack(bytes, FORMS.get(layer.mediaType) ?? 'tar.gz', where)
  return layer.mediaType === CHART_LAYER ? chartFiles(members, where) : members
}

/**
 * The files of a packaged chart without the folder that holds them all.
 * @throws FaultError `source-unreadable` where it is no chart
 */
export function chartFiles(members: readonly Member[], where: string): readonly Member[] {
  const roots = new Set(members.map(({ path }) => path.split('/', 1)[0] ?? ''))
  const [root = ''] = roots
  if (roots.size === 1 && members.some(({ path }) => path === `${root}/Chart.yaml`)) {
    return members.map((member) => ({ ...member, path: member.path.slice(root.length + 1) }))
  }
  throw new FaultError({
    kind: 'source-unreadable',
    what: 'the archive is no Helm chart',
    where,
    why: 'a packaged chart is one folder with a Chart.yaml in it',
    fix: ['publish it again: helm package'],
  })
}

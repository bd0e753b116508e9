// The charts that a chart depends on and does not bring along: found as `helm dependency build` would, fetched by us.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Json } from '@mainstay/core/object/json.ts'
import { create } from 'tar'
import { FaultError } from '../../fault.ts'
import { inRange, parseRange, parseVersion } from '../../source/semver.ts'
import type { Snapshot, Source } from '../../source/source.ts'
import { parseDocuments } from '../../yaml/manifests.ts'
import { joinPath } from '../path.ts'
import { decodeText } from '../text.ts'
import { type Dependency, readChartFile } from './chart-file.ts'

/** One chart to be put into `charts/`. */
export type Subchart =
  /** A folder of the same repository. */
  | { readonly kind: 'folder'; readonly name: string; readonly path: string }
  /** A chart of a Helm repository or registry. */
  | {
      readonly kind: 'chart'
      readonly name: string
      readonly version: string
      readonly id: string
      readonly snapshot: Snapshot
    }

/** How charts are fetched. */
export interface ChartFetch {
  readonly source: Pick<Source, 'resolve' | 'snapshot'> | null
  readonly project: string | null
  /** `helm.passCredentials`. */
  readonly passCredentials: boolean
}

/**
 * What has to be put into `charts/`: nothing where everything that is declared is there; else all that has a repository, in
 * the versions of the lock or, without one, the highest that fit now.
 */
export async function missingSubcharts(
  snapshot: Snapshot,
  folder: string,
  from: ChartFetch,
): Promise<readonly Subchart[]> {
  const { dependencies, lock } = await readChartFile(snapshot, folder)
  if (dependencies.length === 0) return []
  const there = await vendored(snapshot, folder)
  if (dependencies.every(({ name }) => there.some((entry) => isChart(entry, name)))) return []
  const found = await Promise.all(
    dependencies.map((dependency, index) => {
      // Without a repository it is what `charts/` holds, and stays.
      if (dependency.repository === '' && there.some((entry) => isChart(entry, dependency.name))) return null
      const version = lock?.[index]?.version ?? dependency.version
      return subchartOf(snapshot, folder, { ...dependency, version }, from)
    }),
  )
  return found.filter((subchart) => subchart !== null)
}

/** What decides the render of a subchart, for its key. */
export function subchartKey(subchart: Subchart): Json {
  return subchart.kind === 'folder' ? [subchart.name, subchart.path] : [subchart.name, subchart.version, subchart.id]
}

/** Where subcharts are put. */
export interface SubchartPlace {
  /** The chart's folder in the tree, absolute. */
  readonly chart: string
  /** A private folder for what is in the making. */
  readonly beside: string
  /** Packages the chart of a folder of the repository into `charts/`, as `helm package` does. */
  readonly pack: (path: string) => Promise<void>
}

/**
 * Puts the subcharts into `charts/`, in the place of what was there of the same names: as archives, because Helm holds the
 * files of a folder against the `.helmignore` of the chart around it, and one name may be there in two versions.
 */
export async function placeSubcharts(place: SubchartPlace, subcharts: readonly Subchart[]): Promise<void> {
  if (subcharts.length === 0) return
  const charts = join(place.chart, 'charts')
  await mkdir(charts, { recursive: true, mode: 0o700 })
  for (const entry of await readdir(charts)) {
    const isReplaced = subcharts.some(({ name }) => isChart(entry, name))
    if (isReplaced) await rm(join(charts, entry), { recursive: true, force: true })
  }
  for (const [index, subchart] of subcharts.entries()) {
    if (subchart.kind === 'folder') await place.pack(subchart.path)
    else await writeArchive(subchart, join(place.beside, `subchart-${index}`), charts)
  }
}

async function writeArchive(
  { name, version, snapshot }: Subchart & { readonly kind: 'chart' },
  cwd: string,
  charts: string,
): Promise<void> {
  const entries = await snapshot.list('', { recurse: true })
  const paths = entries.filter(({ kind }) => kind === 'file').map(({ path }) => path)
  for (const { path, bytes } of await snapshot.readAll(paths)) {
    await mkdir(dirname(join(cwd, name, path)), { recursive: true, mode: 0o700 })
    await writeFile(join(cwd, name, path), bytes, { mode: 0o600 })
  }
  await create({ gzip: true, portable: true, cwd, file: join(charts, `${name}-${version}.tgz`) }, [name])
}

async function vendored(snapshot: Snapshot, folder: string): Promise<readonly string[]> {
  const charts = folder === '' ? 'charts' : `${folder}/charts`
  if ((await snapshot.lookup(charts))?.kind !== 'folder') return []
  return (await snapshot.list(charts)).map(({ path }) => path.slice(charts.length + 1))
}

/** `shop` as a folder, or `shop-1.2.3.tgz` as it is packaged. */
function isChart(entry: string, name: string): boolean {
  if (entry === name) return true
  return entry.startsWith(`${name}-`) && /^v?\d.*\.tgz$/.test(entry.slice(name.length + 1))
}

async function subchartOf(
  snapshot: Snapshot,
  folder: string,
  dependency: Dependency,
  from: ChartFetch,
): Promise<Subchart> {
  const { name, repository, where } = dependency
  if (!/^[A-Za-z0-9._-]+$/.test(name) || name === '.' || name === '..')
    throw refused(dependency, `"${name}" is no name of a chart`)
  if (repository.startsWith('file://')) return folderChart(snapshot, folder, dependency)
  if (!/^(?:https?|oci):\/\//.test(repository)) {
    const why =
      repository === ''
        ? 'it has no repository, and charts/ does not hold it'
        : 'its repository is a name that only the machine knows on which the chart was made'
    throw refused(dependency, why)
  }
  if (from.source === null) throw refused(dependency, 'charts cannot be fetched here')
  const chart = { name, passCredentials: from.passCredentials }
  const { project } = from
  try {
    const revision = await from.source.resolve(repository, dependency.version, { chart, project })
    const found = await from.source.snapshot(revision)
    return { kind: 'chart', name, version: revision.commit, id: await found.treeId(''), snapshot: found }
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    const { fault } = error
    const place = fault.where === null ? where : `${where}, ${fault.where}`
    throw new FaultError({ ...fault, where: place }, { cause: error })
  }
}

async function folderChart(snapshot: Snapshot, folder: string, dependency: Dependency): Promise<Subchart> {
  const path = joinPath(folder, dependency.repository.slice('file://'.length))
  if (path === null) throw refused(dependency, 'its folder is outside of the repository')
  const file = path === '' ? 'Chart.yaml' : `${path}/Chart.yaml`
  if ((await snapshot.lookup(file))?.kind !== 'file') throw refused(dependency, `there is no chart at ${path}`)
  const version = await versionAt(snapshot, file)
  const range = parseRange(dependency.version)
  const parsed = parseVersion(version)
  if (dependency.version !== '' && (range === null || parsed === null || !inRange(parsed, range))) {
    throw refused(dependency, `the chart at ${path} has version ${version}, which is not ${dependency.version}`)
  }
  return { kind: 'folder', name: dependency.name, path }
}

async function versionAt(snapshot: Snapshot, file: string): Promise<string> {
  const [document] = parseDocuments(decodeText(await snapshot.read(file)), {
    file,
    faultKind: 'render-failed',
  }).documents
  const value = document?.value
  return typeof value === 'object' && value !== null && 'version' in value ? String(value.version) : ''
}

function refused({ name, where }: Dependency, why: string): FaultError {
  return new FaultError({
    kind: 'render-failed',
    what: `the chart's dependency "${name}" cannot be had`,
    where,
    why,
    fix: [
      'commit it into charts/: helm dependency update',
      'or name its repository: https://…, oci://…, or file://… inside of this repository',
    ],
  })
}

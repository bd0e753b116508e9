// What a chart says of the charts it depends on: Chart.yaml, its lock, and requirements.yaml of the first version.
import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { FaultError } from '../../fault.ts'
import type { Snapshot } from '../../source/source.ts'
import { parseDocuments } from '../../yaml/manifests.ts'
import { decodeText } from '../text.ts'

/** One dependency as a chart declares it. */
export interface Dependency {
  readonly name: string
  /** A version or a range; empty where the chart does not say. */
  readonly version: string
  /** `https://…`, `oci://…`, `file://…`, `@name`, `alias:name`; empty for a chart in `charts/`. */
  readonly repository: string
  /** As it was written, for the lock's digest. */
  readonly written: JsonObject
  /** File and line, for faults. */
  readonly where: string
}

/** A chart's dependencies, and the versions that its lock pins. */
export interface ChartFile {
  readonly dependencies: readonly Dependency[]
  /** Name and version in the order of the dependencies; null where there is no lock. */
  readonly lock: readonly { readonly name: string; readonly version: string }[] | null
}

/**
 * Reads the chart of a folder.
 * @throws FaultError `render-failed` where it cannot be read, or its lock is not of these dependencies
 */
export async function readChartFile(snapshot: Snapshot, folder: string): Promise<ChartFile> {
  const chart = await documentAt(snapshot, at(folder, 'Chart.yaml'))
  if (chart === null) {
    throw new FaultError({
      kind: 'render-failed',
      what: 'the folder is no Helm chart',
      where: at(folder, 'Chart.yaml'),
      why: 'the file does not exist',
      fix: ['point the source at the folder of a chart', 'or leave out spec.source.helm'],
    })
  }
  const own = dependenciesOf(chart)
  const old = own.length > 0 ? null : await documentAt(snapshot, at(folder, 'requirements.yaml'))
  const dependencies = old === null ? own : dependenciesOf(old)
  if (dependencies.length === 0) return { dependencies, lock: null }
  const lock = await documentAt(snapshot, at(folder, old === null ? 'Chart.lock' : 'requirements.lock'))
  return { dependencies, lock: lock === null ? null : lockOf(lock, dependencies) }
}

interface Document {
  readonly file: string
  readonly value: JsonObject
  readonly lineOf: (path: readonly (string | number)[]) => number
}

async function documentAt(snapshot: Snapshot, file: string): Promise<Document | null> {
  if ((await snapshot.lookup(file))?.kind !== 'file') return null
  const text = decodeText(await snapshot.read(file))
  const [document] = parseDocuments(text, { file, faultKind: 'render-failed' }).documents
  if (document === undefined || !isObject(document.value)) return { file, value: {}, lineOf: () => 1 }
  return { file, value: document.value, lineOf: (path) => document.lineOf(path) }
}

function dependenciesOf({ file, value, lineOf }: Document): readonly Dependency[] {
  const list = isList(value.dependencies) ? value.dependencies : []
  return list.map((written, index) => {
    const where = `${file}:${lineOf(['dependencies', index])}`
    if (!isObject(written) || textOf(written.name) === '') {
      throw new FaultError({
        kind: 'render-failed',
        what: 'a dependency of the chart has no name',
        where,
        fix: ['write name, version and repository of the dependency'],
      })
    }
    const { name, version, repository } = written
    return { name: textOf(name), version: textOf(version), repository: textOf(repository), written, where }
  })
}

/** Helm refuses a lock that was made of other dependencies: it compares a digest of both. */
function lockOf({ file, value }: Document, dependencies: readonly Dependency[]): NonNullable<ChartFile['lock']> {
  const locked = dependenciesOf({ file, value, lineOf: () => 1 })
  const digest = digestOf(dependencies, locked)
  if (textOf(value.digest) === digest) return locked
  throw new FaultError({
    kind: 'render-failed',
    what: "the lock is not of the chart's dependencies",
    where: file,
    why: `it was made of other dependencies than Chart.yaml names`,
    fix: [`run helm dependency update in the chart's folder, and commit ${file.split('/').at(-1)}`],
  })
}

/** Fields of a dependency in the order in which Helm writes them; the first three that it writes even when they are empty. */
const FIELDS: readonly (readonly [string, boolean])[] = [
  ['name', true],
  ['version', false],
  ['repository', true],
  ['condition', false],
  ['tags', false],
  ['enabled', false],
  ['import-values', false],
  ['alias', false],
]

/** The digest of Helm's resolver: SHA-256 of both lists as Go writes them as JSON. */
function digestOf(dependencies: readonly Dependency[], locked: readonly Dependency[]): string {
  const lists = [dependencies, locked].map((list) => list.map(({ written }) => goFields(written)))
  return `sha256:${createHash('sha256')
    .update(goJson(JSON.stringify(lists)))
    .digest('hex')}`
}

function goFields(written: JsonObject): JsonObject {
  const fields: [string, Json][] = []
  for (const [name, always] of FIELDS) {
    const value = written[name]
    const isEmpty = value === undefined || value === null || value === '' || value === false
    if (!isEmpty && !(isList(value) && value.length === 0)) fields.push([name, value])
    else if (always) fields.push([name, ''])
  }
  return Object.fromEntries(fields)
}

/** Go escapes what HTML would take for a tag. */
function goJson(text: string): string {
  return text.replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

function at(folder: string, file: string): string {
  return folder === '' ? file : `${folder}/${file}`
}

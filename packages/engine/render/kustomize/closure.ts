// Everything a kustomization needs, found without running anything: its folder, and what is referred to outside of it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import { FaultError } from '../../fault.ts'
import type { Snapshot, Target } from '../../source/source.ts'
import { type ParsedDocument, parseDocuments } from '../../yaml/manifests.ts'
import { isWithin, joinPath, shownPath } from '../path.ts'
import { REMOTE_KEY } from '../settings.ts'
import { decodeText } from '../text.ts'
import type { TreeWish } from '../tree/materialise.ts'
import { type ChartReference, pluginReferences, type Reference, type References, referencesOf } from './references.ts'
import { isOfThisMachine, isRemoteFile, isRemoteFolder } from './remote.ts'

/** Names of the file that makes a folder a kustomization, in kustomize's order. */
export const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

/** What the closure depends on beside the files. */
export interface ClosureOptions {
  /** Whether bases, files and charts may come over the network. */
  readonly remote: 'refused' | 'allowed'
  /** Whether Helm may render charts of kustomizations (`--enable-helm`). */
  readonly helm: boolean
  /** References that the Application adds to the source's own kustomization. */
  readonly added: readonly Reference[]
}

/** What a kustomization needs. */
export interface Closure {
  readonly wish: TreeWish
  /** Whether kustomize will have to fetch something. */
  readonly remote: boolean
  /** Real paths of files whose content becomes a Secret. */
  readonly secretFiles: readonly string[]
}

/** Kustomizations in one closure; more than that is a loop that was dressed up. */
const MAX_KUSTOMIZATIONS = 2000

/** Walks from the source's kustomization to all it needs. @throws FaultError with file and line of what cannot be used */
export async function kustomizeClosure(snapshot: Snapshot, path: string, options: ClosureOptions): Promise<Closure> {
  const walk = new Walk(snapshot, path, options)
  await walk.begin()
  return walk.closure()
}

/** A document with references: its file, and the folder that they are relative to. */
interface Place {
  readonly file: string
  readonly folder: string
  readonly lineOf: ParsedDocument['lineOf']
}

class Walk {
  readonly #snapshot: Snapshot
  readonly #options: ClosureOptions
  readonly #source: string
  #sourceReal = ''
  readonly #folders = new Set<string>()
  readonly #files = new Set<string>()
  readonly #ways = new Set<string>()
  readonly #visited = new Set<string>()
  readonly #secretFiles = new Set<string>()
  #remote = false

  constructor(snapshot: Snapshot, source: string, options: ClosureOptions) {
    this.#snapshot = snapshot
    this.#source = joinPath('', source) ?? source
    this.#options = options
  }

  async begin(): Promise<void> {
    const root = await this.#snapshot.lookup(this.#source)
    // The snapshot says best what is missing, and what is there instead.
    if (root?.kind !== 'folder') await this.#snapshot.treeId(this.#source)
    this.#sourceReal = root?.realPath ?? ''
    this.#folders.add(this.#sourceReal)
    this.#ways.add(this.#source)
    await this.#kustomization(this.#sourceReal)
    const place: Place = { file: 'spec.source.kustomize', folder: this.#sourceReal, lineOf: () => 0 }
    for (const reference of this.#options.added) await this.#follow(reference, place)
  }

  closure(): Closure {
    const folders = [...this.#folders]
    const files = [...this.#files].filter((file) => !folders.some((folder) => isWithin(file, folder)))
    return {
      wish: { folders, files, ways: [...this.#ways] },
      remote: this.#remote,
      secretFiles: [...this.#secretFiles],
    }
  }

  /** Reads the kustomization of a folder (a real path) and follows what it refers to. */
  async #kustomization(folder: string): Promise<void> {
    if (this.#visited.has(folder)) return
    this.#visited.add(folder)
    if (this.#visited.size > MAX_KUSTOMIZATIONS) throw tooMany(folder)
    for (const name of KUSTOMIZATION_FILES) {
      const file = folder === '' ? name : `${folder}/${name}`
      this.#files.add(file)
      if ((await this.#snapshot.lookup(file))?.kind !== 'file') continue
      for (const document of await this.#documents(file)) {
        const found = referencesOf(document.value)
        await this.#followAll(found, { file, folder, lineOf: (field) => document.lineOf(field) })
      }
    }
  }

  async #documents(file: string): Promise<readonly (ParsedDocument & { readonly value: JsonObject })[]> {
    const text = decodeText(await this.#snapshot.read(file))
    const { documents } = parseDocuments(text, { file, faultKind: 'render-failed' })
    return documents.flatMap((document) => (isObject(document.value) ? [{ ...document, value: document.value }] : []))
  }

  async #followAll(found: References, place: Place): Promise<void> {
    for (const reference of found.references) await this.#follow(reference, place)
    for (const chart of found.charts) await this.#chart(chart, place)
  }

  async #follow(reference: Reference, place: Place): Promise<void> {
    const { kind, value } = reference
    if (kind === 'file-or-text' && /[\n{]/.test(value)) return
    if (kind === 'plugin' && /[\n{]/.test(value)) return this.#inlinePlugin(value, place)
    if (isRemoteFile(value)) return this.#goOut(reference, place)
    const target = await this.#lookup(reference, place)
    const folderLike = kind === 'resource' || kind === 'component' || kind === 'plugin'
    // A file of that name wins; where there is none, kustomize looks for a host in it before it looks for a folder.
    if (folderLike && target?.kind !== 'file' && isRemoteFolder(value)) return this.#goOut(reference, place)
    if (target === null) return
    if (target.kind === 'folder') {
      if (kind === 'folder') this.#folders.add(target.realPath)
      else if (folderLike) await this.#folder(target)
      return
    }
    if (reference.field[0] === 'secretGenerator') this.#secretFiles.add(target.realPath)
    if (kind === 'plugin') await this.#plugin(target.realPath, place)
  }

  /** Looks up what a reference means; a way out of the repository is a fault, a way to nothing is kustomize's to tell. */
  async #lookup(reference: Reference, place: Place): Promise<Target | null> {
    const path = joinPath(place.folder, reference.value)
    if (path === null) throw leaves(reference, place)
    const target = await this.#snapshot.lookup(path)
    // A submodule is no folder of ours; the snapshot says so.
    if (target?.kind === 'submodule') await this.#snapshot.treeId(path)
    if (target?.kind === 'folder') this.#ways.add(path)
    else this.#files.add(path)
    return target
  }

  /**
   * A folder with a kustomization is taken whole. One above the source is not: kustomize refuses it as a cycle, and needs
   * no more than its kustomization to say so.
   */
  async #folder(target: Target): Promise<void> {
    const folder = target.realPath
    if (!isWithin(this.#sourceReal, folder)) this.#folders.add(folder)
    await this.#kustomization(folder)
  }

  /** A file that configures plugins: what those load is relative to the kustomization. */
  async #plugin(file: string, place: Place): Promise<void> {
    const key = `${place.folder}:${file}`
    if (this.#visited.has(key)) return
    this.#visited.add(key)
    for (const document of await this.#documents(file)) {
      const lineOf: Place['lineOf'] = (field) => document.lineOf(field)
      await this.#followAll(pluginReferences(document.value), { file, folder: place.folder, lineOf })
    }
  }

  async #inlinePlugin(text: string, place: Place): Promise<void> {
    const { documents } = parseDocuments(text, { file: place.file, faultKind: 'render-failed' })
    for (const { value } of documents) if (isObject(value)) await this.#followAll(pluginReferences(value), place)
  }

  async #chart(chart: ChartReference, place: Place): Promise<void> {
    // Without --enable-helm kustomize refuses the chart, and says so.
    if (!this.#options.helm) return
    const reference: Reference = { value: chart.folder, field: chart.field, kind: 'folder' }
    const target = await this.#lookup(reference, place)
    if (target?.kind === 'folder') this.#folders.add(target.realPath)
    else if (chart.repo !== null) this.#goOut({ ...reference, value: `chart ${chart.name} of ${chart.repo}` }, place)
  }

  #goOut(reference: Reference, place: Place): void {
    this.#remote = true
    if (isOfThisMachine(reference.value)) throw leaves(reference, place)
    if (this.#options.remote === 'refused') throw remote(reference, place)
  }
}

function at(reference: Reference, place: Place): string {
  const line = place.lineOf(reference.field)
  return line === 0 ? place.file : `${place.file}:${line}`
}

function remote(reference: Reference, place: Place): FaultError {
  return new FaultError({
    kind: 'unsupported',
    what: `the kustomization needs ${withoutCredentials(reference.value)}, which is not in the repository`,
    where: at(reference, place),
    why: 'what comes from elsewhere while rendering can change without a commit, so it is refused',
    fix: [
      'copy it into the repository and refer to it there',
      'or use the other repository as a source of its own',
      `or set ${REMOTE_KEY}: allowed in argocd-cm, for all applications`,
    ],
  })
}

/** A URL may carry a password or token. */
function withoutCredentials(reference: string): string {
  return reference
    .replace(/(:\/\/)[^/@]*@/, '$1')
    .replace(/([?&](?!ref=|version=|timeout=|submodules=)[^=&]*=)[^&]*/g, '$1…')
}

function leaves(reference: Reference, place: Place): FaultError {
  return new FaultError({
    kind: 'invalid-input',
    what: `the kustomization refers to "${reference.value}", which is outside of the repository`,
    where: at(reference, place),
    fix: ['put the file into the repository and refer to it there'],
  })
}

function tooMany(folder: string): FaultError {
  return new FaultError({
    kind: 'too-large',
    what: `more than ${MAX_KUSTOMIZATIONS} kustomizations belong to this source`,
    where: shownPath(folder),
    fix: ['split the application'],
  })
}

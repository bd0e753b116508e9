// Submodules: the repository that a folder stands for, read through a copy of its own at the commit that is recorded.
import { FaultError, isFault } from '../fault.ts'
import { parseAddress, shownAddress } from './address.ts'
import type { Mirror } from './mirror.ts'
import type { SubmoduleReader, Tree } from './snapshot.ts'

/** Where submodules are looked up. */
export interface SubmoduleSource {
  /** A repository by its URL, with the access of the project that the outer one is read for. */
  open(repoURL: string): Promise<Mirror>
}

/** The repository that holds the submodules. */
export interface Holder {
  readonly mirror: Mirror
  readonly repoURL: string
  readonly commit: string
  /** Id of its root folder. */
  readonly root: string
}

/** Submodules in submodules at most. */
const MAX_DEPTH = 5
/** Submodules of one snapshot at most. */
const MAX_OPENED = 100
const MAX_GITMODULES = 1024 * 1024

/** The submodules of one repository at one commit. */
export class Submodules implements SubmoduleReader {
  readonly #source: SubmoduleSource
  readonly #holder: Holder
  readonly #depth: number
  /** Shared by the whole snapshot. */
  readonly #opened: { count: number }
  #urls: Promise<ReadonlyMap<string, string>> | null = null

  constructor(source: SubmoduleSource, holder: Holder, depth = 1, opened: { count: number } = { count: 0 }) {
    this.#source = source
    this.#holder = holder
    this.#depth = depth
    this.#opened = opened
  }

  /**
   * The files of the submodule at a path of the repository, at a commit.
   * @throws FaultError that names the submodule; of the kind of what stands in the way
   */
  async open(path: string, commit: string): Promise<Tree> {
    if (this.#depth > MAX_DEPTH)
      throw this.#fault(path, 'too-large', `submodules are in submodules more than ${MAX_DEPTH} times`)
    if (++this.#opened.count > MAX_OPENED)
      throw this.#fault(path, 'too-large', `there are more than ${MAX_OPENED} submodules`)
    const repoURL = await this.#urlOf(path)
    try {
      const mirror = await this.#source.open(repoURL)
      await mirror.prove()
      await mirror.ensure(commit)
      const { tree: root } = await mirror.commit(commit)
      const holder = { mirror, repoURL, commit, root }
      const submodules = new Submodules(this.#source, holder, this.#depth + 1, this.#opened)
      return { contents: mirror, commit, root, submodules }
    } catch (error) {
      if (!isFault(error) || error.fault.kind === 'cancelled') throw error
      const { fix, kind, what, where, why } = error.fault
      const told = [what, where, why].filter((part) => part !== null).join(': ')
      throw this.#fault(path, kind, told, fix, error)
    }
  }

  async #urlOf(path: string): Promise<string> {
    this.#urls ??= this.#read()
    const url = (await this.#urls).get(path)
    if (url === undefined)
      throw this.#fault(path, 'not-found', 'the file .gitmodules does not say which repository it is')
    const whole = absoluteUrl(this.#holder.repoURL, url)
    if (whole === null) throw this.#fault(path, 'invalid-input', `its URL "${shownAddress(url)}" leads above the host`)
    // What comes from a server must not make us read folders of this machine.
    if (parseAddress(whole).kind === 'file' && this.#holder.mirror.address.kind !== 'file') {
      throw this.#fault(path, 'invalid-input', 'a repository on a server cannot name a folder of this machine')
    }
    return whole
  }

  /** URLs by path, as `.gitmodules` in the root folder says. */
  async #read(): Promise<ReadonlyMap<string, string>> {
    const { commit, mirror, root } = this.#holder
    const file = (await mirror.tree(commit, root)).find(({ name }) => name === '.gitmodules')
    if (file?.kind !== 'file') return new Map()
    const check = ([size = 0]: readonly number[]) => {
      if (size > MAX_GITMODULES) throw this.#fault('.gitmodules', 'too-large', `it has ${size} bytes`)
    }
    const [bytes] = await mirror.blobs(commit, [file.id], check)
    const settings = await mirror.settingsIn(bytes ?? Buffer.alloc(0))
    if (settings === null) throw this.#fault('.gitmodules', 'invalid-input', 'it is not in the form of Git settings')
    return urlsByPath(settings)
  }

  #fault(path: string, kind: FaultError['fault']['kind'], why: string, fix: readonly string[] = [], cause?: unknown) {
    return new FaultError(
      {
        kind,
        what: `the submodule "${path}" cannot be read`,
        where: `${path} in ${shownAddress(this.#holder.repoURL)} at ${this.#holder.commit.slice(0, 12)}`,
        why,
        fix: [...fix, 'or use the other repository as a source of its own'],
      },
      { cause },
    )
  }
}

/** `submodule.<name>.path` and `.url` belong together by the name. */
function urlsByPath(settings: readonly (readonly [key: string, value: string])[]): ReadonlyMap<string, string> {
  const byName = new Map<string, { path?: string; url?: string }>()
  for (const [key, value] of settings) {
    const [, name, field] = /^submodule\.(.*)\.(path|url)$/s.exec(key) ?? []
    if (name === undefined) continue
    const known = byName.get(name) ?? {}
    byName.set(name, field === 'path' ? { ...known, path: value.replace(/\/+$/, '') } : { ...known, url: value })
  }
  const urls = new Map<string, string>()
  for (const { path, url } of byName.values()) if (path !== undefined && url !== undefined) urls.set(path, url)
  return urls
}

/** A URL that begins with `./` or `../` is beside the repository that names it; null where it leads above its host. */
export function absoluteUrl(holder: string, url: string): string | null {
  if (!/^\.\.?\//.test(url)) return url
  const prefix = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*|^[^/]*:(?!\/\/)|^/.exec(holder)?.[0] ?? ''
  const isAbsolute = holder.slice(prefix.length).startsWith('/')
  const parts = holder.slice(prefix.length).split('/').filter(Boolean)
  for (const part of url.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.length === 0 ? null : `${prefix}${isAbsolute ? '/' : ''}${parts.join('/')}`
}

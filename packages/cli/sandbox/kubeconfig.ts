// The kubeconfig of a sandbox: where it is written, and what is never overwritten.
import { lstat, mkdtemp, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { FaultError } from '@mainstay/engine/fault.ts'

/** How to reach a sandbox. */
export interface Access {
  readonly url: string
  /** PEM of the authority that signed the server's certificate. */
  readonly authority: string
  readonly token: string
}

/** A kubeconfig on the disk. */
export interface WrittenKubeconfig {
  readonly path: string
  /** Takes away what was made for this sandbox alone. */
  readonly remove: () => Promise<void>
}

/** The first line of each kubeconfig of a sandbox: only a file with it is overwritten. */
const OURS = '# Written by mainstay sandbox. It reaches a sandbox on this machine and nothing else.'

/** The text; JSON is YAML. */
export function kubeconfigText({ url, authority, token }: Access): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'sandbox',
        cluster: { server: url, 'certificate-authority-data': Buffer.from(authority).toString('base64') },
      },
    ],
    users: [{ name: 'sandbox', user: { token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'sandbox' } }],
    'current-context': 'sandbox',
  }
  return `${OURS}\n${JSON.stringify(config, null, 2)}\n`
}

/** Faults where a file of that name holds anything that is not a sandbox's: it may be the only way to a cluster. */
export async function checkTarget(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw unwritable(file, error)
  })
  if (text.trim() === '' || text.startsWith(OURS)) return
  throw new FaultError({
    kind: 'invalid-input',
    what: 'the file holds something that is not of a sandbox, so it is not overwritten',
    where: file,
    fix: ['name a file that is not there yet', 'or leave --kubeconfig away: a fresh file is made'],
  })
}

/** Writes it to a file that only this user can read; null: to a fresh one. */
export async function writeKubeconfig(access: Access, file: string | null): Promise<WrittenKubeconfig> {
  if (file === null) {
    const folder = await mkdtemp(join(tmpdir(), 'mainstay-sandbox-'))
    const path = join(folder, 'kubeconfig')
    await writeFile(path, kubeconfigText(access), { mode: 0o600, flag: 'wx' })
    return { path, remove: () => rm(folder, { recursive: true, force: true }) }
  }
  const path = resolve(file)
  await checkTarget(path)
  // A whole file takes the place of the old one, whose mode may have been another; a link stays, as kubectl leaves it.
  const place = await behindLinks(path)
  const beside = join(dirname(place), `.${basename(place)}.${process.pid}`)
  try {
    await writeFile(beside, kubeconfigText(access), { mode: 0o600, flag: 'wx' })
    await rename(beside, place)
  } catch (error) {
    await rm(beside, { force: true })
    throw unwritable(path, error as NodeJS.ErrnoException) // What the file system throws has a code.
  }
  return { path, remove: async () => {} }
}

/** As many links after each other as Linux follows. */
const MOST_LINKS = 40

/** The file that a path stands for, whether it is there yet or not. */
async function behindLinks(path: string): Promise<string> {
  let place = path
  for (let links = 0; links < MOST_LINKS; links++) {
    const isLink = await lstat(place).then(
      (found) => found.isSymbolicLink(),
      () => false,
    )
    if (!isLink) return place
    place = resolve(dirname(place), await readlink(place))
  }
  throw unwritable(path, Object.assign(new Error('too many links'), { code: 'ELOOP' }))
}

function unwritable(file: string, error: NodeJS.ErrnoException): FaultError {
  const why = error.code ?? error.message
  return new FaultError(
    { kind: 'invalid-input', what: 'the kubeconfig cannot be written', where: file, why, fix: ['name another file'] },
    { cause: error },
  )
}

/** A path as a word of a shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

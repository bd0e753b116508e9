// Opens a sandbox as it was wished for and serves it: objects, Nodes, certificate, kubeconfig.
import { randomBytes, X509Certificate } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { FaultError } from '@mainstay/engine/fault.ts'
import { createAuthority, issue } from '@mainstay/engine/tls/x509.ts'
import type { Controller } from '@mainstay/sandbox/behaviours/controller.ts'
import { openSandbox, type Sandbox } from '@mainstay/sandbox/sandbox.ts'
import type { Call } from '../command.ts'
import type { ProgramCommand } from '../io.ts'
import { readDump } from './dump.ts'
import { fillFromCluster, fillFromFile } from './fill.ts'
import { checkTarget, shellWord, writeKubeconfig } from './kubeconfig.ts'
import { openMasking } from './masking.ts'
import { makeNodes } from './nodes.ts'
import { readCluster } from './read-cluster.ts'
import { type Served, serve } from './serve.ts'
import { wallClock } from './wall-clock.ts'

/** What somebody wants of a sandbox. */
export interface SandboxWish {
  /** null: a fresh file. */
  readonly kubeconfig: string | null
  /** 0: a free one. */
  readonly port: number
  /** null: chance. */
  readonly seed: string | null
  /** A file, or a context; null: nothing. */
  readonly load: string | null
  readonly withSecrets: boolean
  readonly nodes: number
  readonly empty: boolean
  readonly program: Pick<ProgramCommand, 'program' | 'args'> | null
}

/** A sandbox that answers. */
export interface OpenedSandbox {
  readonly url: string
  readonly kubeconfig: string
  /** SHA-256 of the server's certificate, as openssl writes it. */
  readonly fingerprint: string
  readonly seed: string
  /** What of it must be written otherwise for a shell. */
  readonly words: { readonly kubeconfig: string }
  readonly close: () => Promise<void>
}

/** Who acts in it. */
const CONTROLLERS: readonly Controller[] = []

/** Opens one. Everything that can be refused is refused before anything is read or written. */
export async function openServed(call: Call, wish: SandboxWish, signal: AbortSignal): Promise<OpenedSandbox> {
  const target = wish.kubeconfig === null ? null : resolve(call.io.cwd, wish.kubeconfig)
  if (target !== null) await checkTarget(target)
  const fill = wish.load === null ? () => {} : await filling(call, wish.load, wish.withSecrets, signal)
  const seed = wish.seed ?? randomBytes(4).toString('hex')
  const clock = wallClock(call.io)
  const sandbox = openSandbox({ clock, seed, empty: wish.empty, controllers: CONTROLLERS })
  fill(sandbox)
  makeNodes(sandbox, wish.nodes)
  const authority = createAuthority('mainstay sandbox')
  const identity = issue(authority, { commonName: 'sandbox', use: 'server', names: ['127.0.0.1', 'localhost'] })
  const token = randomBytes(24).toString('hex')
  const served = await serving({ handler: sandbox.fetch, identity, port: wish.port, token })
  const close = async (): Promise<void> => {
    sandbox.close()
    await served.close()
  }
  try {
    const written = await writeKubeconfig({ url: served.url, authority: authority.certificate, token }, target)
    return {
      url: served.url,
      kubeconfig: written.path,
      fingerprint: new X509Certificate(identity.certificate).fingerprint256,
      seed,
      words: { kubeconfig: shellWord(written.path) },
      close: async () => {
        await close()
        await written.remove()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function serving(options: Parameters<typeof serve>[0]): Promise<Served> {
  return await serve(options).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EADDRINUSE' ? 'another program listens there' : (error.code ?? error.message)
    const where = `127.0.0.1:${options.port}`
    const fix = ['name another one, or none: a free one is found']
    throw new FaultError({ kind: 'invalid-input', what: 'the port cannot be used', where, why, fix }, { cause: error })
  })
}

/** Reads what to begin with; the answer puts it in. A file where there is one of that name, else a context. */
async function filling(
  call: Call,
  source: string,
  withSecrets: boolean,
  signal: AbortSignal,
): Promise<(sandbox: Sandbox) => void> {
  const mask = withSecrets ? null : openMasking()
  const file = resolve(call.io.cwd, source)
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
  if (isFile) {
    const dumped = await readDump(file)
    const objects = mask === null ? dumped : dumped.map((each) => ({ ...each, object: mask(each.object) }))
    return (sandbox) => fillFromFile(sandbox, objects)
  }
  const objects = await readCluster(call, source, signal)
  return (sandbox) => fillFromCluster(sandbox, mask === null ? objects : objects.map(mask))
}

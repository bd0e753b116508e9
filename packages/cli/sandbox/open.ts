// Opens a sandbox as it was wished for and serves it: objects, Nodes, certificate, kubeconfig.
import { randomBytes, X509Certificate } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import { createAuthority, issue } from '@mainstay/engine/tls/x509.ts'
import { aggregation } from '@mainstay/sandbox/access/roles.ts'
import { MASTERS } from '@mainstay/sandbox/access/user.ts'
import { policyAdmission } from '@mainstay/sandbox/admission/policy.ts'
import { webhookAdmission } from '@mainstay/sandbox/behaviours/actors/webhook/admission.ts'
import { clusterAdmissionWith, clusterControllers } from '@mainstay/sandbox/behaviours/cluster/all.ts'
import { workloadControllers } from '@mainstay/sandbox/behaviours/workloads/all.ts'
import type { FaultRule } from '@mainstay/sandbox/faults/fault.ts'
import { jumpingClock } from '@mainstay/sandbox/faults/jumping-clock.ts'
import { withFaults } from '@mainstay/sandbox/faults/open.ts'
import { openSandbox, type Sandbox } from '@mainstay/sandbox/sandbox.ts'
import type { Call } from '../command.ts'
import type { ProgramCommand } from '../io.ts'
import { line } from '../output/line.ts'
import { readDump } from './dump.ts'
import { readFaultFile, strikeView } from './fault-file.ts'
import { fillFromCluster, fillFromFile, silentWebhooks } from './fill.ts'
import { checkTarget, shellWord, writeKubeconfig } from './kubeconfig.ts'
import { openMasking } from './masking.ts'
import { readCluster } from './read-cluster.ts'
import { type Served, serve } from './serve.ts'
import { freshSign } from './sign.ts'
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
  /** null: one where the sandbox begins with none. */
  readonly nodes: number | null
  readonly empty: boolean
  /** A file; null: nothing fails. */
  readonly faults: string | null
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

/** Opens one. Everything that can be refused is refused before anything is read or written. */
export async function openServed(call: Call, wish: SandboxWish, signal: AbortSignal): Promise<OpenedSandbox> {
  const target = wish.kubeconfig === null ? null : resolve(call.io.cwd, wish.kubeconfig)
  if (target !== null) await checkTarget(target)
  const rules = wish.faults === null ? [] : await readFaultFile(resolve(call.io.cwd, wish.faults))
  const beginning = wish.load === null ? null : await beginningFrom(call, wish.load, wish.withSecrets, signal)
  const seed = wish.seed ?? randomBytes(4).toString('hex')
  const authority = createAuthority('mainstay sandbox')
  const token = randomBytes(24).toString('hex')
  const nodes = wish.nodes ?? (wish.empty || beginning?.hasNodes === true ? 0 : 1)
  const { sandbox, handler } = opened(call, { seed, nodes, rules, token, certificate: authority.certificate }, wish)
  if (beginning !== null) {
    beginning.fill(sandbox, seed)
    tellSilent(call, silentWebhooks(sandbox))
  }
  const identity = issue(authority, { commonName: 'sandbox', use: 'server', names: ['127.0.0.1', 'localhost'] })
  const served = await serving({ handler, identity, port: wish.port, token: null })
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

/** What a sandbox is made of beside what was wished for. */
interface Makings {
  readonly seed: string
  readonly nodes: number
  readonly rules: readonly FaultRule[]
  readonly token: string
  readonly certificate: string
}

/** The sandbox with everybody who acts in it, and what answers for it. */
function opened(
  call: Call,
  { seed, nodes, rules, token, certificate }: Makings,
  { empty }: SandboxWish,
): { readonly sandbox: Sandbox; readonly handler: Sandbox['fetch'] } {
  const clock = jumpingClock(wallClock(call.io))
  const controllers = [aggregation, ...clusterControllers({ certificate }), ...workloadControllers({ nodes })]
  const access = { users: [{ token, name: 'kubernetes-admin', groups: [MASTERS] }], sign: freshSign() }
  const admission = clusterAdmissionWith(policyAdmission, webhookAdmission({}))
  const sandbox = openSandbox({ clock, seed, empty, controllers, access, admission })
  if (rules.length === 0) return { sandbox, handler: sandbox.fetch }
  const onStrike = strikeView(call, rules)
  return { sandbox, handler: withFaults(sandbox, { rules, seed, jump: clock.jump, onStrike }) }
}

async function serving(options: Parameters<typeof serve>[0]): Promise<Served> {
  return await serve(options).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EADDRINUSE' ? 'another program listens there' : (error.code ?? error.message)
    const where = `127.0.0.1:${options.port}`
    const fix = ['name another one, or none: a free one is found']
    throw new FaultError({ kind: 'invalid-input', what: 'the port cannot be used', where, why, fix }, { cause: error })
  })
}

/** So many webhooks are told by name. */
const NAMED = 10

/** Told even to those who want no progress: a write that is refused for it would have no other explanation. */
function tellSilent({ notes }: Call, webhooks: readonly string[]): void {
  const more = webhooks.length > NAMED ? [`… and ${webhooks.length - NAMED} more`] : []
  notes.print([...webhooks.slice(0, NAMED), ...more].map((each) => line(`! nobody answers  ${each}`, 'warn')))
}

/** What a sandbox begins with. */
interface Beginning {
  readonly fill: (sandbox: Sandbox, seed: string) => void
  readonly hasNodes: boolean
}

/** Reads what to begin with: a file where there is one of that name, else a context. */
async function beginningFrom(
  call: Call,
  source: string,
  withSecrets: boolean,
  signal: AbortSignal,
): Promise<Beginning> {
  const mask = withSecrets ? (object: KubeObject) => object : openMasking()
  const file = resolve(call.io.cwd, source)
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
  if (isFile) {
    const dumped = (await readDump(file)).map((each) => ({ ...each, object: mask(each.object) }))
    return {
      fill: (sandbox, seed) => fillFromFile(sandbox, dumped, seed),
      hasNodes: dumped.some(({ object }) => isNode(object)),
    }
  }
  const objects = (await readCluster(call, source, signal)).map(mask)
  return { fill: (sandbox, seed) => fillFromCluster(sandbox, objects, seed), hasNodes: objects.some(isNode) }
}

function isNode({ apiVersion, kind }: KubeObject): boolean {
  return apiVersion === 'v1' && kind === 'Node'
}

// The process behind the sandboxes of the tests: `node sandbox-main.ts FOLDER` opens as many as it is asked for, each on a
// port of its own, until it is ended.

import { createWriteStream } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { serve } from '@mainstay/cli/sandbox/serve.ts'
import { freshSign } from '@mainstay/cli/sandbox/sign.ts'
import { wallClock } from '@mainstay/cli/sandbox/wall-clock.ts'
import type { Identity } from '@mainstay/engine/tls/x509.ts'
import type { AuditEvent } from '@mainstay/sandbox/access/audit.ts'
import { aggregation } from '@mainstay/sandbox/access/roles.ts'
import { policyAdmission } from '@mainstay/sandbox/admission/policy.ts'
import { webhookAdmission } from '@mainstay/sandbox/behaviours/actors/webhook/admission.ts'
import { clusterAdmissionWith, clusterControllers } from '@mainstay/sandbox/behaviours/cluster/all.ts'
import { workloadControllers } from '@mainstay/sandbox/behaviours/workloads/all.ts'
import { openSandbox } from '@mainstay/sandbox/sandbox.ts'
import { openInside } from './inside.ts'
import { runKubelet } from './kubelet.ts'
import { layoutOf } from './options.ts'
import { accountOf, readTokenFile } from './users.ts'

/** A sandbox that was opened, as whoever asked is told. */
export interface Opened {
  readonly url: string
  /** For whatever belongs to it; its audit log is there. */
  readonly folder: string
}

/** The socket on which sandboxes are asked for: `POST /open`, and `POST /close?url=…`. */
export function controlSocket(folder: string): string {
  return join(folder, 'control.sock')
}

/** What all sandboxes of the process have in common. */
interface Common {
  readonly identity: Identity
  readonly authority: string
  readonly users: ReturnType<typeof readTokenFile>
}

const clock = wallClock({
  now: () => Date.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
})

/** Pods are placed and moved along by the same stand-in as on the real server, as their annotation says. */
const ownWays: ReadonlySet<string> = new Set(['nodes', 'scheduler', 'kubelet'])
const workloads = workloadControllers({ nodes: 0 }).filter(({ name }) => !ownWays.has(name))

async function main(folder: string | undefined): Promise<void> {
  if (folder === undefined) throw new Error('usage: sandbox-main.ts FOLDER')
  const layout = layoutOf(folder)
  const read = (path: string): Promise<string> => readFile(path, 'utf8')
  const common: Common = {
    identity: { certificate: await read(layout.serverCertificate), key: await read(layout.serverKey) },
    authority: await read(layout.caCertificate),
    users: readTokenFile(await read(layout.tokens)),
  }
  const closers = new Map<string, () => Promise<void>>()
  let count = 0
  const act = async (path: string): Promise<Opened | null> => {
    const { pathname, searchParams } = new URL(path, 'http://control')
    if (pathname === '/open') {
      count += 1
      const { close, ...opened } = await open(folder, `sandbox-${count}`, common)
      closers.set(opened.url, close)
      return opened
    }
    const url = searchParams.get('url') ?? ''
    await closers.get(url)?.()
    closers.delete(url)
    return null
  }
  const server = createServer((request, response) => {
    act(request.url ?? '').then(
      (answer) => response.end(JSON.stringify(answer)),
      (error: unknown) => {
        response.statusCode = 500
        response.end(error instanceof Error ? (error.stack ?? error.message) : String(error))
      },
    )
  })
  server.listen(controlSocket(folder))
}

/** Opens one with a folder of its own; its name, not where temporary folders happen to be, is the seed. */
async function open(
  parent: string,
  name: string,
  { identity, authority, users }: Common,
): Promise<Opened & { readonly close: () => Promise<void> }> {
  const folder = join(parent, name)
  await mkdir(folder)
  const log = createWriteStream(layoutOf(folder).auditLog, { flags: 'a' })
  const audit = (event: AuditEvent): void => {
    if (isWritten(event)) log.write(`${JSON.stringify(event)}\n`)
  }
  const own = clusterControllers({ certificate: authority, loadBalancers: null })
  const sandbox = openSandbox({
    clock,
    seed: name,
    controllers: [aggregation, ...own, ...workloads],
    access: { users, sign: freshSign(), audit },
    admission: clusterAdmissionWith(policyAdmission, webhookAdmission({})),
  })
  const served = await serve({ handler: sandbox.fetch, identity, port: 0, token: null, clientAuthority: authority })
  const standIn = users.find(({ name }) => name === accountOf('kubelet').name)
  if (standIn === undefined) throw new Error('the stand-in for a kubelet has a token')
  const ending = new AbortController()
  const kubelet = runKubelet(openInside(sandbox.fetch, standIn.token), ending.signal)
  const close = async (): Promise<void> => {
    ending.abort()
    await served.close()
    await kubelet
    sandbox.close()
    log.end()
  }
  return { url: served.url, folder, close }
}

/** As the policy of the real server has it (`auditPolicy` in options.ts): nobody counts questions after its health. */
function isWritten({ requestURI }: AuditEvent): boolean {
  return !/^\/(readyz|livez|healthz)/.test(requestURI)
}

if (import.meta.main) await main(process.argv[2])

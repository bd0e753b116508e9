// The process behind a sandbox as a test cluster: `node sandbox-main.ts FOLDER` serves until it is ended.

import { createWriteStream } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { serve } from '@mainstay/cli/sandbox/serve.ts'
import { wallClock } from '@mainstay/cli/sandbox/wall-clock.ts'
import type { AuditEvent } from '@mainstay/sandbox/access/audit.ts'
import { aggregation } from '@mainstay/sandbox/access/roles.ts'
import { policyAdmission } from '@mainstay/sandbox/admission/policy.ts'
import { clusterAdmission, clusterControllers } from '@mainstay/sandbox/behaviours/cluster/all.ts'
import { workloadControllers } from '@mainstay/sandbox/behaviours/workloads/all.ts'
import { openSandbox } from '@mainstay/sandbox/sandbox.ts'
import { openInside } from './inside.ts'
import { runKubelet } from './kubelet.ts'
import { layoutOf } from './options.ts'
import { accountOf, readTokenFile } from './users.ts'

/** Where the address is written as soon as the sandbox answers. */
export function addressFile(folder: string): string {
  return join(folder, 'address')
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
  const [certificate, key, authority, tokens] = await Promise.all(
    [layout.serverCertificate, layout.serverKey, layout.caCertificate, layout.tokens].map((path) =>
      readFile(path, 'utf8'),
    ),
  )
  const log = createWriteStream(layout.auditLog, { flags: 'a' })
  const audit = (event: AuditEvent): void => {
    if (isWritten(event)) log.write(`${JSON.stringify(event)}\n`)
  }
  const access = { users: readTokenFile(tokens ?? ''), audit }
  const controllers = [
    aggregation,
    ...clusterControllers({ certificate: authority ?? '', loadBalancers: null }),
    ...workloads,
  ]
  const admission = [...clusterAdmission, policyAdmission]
  const sandbox = openSandbox({ clock, seed: folder, controllers, access, admission })
  const served = await serve({
    handler: sandbox.fetch,
    identity: { certificate: certificate ?? '', key: key ?? '' },
    port: 0,
    token: null,
    clientAuthority: authority ?? '',
  })
  const standIn = access.users.find(({ name }) => name === accountOf('kubelet').name)
  if (standIn === undefined) throw new Error('the stand-in for a kubelet has a token')
  const kubelet = runKubelet(openInside(sandbox.fetch, standIn.token), new AbortController().signal)
  // At once or not at all: whoever waits for the file reads it whole.
  await writeFile(`${addressFile(folder)}.new`, served.url)
  await rename(`${addressFile(folder)}.new`, addressFile(folder))
  await kubelet
}

/** As the policy of the real server has it (`auditPolicy` in options.ts): nobody counts questions after its health. */
function isWritten({ requestURI }: AuditEvent): boolean {
  return !/^\/(readyz|livez|healthz)/.test(requestURI)
}

if (import.meta.main) await main(process.argv[2])

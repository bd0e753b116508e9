// npm run bench: measures against a reference in the same run and prints ratios. Nothing here is a test.
import { parseArgs } from 'node:util'
import { type Cluster, startCluster } from '../test/cluster/cluster.ts'
import { measureApply } from './apply.ts'
import { measureRender } from './render.ts'
import { measureReplan } from './replan.ts'
import { measureSandbox } from './sandbox/measure.ts'

const OBJECTS = 1000
const help = `npm run bench [-- --only apply|replan|render|sandbox]

Measures against a reference in the same run and prints ratios: how fast plans are applied and made again, what rendering
costs, and how fast and how large the sandbox is.
`

type Part = (cluster: Cluster, startMs: number) => Promise<readonly string[]>

const PARTS: Readonly<Record<string, Part>> = {
  apply: (cluster) => measureApply(cluster, OBJECTS),
  replan: (cluster) => measureReplan(cluster, OBJECTS),
  sandbox: measureSandbox,
}

/** Parts that need no API server. */
const ALONE: Readonly<Record<string, () => Promise<readonly string[]>>> = { render: measureRender }

const { only, help: wantsHelp } = parseArgs({
  options: { only: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
}).values
const chosen = <Each>(all: Readonly<Record<string, Each>>): readonly Each[] =>
  Object.entries(all).flatMap(([name, part]) => (only === undefined || only === name ? [part] : []))
const parts = chosen(PARTS)
const alone = chosen(ALONE)

if (wantsHelp || parts.length + alone.length === 0) {
  process.stdout.write(help)
  process.exitCode = wantsHelp ? 0 : 2
} else {
  for (const part of alone) for (const line of await part()) console.log(line)
  if (parts.length > 0) await run()
}

async function run(): Promise<void> {
  const startedAt = performance.now()
  const cluster = await startCluster()
  const startMs = performance.now() - startedAt
  try {
    console.log(`applications have ${OBJECTS} objects; API server and client share this machine`)
    for (const part of parts) {
      console.log('')
      for (const line of await part(cluster, startMs)) console.log(line)
    }
  } finally {
    await cluster.stop()
  }
}

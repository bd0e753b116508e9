// npm run bench: measures the write path against a reference of the same run and prints ratios. Nothing here is a test.
import { startCluster } from '../test/cluster/cluster.ts'
import { measureApply } from './apply.ts'
import { measureReplan } from './replan.ts'

const OBJECTS = 1000

const cluster = await startCluster()
try {
  console.log(`one application of ${OBJECTS} objects; API server and client share this machine\n`)
  for (const line of await measureApply(cluster, OBJECTS)) console.log(line)
  console.log('')
  for (const line of await measureReplan(cluster, OBJECTS)) console.log(line)
} finally {
  await cluster.stop()
}

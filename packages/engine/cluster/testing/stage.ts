// A fake server with its client, closed after the test.
import { afterEach } from 'vitest'
import { FaultError } from '../../fault.ts'
import type { ClusterConfig } from '../config.ts'
import { openTransport, type Transport } from '../transport.ts'
import { testPace } from './clock.ts'
import { configFor, type FakeOptions, type FakeServer, fakeServer, type Reply, type Seen } from './fake-server.ts'

/** A server and a client on it. */
export interface Stage {
  readonly server: FakeServer
  readonly transport: Transport
}

/** Opens stages that are closed after each test of the calling file. Call it once, at the top of the file. */
export function stages(): (
  answer: (seen: Seen) => Reply | Promise<Reply>,
  options?: FakeOptions & { readonly config?: Partial<ClusterConfig> },
) => Promise<Stage> {
  const closing: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })
  return async (answer, options = {}) => {
    const server = await fakeServer(answer, options)
    const transport = openTransport(configFor(server, options.config), { pace: testPace() })
    closing.push(
      () => transport.close(),
      () => server.close(),
    )
    return { server, transport }
  }
}

/** The fault that something fails with; anything else fails the test. */
export async function faultOf(run: Promise<unknown>): Promise<FaultError> {
  const error = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof FaultError)) throw new Error(`expected a fault, got ${String(error)}`)
  return error
}

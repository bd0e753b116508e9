// `mainstay app wait`: waits until an application is synced, healthy or gone.
import type { AppState, WaitRequest } from '@mainstay/engine/reconcile/session.ts'
import { APP_ARGUMENT, APP_OPTIONS, loadFor } from '../../address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { stateDocument } from '../../output/app.ts'
import { emit, isDocument } from '../../output/emit.ts'
import { line, span } from '../../output/line.ts'
import { healthSpan, syncSpan } from '../../output/state.ts'
import { momentText } from '../../output/time.ts'
import { interruptible } from '../../run/interrupt.ts'

/** Seconds where --timeout says nothing. */
const DEFAULT_TIMEOUT_S = 600

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'wait',
  summary: 'Wait until an application is synced and healthy',
  details: 'Without --sync, --health or --delete it waits for sync and health.',
  args: [APP_ARGUMENT],
  options: [
    ...APP_OPTIONS,
    { usage: '--sync', description: 'wait until it is synced' },
    { usage: '--health', description: 'wait until it is healthy' },
    { usage: '--delete', description: 'wait until nothing of it is left' },
    {
      usage: '--timeout <seconds>',
      description: `give up after that time, with exit code 2 (default: ${DEFAULT_TIMEOUT_S})`,
    },
  ],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [
    { text: 'until everything runs', command: 'mainstay app wait shop --timeout 300' },
    { text: 'until a deletion is through', command: 'mainstay app wait shop --delete' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  const wishes = wishesOf(call)
  return await call.session(async (session) => {
    const loaded = await loadFor(call, session)
    const { reached, state } = await interruptible(
      call.io,
      { timeoutS: null, stopping: 'Stopping to wait.', note: (text) => call.notes.say(text) },
      async (signal) => await session.wait(loaded, { ...wishes, signal, onState: stateSayer(call) }),
    )
    await emit(call, {
      document: () => ({ reached, application: stateDocument(state) }),
      names: () => [`${state.loaded.application.key.namespace}/${state.loaded.application.key.name}`],
      text: () => [reached ? line('✓ reached', 'good') : line(`✗ not reached within ${wishes.timeoutS} s`, 'bad')],
    })
    return reached ? EXIT.done : EXIT.error
  })
}

function wishesOf(call: Call): Pick<WaitRequest, 'sync' | 'health' | 'deleted' | 'timeoutS'> {
  const sync = call.flag('sync') === true
  const health = call.flag('health') === true
  const deleted = call.flag('delete') === true
  const all = !sync && !health && !deleted
  return { sync: sync || all, health: health || all, deleted, timeoutS: call.count('timeout') ?? DEFAULT_TIMEOUT_S }
}

/** Says a state when it differs from the one before. */
function stateSayer(call: Call): (state: AppState) => void {
  const terminal = isDocument(call) || call.format === 'name' ? call.notes : call.out
  let last = ''
  return (state) => {
    const healthy = state.resources.filter((each) => each.health?.status === 'Healthy').length
    const watched = state.resources.filter((each) => each.health !== null).length
    const text = `${state.sync} ${state.health.status} ${healthy}/${watched}`
    if (call.quiet || text === last) return
    last = text
    terminal.print([
      [
        span(`${momentText(new Date(call.io.now()).toISOString())}  `, 'dim'),
        syncSpan(state.sync),
        span('  '),
        healthSpan(state.health.status),
        span(`  ${healthy} of ${watched} healthy`),
      ],
    ])
  }
}

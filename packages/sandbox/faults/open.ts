// Puts faults between clients and a sandbox: each request passes the rules in their order.
import { attributesOf } from '../access/attributes.ts'
import type { SandboxClock } from '../clock.ts'
import type { Sandbox } from '../sandbox.ts'
import { type Random, randomFrom } from '../store/random.ts'
import { expire, halfSent, silence } from './bodies.ts'
import type { Effect, Passing, Past, Stage } from './effect.ts'
import type { Fault, FaultRule } from './fault.ts'
import { failGroup, loseGroup } from './groups.ts'
import { selects } from './match.ts'
import { cutList, lookBack } from './reads.ts'
import { delay, drop, forbid, refuse, setClock } from './refusals.ts'

/** Which faults, and where from their chance comes. */
export interface FaultOptions {
  readonly rules: readonly FaultRule[]
  readonly seed: string | number
  /** Moves the clock that the sandbox was opened with; without it clocks do not jump. */
  readonly jump?: (ms: number) => void
  /** Told of every strike: which rule, and at which request. */
  readonly onStrike?: (rule: number, request: Request) => void
}

/** A sandbox with faults in front of it: one seed and the same requests give the same faults. */
export function withFaults(
  sandbox: Pick<Sandbox, 'fetch' | 'clock' | 'snapshot'>,
  options: FaultOptions,
): Sandbox['fetch'] {
  const rules = options.rules.map((rule, index) => openRule(rule, index, sandbox, options))
  return (request, peer) => {
    const wish = attributesOf(request.method, new URL(request.url))
    const pass = (at: number, passing: Request): Promise<Response> => {
      const rule = rules[at]
      if (rule === undefined) return sandbox.fetch(passing, peer)
      return rule({ request: passing, peer, url: new URL(passing.url), wish, next: (next) => pass(at + 1, next) })
    }
    return pass(0, request)
  }
}

/** One rule with its count; a request that it does not strike goes on. */
function openRule(
  rule: FaultRule,
  index: number,
  sandbox: Pick<Sandbox, 'clock' | 'snapshot'>,
  { seed, jump, onStrike }: FaultOptions,
): (passing: Passing) => Promise<Response> {
  const random = randomFrom(`${seed}/fault/${index}`)
  const stage: Stage = { clock: sandbox.clock, random, jump: jump ?? null, keep: () => pastOf(sandbox) }
  const effect = effectOf(rule.fault, stage)
  const due = dueness(rule, random)
  return async (passing) => {
    const entailed = effect.entails?.(passing) ?? null
    if (entailed !== null) return entailed
    const userAgent = passing.request.headers.get('user-agent') ?? ''
    const meant = selects(rule.match, { wish: passing.wish, userAgent }) && effect.concerns(passing)
    if (!meant || !due()) return passing.next(passing.request)
    onStrike?.(index, passing.request)
    return effect.strike(passing)
  }
}

/** Whether a request that a rule means is struck; every call counts as one. */
function dueness({ after, times, probability }: FaultRule, random: Random): () => boolean {
  let seen = 0
  let struck = 0
  return () => {
    seen += 1
    if (seen <= after || (times !== null && struck >= times)) return false
    if (probability < 1 && random.next() >= probability) return false
    struck += 1
    return true
  }
}

/** A sandbox as it is now. Nobody acts in it, and its clock goes on for ages in tables alone. */
function pastOf({ clock, snapshot }: Pick<Sandbox, 'clock' | 'snapshot'>): Past {
  const still: SandboxClock = { now: () => clock.now(), after: () => () => {} }
  const past = snapshot().restore({ clock: still })
  return (request, peer) => past.fetch(request, peer)
}

function effectOf(fault: Fault, stage: Stage): Effect {
  switch (fault.kind) {
    case 'latency':
      return delay(fault, stage)
    case 'refuse':
      return refuse(fault)
    case 'drop':
      return drop(fault.when)
    case 'half-sent':
      return halfSent()
    case 'partial-list':
      return cutList(fault.items)
    case 'absent-group':
      return loseGroup(fault.group)
    case 'failing-group':
      return failGroup(fault.group)
    case 'expired-watch':
      return expire(fault.afterEvents)
    case 'silent-watch':
      return silence(fault.afterEvents)
    case 'stale':
      return lookBack(fault.reads, stage)
    case 'forbidden':
      return forbid(fault.user)
    case 'clock-jump':
      return setClock(fault.ms, stage)
  }
}

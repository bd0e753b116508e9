// Faults from a document: every kind with its fields, and each mistake with its place.
import type { Json } from '@mainstay/core/object/json.ts'
import { describe, expect, it } from 'vitest'
import { ruleOf } from './fault.ts'
import { pathText, readFaults } from './read.ts'

/** The one rule of a document with it, or what is wrong: `place: what`. */
function read(rule: Json): unknown {
  const found = readFaults({ faults: [rule] })
  return found.kind === 'rules' ? found.rules[0] : `${pathText(found.problem.path)}: ${found.problem.what}`
}

describe('a document of faults', () => {
  it('has for each kind what is usual where nothing is said', () => {
    const refuse = { kind: 'refuse', status: 503, when: 'before', retryAfter: null, message: null } as const
    expect(read({ kind: 'refuse', status: 503 })).toEqual(ruleOf(refuse))
    expect(read({ kind: 'latency', ms: 5 })).toEqual(ruleOf({ kind: 'latency', ms: 5, jitterMs: 0 }))
    expect(read({ kind: 'drop' })).toEqual(ruleOf({ kind: 'drop', when: 'before' }))
    expect(read({ kind: 'half-sent' })).toEqual(ruleOf({ kind: 'half-sent' }))
    expect(read({ kind: 'partial-list' })).toEqual(ruleOf({ kind: 'partial-list', items: 1 }))
    expect(read({ kind: 'absent-group', group: 'g' })).toEqual(ruleOf({ kind: 'absent-group', group: 'g' }))
    expect(read({ kind: 'failing-group', group: 'g' })).toEqual(ruleOf({ kind: 'failing-group', group: 'g' }))
    expect(read({ kind: 'expired-watch' })).toEqual(ruleOf({ kind: 'expired-watch', afterEvents: 0 }))
    expect(read({ kind: 'silent-watch' })).toEqual(ruleOf({ kind: 'silent-watch', afterEvents: 0 }))
    expect(read({ kind: 'stale' })).toEqual(ruleOf({ kind: 'stale', reads: 'all' }))
    expect(read({ kind: 'forbidden' })).toEqual(ruleOf({ kind: 'forbidden', user: 'kubernetes-admin' }))
    expect(read({ kind: 'clock-jump', ms: -5 })).toEqual(ruleOf({ kind: 'clock-jump', ms: -5 }))
  })

  it('says which requests, how often and how likely', () => {
    const match = {
      verbs: ['list', 'watch'],
      resources: ['pods'],
      namespaces: ['a'],
      names: ['b*'],
      userAgents: ['kubectl/*'],
    }
    expect(read({ kind: 'drop', when: 'after', match, after: 2, times: 3, probability: 0.25 })).toEqual(
      ruleOf({ kind: 'drop', when: 'after' }, { match, after: 2, times: 3, probability: 0.25 }),
    )
  })

  const mistakes: readonly (readonly [Json, string])[] = [
    [{ kind: 'dorp' }, 'faults[0].kind: must be one of: latency, refuse, drop'],
    [{}, 'faults[0].kind: must be there'],
    ['drop', 'faults[0]: must be a mapping'],
    [{ kind: 'refuse', status: 418 }, 'faults[0].status: must be one of: 429, 500, 503, 504'],
    [{ kind: 'latency' }, 'faults[0].ms: must be there'],
    [{ kind: 'latency', ms: 1.5 }, 'faults[0].ms: must be a whole number from 0 to 86400000'],
    [{ kind: 'drop', when: 'during' }, 'faults[0].when: must be one of: before, after'],
    [{ kind: 'absent-group', group: '' }, 'faults[0].group: must be a text'],
    [{ kind: 'drop', probability: 2 }, 'faults[0].probability: must be a number from 0 to 1'],
    [{ kind: 'drop', times: 0 }, 'faults[0].times: must be a whole number from 1'],
    [{ kind: 'drop', status: 503 }, 'faults[0].status: is no field here; there are: kind, when, match'],
    [{ kind: 'drop', match: { verbs: ['get', 'lst'] } }, 'faults[0].match.verbs[1]: must be one of: get, list'],
    [{ kind: 'drop', match: { verbs: 'get' } }, 'faults[0].match.verbs: must be a list'],
    [{ kind: 'drop', match: { verb: ['get'] } }, 'faults[0].match.verb: is no field here; there are: verbs, resources'],
    [{ kind: 'drop', match: { verbs: [] } }, 'faults[0].match.verbs: must name at least one; leave it out'],
    [{ kind: 'drop', match: { names: [7] } }, 'faults[0].match.names[0]: must be a text'],
  ]
  for (const [rule, told] of mistakes) {
    it(`is refused for ${JSON.stringify(rule)}`, () => {
      expect(read(rule)).toContain(told)
    })
  }

  it('is a mapping with a list and nothing else', () => {
    const told = (document: Json): unknown => {
      const found = readFaults(document)
      return found.kind === 'problem' ? `${pathText(found.problem.path)}: ${found.problem.what}` : found
    }
    expect(told([])).toBe(': must be a mapping')
    expect(told({})).toBe('faults: must be there')
    expect(told({ faults: [] })).toBe('faults: must name at least one fault')
    expect(told({ faults: {} })).toBe('faults: must be a list of faults')
    expect(told({ faults: [], fault: [] })).toBe('fault: is no field here; there are: faults')
  })
})

// Rules without a server: what compiles, what it may cost, and what evaluation gives.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect, it } from 'vitest'
import { schemaOf } from '../schema/schema.ts'
import { judgeRules } from './definition.ts'
import { programsOf } from './program.ts'

function programOf(rule: string, properties: JsonObject): ReturnType<typeof programsOf>[number] | undefined {
  const schema = schemaOf({ type: 'object', properties, 'x-kubernetes-validations': [{ rule }] })
  return programsOf(schema, false)[0]
}

it('points at what is wrong', () => {
  expect(programOf('self.a == 5', { a: { type: 'string' } })?.problem).toBe(
    "compilation failed: ERROR: <input>:1:8: found no matching overload for '_==_' applied to '(string, int)'\n | self.a == 5\n | .......^",
  )
})

it('knows whether a rule asks for the old value', () => {
  expect(programOf('self.a == oldSelf.a', { a: { type: 'string' } })?.usesOldSelf).toBe(true)
  expect(programOf("self.a == 'oldSelf'", { a: { type: 'string' } })?.usesOldSelf).toBe(false)
})

it('refuses a rule that may cost too much, and not one that is bounded', () => {
  const rules = [{ rule: 'self.all(x, self.exists_one(y, x == y))' }]
  const list = (more: JsonObject): JsonObject => ({
    type: 'array',
    items: { type: 'string', maxLength: 5 },
    'x-kubernetes-validations': rules,
    ...more,
  })
  const place = { root: false, uncorrelatable: null, times: 1n }
  expect(judgeRules(schemaOf(list({})), place, 'rules').causes).toHaveLength(1)
  expect(judgeRules(schemaOf(list({ maxItems: 10 })), place, 'rules').causes).toEqual([])
})

it('refuses a function that it does not know, instead of letting the rule pass', () => {
  expect(programOf('self.a.unheardOf()', { a: { type: 'string' } })?.problem).toContain(
    "undeclared reference to 'unheardOf' (in container '')",
  )
})

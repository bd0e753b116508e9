// CEL rules beside a real API server: values of expressions, faults, what does not compile, transitions, ratcheting.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { expect, it } from 'vitest'
import { describeRealCluster, type SharedCluster } from '../../../../test/cluster/shared.ts'
import { sampled } from '../../../../test/run/whole.ts'
import { definitionBehaviour } from '../definition/behaviour.ts'
import { resourceOf } from '../resource.ts'
import { schemaOf } from '../schema/schema.ts'
import { definitionOf, served, thing, version } from '../testing/cases.ts'
import { CEL_EXPRESSIONS, CEL_FAULTS, CEL_PROBLEMS, CEL_SPEC, CEL_SPEC_SCHEMA } from '../testing/cel-cases.ts'
import { COST_CASES, MESSAGE_COSTS } from '../testing/cost-cases.ts'
import { around, ask, sorted } from '../testing/local.ts'
import { causesOf, DEFINITIONS, install, send } from '../testing/real.ts'
import { TRANSITIONS } from '../testing/transition-cases.ts'
import { check } from './check.ts'
import { celValue, schemaType } from './convert.ts'
import { evaluate } from './evaluate.ts'
import { readExpression } from './node.ts'
import { List } from './value.ts'

describeRealCluster('rules beside a real API server', (cluster) => {
  it('agree on the values of expressions', async () => {
    const rules = CEL_EXPRESSIONS.map((text) => {
      const shown = /^self\.(metadata|kind)/.test(text) ? text : onSpec(text)
      // A text is not joined with others: the real server cannot bound what that would cost.
      if (!isList(text)) return { rule: 'false', messageExpression: `string(${shown})` }
      return { rule: `${shown} == ${literalOf(text)}`, message: text }
    })
    await agree(await cluster(), rules)
  })

  it('agree on expressions that cannot be evaluated', async () => {
    await agree(
      await cluster(),
      CEL_FAULTS.map((text) => ({ rule: onSpec(text) })),
    )
  })

  it.each(sampled(CEL_PROBLEMS, 8))('agree that %s does not compile', async (rule) => {
    const schema = { ...CEL_SPEC_SCHEMA, 'x-kubernetes-validations': [{ rule, message: 'no' }] }
    await agreeOnSchema(await cluster(), schema)
  })

  it.each(sampled(COST_CASES, 8))('agree on the cost of %s', async (_, schema) => {
    await agreeOnSchema(await cluster(), schema)
  })

  it.each(sampled(MESSAGE_COSTS, 8))('agree on the cost of %s', async (_, messageExpression) => {
    const schema = { ...MESSAGE_SCHEMA, 'x-kubernetes-validations': [{ rule: 'self.n > 5', messageExpression }] }
    await agreeOnSchema(await cluster(), schema)
  })

  it.each(sampled(TRANSITIONS, 6))('agree on $name', async ({ schema, before, changes }) => {
    const { api, namespace } = await cluster()
    const space = await namespace('crd')
    const group = `${space}.example.com`
    const path = `/apis/${group}/v1/namespaces/${space}/things`
    const crd = definitionOf(group, [version(schema)])
    await install(api, crd)
    const resource = resourceOf(served(crd))
    if (resource === null) throw new Error('the definition is served')
    const first = thing(group, 'one', before, { namespace: space })
    const made = await send(api, 'POST', path, first)
    expect(plain(ask(resource, first))).toEqual(plain(made.kind === 'stored' ? ask(resource, first) : made))
    if (made.kind !== 'stored') return
    const old = made.object as KubeObject // What was stored.
    for (const fields of changes) {
      const sent = { ...old, ...fields }
      const real = await send(api, 'PUT', `${path}/one?dryRun=All`, sent)
      const local = ask(resource, sent, old)
      expect(local.kind === 'invalid' ? plain(sorted(local.causes)) : local.kind, JSON.stringify(fields)).toEqual(
        real.kind === 'invalid' ? plain(sorted(real.causes)) : real.kind,
      )
    }
  })
})

/** True for an expression that gives a list, which no text is made of at once. */
function isList(text: string): boolean {
  const type = schemaType(schemaOf(CEL_SPEC_SCHEMA), true, 'selfType')
  return type !== null && check(readExpression(text), new Map([['self', type]])).type.kind === 'list'
}

/** The value that the sandbox gives a list, as a literal: a real server must find the two equal. */
function literalOf(text: string): string {
  const value = evaluate(readExpression(text), new Map([['self', celValue(CEL_SPEC, schemaOf(CEL_SPEC_SCHEMA))]]))
  if (!(value instanceof List)) throw new Error(`${text} is no list`)
  return `[${value.items.map((item) => (typeof item === 'string' ? quote(item) : String(item))).join(', ')}]`
}

/** Expressions are written for the spec; rules that need metadata stand at the root. */
function onSpec(text: string): string {
  return text.replace(/\bself\b/g, 'self.spec')
}

function quote(text: string): string {
  return JSON.stringify(text)
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json // Data alone.
}

const MESSAGE_SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    a: { type: 'string', maxLength: 10 },
    n: { type: 'integer' },
    m: { type: 'object', additionalProperties: { type: 'string' } },
  },
}

async function agreeOnSchema({ api }: SharedCluster, schema: JsonObject): Promise<void> {
  const crd = definitionOf('judged.example.com', [version({ type: 'object', properties: { spec: schema } })])
  const real = await api.request('POST', `${DEFINITIONS}?dryRun=All`, crd)
  const causes = definitionBehaviour.validateCreate?.(definitionBehaviour.fillIn?.(crd) ?? crd, around) ?? []
  expect(plain(sorted(causes))).toEqual(plain(sorted(causesOf(real.body as JsonObject)))) // A definition or a Status.
}

async function agree({ api, namespace }: SharedCluster, rules: readonly JsonObject[]): Promise<void> {
  const space = await namespace('crd')
  const group = `${space}.example.com`
  const schema = { type: 'object', properties: { spec: CEL_SPEC_SCHEMA }, 'x-kubernetes-validations': rules }
  const crd = definitionOf(group, [version(schema)])
  await install(api, crd)
  const resource = resourceOf(served(crd))
  if (resource === null) throw new Error('the definition is served')
  const sent = thing(group, 'one', { spec: CEL_SPEC }, { namespace: space })
  const real = await send(api, 'POST', `/apis/${group}/v1/namespaces/${space}/things`, sent)
  const local = ask(resource, sent)
  if (real.kind !== 'invalid' || local.kind !== 'invalid') throw new Error('no rule holds')
  expect(local.causes.map(({ message }) => message)).toEqual(real.causes.map(({ message }) => message))
}

// Label selectors in the query of a request: `app=web,tier in (a, b),!canary`.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { labelValue, qualifiedName } from '../kinds/formats.ts'
import { failure } from '../registry/status.ts'

/** Whether an object is selected. */
export type Selector = (object: KubeObject) => boolean

type Operator = 'exists' | '!' | 'in' | 'notin' | '=' | '==' | '!=' | 'gt' | 'lt'

interface Requirement {
  readonly key: string
  readonly operator: Operator
  readonly values: readonly string[]
}

/** Reads a label selector; null where it selects everything. */
export function labelSelector(text: string): Selector | null {
  if (text.trim() === '') return null
  const requirements = new Parser(text).whole()
  if (requirements.length === 0) return null
  return (object) => {
    const found = object.metadata.labels
    const labels = isObject(found) ? found : {}
    return requirements.every((requirement) => holds(requirement, labels))
  }
}

function holds({ key, operator, values }: Requirement, labels: JsonObject): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  if (typeof value !== 'string') return operator === '!' || operator === 'notin' || operator === '!='
  switch (operator) {
    case 'exists':
      return true
    case '!':
      return false
    case 'gt':
    case 'lt': {
      const [bound = ''] = values
      if (!/^[-+]?\d+$/.test(value)) return false
      return operator === 'gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound)
    }
    case 'notin':
    case '!=':
      return !values.includes(value)
    default:
      return values.includes(value)
  }
}

interface Token {
  readonly kind: 'identifier' | 'operator' | 'end'
  readonly text: string
}

const TOKEN = /\s*(?:(==|!=|[=!(),<>])|([^\s=!(),<>]+))/y
const BINARY: Readonly<Record<string, Operator>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(text: string) {
    const tokens: Token[] = []
    TOKEN.lastIndex = 0
    for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text)) {
      if (found[1] !== undefined) tokens.push({ kind: 'operator', text: found[1] })
      else tokens.push({ kind: 'identifier', text: found[2] ?? '' })
    }
    this.#tokens = tokens
  }

  whole(): readonly Requirement[] {
    const requirements: Requirement[] = []
    for (;;) {
      const token = this.#peek()
      if (token.kind === 'end') return requirements
      if (token.kind !== 'identifier' && token.text !== '!') {
        refuse(`found '${token.text}', expected: !, identifier, or 'end of string'`)
      }
      requirements.push(this.#requirement())
      const next = this.#take()
      if (next.kind === 'end') return requirements
      if (next.text !== ',') refuse(`found '${next.text}', expected: ',' or 'end of string'`)
      const following = this.#peek()
      if (following.kind !== 'identifier' && following.text !== '!') {
        refuse(`found '${following.text}', expected: identifier after ','`)
      }
    }
  }

  #requirement(): Requirement {
    const first = this.#take()
    const negated = first.text === '!' && first.kind === 'operator'
    const name = negated ? this.#take() : first
    if (name.kind !== 'identifier') wrong(`found '${name.text}', expected: identifier`)
    const [fault] = qualifiedName(name.text)
    if (fault !== undefined) wrong(`<nil>: Invalid value: ${JSON.stringify(name.text)}: ${fault}`)
    const next = this.#peek()
    if (next.kind === 'end' || next.text === ',') {
      return { key: name.text, operator: negated ? '!' : 'exists', values: [] }
    }
    if (negated) return { key: name.text, operator: '!', values: [] }
    return this.#binary(name.text)
  }

  #binary(key: string): Requirement {
    const token = this.#take()
    const operator = Object.hasOwn(BINARY, token.text) ? BINARY[token.text] : undefined
    if (operator === undefined) return wrong(`found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`)
    const values = operator === 'in' || operator === 'notin' ? this.#values() : [this.#exactValue()]
    check(key, operator, values)
    return { key, operator, values }
  }

  #exactValue(): string {
    const next = this.#peek()
    if (next.kind === 'end' || next.text === ',') return ''
    const token = this.#take()
    return token.kind === 'identifier' ? token.text : wrong(`found '${token.text}', expected: identifier`)
  }

  #values(): readonly string[] {
    const open = this.#take()
    if (open.text !== '(') wrong(`found '${open.text}' expected: '('`)
    const first = this.#peek()
    if (first.kind === 'end') wrong(`found '', expected: ',', ')' or identifier`)
    const values = new Set<string>()
    for (;;) {
      const token = this.#peek()
      if (token.kind === 'identifier') values.add(this.#take().text)
      else if (token.text === ',' || token.text === ')') values.add('')
      else wrong(`found '${token.text}', expected: ',', or identifier`)
      const next = this.#take()
      if (next.text === ')') return [...values].sort()
      if (next.text !== ',') wrong(`found '${next.text}', expected: ',' or ')'`)
    }
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' }
  }

  #take(): Token {
    const token = this.#peek()
    this.#at++
    return token
  }
}

function check(key: string, operator: Operator, values: readonly string[]): void {
  values.forEach((value, index) => {
    if ((operator === 'gt' || operator === 'lt') && !/^[-+]?\d+$/.test(value)) {
      const why = "for 'Gt', 'Lt' operators, the value must be an integer"
      wrong(`values[${index}]: Invalid value: ${JSON.stringify(value)}: ${why}`)
    }
    const [fault] = labelValue(value)
    if (fault !== undefined) wrong(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${fault}`)
  })
}

function wrong(message: string): never {
  return refuse(`unable to parse requirement: ${message}`)
}

function refuse(message: string): never {
  throw failure(400, 'BadRequest', message)
}

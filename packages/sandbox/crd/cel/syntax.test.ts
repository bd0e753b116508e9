// Expressions that end too early or too late, and what the real server says of them.
import { describe, expect, it } from 'vitest'
import { readExpression, SyntaxFault } from './node.ts'

const EXPRESSION =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"

function faultOf(text: string): string {
  try {
    readExpression(text)
    return 'none'
  } catch (error) {
    return error instanceof SyntaxFault ? `${error.at + 1}: ${error.message}` : String(error)
  }
}

describe('a fault of syntax', () => {
  it.each([
    ['self +', `7: Syntax error: mismatched input '<EOF>' expecting ${EXPRESSION}`],
    ['self.f(1, ', `11: Syntax error: mismatched input '<EOF>' expecting ${EXPRESSION}`],
    ['self ? 1', "9: Syntax error: mismatched input '<EOF>' expecting ':'"],
    ['(self', "6: Syntax error: missing ')' at '<EOF>'"],
    ['[1', "3: Syntax error: mismatched input '<EOF>' expecting {']', ','}"],
    ['self[1', "7: Syntax error: missing ']' at '<EOF>'"],
    ['{1:2', "5: Syntax error: mismatched input '<EOF>' expecting {'}', ','}"],
    ['self.', "6: Syntax error: no viable alternative at input '.'"],
    ['self)', "5: Syntax error: extraneous input ')' expecting <EOF>"],
    ['self other', "6: Syntax error: extraneous input 'other' expecting <EOF>"],
  ])('of %s is told as the server tells it', (text, told) => {
    expect(faultOf(text)).toBe(told)
  })
})

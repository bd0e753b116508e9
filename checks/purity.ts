// The core is a function of its inputs: no I/O, no clock, no randomness, nothing that depends on machine or locale.
import ts from 'typescript-ast'
import { packageOf } from './resolve.ts'
import { isReference, lineOf, parse, walk } from './syntax.ts'
import type { Tree } from './tree.ts'
import { isTest, sources } from './tree.ts'
import type { Violation } from './violation.ts'

/** Packages whose shipped files must be pure. The sandbox gets its clock as a parameter. */
const PURE = new Set(['core', 'sandbox'])

/**
 * Global names, each with what to do instead. A local of the same name is refused too: a reader would take it for the
 * global.
 */
const FORBIDDEN_NAMES: ReadonlyMap<string, string> = new Map([
  ['Date', 'take the instant (RFC 3339 text or milliseconds) as a parameter'],
  ['Intl', 'compare and format by code unit; a locale differs from machine to machine'],
  ['Temporal', 'take the instant as a parameter'],
  ['crypto', 'take a Digest or Mask as a parameter'],
  ['process', 'take the value as a parameter from the edge'],
  ['globalThis', 'take the value as a parameter from the edge'],
  ['console', 'return what there is to say; the edge prints it'],
  ['performance', 'measure at the edge'],
  ['fetch', 'I/O belongs to the engine'],
  ['XMLHttpRequest', 'I/O belongs to the engine'],
  ['WebSocket', 'I/O belongs to the engine'],
  ['Buffer', 'the core knows text and numbers only'],
  ['require', 'use import'],
  ['eval', 'write the code'],
  ['Function', 'write the code'],
  ['WeakRef', 'what the garbage collector does is not an input'],
  ['FinalizationRegistry', 'what the garbage collector does is not an input'],
  ['setTimeout', 'waiting belongs to the engine'],
  ['setInterval', 'waiting belongs to the engine'],
  ['setImmediate', 'waiting belongs to the engine'],
  ['queueMicrotask', 'waiting belongs to the engine'],
])

/** Members that depend on locale or chance, whatever they are called on. */
const FORBIDDEN_MEMBERS: ReadonlyMap<string, string> = new Map([
  ['localeCompare', 'use compareText of object/ref.ts'],
  ['toLocaleString', 'format by hand'],
  ['toLocaleLowerCase', 'use toLowerCase'],
  ['toLocaleUpperCase', 'use toUpperCase'],
  ['toLocaleDateString', 'format by hand'],
  ['toLocaleTimeString', 'format by hand'],
])

/** Every use of something impure in a shipped file of a pure package. */
export function checkPurity(tree: Tree): readonly Violation[] {
  return sources(tree)
    .filter((path) => PURE.has(packageOf(path) ?? '') && !isTest(path))
    .flatMap((path) => impurities(path, tree.get(path) ?? ''))
}

function impurities(path: string, text: string): readonly Violation[] {
  const file = parse(path, text)
  const found: Violation[] = []
  walk(file, (node) => {
    const wrong = impurity(node)
    if (wrong !== null) found.push({ file: path, line: lineOf(file, node), ...wrong })
  })
  return found
}

function impurity(node: ts.Node): Pick<Violation, 'what' | 'fix'> | null {
  if (ts.isMetaProperty(node)) return { what: 'uses import.meta', fix: 'a pure file does not know where it lies' }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return { what: 'imports at run time', fix: 'import at the top of the file' }
  }
  if (givesRandom(node)) return { what: 'uses Math.random', fix: 'take what is random as a parameter' }
  const member = memberName(node)
  const memberFix = member === null ? undefined : FORBIDDEN_MEMBERS.get(member)
  if (memberFix !== undefined) return { what: `uses ${member}, which depends on the locale`, fix: memberFix }
  if (!ts.isIdentifier(node) || !isReference(node)) return null
  const fix = FORBIDDEN_NAMES.get(node.text)
  return fix === undefined ? null : { what: `uses ${node.text}`, fix }
}

/** `Math.random`, or `Math` itself as a value, from which it could be taken. */
function givesRandom(node: ts.Node): boolean {
  if (!ts.isIdentifier(node) || node.text !== 'Math' || !isReference(node)) return false
  const member = memberName(node.parent)
  return member === null || member === 'random'
}

/** `b` of `a.b` and of `a['b']`. */
function memberName(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node)) return node.name.text
  if (!ts.isElementAccessExpression(node)) return null
  return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : null
}

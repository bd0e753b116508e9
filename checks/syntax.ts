// TypeScript sources as syntax trees: what a file imports and which nodes it has.
import ts from 'typescript-ast'

/** One import, re-export, dynamic import or import type of a file. */
export interface Import {
  readonly specifier: string
  /** 1-based. */
  readonly line: number
  /** Names bound by it, as exported over there; `*` for a namespace, `default` for a default import. */
  readonly names: readonly string[]
}

/** Parses one file. The parser never fails: syntax errors are for the compiler to report. */
export function parse(path: string, text: string): ts.SourceFile {
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, kind)
}

/** 1-based line of a node. */
export function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1
}

/** Calls `visit` for every node, outermost first. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node)
  ts.forEachChild(node, (child) => walk(child, visit))
}

/** Everything a file imports, in order, whatever the form. */
export function importsOf(file: ts.SourceFile): readonly Import[] {
  const found: Import[] = []
  walk(file, (node) => {
    const specifier = specifierOf(node)
    if (specifier !== null) found.push({ specifier: specifier.text, line: lineOf(file, node), names: namesOf(node) })
  })
  return found
}

function specifierOf(node: ts.Node): ts.StringLiteralLike | null {
  const expression = specifierNode(node)
  return expression !== undefined && ts.isStringLiteralLike(expression) ? expression : null
}

function specifierNode(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
  if (ts.isImportEqualsDeclaration(node)) {
    return ts.isExternalModuleReference(node.moduleReference) ? node.moduleReference.expression : undefined
  }
  if (!ts.isCallExpression(node)) return undefined
  const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword
  const required = ts.isIdentifier(node.expression) && node.expression.text === 'require'
  return dynamic || required ? node.arguments[0] : undefined
}

function namesOf(node: ts.Node): readonly string[] {
  if (ts.isImportDeclaration(node)) {
    const clause = node.importClause
    const bindings = clause?.namedBindings
    return [...(clause?.name === undefined ? [] : ['default']), ...(bindings === undefined ? [] : bound(bindings))]
  }
  if (ts.isExportDeclaration(node)) return node.exportClause === undefined ? ['*'] : bound(node.exportClause)
  return ['*']
}

function bound(bindings: ts.NamedImportBindings | ts.NamedExportBindings): readonly string[] {
  if (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) {
    return bindings.elements.map((element) => (element.propertyName ?? element.name).text)
  }
  return ['*']
}

/**
 * True where an identifier stands for a value or type of that name, not for a member's name (`x.process`,
 * `{ process: 1 }`).
 */
export function isReference(node: ts.Identifier): boolean {
  const parent = node.parent
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isQualifiedName(parent)) return parent.left === node
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false
  if (ts.isBindingElement(parent)) return parent.propertyName !== node && parent.name !== node
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isGetAccessorDeclaration(parent) ||
    ts.isSetAccessorDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isNamedTupleMember(parent)
  return !(named && parent.name === node)
}

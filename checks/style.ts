// Rules of form: what a file begins with, how long it is, what things are called, and what never enters the repository.
import ts from 'typescript-ast'
import { lineOf, parse, walk } from './syntax.ts'
import type { Tree } from './tree.ts'
import { isSource, sources } from './tree.ts'
import type { Violation } from './violation.ts'

/** Longer files hold more than one thing. */
export const MAX_LINES = 400

/** Endings that say nothing about what a thing is. */
const EMPTY_NAME = /(Manager|Helpers?|Utils?|Impl)$/
const EMPTY_FILE = /(^|[-_.])(managers?|helpers?|utils?|impl)$/

/** Standard words of the field that happen to end so. */
const TERMS = new Set(['FieldManager', 'ControllerManager', 'manager', 'field-manager', 'controller-manager'])

/** Test functions, and the modifiers by which a test stops telling the truth about the whole. */
const TEST_FUNCTIONS = new Set(['it', 'test', 'describe', 'suite', 'bench'])
const TEST_MODIFIERS = new Set(['skip', 'only', 'todo'])
const TEST_SHORTHANDS = new Set(['xit', 'xtest', 'xdescribe', 'fit', 'fdescribe'])

/**
 * Folders of somebody's machine, and hosts of package registries. Spelled in parts so that this file keeps its own rule.
 */
const MACHINE_FOLDERS = ['work', 'tmp', 'home', 'Users', 'root', 'var/folders']
const MACHINE_PATH = new RegExp(`(?<![\\w.~/$}-])/(?:${MACHINE_FOLDERS.join('|')})/[\\w.$-]`)
const REGISTRY_HOSTS = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['registry', 'npmmirror', 'com'],
  ['npm', 'pkg', 'github', 'com'],
  ['proxy', 'golang', 'org'],
  ['sum', 'golang', 'org'],
  ['goproxy', 'io'],
  ['goproxy', 'cn'],
  ['pypi', 'org'],
  ['files', 'pythonhosted', 'org'],
].map((parts) => parts.join('.'))

/** What the style check must know of the machine it runs on. */
export interface StyleOptions {
  /** Hosts of the registries that this machine is set up to use; they may appear in no file. */
  readonly registryHosts: readonly string[]
}

/** Every breach of form in the whole repository. */
export function checkStyle(tree: Tree, options: StyleOptions = { registryHosts: [] }): readonly Violation[] {
  const hosts = [...new Set([...REGISTRY_HOSTS, ...options.registryHosts])]
  const found: Violation[] = sources(tree).flatMap((path) => sourceStyle(path, tree.get(path) ?? ''))
  for (const [path, text] of tree) {
    found.push(...leaks(path, text, hosts))
    if (path === 'package-lock.json') found.push(...resolvedUrls(path, text))
  }
  return found
}

function sourceStyle(path: string, text: string): readonly Violation[] {
  const lines = text.split('\n')
  const found: Violation[] = []
  const first = lines[0]?.startsWith('#!') ? lines[1] : lines[0]
  if (first === undefined || !/^\/[/*]/.test(first)) {
    found.push({
      file: path,
      line: 1,
      what: 'does not begin with a comment',
      fix: 'say in one line what the file is for',
    })
  }
  // The last line ends with a newline, which `split` shows as one more empty line.
  const count = lines.at(-1) === '' ? lines.length - 1 : lines.length
  if (count > MAX_LINES) {
    found.push({
      file: path,
      line: MAX_LINES,
      what: `has ${count} lines`,
      fix: `split it by concept (at most ${MAX_LINES})`,
    })
  }
  const name =
    path
      .split('/')
      .at(-1)
      ?.replace(/(\.(test|laws))?\.tsx?$/, '') ?? ''
  if (EMPTY_FILE.test(name) && !TERMS.has(name)) {
    found.push({ file: path, line: 1, what: `is called ${name}`, fix: 'name it after the thing it holds' })
  }
  const file = parse(path, text)
  walk(file, (node) => {
    const wrong = emptyName(node) ?? silencedTest(node)
    if (wrong !== null) found.push({ file: path, line: lineOf(file, node), ...wrong })
  })
  return found
}

function emptyName(node: ts.Node): Pick<Violation, 'what' | 'fix'> | null {
  const named = ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)
  const name = named ? node.name?.text : undefined
  if (name === undefined || !EMPTY_NAME.test(name) || TERMS.has(name)) return null
  return { what: `is called ${name}`, fix: 'name it after what it is or does' }
}

function silencedTest(node: ts.Node): Pick<Violation, 'what' | 'fix'> | null {
  const fix = 'run it, or remove it; it.skipIf with a reason where a counterpart may be missing'
  if (ts.isPropertyAccessExpression(node) && TEST_MODIFIERS.has(node.name.text)) {
    const owner = node.expression
    if (!ts.isIdentifier(owner) || !TEST_FUNCTIONS.has(owner.text)) return null
    return { what: `uses ${owner.text}.${node.name.text}`, fix }
  }
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return null
  return TEST_SHORTHANDS.has(node.expression.text) ? { what: `uses ${node.expression.text}`, fix } : null
}

function leaks(path: string, text: string, hosts: readonly string[]): readonly Violation[] {
  // Most files hold neither; one look at the whole text spares the look at each line.
  if (!MACHINE_PATH.test(text) && !hosts.some((host) => text.includes(host))) return []
  return text.split('\n').flatMap((line, index): Violation[] => {
    const found: Violation[] = []
    const machine = MACHINE_PATH.exec(line)
    if (machine !== null) {
      const fix = isSource(path) ? 'use a path relative to the repository, or mkdtemp' : 'use a relative path'
      found.push({ file: path, line: index + 1, what: `names a path of one machine (${machine[0]}…)`, fix })
    }
    const host = hosts.find((each) => line.includes(each))
    if (host !== undefined) {
      const fix = 'leave the registry to the configuration of whoever installs'
      found.push({ file: path, line: index + 1, what: `names the package registry ${host}`, fix })
    }
    return found
  })
}

function resolvedUrls(path: string, text: string): readonly Violation[] {
  return text
    .split('\n')
    .flatMap((line, index): Violation[] =>
      /"resolved":\s*"https?:/.test(line)
        ? [{ file: path, line: index + 1, what: 'holds a download address', fix: 'run npm install with this .npmrc' }]
        : [],
    )
}

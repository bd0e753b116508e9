// Who may import whom: the table here is the architecture, and every import of the repository is held against it.
import type { Target } from './resolve.ts'
import { folderOf, packageOf, resolveImport } from './resolve.ts'
import type { Import } from './syntax.ts'
import { importsOf, parse } from './syntax.ts'
import type { Tree } from './tree.ts'
import { isTest, sources } from './tree.ts'
import type { Violation } from './violation.ts'

/** What one package may import. */
interface PackageRule {
  /** Packages of ours; `core/object` means that folder alone. */
  readonly packages: readonly string[]
  /** May it use Node's own modules? */
  readonly node: boolean
  /** May it use packages from the registry (those that its package.json declares)? */
  readonly npm: boolean
}

/** The architecture. A package that is not listed here may not exist. */
export const PACKAGES: Readonly<Record<string, PackageRule>> = {
  core: { packages: [], node: false, npm: false },
  api: { packages: ['core'], node: false, npm: true },
  sandbox: { packages: ['core/object'], node: false, npm: true },
  engine: { packages: ['core'], node: true, npm: true },
  server: { packages: ['engine', 'api', 'core'], node: true, npm: true },
  cli: { packages: ['server', 'engine', 'sandbox', 'api', 'core'], node: true, npm: true },
  ui: { packages: ['api', 'core'], node: false, npm: true },
}

/**
 * Folders of the core, each with what it may import: a folder, or one file of a folder. Values flow from left to right
 * (object → app → desired, live → compare → impact → plan → run) and nothing earlier knows how something later works:
 * of `plan` and `policy` it may know the values alone (`plan.ts`, `finding.ts`), never the rules. A rule looks at a plan
 * and a plan is judged by rules, so those two know each other; that no file goes round in a circle is checked by itself.
 */
export const CORE_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  object: [],
  repository: ['object'],
  live: ['object'],
  health: ['object'],
  app: ['object', 'desired/desired.ts', 'plan/plan.ts', 'policy/finding.ts'],
  diff: ['object', 'app'],
  desired: ['object', 'app', 'policy/finding.ts'],
  inventory: ['object', 'app', 'desired', 'live'],
  compare: ['object', 'app', 'desired', 'live', 'inventory', 'diff'],
  impact: ['object', 'app', 'desired', 'live', 'inventory', 'compare', 'plan/plan.ts'],
  policy: ['object', 'app', 'desired', 'live', 'inventory', 'diff', 'compare', 'impact', 'plan'],
  plan: ['object', 'app', 'desired', 'live', 'inventory', 'diff', 'compare', 'impact', 'policy', 'health'],
  run: ['object', 'app', 'desired', 'live', 'inventory', 'compare', 'plan', 'health'],
}

/** What test code inside a package may use beside what its package declares. */
const TEST_TOOLS = new Set(['vitest', 'fast-check', 'js-yaml', 'undici', 'ssh2', 'emulate'])

/** Every import that the tables do not allow. */
export function checkImports(tree: Tree): readonly Violation[] {
  const violations: Violation[] = []
  for (const path of sources(tree)) {
    for (const each of importsOf(parse(path, tree.get(path) ?? ''))) {
      const wrong = judge(tree, path, each)
      if (wrong !== null) violations.push({ file: path, line: each.line, ...wrong })
    }
  }
  return [...violations, ...unknownPackages(tree)]
}

type Wrong = Pick<Violation, 'what' | 'fix'>

function judge(tree: Tree, from: string, each: Import): Wrong | null {
  const target = resolveImport(from, each.specifier)
  switch (target.kind) {
    case 'file':
      return judgeFile(tree, from, target)
    case 'node':
      return judgeNode(from, target.module)
    case 'npm':
      return judgeNpm(tree, from, target.name)
  }
}

function judgeFile(tree: Tree, from: string, target: Target & { readonly kind: 'file' }): Wrong | null {
  const own = packageOf(from)
  const other = packageOf(target.path)
  if (!tree.has(target.path)) {
    return { what: `imports ${target.path}, which does not exist`, fix: 'name the file with its .ts ending' }
  }
  if (isTest(target.path) && own !== null && !isTest(from)) {
    return { what: `imports test code (${target.path})`, fix: 'move what both need into a file that ships' }
  }
  if (own === other) {
    if (target.way === 'package') return { what: 'imports its own package by name', fix: 'use a relative path' }
    return own === 'core' ? judgeCoreFolder(from, target.path) : null
  }
  if (own === null) return null
  if (other === null) {
    // Tests beside the code may use the harness that starts real programs.
    if (isTest(from) && target.path.startsWith('test/')) return null
    return { what: `imports ${target.path}`, fix: 'packages never import test/, tools/, bench/ or checks/; move it' }
  }
  if (target.way === 'relative') {
    return { what: `reaches into packages/${other} by path`, fix: `import it as @mainstay/${other}/…` }
  }
  return judgePackage(tree, own, other, target.path)
}

function judgePackage(tree: Tree, own: string, other: string, path: string): Wrong | null {
  const allowed = PACKAGES[own]?.packages ?? []
  const fits = allowed.includes(other) || allowed.includes(`${other}/${folderOf(path) ?? ''}`)
  if (!fits) {
    return {
      what: `${own} may not import ${other}`,
      fix: `allowed: ${allowed.join(', ') || 'nothing'}; the table is in checks/imports.ts`,
    }
  }
  return declares(tree, own, `@mainstay/${other}`) ? null : undeclared(own, `@mainstay/${other}`)
}

function judgeCoreFolder(from: string, to: string): Wrong | null {
  const own = folderOf(from)
  const other = folderOf(to)
  if (own === null || other === null || own === other || isTest(from)) return null
  const allowed = CORE_FOLDERS[own]
  if (allowed === undefined) {
    return {
      what: `packages/core/${own} is not in the table of folders`,
      fix: 'add it to CORE_FOLDERS, or move the file',
    }
  }
  const file = to.slice('packages/core/'.length)
  if (allowed.includes(other) || allowed.includes(file)) return null
  return {
    what: `core/${own} may not import core/${file}`,
    fix: `allowed: ${allowed.join(', ') || 'nothing'}; the table is in checks/imports.ts`,
  }
}

function judgeNode(from: string, module: string): Wrong | null {
  const own = packageOf(from)
  if (own === null || isTest(from) || PACKAGES[own]?.node === true) return null
  return { what: `${own} may not import ${module}`, fix: 'take what it gives as a parameter from the edge' }
}

function judgeNpm(tree: Tree, from: string, name: string): Wrong | null {
  const own = packageOf(from)
  if (own === null) {
    return declares(tree, null, name) || declaredAnywhere(tree, name) ? null : undeclared(null, name)
  }
  if (isTest(from) && TEST_TOOLS.has(name)) return null
  if (!isTest(from) && PACKAGES[own]?.npm !== true) {
    return { what: `${own} may not import ${name}`, fix: 'write the few lines, or move the work to the edge' }
  }
  return declares(tree, own, name) ? null : undeclared(own, name)
}

function undeclared(own: string | null, name: string): Wrong {
  const file = own === null ? 'package.json' : `packages/${own}/package.json`
  return { what: `imports ${name}, which ${file} does not declare`, fix: `add it there with an exact version` }
}

/** The parts of package.json that are read here. */
interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

function declares(tree: Tree, own: string | null, name: string): boolean {
  const text = tree.get(own === null ? 'package.json' : `packages/${own}/package.json`)
  if (text === undefined) return false
  // A package.json of ours; npm itself refuses other shapes.
  const manifest: Manifest = JSON.parse(text)
  const declared = own === null ? { ...manifest.dependencies, ...manifest.devDependencies } : manifest.dependencies
  return declared !== undefined && Object.hasOwn(declared, name)
}

function declaredAnywhere(tree: Tree, name: string): boolean {
  return Object.keys(PACKAGES).some((each) => declares(tree, each, name))
}

function unknownPackages(tree: Tree): readonly Violation[] {
  const names = new Set([...tree.keys()].map(packageOf).filter((name) => name !== null))
  return [...names]
    .filter((name) => PACKAGES[name] === undefined)
    .map((name) => ({
      file: `packages/${name}/package.json`,
      line: 1,
      what: `package ${name} is not in the import table`,
      fix: 'say in PACKAGES of checks/imports.ts what it may import',
    }))
}

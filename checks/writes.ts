// One write path: who may speak to a cluster at all, who may send it a write, and who may write managed objects.
import ts from 'typescript-ast'
import { packageOf, resolveImport } from './resolve.ts'
import { importsOf, isReference, lineOf, parse, walk } from './syntax.ts'
import type { Tree } from './tree.ts'
import { isTest, sources } from './tree.ts'
import type { Violation } from './violation.ts'

/** The only folder that speaks HTTP to a cluster. */
const CLUSTER = 'packages/engine/cluster/'

/** The only folder that may have managed objects written. */
const EXECUTE = 'packages/engine/execute/'

/** The file with the requests that change a cluster. */
const WRITE = `${CLUSTER}write.ts`

/** The one neighbour that may call it: its requests are never carried out. */
const DRY_RUN = `${CLUSTER}dry-run.ts`

/** What leads to a write: the requests, the executor's port, and what makes such a port. */
const DOORS = new Set([WRITE, `${EXECUTE}target.ts`, `${EXECUTE}kubernetes.ts`])

/** Files outside `engine/cluster` that may use the network, each with its reason. */
export const NETWORK: ReadonlyMap<string, string> = new Map([
  ['packages/engine/tools/download.ts', 'fetches released render tools by pinned digest; never speaks to a cluster'],
  [
    'packages/engine/http/client.ts',
    "asks the hosts of repositories with a RepositoryAccess; never has a cluster's credentials",
  ],
  ['packages/engine/source/ssh-tunnel.ts', 'leads OpenSSH through a proxy; never speaks to a cluster'],
  [
    'packages/engine/source/ssh-probe.ts',
    'opens and closes a connection to an SSH host, to tell why OpenSSH could not',
  ],
  ['packages/cli/sandbox/serve.ts', 'listens on the loopback address for the sandbox; opens no connection'],
])

/** Files that ask a question by POST of what is no cluster, each with its reason. */
export const POSTS: ReadonlyMap<string, string> = new Map([
  ['packages/engine/http/client.ts', 'Git asks for refs by POST, and GitHub gives tokens so'],
])

/** Files outside `engine/execute` that may name the executor's port or make one, each with its reason. */
export const COMPOSITION: ReadonlyMap<string, string> = new Map([
  ['packages/engine/reconcile/connections.ts', 'connects to a cluster, and makes the port that the executor is given'],
  ['packages/engine/reconcile/parts.ts', 'holds what a session is made of, to hand it to the executor'],
])

/** The port's methods that change a cluster. */
const WRITE_CALLS = new Set(['apply', 'mergePatch', 'delete'])

/** Modules that can open a connection. */
const NETWORK_MODULES = new Set([
  'undici',
  'node:http',
  'node:https',
  'node:http2',
  'node:net',
  'node:tls',
  'node:dgram',
])

/** Globals that can open a connection. */
const NETWORK_GLOBALS = new Set(['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'])

/** Packages whose requests go to clusters: in `api`, `server` and `ui` the same words name routes of our own. */
const CLUSTER_SPEAKERS = new Set(['core', 'engine', 'cli'])

const WRITE_VERBS = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Every way round the one write path, in files that ship. Tests and the harness make their own worlds. */
export function checkWrites(tree: Tree): readonly Violation[] {
  return sources(tree)
    .filter((path) => packageOf(path) !== null && !isTest(path))
    .flatMap((path) => {
      const file = parse(path, tree.get(path) ?? '')
      return [
        ...networkUses(path, file),
        ...writeVerbs(path, file),
        ...writeImports(path, file),
        ...writeCalls(path, file),
      ]
    })
}

function networkUses(path: string, file: ts.SourceFile): readonly Violation[] {
  if (path.startsWith(CLUSTER) || NETWORK.has(path) || packageOf(path) === 'ui') return []
  const fix = `speak to clusters through ${CLUSTER}; another reason is named in NETWORK of checks/writes.ts`
  const found: Violation[] = []
  for (const each of importsOf(file)) {
    if (!NETWORK_MODULES.has(each.specifier)) continue
    found.push({ file: path, line: each.line, what: `imports ${each.specifier}`, fix })
  }
  walk(file, (node) => {
    if (!ts.isIdentifier(node) || !NETWORK_GLOBALS.has(node.text) || !isReference(node)) return
    found.push({ file: path, line: lineOf(file, node), what: `uses ${node.text}`, fix })
  })
  return found
}

function writeVerbs(path: string, file: ts.SourceFile): readonly Violation[] {
  if (path === WRITE || !CLUSTER_SPEAKERS.has(packageOf(path) ?? '')) return []
  const found: Violation[] = []
  walk(file, (node) => {
    if (!ts.isStringLiteralLike(node) || !WRITE_VERBS.has(node.text)) return
    if (node.text === 'POST' && POSTS.has(path)) return
    found.push({
      file: path,
      line: lineOf(file, node),
      what: `names the write verb ${node.text}`,
      fix: `requests that change a cluster are built in ${WRITE} alone`,
    })
  })
  return found
}

function writeImports(path: string, file: ts.SourceFile): readonly Violation[] {
  if (path.startsWith(EXECUTE) || path === DRY_RUN) return []
  // Composition may hold the port; the requests themselves are for the executor alone.
  const closed = COMPOSITION.has(path) ? new Set([WRITE]) : DOORS
  return importsOf(file).flatMap((each): Violation[] => {
    const target = resolveImport(path, each.specifier)
    if (target.kind !== 'file' || !closed.has(target.path)) return []
    return [
      {
        file: path,
        line: each.line,
        what: `imports ${target.path}`,
        fix: `a change to a managed object is a step of a plan, carried out by ${EXECUTE}; planning asks dryRun`,
      },
    ]
  })
}

/** Calls of the executor's port by the name it goes by everywhere (`target.delete(…)`, `parts.target.apply(…)`). */
function writeCalls(path: string, file: ts.SourceFile): readonly Violation[] {
  if (path.startsWith(EXECUTE)) return []
  const found: Violation[] = []
  walk(file, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return
    const { name, expression } = node.expression
    const receiver = ts.isPropertyAccessExpression(expression) ? expression.name : expression
    if (!WRITE_CALLS.has(name.text) || !ts.isIdentifier(receiver) || receiver.text !== 'target') return
    found.push({
      file: path,
      line: lineOf(file, node),
      what: `calls target.${name.text}`,
      fix: `a change to a managed object is a step of a plan, carried out by ${EXECUTE}`,
    })
  })
  return found
}

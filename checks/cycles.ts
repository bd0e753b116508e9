// No file imports itself through others: a cycle means that two files are one thing with two names.
import { resolveImport } from './resolve.ts'
import { importsOf, parse } from './syntax.ts'
import type { Tree } from './tree.ts'
import { sources } from './tree.ts'
import type { Violation } from './violation.ts'

/** One violation for each group of files that import each other, with a shortest way round. Type imports count too. */
export function checkCycles(tree: Tree): readonly Violation[] {
  const graph = importGraph(tree)
  const violations: Violation[] = []
  const reported = new Set<string>()
  for (const start of graph.keys()) {
    if (reported.has(start)) continue
    const way = wayBack(graph, start)
    if (way === null) continue
    for (const file of way) reported.add(file)
    violations.push({
      file: start,
      line: lineOfImport(graph, start, way[1] ?? start),
      what: `import cycle: ${[...way, start].join(' → ')}`,
      fix: 'move what both need into a third file, or pass it as a parameter',
    })
  }
  return violations
}

/** File → the files it imports, each with the line of the import. */
type Graph = ReadonlyMap<string, ReadonlyMap<string, number>>

function importGraph(tree: Tree): Graph {
  const graph = new Map<string, Map<string, number>>()
  for (const path of sources(tree)) {
    const targets = new Map<string, number>()
    for (const each of importsOf(parse(path, tree.get(path) ?? ''))) {
      const target = resolveImport(path, each.specifier)
      if (target.kind === 'file' && tree.has(target.path) && !targets.has(target.path)) {
        targets.set(target.path, each.line)
      }
    }
    graph.set(path, targets)
  }
  return graph
}

/** The shortest chain of imports from a file back to itself, beginning with it; null where there is none. */
function wayBack(graph: Graph, start: string): readonly string[] | null {
  const cameFrom = new Map<string, string>()
  let edge = [start]
  while (edge.length > 0) {
    const next: string[] = []
    for (const file of edge) {
      for (const target of graph.get(file)?.keys() ?? []) {
        if (target === start) return chain(cameFrom, start, file)
        if (cameFrom.has(target)) continue
        cameFrom.set(target, file)
        next.push(target)
      }
    }
    edge = next
  }
  return null
}

function chain(cameFrom: ReadonlyMap<string, string>, start: string, last: string): readonly string[] {
  const files: string[] = []
  for (let at: string | undefined = last; at !== undefined && at !== start; at = cameFrom.get(at)) files.unshift(at)
  return [start, ...files]
}

function lineOfImport(graph: Graph, from: string, to: string): number {
  return graph.get(from)?.get(to) ?? 1
}

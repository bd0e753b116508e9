// The numbers of fields in protobuf, as the sandbox keeps them: of the types that it knows, and of their parts.

/**
 * One line a message, `name;1=field;2=+part`, in the order of their names: of each name and of the parts that they have.
 *
 * @param text what tools/kubernetes/wire prints
 */
export function wireLines(text: string, names: readonly string[]): readonly string[] {
  const lines = new Map(text.split('\n').map((line) => [line.split('\t', 1)[0] ?? '', line] as const))
  const wanted = new Set<string>()
  const want = (name: string): void => {
    const line = lines.get(name)
    if (line === undefined || wanted.has(name)) return
    wanted.add(name)
    for (const [, part = ''] of line.matchAll(/=\+(\S+)/g)) want(part)
  }
  for (const name of names) want(name)
  return [...wanted].sort().map((name) => (lines.get(name) ?? '').replaceAll('\t', ';'))
}

// Which values of a chart are secret by their names: what Helm may repeat of them when it complains is taken out again.

const SECRET_NAME = /pass|secret|token|credential|private|api-?key|access-?key/i

/** Values that stand behind a name that speaks of a secret, line by line, in YAML or JSON. */
export function secretValues(text: string): readonly string[] {
  const found: string[] = []
  for (const line of text.split('\n')) {
    for (const [, name = '', quoted, plain = ''] of line.matchAll(
      /["']?([A-Za-z0-9_.-]+)["']?\s*[:=]\s*(?:"((?:[^"\\]|\\.)*)"|([^,}#]+))/g,
    )) {
      const value = (quoted ?? plain).trim()
      if (SECRET_NAME.test(name) && value !== '' && !/^[[{|>]/.test(value)) found.push(value)
    }
  }
  return found
}

// Reads and writes txtar archives: several small files in one text, so that a test case fits on a screen.
// Format: https://pkg.go.dev/golang.org/x/tools/txtar

/** A text and the files in it, in order. */
export interface Archive {
  /** What stands before the first file. */
  readonly comment: string
  readonly files: readonly { readonly name: string; readonly data: string }[]
}

const MARKER = /^-- (.+) --$/

/** Reads an archive. Every text is one: without a marker it is a comment and nothing else. */
export function parseTxtar(text: string): Archive {
  const lines = text.split(/(?<=\n)/)
  let comment = ''
  const files: { name: string; data: string }[] = []
  for (const line of lines) {
    const name = MARKER.exec(line.replace(/\r?\n$/, ''))?.[1]?.trim()
    const last = files.at(-1)
    if (name !== undefined) files.push({ name, data: '' })
    else if (last === undefined) comment += line
    else last.data += line
  }
  return {
    comment: endLine(comment),
    files: files.map(({ name, data }) => ({ name, data: endLine(data) })),
  }
}

/** Writes an archive. Data that would read as a marker cannot be written and throws a RangeError. */
export function formatTxtar(archive: Archive): string {
  for (const { name, data } of archive.files) {
    if (data.split('\n').some((line) => MARKER.test(line))) throw new RangeError(`${name} holds a line like a marker`)
  }
  const files = archive.files.map(({ name, data }) => `-- ${name} --\n${endLine(data)}`)
  return endLine(archive.comment) + files.join('')
}

/** The data of a file; undefined where the archive has none of that name. */
export function fileOf(archive: Archive, name: string): string | undefined {
  return archive.files.find((file) => file.name === name)?.data
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

// Prints a result in the form that was asked for: a document, names, or text.
import type { Call } from '../command.ts'
import { jsonText } from './json.ts'
import type { Line } from './line.ts'

/** One result in its forms; each is made only when it is the one that was asked for. */
export interface Result {
  /** For `-o json` and `-o yaml`. */
  readonly document: () => unknown
  /** For `-o name`: one a line. */
  readonly names: () => readonly string[]
  /** For people. */
  readonly text: () => readonly Line[]
}

/** Prints it. */
export async function emit(call: Call, result: Result): Promise<void> {
  switch (call.format) {
    case 'json':
      call.io.out.write(jsonText(result.document()))
      return
    case 'yaml': {
      const { yamlText } = await import('./yaml.ts')
      call.io.out.write(yamlText(result.document()))
      return
    }
    case 'name':
      for (const name of result.names()) call.out.say(name)
      return
    case 'text':
    case 'wide':
      call.out.print(result.text())
  }
}

/** True where the output is one document and nothing else may be printed to it. */
export function isDocument(call: Call): boolean {
  return call.format === 'json' || call.format === 'yaml'
}

// Objects for a sandbox from a file: a dump of a cluster, or manifests.
import { readFile } from 'node:fs/promises'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import type { ParsedDocument } from '@mainstay/engine/yaml/manifests.ts'
import { parseManifests } from '@mainstay/engine/yaml/manifests.ts'

/** An object of a file, with its place for errors: `dump.yaml:12`. */
export interface Dumped {
  readonly object: KubeObject
  readonly where: () => string
}

/** A dump of a large cluster is longer than any manifest. */
const LIMITS = { bytes: 400 * 1024 * 1024, documents: 1_000_000 }

/**
 * Reads the objects of a YAML or JSON file: its documents, and the items of lists among them.
 *
 * @throws FaultError with file and line
 */
export async function readDump(file: string): Promise<readonly Dumped[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code ?? error.message
    throw new FaultError({ kind: 'invalid-input', what: 'cannot read the objects', where: file, why }, { cause: error })
  })
  return parseManifests(text, { file, limits: LIMITS }).documents.flatMap((document) => objectsIn(document, file))
}

function objectsIn({ value, lineOf }: ParsedDocument<JsonObject>, file: string): readonly Dumped[] {
  const place =
    (...path: readonly (string | number)[]) =>
    () =>
      `${file}:${lineOf(path)}`
  const { items } = value
  const kind = stringAt(value, 'kind')
  if (kind === undefined || !kind.endsWith('List') || !isList(items)) return [dumped(value, place())]
  // The items of a list from the API do not repeat what the list says.
  const own = kind === 'List' ? {} : { apiVersion: value.apiVersion ?? '', kind: kind.slice(0, -'List'.length) }
  return items.map((item, at) => dumped(isObject(item) ? { ...own, ...item } : item, place('items', at)))
}

function dumped(value: Json, where: () => string): Dumped {
  const [apiVersion, kind] = [stringAt(value, 'apiVersion'), stringAt(value, 'kind')]
  if (isObject(value) && apiVersion && kind && stringAt(value, 'metadata', 'name')) {
    return { object: value as KubeObject, where } // The line before has looked for all that makes one.
  }
  throw new FaultError({
    kind: 'invalid-input',
    what: 'this is no Kubernetes object',
    where: where(),
    why: 'it needs apiVersion, kind and metadata.name',
  })
}

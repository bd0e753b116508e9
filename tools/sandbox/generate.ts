// `npm run sandbox:generate`: pins what the real API server publishes into packages/sandbox/schema.

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startCluster } from '../../test/cluster/cluster.ts'
import { pack } from './pack.ts'
import { type Published, readPublished } from './published.ts'
import { readGoFields, typeLines } from './types.ts'
import { wireLines } from './wire.ts'

const root = join(import.meta.dirname, '..', '..')
const target = join(root, 'packages', 'sandbox', 'schema')

/** The pinned files: name → value of the JSON. */
export function pinnedFiles(
  published: Published,
  go: { readonly fields: string; readonly wire: string },
): Readonly<Record<string, unknown>> {
  const { version, openapi2, openapi3, documents, aggregated, legacy, columns, roles } = published
  const all = new Map([
    ['openapi/v2', openapi2.text],
    ...[...documents].map(([k, v]) => [`openapi/v3/${k}`, v] as const),
  ])
  const lines = typeLines([...documents.values()], readGoFields(go.fields))
  return {
    'types.json': { lines },
    'wire.json': { lines: wireLines(go.wire, lines.map(typeName)) },
    'documents.json': { gzip: pack(all) },
    'columns.json': Object.fromEntries(columns),
    'roles.json': { lines: roles },
    'discovery.json': {
      version,
      openapi2: { etag: openapi2.etag },
      openapi3,
      aggregated,
      legacy: Object.fromEntries(legacy),
    },
  }
}

/** The name at the beginning of a line of types.json. */
export function typeName(line: string): string {
  return /^[^;@!]*/.exec(line)?.[0] ?? ''
}

/** What one of our Go programs says of the types; needs the Go toolchain that builds the API server. */
export function goSays(program: 'fields' | 'wire'): string {
  const folder = join(root, 'tools', 'kubernetes')
  const env = { ...process.env, GOFLAGS: '-mod=readonly' }
  return execFileSync('go', ['run', `./${program}`], { cwd: folder, env, encoding: 'utf8', maxBuffer: 1 << 26 })
}

async function main(): Promise<void> {
  await using cluster = await startCluster()
  const server = { url: cluster.url, ca: cluster.authority.certificate, token: cluster.tokens.admin }
  const files = pinnedFiles(await readPublished(server), { fields: goSays('fields'), wire: goSays('wire') })
  const paths = Object.entries(files).map(([name, value]) => {
    const path = join(target, name)
    writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
    return path
  })
  execFileSync(join(root, 'node_modules', '.bin', 'biome'), ['format', '--write', ...paths], { stdio: 'inherit' })
}

if (import.meta.main) await main()

// For the tests of this folder: a tool that is a shell script, and a Go toolchain that is one too.

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { processContext, type ToolContext, type ToolEvent } from '../context.ts'
import type { ToolRecipe } from '../recipe.ts'

/** A recipe for a program that prints `gadget 2.5.1`. */
export const gadget: ToolRecipe = {
  name: 'gadget',
  version: '2.5.1',
  purpose: 'is found and made in tests',
  commands: ['gadget'],
  versionArgs: ['version'],
  versionPattern: /gadget (\d+\.\d+\.\d+)/,
  build: { folder: 'gadget', package: 'example.test/gadget', ldflags: ['-s', '-w'] },
  releases: {},
}

/** A script that prints the version it is told. */
export function gadgetScript(version: string): string {
  return `#!/bin/sh\necho "gadget ${version}"\n`
}

/** Folders of one test, and the context that knows no others. */
export interface Fixture {
  readonly folder: string
  /** The only folder on PATH, besides those of the shell's own programs where asked for. */
  readonly bin: string
  readonly context: ToolContext
  readonly events: ToolEvent[]
}

/** Fresh folders with a recipe for the gadget; removed when the test ends. */
export async function fixture(): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-tools-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const bin = join(folder, 'bin')
  const recipes = join(folder, 'recipes')
  await mkdir(bin)
  await mkdir(join(recipes, 'gadget'), { recursive: true })
  await writeFile(join(recipes, 'gadget', 'go.mod'), 'module example.test/made\n\ngo 1.26.0\n')
  await writeFile(join(recipes, 'gadget', 'go.sum'), '')
  const events: ToolEvent[] = []
  const context = processContext(recipes, {
    env: { PATH: bin, HOME: folder },
    cache: join(folder, 'cache'),
    network: 'none',
    onEvent: (event) => events.push(event),
  })
  return { folder, bin, context, events }
}

/** Writes a program. */
export async function program(path: string, script: string): Promise<void> {
  await writeFile(path, script)
  await chmod(path, 0o755)
}

/**
 * A Go toolchain for the fixture: `go env` answers with the version, `go build -o FILE` runs `build` with the file in
 * `$out`. Each build adds a line to `builds` in the folder of the fixture.
 */
export async function goToolchain(at: Fixture, build: string, version = 'go1.26.8'): Promise<void> {
  await program(
    join(at.bin, 'go'),
    `#!/bin/sh
if [ "$1" = env ]; then echo ${version}; echo local; exit 0; fi
while [ "$1" != -o ]; do shift; done
out=$2
echo $$ >> '${at.folder}/builds'
PATH=/usr/bin:/bin
${build}
`,
  )
}

/** What a Go toolchain does to make the gadget. */
export const buildsGadget = `printf '#!/bin/sh\\necho "gadget 2.5.1"\\n' > "$out"`

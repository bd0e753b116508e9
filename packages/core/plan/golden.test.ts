// Goldens of planning: each archive in testdata holds a world and the printed plan. `UPDATE_GOLDEN=1` writes the plans.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { CORE_SCHEMA, load, loadAll } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import type { DryRun } from '../compare/drift.ts'
import type { InventoryEntry } from '../inventory/inventory.ts'
import type { Gap } from '../live/live.ts'
import type { JsonObject } from '../object/json.ts'
import { isObject } from '../object/json.ts'
import type { PlanCase } from '../testing/plan-case.ts'
import { planInput } from '../testing/plan-case.ts'
import type { Archive } from '../testing/txtar.ts'
import { fileOf, formatTxtar, parseTxtar } from '../testing/txtar.ts'
import { makePlan } from './make.ts'
import { plainLine, printPlan } from './print.ts'
import { verifyPlan } from './seal.ts'

const FOLDER = new URL('../testdata/', import.meta.url)
const NOW = Date.UTC(2026, 4, 4, 9, 12)
const UPDATE = process.env.UPDATE_GOLDEN === '1'

describe('the printed plan', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txtar'))

  test('has goldens to be held to', () => {
    expect(names.length).toBeGreaterThanOrEqual(20)
  })

  test.each(names)('%s', (name) => {
    const file = new URL(name, FOLDER)
    const archive = parseTxtar(readFileSync(file, 'utf8'))
    const input = planInput(caseOf(archive))
    const plan = makePlan(input)
    expect(verifyPlan(plan, input.digest)).toEqual({ kind: 'ok' })
    const full = fileOf(archive, 'options')?.includes('full') ?? false
    const printed = `${printPlan(plan, { full, now: NOW }).map(plainLine).join('\n')}\n`
    if (UPDATE) writeFileSync(file, formatTxtar(withFile(archive, 'plan.txt', printed)))
    else expect(printed).toBe(fileOf(archive, 'plan.txt'))
  })
})

const OBJECT_FILES = ['same', 'desired', 'ours', 'gone', 'live', 'facts'] as const

/** The object files hold what a case calls by the same name, `world.yaml` holds everything else. */
function caseOf(archive: Archive): PlanCase {
  const known = [...OBJECT_FILES.map((file) => `${file}.yaml`), 'world.yaml', 'options', 'plan.txt']
  for (const { name } of archive.files) if (!known.includes(name)) throw new Error(`${name} means nothing in a golden`)
  const world = load(fileOf(archive, 'world.yaml') ?? '{}', { schema: CORE_SCHEMA })
  return {
    ...(world as Omit<PlanCase, 'dryRuns' | 'records' | 'gaps'> & {
      // What a person wrote by hand for this test: trusted to be of the form that the case documents.
      readonly dryRuns?: Readonly<Record<string, DryRun>>
      readonly records?: Readonly<Record<string, Partial<InventoryEntry> | null>>
      readonly gaps?: readonly Gap[]
    }),
    ...Object.fromEntries(OBJECT_FILES.map((file) => [file, objects(archive, `${file}.yaml`)])),
  }
}

function objects(archive: Archive, name: string): readonly JsonObject[] {
  return loadAll(fileOf(archive, name) ?? '', { schema: CORE_SCHEMA }).map((value) => {
    const object = value as JsonObject // YAML's core schema gives nothing but JSON values.
    if (!isObject(object)) throw new Error(`${name} holds something that is no object`)
    return object
  })
}

function withFile(archive: Archive, name: string, data: string): Archive {
  const others = archive.files.filter((file) => file.name !== name)
  return { ...archive, files: [...others, { name, data }] }
}

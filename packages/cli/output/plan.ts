// Prints plans: the core says the words, this file gives them to the terminal or to a file.
import { rename, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Plan } from '@mainstay/core/plan/plan.ts'
import { printPlan } from '@mainstay/core/plan/print.ts'
import { findingText } from '@mainstay/core/plan/text.ts'
import type { Finding } from '@mainstay/core/policy/finding.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import type { Call } from '../command.ts'
import { emit } from './emit.ts'
import { jsonText } from './json.ts'
import type { Line } from './line.ts'
import { span } from './line.ts'

/** The plan as lines; nothing is shortened with `--full` or `-o wide`. */
export function planLines(call: Call, plan: Plan): readonly Line[] {
  const full = call.format === 'wide' || call.flag('full') === true
  const lines = printPlan(plan, { full, now: call.io.now() })
  // The last line says it all: counts, digest, verdict.
  return call.quiet ? lines.slice(-1) : lines
}

/** Findings of an application as it was read: none of them can be approved, there is no plan yet. */
export function findingLines(findings: readonly Finding[]): readonly Line[] {
  return findings.flatMap((finding): readonly Line[] => {
    const fixes = finding.fixes.filter((fix) => fix.kind !== 'approve')
    const text = findingText({ ...finding, fixes }, '')
    const style = text.symbol === '✗' ? 'error' : text.symbol === '!' ? 'warn' : 'dim'
    return [
      [span(`${text.symbol} ${text.level}  `, style), span(`${text.rule}  `, 'dim'), span(text.title)],
      ...(text.what === '' ? [] : [[span('    what  ', 'dim'), span(text.what)]]),
      ...text.fixes.map((fix): Line => [span('    fix   ', 'dim'), span(fix)]),
    ]
  })
}

/** Prints a plan in the form that was asked for. */
export async function showPlan(call: Call, plan: Plan): Promise<void> {
  await emit(call, { document: () => plan, names: () => [plan.id], text: () => planLines(call, plan) })
}

/** Writes a plan to a file for `mainstay apply FILE`: whole or not at all. */
export async function writePlanFile(call: Call, file: string, plan: Plan): Promise<void> {
  const path = resolve(call.io.cwd, file)
  const draft = `${path}.${process.pid}.tmp`
  try {
    await writeFile(draft, jsonText(plan), { flag: 'wx' })
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    const why = error instanceof Error && 'code' in error ? String(error.code) : null
    throw new FaultError(
      { kind: 'invalid-input', what: 'cannot write the plan', where: file, why, fix: ['name another file: --out'] },
      { cause: error },
    )
  }
}

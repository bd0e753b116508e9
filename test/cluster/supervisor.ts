// Owns the processes of one test cluster and outlives whoever started it, just long enough to clean up: when its
// standard input ends (stop, exit, crash, kill -9 of the owner) it stops every process and removes the folder.
// Commands come as JSON lines on standard input, events leave as JSON lines on standard output.

import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A line on the supervisor's standard input. */
export interface SupervisorCommand {
  readonly kind: 'start'
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

/** A line on the supervisor's standard output. */
export type SupervisorEvent =
  | { readonly kind: 'started'; readonly name: string; readonly pid: number }
  | { readonly kind: 'ended'; readonly name: string; readonly how: string }

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: supervisor.ts FOLDER')
const children = new Map<string, ChildProcess>()
let ending = false

function start(name: string, command: string, args: readonly string[]): void {
  const log = openSync(join(folder ?? '.', `${name}.log`), 'a')
  const child = spawn(command, [...args], { cwd: folder, stdio: ['ignore', log, log] })
  children.set(name, child)
  child.on('spawn', () => tell({ kind: 'started', name, pid: child.pid ?? 0 }))
  child.on('error', (error) => ended(name, child, error.message))
  child.on('exit', (code, signal) => ended(name, child, signal ?? `exit code ${code}`))
}

function ended(name: string, child: ChildProcess, how: string): void {
  if (children.get(name) === child) children.delete(name)
  tell({ kind: 'ended', name, how })
  if (ending && children.size === 0) finish()
}

function tell(event: SupervisorEvent): void {
  if (!ending) process.stdout.write(`${JSON.stringify(event)}\n`)
}

/** Nothing of a test cluster is worth saving, and an orderly end of an API server takes seconds. */
function end(): void {
  if (ending) return
  ending = true
  if (children.size === 0) finish()
  for (const child of children.values()) child.kill('SIGKILL')
}

function finish(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  process.exit(0)
}

// Ctrl-C reaches a whole terminal group; the owner decides, by closing our input.
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})
process.on('SIGTERM', end)
// The owner is gone: what is left to tell it goes nowhere.
process.stdout.on('error', end)

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line) as SupervisorCommand // Written by process.ts of this folder only.
    start(command.name, command.command, command.args)
  })
  .on('close', end)

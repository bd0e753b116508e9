// What is seen of a run while it runs: lines that change in place on a terminal, one line an event elsewhere.
import type { Plan } from '@mainstay/core/plan/plan.ts'
import { namingOfPlan, stepText } from '@mainstay/core/plan/text.ts'
import type { StepEvent } from '@mainstay/core/run/run.ts'
import type { Io } from '../io.ts'
import { cleanLine } from './clean.ts'
import type { Line, Span } from './line.ts'
import { line, span } from './line.ts'
import { resultText } from './ref.ts'
import type { Terminal } from './terminal.ts'
import { durationText, momentText } from './time.ts'
import { cut, pad, widthOf } from './width.ts'

/** A view of one run. */
export interface ProgressView {
  onEvent(event: StepEvent): void
  /** A line to the person who watches, beside the steps. */
  note(text: string): void
  /** Leaves the terminal as it was found; nothing may be shown afterwards. */
  close(): void
}

/** What a view needs. */
export interface ProgressOptions {
  readonly plan: Plan
  readonly terminal: Terminal
  readonly io: Pick<Io, 'now' | 'every'>
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const REDRAW_MS = 100

/** The view that fits the terminal. */
export function progressView(options: ProgressOptions): ProgressView {
  return options.terminal.live ? liveView(options) : plainView(options)
}

/** Shows nothing: for quiet commands. */
export const silentView: ProgressView = { onEvent: () => {}, note: () => {}, close: () => {} }

function plainView({ plan, terminal }: ProgressOptions): ProgressView {
  const names = namesOf(plan)
  return {
    onEvent(event) {
      const text = plainEvent(event, names)
      if (text !== null) terminal.say(`${momentText(event.at)}  ${text}`)
    },
    note: (text) => terminal.say(text),
    close: () => {},
  }
}

function plainEvent(event: StepEvent, names: Names): string | null {
  if (event.kind === 'run-started' || event.kind === 'run-ended') return null
  const name = names.get(event.step)
  const step = name === undefined ? event.step : `${name.verb} ${name.object}`
  switch (event.kind) {
    case 'step-started':
      return `${step}: started`
    case 'step-progress':
      return `${step}: ${event.message}`
    case 'step-done':
      return `${step}: ${resultText(event.result)}`
    case 'step-failed':
      return `${step}: failed: ${[event.what, event.why].filter((part) => part !== null).join(': ')}`
  }
}

interface Running {
  readonly name: Name
  readonly since: number
  readonly message: string
}

function liveView({ plan, terminal, io }: ProgressOptions): ProgressView {
  const names = namesOf(plan)
  const columns = columnsOf(names)
  const running = new Map<string, Running>()
  const screen = liveArea(terminal)
  let frame = 0
  const draw = (finished: readonly Line[]): void => {
    const width = (terminal.width() ?? 80) - 1
    const room = Math.max(1, (terminal.stream.rows() ?? 24) - 2)
    const shown = [...running.values()].slice(0, running.size > room ? room - 1 : room)
    const active = shown.map((each) => cutLine(runningLine(each, columns, { frame, now: io.now() }), width))
    if (shown.length < running.size) active.push(line(`  … and ${running.size - shown.length} more running`, 'dim'))
    screen.draw(finished, active)
  }
  const stopTicking = io.every(REDRAW_MS, () => {
    frame++
    if (running.size > 0) draw([])
  })
  return {
    onEvent: (event) => draw(takeIn(event, { names, columns, running, now: io.now() })),
    note: (text) => draw([line(text, 'warn')]),
    close() {
      stopTicking()
      running.clear()
      screen.draw([], [])
    },
  }
}

interface LiveState {
  readonly names: Names
  readonly columns: Columns
  readonly running: Map<string, Running>
  readonly now: number
}

/** Takes an event in; returns the lines that are finished by it and stay. */
function takeIn(event: StepEvent, { names, columns, running, now }: LiveState): readonly Line[] {
  if (event.kind === 'run-started' || event.kind === 'run-ended') return []
  const name = names.get(event.step) ?? { verb: '', object: event.step }
  const since = running.get(event.step)?.since ?? now
  switch (event.kind) {
    case 'step-started':
      running.set(event.step, { name, since: now, message: '' })
      return []
    case 'step-progress':
      running.set(event.step, { name, since, message: event.message })
      return []
    case 'step-done': {
      running.delete(event.step)
      const text = `${elapsedText(now - since)}${resultText(event.result)}`
      return [[span('  ✓ ', 'good'), ...nameSpans(name, columns), span(text, 'dim')]]
    }
    case 'step-failed': {
      running.delete(event.step)
      const why = event.why === null ? [] : event.why.split('\n').map((text) => line(`      ${text}`))
      return [[span('  ✗ ', 'bad'), ...nameSpans(name, columns), span(event.what, 'bad')], ...why]
    }
  }
}

function runningLine(running: Running, columns: Columns, at: { readonly frame: number; readonly now: number }): Line {
  return [
    span(`  ${FRAMES[at.frame % FRAMES.length] ?? ''} `, 'accent'),
    ...nameSpans(running.name, columns),
    span(elapsedText(at.now - running.since), 'dim'),
    span(running.message),
  ]
}

function nameSpans(name: Name, columns: Columns): readonly Span[] {
  return [span(`${pad(name.verb, columns.verb)}  `), span(`${pad(name.object, columns.object)}  `, 'bold')]
}

/** In a column of its own, so that what stands behind it does not jump. */
function elapsedText(ms: number): string {
  return pad(durationText(ms), 8)
}

/** What a step does, and to what. */
interface Name {
  readonly verb: string
  readonly object: string
}

type Names = ReadonlyMap<string, Name>

function namesOf(plan: Plan): Names {
  const naming = namingOfPlan(plan)
  return new Map(plan.steps.map((step) => [step.id, stepText(step, naming, { full: false })]))
}

/** Widths of the two columns, wide enough for all steps of the plan within reason. */
interface Columns {
  readonly verb: number
  readonly object: number
}

function columnsOf(names: Names): Columns {
  let verb = 0
  let object = 0
  for (const name of names.values()) {
    verb = Math.max(verb, widthOf(name.verb))
    object = Math.max(object, widthOf(name.object))
  }
  return { verb, object: Math.min(48, object) }
}

/** A line cut to a number of columns: a wrapped line could not be redrawn. */
function cutLine(spans: Line, width: number): Line {
  const taken: Span[] = []
  let left = width
  for (const each of spans) {
    const text = cut(cleanLine(each.text), left)
    taken.push({ text, style: each.style })
    left -= widthOf(text)
    if (left <= 0) break
  }
  return taken
}

/** The lower lines of the screen that are drawn over and over, under lines that stay. */
function liveArea(terminal: Terminal): { draw(stay: readonly Line[], active: readonly Line[]): void } {
  let drawn = 0
  return {
    draw(stay, active) {
      // Up to the first of our lines, then clear from there to the end of the screen.
      const erase = drawn === 0 ? '' : `\u001b[${drawn}A\r\u001b[J`
      const text = [...stay, ...active].map((each) => `${terminal.render(each)}\n`).join('')
      if (erase !== '' || text !== '') terminal.stream.write(erase + text)
      drawn = active.length
    },
  }
}

// One command of the tour: what is typed, and what of its output counts.

/** A kubectl command. `NS` stands for the namespace of the tour everywhere. */
export interface Step {
  /** What follows `kubectl -n NS`; words in single quotes may hold spaces. */
  readonly line: string
  /** Standard input, for `-f -`. */
  readonly input?: string
  /** More in the environment, as KUBE_EDITOR. */
  readonly env?: Readonly<Record<string, string>>
  /**
   * What is compared: everything; the last line alone, where those before it tell how long something took; nothing but
   * the exit code; lines in order, where the order is that of random names.
   */
  readonly compare?: 'all' | 'last' | 'exit' | 'sorted'
  /** Asked again until the output has it: controllers take their time. */
  readonly until?: RegExp
  /** Lines that are left out: what other tests have in the same cluster. */
  readonly without?: RegExp
}

/** A command of which everything counts. */
export function step(line: string, more: Omit<Step, 'line'> = {}): Step {
  return { line, ...more }
}

/** The words of a line. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
}

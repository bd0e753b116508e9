// Declares checks: each runs once for every subject of the run, in a namespace of its own.

import { describe, it as vitestIt } from 'vitest'
import { chosenSubjects, missing, openSubject } from './choose.ts'
import { Desk } from './desk.ts'
import { exceptionOf } from './exceptions.ts'
import { type Subject, type SubjectName, subjectTitles } from './subject.ts'

/** Declares one check: a sentence, and what is done. */
export type Check = (title: string, act: (at: Desk) => Promise<void>) => void

/** Declares the checks of one topic. `it` takes the place of vitest's. */
export function topic(name: string, body: (it: Check) => void): void {
  for (const subject of chosenSubjects()) {
    const why = missing(subject)
    const title = `${name}, on ${subjectTitles[subject]}`
    describe.skipIf(why !== null)(why === null ? title : `${title} (skipped: ${why})`, () =>
      body(checkOn(subject, name)),
    )
  }
}

function checkOn(name: SubjectName, topicName: string): Check {
  let opened: Promise<Subject> | null = null
  return (title, act) => {
    // What is known to differ must go on differing: a check that passes after all has no place in the list.
    const excepted = name === 'sandbox' && exceptionOf(topicName, title) !== null
    const declare = excepted ? vitestIt.fails : vitestIt
    declare(title, async () => {
      opened ??= openSubject(name)
      const subject = await opened
      const desk = new Desk(subject, await subject.namespace())
      try {
        await act(desk)
      } finally {
        await desk.end()
      }
    })
  }
}

// The summary of a run of the conformance suite.
import { expect, it } from 'vitest'
import { exceptions } from './exceptions.ts'
import { summaryLines, type Told } from './report.ts'

const on = (topic: string, check: string, subject: string, state: Told['state']): Told => ({
  name: `${topic}, on ${subject} > ${check}`,
  state,
})

it('counts the checks and the topics of each subject that was asked', () => {
  expect(
    summaryLines([
      on('apply', 'takes a field', 'the sandbox', 'passed'),
      on('apply', 'takes another', 'the sandbox', 'failed'),
      on('watch', 'begins', 'the sandbox', 'passed'),
      on('apply', 'takes a field', 'the real API server', 'passed'),
      on('apply', 'takes another', 'the real API server', 'skipped'),
    ]),
  ).toEqual([
    'Conformance: 3 checks of 2 topics on the sandbox, 1 otherwise than they should be',
    'Conformance: 1 checks of 1 topics on the real API server, all as they should be',
  ])
})

it('says how many are known to differ', () => {
  const [known] = exceptions
  if (known === undefined) throw new Error('nothing is known to differ: this check is not needed any more')
  expect(summaryLines([on(known.topic, known.check, 'the sandbox', 'passed')])).toEqual([
    'Conformance: 1 checks of 1 topics on the sandbox, all as they should be; 1 known to differ',
  ])
})

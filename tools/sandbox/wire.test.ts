// Which messages of protobuf the sandbox keeps.
import { expect, it } from 'vitest'
import { wireLines } from './wire.ts'

it('keeps the messages that are named and the parts that they have, in the order of their names', () => {
  const text = 'a.Volume\t1=name\t2=+a.Source\na.Source\t1=hostPath\nb.Other\t1=x\n'
  expect(wireLines(text, ['a.Volume', 'c.Absent'])).toEqual(['a.Source;1=hostPath', 'a.Volume;1=name;2=+a.Source'])
})

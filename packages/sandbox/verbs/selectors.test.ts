// What selectors select, and which ones are refused in which words.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { openClient, refusal } from '../testing/client.ts'
import { labelSelector } from './label-selector.ts'

const object: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', labels: { app: 'web', tier: '', n: '5' } },
}

describe('label selectors', () => {
  it.each([
    ['app=web', true],
    ['app==web,tier', true],
    ['app!=web', false],
    ['other!=x', true],
    ['app in (db, web)', true],
    ['app notin (db,web)', false],
    ['other notin (x)', true],
    ['!other', true],
    ['!app', false],
    ['tier=', true],
    ['tier in ()', true],
    ['n>4,n<6', true],
    ['app>4', false],
  ])('%s', (text, selected) => {
    expect(labelSelector(text)?.(object)).toBe(selected)
  })

  it('selects everything where nothing is said', () => {
    expect(labelSelector(' ')).toBeNull()
  })

  it.each([
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    [
      'a>x',
      "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    ['a,,b', "found ',', expected: identifier after ','"],
    ['(a)', "found '(', expected: !, identifier, or 'end of string'"],
  ])('refuses %s', (text, words) => {
    expect(() => labelSelector(text)).toThrow(words)
  })
})

describe('field selectors', () => {
  it('know the fields of each kind', async () => {
    const { ask } = openClient()
    const at = async (path: string): Promise<string> => {
      const answer = await ask('GET', path)
      return answer.status === 200 ? '200' : refusal(answer)
    }
    expect(await at('/api/v1/pods?fieldSelector=spec.nodeName%3Dx,status.phase!%3DFailed')).toBe('200')
    expect(await at('/api/v1/pods?fieldSelector=spec.x%3Dy')).toBe('400 BadRequest: field label not supported: spec.x')
    expect(await at('/api/v1/configmaps?fieldSelector=spec.x%3Dy')).toBe(
      '400 BadRequest: "spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    )
    expect(await at('/api/v1/configmaps?fieldSelector=metadata.name')).toBe(
      "400 BadRequest: invalid selector: 'metadata.name'; can't understand 'metadata.name'",
    )
  })
})

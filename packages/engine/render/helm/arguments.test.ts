// Arguments of helm where parameters meet: one name written several times, as texts and as whatever Helm guesses.
import { exampleApplication } from '@mainstay/core/testing/examples.ts'
import { describe, expect, it } from 'vitest'
import { templateArguments } from './arguments.ts'

const release = { name: 'shop', namespace: '', kubeVersion: '', apiVersions: [] }

function setArguments(parameters: readonly { name: string; value: string; forceString?: boolean }[]) {
  const source = { repoURL: 'https://git.example.com/a.git', path: 'shop', helm: { parameters: [...parameters] } }
  const tool = exampleApplication({ source }).sources[0]?.tool
  if (tool?.kind !== 'helm') throw new Error('the settings name helm')
  const args = templateArguments(tool.helm, release, { values: [], parameters: [] }, new Map())
  return args.filter((arg) => arg.startsWith('--set'))
}

describe('parameters of one name', () => {
  it('are the last one where they are of one kind', () => {
    expect(
      setArguments([
        { name: 'size', value: '7' },
        { name: 'size', value: '8' },
      ]),
    ).toEqual(['--set=size=8'])
  })

  it('are both given where one is forced to be a text, which then wins in Helm whatever the order', () => {
    expect(
      setArguments([
        { name: 'size', value: '7', forceString: true },
        { name: 'size', value: '8' },
      ]),
    ).toEqual(['--set=size=8', '--set-string=size=7'])
  })
})

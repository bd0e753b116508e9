// Where values files are looked for: a name that no source has as its ref never becomes another file, or none.
import type { HelmOptions } from '@mainstay/core/app/application.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { exampleApplication } from '@mainstay/core/testing/examples.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultOf } from '../../source/contract.ts'
import type { Snapshot } from '../../source/source.ts'
import { RenderBench } from '../testing/bench.ts'
import { fileParameters, type ValuePlaces, valueFiles } from './value-files.ts'

/** `spec.source.helm` as it is read from an Application. */
function helmOptions(helm: JsonObject): HelmOptions {
  const source = { repoURL: 'https://git.example.com/a.git', path: 'shop', helm: { releaseName: 'shop', ...helm } }
  const tool = exampleApplication({ source }).sources[0]?.tool
  if (tool?.kind !== 'helm') throw new Error('the settings name helm')
  return tool.helm
}

describe('values files', () => {
  let bench: RenderBench
  let snapshot: Snapshot
  beforeAll(async () => {
    bench = new RenderBench({})
    snapshot = await bench.snapshot(bench.repository({ 'envs/a.yaml': 'a: 1\n', 'shop/Chart.yaml': 'name: shop\n' }))
  })
  afterAll(() => bench.close())

  const places = (): ValuePlaces => ({
    snapshot,
    path: 'shop',
    refs: new Map([['values', () => Promise.resolve(snapshot)]]),
    variables: new Map([['ARGOCD_APP_NAME', 'envs']]),
  })

  it.each(['$valeus/envs/a.yaml', '$\u007bvaleus}/envs/a.yaml', '$\u007bvalues}/envs/a.yaml'])(
    'of %s, which is no ref, are no file of the repository of the chart',
    async (file) => {
      const fault = await faultOf(valueFiles(helmOptions({ valueFiles: [file] }), places()))
      expect(fault).toMatchObject({ kind: 'not-found', where: 'spec.source.helm.valueFiles[0]' })
      expect(fault.why).toContain('values')
    },
  )

  it('of a ref that no source has are a fault also where files may be missing', async () => {
    const options = helmOptions({ valueFiles: ['$valeus/b.yaml'], ignoreMissingValueFiles: true })
    expect(await faultOf(valueFiles(options, places()))).toMatchObject({ kind: 'not-found' })
  })

  it('of a ref and of a variable are found', async () => {
    const options = helmOptions({ valueFiles: ['$values/envs/a.yaml', '../$ARGOCD_APP_NAME/a.yaml'] })
    expect(await valueFiles(options, places())).toMatchObject([
      { ref: 'values', path: 'envs/a.yaml' },
      { ref: null, path: 'envs/a.yaml' },
    ])
  })

  it('for single parameters follow the same rule', async () => {
    const options = helmOptions({ fileParameters: [{ name: 'a', path: '$valeus/envs/a.yaml' }] })
    const fault = await faultOf(fileParameters(options, places()))
    expect(fault).toMatchObject({ kind: 'not-found', where: 'spec.source.helm.fileParameters[0].path' })
    expect(fault.what).toContain('valeus')
  })
})

// An application that is rendered by the real kustomize and jsonnet: synced, changed, pruned, and never half of it.
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { openKey } from '@mainstay/engine/record/key.ts'
import { openVault } from '@mainstay/engine/record/vault.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import { describeTool } from '../run/tool.ts'
import type { Workbench } from './workbench.ts'
import { openWorkbench } from './workbench.ts'

const config = (name: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {from: base}\n`

describeTool('kustomize', 'an application of kustomize', () => {
  describeCluster('on a cluster', (sharedCluster) => {
    let cluster: SharedCluster
    let bench: Workbench

    beforeAll(async () => {
      cluster = await sharedCluster()
      bench = await openWorkbench(cluster, 'kustomize')
      const source = {
        repoURL: `file://${bench.repository}`,
        path: 'overlays/prod',
        targetRevision: 'main',
        kustomize: {
          namePrefix: 'shop-',
          commonAnnotations: { app: '$ARGOCD_APP_NAME' },
          commonAnnotationsEnvsubst: true,
          patches: [
            {
              target: { kind: 'ConfigMap', name: '.*-b' },
              patch: '[{"op": "add", "path": "/data/patched", "value": "yes"}]',
            },
          ],
        },
      }
      await bench.writeApp({ source })
      await bench.commit('base and overlay', {
        'base/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
        'base/a.yaml': config('a'),
        'base/b.yaml': config('b'),
        'overlays/prod/kustomization.yaml': 'resources: [../../base]\nnameSuffix: "1"\n',
      })
    })
    afterAll(() => bench.dispose())

    const live = async (name: string): Promise<Record<string, unknown> | undefined> => {
      const answer = await cluster.api.request('GET', `/api/v1/namespaces/${bench.namespace}/configmaps/${name}`)
      return answer.status === 200 ? (answer.body as Record<string, unknown>) : undefined
    }
    const sync = async (...flags: readonly string[]) => {
      const ran = await bench.mainstay('app', 'sync', 'kustomize', '-f', bench.appFile, ...flags)
      return { ...ran, text: ran.out + ran.err }
    }

    it('is synced as kustomize renders it with the settings of the source', async () => {
      const ran = await sync()
      expect(ran, ran.text).toMatchObject({ code: 0 })
      expect(await live('shop-a1')).toMatchObject({
        data: { from: 'base' },
        metadata: { annotations: { app: 'kustomize' } },
      })
      expect(await live('shop-b1')).toBeDefined()
      const again = await bench.mainstay('app', 'plan', 'kustomize', '-f', bench.appFile)
      expect(again, again.out + again.err).toMatchObject({ code: 0 })
    })

    it('loses nothing to a kept render that lacks an object, whoever put it there', async () => {
      const vault = openVault(openKey(bench.home, () => 1))
      const folder = join(bench.home, 'renders')
      const names = (await readdir(folder, { recursive: true })).filter((name) => /[0-9a-f]{64}$/.test(name))
      let spoiled = 0
      for (const name of names) {
        const identity = ['render', basename(name)]
        const [, ...lines] = vault.open(await readFile(join(folder, name)), identity).split('\n')
        const [first = '', ...others] = lines.join('\n').split('---\n')
        if (others.length === 0) continue
        spoiled++
        const digest = createHash('sha256').update(first).digest('hex')
        await writeFile(join(folder, name), vault.seal(`${digest}\n${first}`, identity))
      }
      expect(spoiled).toBe(1)
      const shown = await bench.mainstay('app', 'manifests', 'kustomize', '-f', bench.appFile, '--source', 'git')
      expect(shown.out.match(/name: shop-/g), 'the spoiled render is used where nothing can be lost').toHaveLength(1)
      const ran = await sync('--prune')
      expect(ran, ran.text).toMatchObject({ code: 0 })
      expect([await live('shop-a1'), await live('shop-b1')]).not.toContain(undefined)
      const mended = await bench.mainstay('app', 'manifests', 'kustomize', '-f', bench.appFile, '--source', 'git')
      expect(mended.out.match(/name: shop-/g)).toHaveLength(2)
    })

    it('is not touched where kustomize fails: nothing that is missing is taken for removed', async () => {
      await bench.commit('a slip', { 'overlays/prod/kustomization.yaml': 'resources: [../../bse]\nnameSuffix: "1"\n' })
      const ran = await sync('--prune')
      expect(ran, ran.text).toMatchObject({ code: 2 })
      expect(ran.text).toContain('overlays/prod')
      expect([await live('shop-a1'), await live('shop-b1')]).not.toContain(undefined)
    })

    it('loses what its base does not have any more, when somebody prunes', async () => {
      await bench.commit('without b', {
        'overlays/prod/kustomization.yaml': 'resources: [../../base]\nnameSuffix: "1"\n',
        'base/kustomization.yaml': 'resources: [a.yaml]\n',
        'base/b.yaml': null,
      })
      const ran = await sync('--prune')
      expect(ran, ran.text).toMatchObject({ code: 0 })
      expect(await live('shop-a1')).toBeDefined()
      expect(await live('shop-b1')).toBeUndefined()
    })
  })
})

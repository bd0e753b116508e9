// Sync options: what is written where, and what holds for one object.
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { exampleApplication } from '../testing/examples.ts'
import { resourceOptions } from './options.ts'
import type { OptionLevel } from './sync-options.ts'
import { parseSyncOptions } from './sync-options.ts'

const OPTIONS = 'argocd.argoproj.io/sync-options'

function effective(annotations: JsonObject, ...syncOptions: readonly string[]) {
  const manifest: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', namespace: 'shop', annotations },
  }
  return resourceOptions(exampleApplication({ syncPolicy: { syncOptions } }), manifest)
}

describe('a list of sync options', () => {
  it.each<[OptionLevel, string, JsonObject]>([
    ['application', 'Prune=false', { prune: 'no' }],
    ['application', 'Prune=confirm', { prune: 'confirm' }],
    ['application', 'Delete=false', { delete: 'no' }],
    ['resource', 'Delete=confirm', { delete: 'confirm' }],
    ['application', 'PruneLast=true', { pruneLast: true }],
    ['application', 'PrunePropagationPolicy=orphan', { propagation: 'orphan' }],
    ['resource', 'Validate=false', { validate: false }],
    ['resource', 'SkipDryRunOnMissingResource=true', { skipDryRunOnMissing: true }],
    ['application', 'ApplyOutOfSyncOnly=true', { applyOutOfSyncOnly: true }],
    ['application', 'ApplyOutOfSyncOnly=false', { applyOutOfSyncOnly: false }],
    ['resource', 'Replace=true', { replace: true }],
    ['resource', 'Force=true', { force: true }],
    ['resource', 'ServerSideApply=false', { serverSideApply: false }],
    ['application', 'ClientSideApplyMigration=false', { clientSideApplyMigration: false }],
    ['application', 'CreateNamespace=true', { createNamespace: true }],
    ['application', 'RespectIgnoreDifferences=true', { respectIgnoreDifferences: true }],
    ['application', 'FailOnSharedResource=true', { failOnSharedResource: true }],
    ['application', ' Prune = false ', { prune: 'no' }],
    ['application', 'CreateNamespace=True', { createNamespace: true }],
    ['application', 'Prune=true', { prune: 'yes' }],
  ])('on the %s: %s', (level, entry, options) => {
    expect(parseSyncOptions([entry], level)).toEqual({ options, findings: [] })
  })

  it('names a word that is none, guesses what was meant, and protects where pruning was meant', () => {
    const { options, findings } = parseSyncOptions(['CreateNamspace=true', 'prune=false', 'Colour=red'], 'application')
    expect(options).toEqual({ prune: 'confirm' })
    expect(findings.map((each) => [each.rule, each.title, each.fixes])).toMatchObject([
      ['unknown-option', 'CreateNamspace=true is not a sync option', [{ text: 'write CreateNamespace, or remove it' }]],
      ['unknown-option', 'prune=false is not a sync option', [{ text: 'write Prune, or remove it' }]],
      ['unknown-option', 'Colour=red is not a sync option', [{ text: 'check its spelling, or remove it' }]],
    ])
  })

  it('asks before removing where the value cannot be read', () => {
    const { options, findings } = parseSyncOptions(['Delete=flase', 'PruneLast=maybe', 'Prune'], 'resource')
    expect(options).toEqual({ delete: 'confirm', prune: 'confirm' })
    expect(findings.map((each) => each.level)).toEqual(['needs-approval', 'warning', 'needs-approval'])
  })

  it('says when an option stands where it has no effect', () => {
    expect(parseSyncOptions(['CreateNamespace=true'], 'resource')).toMatchObject({
      options: {},
      findings: [{ title: 'CreateNamespace=true has no effect on a resource' }],
    })
    expect(parseSyncOptions(['Force=true'], 'application').options).toEqual({})
  })

  it('keeps the stricter of two answers about removing', () => {
    expect(parseSyncOptions(['Prune=false', 'Prune=true'], 'resource').options).toEqual({ prune: 'no' })
    expect(parseSyncOptions(['Delete=true', 'Delete=confirm'], 'resource').options).toEqual({ delete: 'confirm' })
  })
})

describe('the options of one object', () => {
  it('come from the application where the object says nothing', () => {
    expect(effective({}, 'Prune=false', 'Delete=confirm', 'Validate=false', 'PruneLast=true').options).toEqual({
      prune: 'no',
      delete: 'confirm',
      replace: false,
      force: false,
      validate: false,
      skipDryRunOnMissing: false,
      pruneLast: true,
      ignoreExtraneous: false,
      ignoreHealth: false,
    })
  })

  it('come from the object where it says something', () => {
    const { options } = effective(
      { [OPTIONS]: 'Prune=true, Validate=true,Replace=true' },
      'Prune=false',
      'Validate=false',
    )
    expect(options).toMatchObject({ prune: 'yes', validate: true, replace: true })
  })

  it('keep what Helm is told to keep, unless its own options speak of pruning', () => {
    const keep = { 'helm.sh/resource-policy': 'keep' }
    expect(effective(keep).options).toMatchObject({ prune: 'no', delete: 'no' })
    expect(effective({ ...keep, [OPTIONS]: 'Prune=confirm,Delete=confirm' }).options).toMatchObject({
      prune: 'confirm',
      delete: 'no',
    })
  })

  it('know compare options and the health switch, and name compare options that are none', () => {
    const { options, findings } = effective({
      'argocd.argoproj.io/compare-options': 'IgnoreExtraneous, IgnoreExtraneus',
      'argocd.argoproj.io/ignore-healthcheck': 'true',
    })
    expect(options).toMatchObject({ ignoreExtraneous: true, ignoreHealth: true })
    expect(findings).toMatchObject([
      { rule: 'unknown-option', ref: { kind: 'ConfigMap', namespace: 'shop', name: 'web' } },
    ])
  })
})

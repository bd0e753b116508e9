// What a real installation left in a cluster must be read as it is.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { annotationOf, refOf, valueAt } from '../object/object.ts'
import { readApplication } from './read.ts'
import {
  appOfInstance,
  DEFAULT_TRACKING,
  parseTrackingId,
  readMark,
  TRACKING_ANNOTATION,
  trackingId,
} from './tracking.ts'

const root = process.env.MAINSTAY_CORPUS ?? join(import.meta.dirname, '../../../../shared/corpus')
const captures = join(root, 'argo-cd-state')
const names = existsSync(captures)
  ? readdirSync(captures).filter((name) => existsSync(join(captures, name, 'applications.json')))
  : []

it('is read wherever it lies beside the repository: a folder of captures is never passed over', () => {
  expect(names.length > 0).toBe(existsSync(captures))
})

describe.each(names)('capture %s', (name) => {
  const itemsOf = <T>(file: string): readonly T[] =>
    JSON.parse(readFileSync(join(captures, name, file), 'utf8')).items as readonly T[]

  it('has Applications that all read, and whose fields are all known', () => {
    const applications = itemsOf<JsonObject>('applications.json')
    expect(applications.length).toBeGreaterThan(10)
    for (const manifest of applications) {
      const read = readApplication(manifest, 'applications.json')
      expect(read.kind, JSON.stringify(read)).toBe('read')
      if (read.kind === 'invalid') continue
      expect(read.findings.filter((finding) => finding.rule.startsWith('unknown'))).toEqual([])
      expect(read.application.syncPolicy.automated === null).toBe(valueAt(manifest, 'spec', 'syncPolicy') === undefined)
    }
  })

  it('has tracking ids that parse, describe their object, and are written again byte for byte', () => {
    const marked = itemsOf<KubeObject>('objects.json').filter((each) => annotationOf(each, TRACKING_ANNOTATION))
    expect(marked.length).toBeGreaterThan(30)
    const copied: string[] = []
    for (const object of marked) {
      const text = annotationOf(object, TRACKING_ANNOTATION) ?? ''
      const id = parseTrackingId(text)
      const mark = readMark(object, DEFAULT_TRACKING)
      if (id === null || mark.kind !== 'app') throw new Error(`${text} does not parse`)
      if (mark.self === 'yes') {
        const key = appOfInstance(id.app, DEFAULT_TRACKING)
        expect(trackingId(key, refOf(object), key.name, DEFAULT_TRACKING)).toBe(text)
      } else copied.push(object.kind)
    }
    // A Deployment hands its mark on to its ReplicaSets, and a hook's name is only made when it runs.
    expect([...new Set(copied)].sort()).toEqual(['Job', 'ReplicaSet'])
  })

  it('reports resources that are all found among the objects, but for those that were never made', () => {
    const objects = new Set(itemsOf<KubeObject>('objects.json').map((each) => JSON.stringify(refOf(each))))
    const reported = itemsOf<JsonObject>('applications.json').flatMap((manifest) => {
      const read = readApplication(manifest, 'applications.json')
      return read.kind === 'read' ? read.application.reported : []
    })
    const found = reported.filter(({ group, kind, namespace, name: own }) =>
      objects.has(JSON.stringify({ group, kind, namespace, name: own })),
    )
    expect(found.length).toBeGreaterThan(20)
  })
})

// What can be done to one object or its collection.

import { isList, isObject, type Json, type JsonObject } from '@mainstay/core/object/json.ts'
import { allStories } from '@mainstay/sandbox/kinds/testing/cases/all.ts'
import type { FuzzKind } from './kind.ts'
import type { Lot } from './lot.ts'
import { type Operation, valueAt } from './operation.ts'
import { changeFrom, directed, operationOf } from './patches.ts'
import { spoiled, thin, varied } from './spoil.ts'

/** An operation without what it is about. */
export type Deed = Omit<Operation, 'kind' | 'version' | 'name'> & { readonly name?: string | null }

const types = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const

/** Draws deeds for one object, as it is now. */
export class Deeds {
  readonly #lot: Lot
  readonly #kind: FuzzKind
  readonly #version: string
  readonly #name: string
  readonly #live: JsonObject | null
  readonly #wanted: Map<string, JsonObject>

  constructor(
    lot: Lot,
    kind: FuzzKind,
    version: string,
    name: string,
    live: JsonObject | null,
    wanted: Map<string, JsonObject>,
  ) {
    this.#lot = lot
    this.#kind = kind
    this.#version = version
    this.#name = name
    this.#live = live
    this.#wanted = wanted
  }

  next(): Deed {
    const there = this.#live !== null
    const going = valueAt(this.#live ?? {}, ['metadata', 'deletionTimestamp']) !== undefined
    const parts = (this.#kind.status === null ? 0 : 1) * (there ? 10 : 1)
    return this.#lot.weighted<() => Deed>([
      [there ? 2 : 40, () => this.create()],
      [there ? 14 : 2, () => this.edit()],
      [there ? 8 : 3, () => this.put()],
      [there ? 10 : 1, () => this.jsonPatch()],
      [there ? 12 : 1, () => this.merge()],
      [there ? 12 : 1, () => this.strategic()],
      [there ? 24 : 30, () => this.apply()],
      [parts, () => this.status()],
      [(this.#kind.scale ? 5 : 0.2) * (there ? 1 : 0.2), () => this.scale()],
      [there ? 6 : 2, () => this.delete()],
      [1, () => this.deleteCollection()],
      [3, () => ({ method: 'GET', ...this.accept() })],
      [4, () => this.list()],
      [going ? 30 : 0.5, () => this.release()],
    ])()
  }

  /** A fresh wish, spoiled at times; sometimes one of the stories that are told elsewhere. */
  wish(): JsonObject {
    const lot = this.#lot
    const stories = storiesOf(this.#kind)
    if (stories.length > 0 && lot.chance(0.07)) return harmless(lot.of(stories))
    return harmless(spoiled(lot, this.#kind.wish(lot, this.#version)))
  }

  /** A wish with what makes it an object. */
  whole(wish: JsonObject, name: string | null = this.#name): JsonObject {
    const lot = this.#lot
    const metadata = isObject(wish.metadata) ? wish.metadata : {}
    const marked = this.#kind.namespaced || lot.chance(0.3) ? metadata : labelled(metadata)
    const named = name === null ? { generateName: 'gen-' } : { name: lot.chance(0.01) ? 'other' : name }
    const space = lot.chance(0.1) ? { namespace: lot.chance(0.9) ? '%ns%' : 'other' } : {}
    const head = {
      apiVersion: lot.chance(0.005) ? 'v9' : this.#version,
      kind: lot.chance(0.005) ? 'Other' : this.#kind.kind,
    }
    return { ...head, ...wish, metadata: { ...marked, ...named, ...(this.#kind.namespaced ? space : {}) } }
  }

  query(more: Readonly<Record<string, string>> = {}): { readonly query: Readonly<Record<string, string>> } {
    const lot = this.#lot
    return {
      query: {
        ...(lot.chance(0.06) ? { dryRun: lot.chance(0.95) ? 'All' : 'Some' } : {}),
        ...(lot.chance(0.25) ? { fieldManager: lot.one('ana', 'bob', 'kubectl') } : {}),
        ...(lot.chance(0.25) ? { fieldValidation: lot.one('Strict', 'Strict', 'Ignore', 'Warn') } : {}),
        ...more,
      },
    }
  }

  accept(): { readonly accept?: string } {
    return this.#lot.chance(0.1) ? { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' } : {}
  }

  create(): Deed {
    const lot = this.#lot
    if (lot.chance(0.06)) {
      const { metadata: _, ...wish } = this.wish()
      return { name: null, method: 'POST', ...this.query(), body: this.whole(wish, null), after: 'away' }
    }
    return { name: null, method: 'POST', ...this.query(), body: this.whole(this.wish()) }
  }

  put(): Deed {
    const lot = this.#lot
    const body = this.whole(this.wish())
    const metadata = isObject(body.metadata) ? body.metadata : {}
    const version = lot.weighted<JsonObject>([
      [4, {}],
      [4, { resourceVersion: '%rv%' }],
      [1, { resourceVersion: '%old%' }],
      [0.3, { uid: '%uid%' }],
      [0.2, { uid: 'x' }],
      [0.2, { resourceVersion: 'x' }],
    ])
    return { method: 'PUT', ...this.query(), body: { ...body, metadata: { ...metadata, ...version } } }
  }

  /** What is there, with a part changed. */
  edit(): Deed {
    const lot = this.#lot
    const live = this.#live ?? {}
    const fresh = this.wish()
    const edit = harmless(changeFrom(live, varied(lot, pick(live, Object.keys(fresh)), fresh)))
    const version = lot.weighted<JsonObject>([
      [6, {}],
      [1, { resourceVersion: null }],
      [0.5, { resourceVersion: '%old%' }],
      [0.3, { managedFields: null }],
      [0.3, { managedFields: [] }],
    ])
    const metadata = { ...(isObject(edit.metadata) ? edit.metadata : {}), ...version }
    return { method: 'PUT', from: 'live', ...this.query(), body: { ...edit, metadata } }
  }

  merge(): Deed {
    const lot = this.#lot
    const patch = thin(lot, this.wish())
    return { method: 'PATCH', type: types.merge, ...this.query(), body: this.precondition(patch) }
  }

  precondition(patch: Json): Json {
    const lot = this.#lot
    if (!isObject(patch) || lot.chance(0.9)) return patch
    const resourceVersion = lot.one('%rv%', '%rv%', '%old%')
    return { ...patch, metadata: { ...(isObject(patch.metadata) ? patch.metadata : {}), resourceVersion } }
  }

  strategic(): Deed {
    const lot = this.#lot
    const patch = this.precondition(directed(lot, thin(lot, this.wish())))
    return { method: 'PATCH', type: types.strategic, ...this.query(), body: patch }
  }

  jsonPatch(): Deed {
    const lot = this.#lot
    const live = this.#live ?? {}
    const fresh = this.wish()
    const body = Array.from({ length: 1 + lot.below(3) }, () => operationOf(lot, live, fresh))
    return { method: 'PATCH', type: types.json, ...this.query(), body }
  }

  apply(): Deed {
    const lot = this.#lot
    const manager = lot.one('ana', 'bob', 'cid')
    const key = `${this.#version}/${this.#kind.kind}/${this.#name}/${manager}`
    const before = this.#wanted.get(key)
    const fresh = this.wish()
    const wish = before === undefined || lot.chance(0.25) ? fresh : harmless(asObject(varied(lot, before, fresh)))
    this.#wanted.set(key, wish)
    const sent = this.#live !== null && lot.chance(0.25) ? asObject(thin(lot, wish)) : wish
    const force = lot.chance(0.45) ? { force: 'true' } : lot.chance(0.1) ? { force: 'false' } : {}
    const { query } = this.query(force)
    return {
      method: 'PATCH',
      type: types.apply,
      query: { ...query, fieldManager: manager },
      body: this.precondition(this.whole(sent)),
    }
  }

  status(): Deed {
    const lot = this.#lot
    const status = asObject(spoiled(lot, { status: this.#kind.status?.(lot) ?? {} }))
    const sub = 'status'
    const { query } = this.query()
    return lot.weighted<() => Deed>([
      [
        4,
        () => ({
          method: 'PUT',
          from: 'live',
          sub,
          query,
          body: lot.chance(0.15) ? { ...status, ...this.wish() } : status,
        }),
      ],
      [3, () => ({ method: 'PATCH', type: types.merge, sub, query, body: status })],
      [2, () => ({ method: 'PATCH', type: types.strategic, sub, query, body: thin(lot, status) })],
      [
        1,
        () => ({ method: 'PATCH', type: types.json, sub, query, body: [operationOf(lot, this.#live ?? {}, status)] }),
      ],
      [
        3,
        () => ({
          method: 'PATCH',
          type: types.apply,
          sub,
          query: {
            ...query,
            fieldManager: lot.one('ana', 'bob', 'cid'),
            ...(lot.chance(0.5) ? { force: 'true' } : {}),
          },
          body: this.whole(status),
        }),
      ],
      [1, () => ({ method: 'GET', sub })],
    ])()
  }

  scale(): Deed {
    const lot = this.#lot
    const sub = 'scale'
    const spec = asObject(spoiled(lot, { spec: { replicas: lot.one(0, 1, 2, 3) } }))
    const { query } = this.query()
    return lot.weighted<() => Deed>([
      [2, () => ({ method: 'GET', sub })],
      [3, () => ({ method: 'PUT', from: 'live', sub, query, body: spec })],
      [3, () => ({ method: 'PATCH', type: types.merge, sub, query, body: spec })],
      [
        1,
        () => ({
          method: 'PATCH',
          type: types.json,
          sub,
          query,
          body: [{ op: 'replace', path: '/spec/replicas', value: lot.one(0, 2, 'x', -1) }],
        }),
      ],
      [
        2,
        () => ({
          method: 'PATCH',
          type: types.apply,
          sub,
          query: { ...query, fieldManager: lot.one('ana', 'bob'), ...(lot.chance(0.5) ? { force: 'true' } : {}) },
          body: { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: this.#name }, ...spec },
        }),
      ],
    ])()
  }

  deletion(): { readonly body?: Json; readonly query?: Readonly<Record<string, string>> } {
    const lot = this.#lot
    if (lot.chance(0.4)) return {}
    const options: JsonObject = {
      ...(lot.chance(0.3)
        ? { propagationPolicy: lot.one('Foreground', 'Background', 'Orphan', 'Background', 'Some') }
        : {}),
      ...(lot.chance(0.25) ? { gracePeriodSeconds: lot.one(0, 0, 1, 100, -1) } : {}),
      ...(lot.chance(0.1) ? { orphanDependents: lot.one(true, false) } : {}),
      ...(lot.chance(0.08) ? { dryRun: ['All'] } : {}),
      ...(lot.chance(0.25)
        ? {
            preconditions: lot.one<JsonObject>(
              { uid: '%uid%' },
              { resourceVersion: '%rv%' },
              { resourceVersion: '%old%' },
              { uid: 'x' },
              {},
            ),
          }
        : {}),
    }
    if (lot.chance(0.8)) return { body: { kind: 'DeleteOptions', apiVersion: 'v1', ...options } }
    const { preconditions: _, ...plain } = options
    return {
      query: Object.fromEntries(
        Object.entries(plain).map(([key, value]) => [key, isList(value) ? String(value[0]) : String(value)]),
      ),
    }
  }

  delete(): Deed {
    return { method: 'DELETE', ...this.deletion() }
  }

  deleteCollection(): Deed {
    const lot = this.#lot
    const { body, query } = this.deletion()
    const own = this.#kind.namespaced
      ? lot.chance(0.7)
        ? { labelSelector: lot.of(selectors) }
        : {}
      : { labelSelector: 'fuzz=%ns%' }
    return { name: null, method: 'DELETE', query: { ...query, ...own }, ...(body === undefined ? {} : { body }) }
  }

  list(): Deed {
    const lot = this.#lot
    if (!this.#kind.namespaced) {
      return {
        name: null,
        method: 'GET',
        query: { labelSelector: 'fuzz=%ns%' },
        after: 'pages',
      }
    }
    const fields = [
      'metadata.name=a',
      'metadata.name!=b',
      'metadata.namespace=%ns%',
      'metadata.labels=x',
      ...this.#kind.selectable.flatMap((each) => [`${each}=`, `${each}!=x`, `${each}=red`]),
    ]
    const query = {
      ...(lot.chance(0.5) ? { labelSelector: lot.of(selectors) } : {}),
      ...(lot.chance(0.3) ? { fieldSelector: lot.of(fields) } : {}),
      ...(lot.chance(0.3) ? { limit: lot.one('1', '2') } : {}),
    }
    return { name: null, method: 'GET', query, ...this.accept(), after: 'pages' }
  }

  /** Lets go of what is held. */
  release(): Deed {
    const lot = this.#lot
    if (lot.chance(0.8)) return { method: 'PATCH', type: types.merge, body: { metadata: { finalizers: null } } }
    const body = {
      metadata: {
        $deleteFromPrimitiveList: null,
        '$deleteFromPrimitiveList/finalizers': [lot.one('x.example.com/a', 'foregroundDeletion')],
      },
    }
    return {
      method: 'PATCH',
      type: types.strategic,
      body: {
        metadata: { '$deleteFromPrimitiveList/finalizers': body.metadata['$deleteFromPrimitiveList/finalizers'] },
      },
    }
  }
}

const selectors = ['a=1', 'a', '!a', 'a in (1,2)', 'b!=x', 'a=1,b', 'a notin (1)', 'a=(', 'a==1']

function storiesOf(kind: FuzzKind): readonly JsonObject[] {
  const [version = ''] = kind.versions
  const group = version.includes('/') ? version.split('/')[0] : ''
  const found = allStories.find(([name]) => name === `${group}/${kind.plural}`)
  return (found?.[1] ?? []).flatMap(({ object }) => {
    const { apiVersion, kind: _, metadata, ...rest } = object
    const { name: __, namespace: ___, ...more } = isObject(metadata) ? metadata : ({} as JsonObject)
    return apiVersion === version && JSON.stringify(object).length < 4000 ? [{ metadata: more, ...rest }] : []
  })
}

/** Nothing that is felt in other namespaces, or that is given out by lot where another one may have it. */
function harmless(wish: JsonObject): JsonObject {
  const text = JSON.stringify(wish)
  return /globalDefault|is-default-class|"(healthCheckN|n)odePort":3|"10\.96\./.test(text) ? {} : wish
}

function asObject(value: Json): JsonObject {
  return isObject(value) ? value : {}
}

function labelled(metadata: JsonObject): JsonObject {
  return { ...metadata, labels: { ...(isObject(metadata.labels) ? metadata.labels : {}), fuzz: '%ns%' } }
}

function pick(value: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (value[key] === undefined ? [] : [[key, value[key]] as const])))
}

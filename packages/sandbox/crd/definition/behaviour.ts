// What the API server does with CustomResourceDefinitions themselves: fill in, keep the status, judge, warn.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { dnsSubdomain } from '../../kinds/formats.ts'
import { metadataCauses, metadataUpdateCauses } from '../../kinds/metadata.ts'
import type { Behaviour, Cause } from '../../registry/kind.ts'
import { typeOf } from '../../schema/lookup.ts'
import { normalForm } from '../../schema/normal.ts'
import { APPROVED, approvalOf, isProtected } from '../approval.ts'
import { isTrue } from '../conditions.ts'
import { atKey, invalid, required } from '../value/cause.ts'
import { sameJson } from '../value/same.ts'
import { quote } from '../value/text.ts'
import { versionsOf } from '../versions.ts'
import { unknownFormats } from './formats.ts'
import { hubOf } from './hub.ts'
import { normalSchema } from './normal.ts'
import { definitionCauses } from './spec.ts'

/** The Behaviour of the kind CustomResourceDefinition. */
export const definitionBehaviour: Behaviour = {
  fillIn: (crd) => fillIn(crd),
  prepareCreate: (crd) => {
    const fresh: KubeObject = { ...crd, metadata: { ...crd.metadata, generation: 1 }, status: EMPTY_STATUS }
    return withStored(fresh)
  },
  prepareUpdate: (crd, old) => withStored({ ...crd, status: old.status ?? EMPTY_STATUS }),
  prepareStatus: (crd, old) => ({ ...crd, ...(old.spec === undefined ? {} : { spec: old.spec }) }),
  validateCreate: (crd) => [...newNameCauses(crd), ...definitionCauses(hubOf(crd)), ...approvalCauses(crd, null)],
  validateUpdate: (crd, old) => [
    ...metadataUpdateCauses(crd, old),
    ...definitionCauses(hubOf(crd)),
    ...immutableCauses(crd, old),
    ...approvalCauses(crd, old),
  ],
  validateStatus: (crd, old) => metadataUpdateCauses(crd, old),
  warnings: (crd, old) => {
    const before = new Set(old === null ? [] : unknownFormats(hubOf(old)))
    return unknownFormats(hubOf(crd))
      .filter((format) => !before.has(format))
      .map((format) => `unrecognized format ${quote(format)}`)
  },
  generation: 'spec',
}

const EMPTY_STATUS: JsonObject = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null }

/** Versioned defaults, and the form in which a definition is kept. */
function fillIn(crd: KubeObject): KubeObject {
  const type = typeOf('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition')
  // The form keeps what every object has.
  const normal = (type === null ? crd : normalForm(type, crd, new Map())) as KubeObject
  const spec = isObject(normal.spec) ? normal.spec : {}
  const names = isObject(spec.names) ? spec.names : {}
  const kind = typeof names.kind === 'string' ? names.kind : ''
  const filled: JsonObject = {
    ...spec,
    names: {
      ...names,
      ...(isSaid(names.singular) || kind === '' ? {} : { singular: kind.toLowerCase() }),
      ...(isSaid(names.listKind) || kind === '' ? {} : { listKind: `${kind}List` }),
    },
    conversion: filledConversion(spec.conversion),
    versions: isList(spec.versions) ? spec.versions.map((each) => normalVersion(each)) : (spec.versions ?? null),
  }
  const { preserveUnknownFields, ...rest } = filled
  const kept = preserveUnknownFields === true ? filled : rest
  const status = isObject(normal.status) ? normal.status : EMPTY_STATUS
  const made: KubeObject = { ...normal, spec: kept, status: { ...EMPTY_STATUS, ...status } }
  const stored = valueAt(made, 'status', 'storedVersions')
  return isList(stored) && stored.length > 0 ? made : withStored(made)
}

function isSaid(value: Json | undefined): boolean {
  return typeof value === 'string' && value !== ''
}

function filledConversion(conversion: Json | undefined): Json {
  if (!isObject(conversion)) return { strategy: 'None' }
  const service = valueAt(conversion, 'webhook', 'clientConfig', 'service')
  if (!isObject(service) || service.port !== undefined) return conversion
  const webhook = isObject(conversion.webhook) ? conversion.webhook : {}
  const client = isObject(webhook.clientConfig) ? webhook.clientConfig : {}
  const clientConfig = { ...client, service: { ...service, port: 443 } }
  return { ...conversion, webhook: { ...webhook, clientConfig } }
}

function normalVersion(version: Json): Json {
  if (!isObject(version)) return version
  const raw = valueAt(version, 'schema', 'openAPIV3Schema')
  if (!isObject(raw)) return version
  return { ...version, schema: { openAPIV3Schema: normalSchema(raw) } }
}

/** The status with the version in which objects are kept among those that were ever kept. */
function withStored(crd: KubeObject): KubeObject {
  const name = versionsOf(crd).find((each) => each.storage === true)?.name
  const stored = valueAt(crd, 'status', 'storedVersions')
  const before = isList(stored) ? stored : []
  if (typeof name !== 'string' || before.includes(name)) return crd
  return { ...crd, status: { ...(isObject(crd.status) ? crd.status : {}), storedVersions: [...before, name] } }
}

function newNameCauses(crd: KubeObject): readonly Cause[] {
  const plural = stringAt(crd, 'spec', 'names', 'plural') ?? ''
  const wanted = `${plural}.${stringAt(crd, 'spec', 'group') ?? ''}`
  return metadataCauses(
    crd,
    (name) => [...dnsSubdomain(name), ...(name === wanted ? [] : ['must be spec.names.plural+"."+spec.group'])],
    false,
  )
}

function immutableCauses(crd: KubeObject, old: KubeObject): readonly Cause[] {
  const paths = [...(isTrue(old, 'Established') ? [['scope'], ['names', 'kind']] : []), ['group'], ['names', 'plural']]
  return paths.flatMap((path) => {
    const value = stringAt(crd, 'spec', ...path) ?? ''
    const before = stringAt(old, 'spec', ...path) ?? ''
    return sameJson(value, before) ? [] : [invalid(['spec', ...path].join('.'), value, 'field is immutable')]
  })
}

function approvalCauses(crd: KubeObject, old: KubeObject | null): readonly Cause[] {
  if (!isProtected(stringAt(crd, 'spec', 'group') ?? '')) return []
  const { state, text } = approvalOf(crd)
  if (old !== null && approvalOf(old).state === state) return []
  const path = atKey('metadata.annotations', APPROVED)
  if (state === 'missing') return [required(path, text)]
  return state === 'invalid' ? [invalid(path, stringAt(crd, 'metadata', 'annotations', APPROVED) ?? '', text)] : []
}

// Whether a CustomResourceDefinition is well formed, in the real server's words and with its inner paths.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import { dns1035Label, dnsSubdomain } from '../../kinds/formats.ts'
import type { Cause } from '../../registry/kind.ts'
import type { Schema } from '../schema/schema.ts'
import { EMPTY, schemaOf } from '../schema/schema.ts'
import { atIndex, child, forbidden, invalid, notSupported, required } from '../value/cause.ts'
import { defaultCauses } from './default-values.ts'
import { SCHEMA_FIELDS, schemaText, versionsText } from './go-text.ts'
import type { Hub } from './hub.ts'
import { missingNames, nameCauses } from './names.ts'
import { openSchemaCauses } from './open-schema.ts'
import { columnCauses, conversionCauses, selectableCauses, subresourceCauses } from './parts.ts'
import { structuralCauses, unreadable } from './structural.ts'
import { storedCauses, warningTextCauses } from './version-list.ts'

/** What is wrong with spec and status of a definition. */
export function definitionCauses(hub: Hub): readonly Cause[] {
  return [
    ...specCauses(hub),
    ...nameCauses(hub.acceptedNames, 'status.acceptedNames'),
    ...storedCauses(hub),
    ...(hub.preserveUnknownFields
      ? [
          invalid(
            'spec.preserveUnknownFields',
            true,
            'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
          ),
        ]
      : []),
  ]
}

function specCauses(hub: Hub): readonly Cause[] {
  const { versions, top } = hub
  const anyStatus = [top.subresources, ...versions.map((each) => each.subresources)].some(hasStatus)
  return [
    ...groupCauses(hub.group),
    ...scopeCauses(hub.scope),
    ...missingSchemas(hub),
    ...versions.flatMap((version, index) => versionCauses(hub, version, atIndex('spec.versions', index))),
    ...versionListCauses(hub),
    ...missingNames(hub.names, 'spec.names'),
    ...nameCauses(hub.names, 'spec.names'),
    ...schemaCauses(top.schema, anyStatus, 'spec.validation'),
    ...subresourceCauses(top.subresources, 'spec.subresources'),
    ...columnCauses(top.additionalPrinterColumns, 'spec.additionalPrinterColumns'),
    ...topSelectable(hub),
    ...preservedDefaults(hub),
    ...conversionCauses(hub.conversion, 'spec.conversion'),
  ]
}

function groupCauses(group: string): readonly Cause[] {
  if (group === '') return [required('spec.group')]
  const faults = dnsSubdomain(group)
  if (faults.length > 0) return [invalid('spec.group', group, faults.join(','))]
  return group.includes('.') ? [] : [invalid('spec.group', group, 'should be a domain with at least one dot')]
}

function scopeCauses(scope: string): readonly Cause[] {
  const known = ['Cluster', 'Namespaced']
  if (scope === '') return [required('spec.scope')]
  return known.includes(scope) ? [] : [notSupported('spec.scope', scope, known)]
}

function missingSchemas({ top, versions }: Hub): readonly Cause[] {
  if (openSchema(top.schema) !== null) return []
  return versions.flatMap((version, index) =>
    openSchema(version.schema) === null ? [required(`${atIndex('spec.versions', index)}.schema.openAPIV3Schema`)] : [],
  )
}

function openSchema(schema: Json | undefined): Schema | null {
  const raw = valueAt(schema, 'openAPIV3Schema')
  return isObject(raw) ? schemaOf(raw) : null
}

function hasStatus(subresources: Json | undefined): boolean {
  return isObject(valueAt(subresources, 'status'))
}

function versionCauses(hub: Hub, version: JsonObject, path: string): readonly Cause[] {
  const name = typeof version.name === 'string' ? version.name : ''
  const faults = dns1035Label(name)
  const perVersion = hub.versions.some((each) => each.subresources !== undefined)
  const status = hasStatus(perVersion ? version.subresources : hub.top.subresources)
  const schema = openSchema(version.schema)
  const selectable = child(path, 'selectableFields')
  const noSchema = 'may only be set when `version.schema.openAPIV3Schema` is not included'
  return [
    ...(faults.length === 0 ? [] : [invalid(child(path, 'name'), name, faults.join(','))]),
    ...warningTextCauses(version, child(path, 'deprecationWarning')),
    ...schemaCauses(version.schema, status, child(path, 'schema')),
    ...subresourceCauses(version.subresources, child(path, 'subresources')),
    ...columnCauses(version.additionalPrinterColumns, child(path, 'additionalPrinterColumns')),
    ...(version.selectableFields !== undefined && schema === null
      ? [invalid(selectable, '', noSchema)]
      : selectableCauses(version.selectableFields, schema ?? EMPTY, selectable)),
  ]
}

function topSelectable({ top }: Hub): readonly Cause[] {
  if (top.selectableFields === undefined) return []
  const schema = openSchema(top.schema)
  if (schema === null)
    return [invalid('spec.selectableFields', '', 'may only be set when validations.schema is included')]
  return selectableCauses(top.selectableFields, schema, 'spec.selectableFields')
}

function versionListCauses({ versions, version }: Hub): readonly Cause[] {
  const faults = versions.length === 0 ? [] : dns1035Label(version)
  const names = versions.map((each) => each.name)
  const stored = versions.filter((each) => each.storage === true).length
  const value = versionsText(versions)
  return [
    ...(new Set(names).size < names.length
      ? [invalid('spec.versions', value, 'must contain unique version names')]
      : []),
    ...(stored === 1
      ? []
      : [invalid('spec.versions', value, 'must have exactly one version marked as storage version')]),
    ...(faults.length === 0 ? [] : [invalid('spec.version', version, faults.join(','))]),
  ]
}

function preservedDefaults({ preserveUnknownFields, top, versions, conversion }: Hub): readonly Cause[] {
  if (!preserveUnknownFields) return []
  const schemas = [top.schema, ...versions.map((each) => each.schema)].map(openSchema).filter((each) => each !== null)
  const detail = 'must be false in order to use defaults in the schema'
  const strategy = conversion?.strategy
  return [
    ...(schemas.some(hasDefault) ? [invalid('spec.preserveUnknownFields', true, detail)] : []),
    ...(strategy !== undefined && strategy !== 'None'
      ? [invalid('spec.conversion.strategy', strategy, 'must be None if spec.preserveUnknownFields is true')]
      : []),
  ]
}

function hasDefault(schema: Schema): boolean {
  if (schema.default !== null) return true
  const below = [schema.items, schema.not, schema.additional?.schema ?? null].filter((each) => each !== null)
  return [...below, ...schema.properties.values(), ...schema.allOf, ...schema.anyOf, ...schema.oneOf].some(hasDefault)
}

/** What is wrong with `schema` of a version, or with what all versions have in common. */
function schemaCauses(value: Json | undefined, status: boolean, path: string): readonly Cause[] {
  const schema = openSchema(value)
  if (schema === null) return []
  const at = child(path, 'openAPIV3Schema')
  const broken = unreadable(schema)
  const structural = broken === null ? structuralCauses(schema, at) : []
  const defaults = broken === null && structural.length === 0 ? defaultCauses(schema, at) : []
  const sound = broken === null && structural.length === 0 && defaults.length === 0
  const causes = [
    ...(status ? rootCauses(schema, at) : []),
    ...(schema.nullable ? [forbidden(child(at, 'nullable'), 'nullable cannot be true at the root')] : []),
    ...structural,
    ...defaults,
    ...openSchemaCauses(schema, at, sound),
  ]
  return causes.length === 0 && broken !== null ? [invalid(at, '', broken)] : causes
}

const AT_ROOT = [
  'Description',
  'Type',
  'Format',
  'Title',
  'Maximum',
  'ExclusiveMaximum',
  'Minimum',
  'ExclusiveMinimum',
  'MaxLength',
  'MinLength',
  'Pattern',
  'MaxItems',
  'MinItems',
  'UniqueItems',
  'MultipleOf',
  'Required',
  'Items',
  'Properties',
  'ExternalDocs',
  'Example',
  'XPreserveUnknownFields',
  'XValidations',
]

/** With a status of its own, the schema of the status must be all that the root says of it. */
function rootCauses(schema: Schema, path: string): readonly Cause[] {
  for (const [name, key] of SCHEMA_FIELDS) {
    const value = schema.raw[key]
    if (value === undefined) continue
    if (name === 'Type' && schema.type !== 'object') {
      const detail =
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
      return [invalid(child(path, 'type'), schema.type, detail)]
    }
    if (AT_ROOT.includes(name)) continue
    const detail = `only [${AT_ROOT.join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`
    return [invalid(path, schemaText(schema.raw), detail)]
  }
  return []
}

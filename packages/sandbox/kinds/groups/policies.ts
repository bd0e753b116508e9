// Policies of admission and what binds them.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { selectorText } from '../apps/template.ts'
import { duplicate, forbidden, invalid, invalids, notSupported, oneOf, required } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { dnsSubdomain, qualifiedName } from '../formats.ts'
import { has, objectAt, objectsAt, textAt, textsAt } from '../look.ts'
import { selectorCauses } from '../metadata.ts'
import { chosenCauses, conditionsCauses, expressionCauses, ruleCauses } from './matching.ts'

const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge']

function policyCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  return [
    ...chosenCauses(spec.failurePolicy, ['Fail', 'Ignore'], 'spec.failurePolicy'),
    ...(has(spec, 'paramKind') ? paramKindCauses(objectAt(spec, 'paramKind'), 'spec.paramKind') : []),
    ...(has(spec, 'matchConstraints')
      ? matchCauses(objectAt(spec, 'matchConstraints'), true, 'spec.matchConstraints')
      : [required('spec.matchConstraints')]),
    ...conditionsCauses(spec, 'spec'),
    ...variablesCauses(objectsAt(spec, 'variables')),
  ]
}

/** A policy that judges must say by what. */
function judgingCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const [validations, annotations] = [objectsAt(spec, 'validations'), objectsAt(spec, 'auditAnnotations')]
  const text = 'validations or auditAnnotations must contain at least one item'
  const none = validations.length === 0 && annotations.length === 0
  return [
    ...policyCauses(object),
    ...(none ? [required('spec.validations', text), required('spec.auditAnnotations', text)] : []),
    ...validations.flatMap((each, at) => validationCauses(each, `spec.validations[${at}]`)),
    ...annotations.flatMap((each, at) => annotationCauses(each, object.metadata.name, `spec.auditAnnotations[${at}]`)),
  ]
}

function validationCauses(validation: JsonObject, path: string): readonly Cause[] {
  const [expression, message] = [textAt(validation, 'expression'), textAt(validation, 'message')]
  return [
    ...(expression.trim() === ''
      ? [required(`${path}.expression`, 'expression is not specified')]
      : expressionCauses(expression, `${path}.expression`, 'bool')),
    ...(message !== '' && message.trim() === ''
      ? [invalid(`${path}.message`, message, 'must be non-empty if specified')]
      : message.trim().includes('\n')
        ? [invalid(`${path}.message`, message, 'must not contain line breaks')]
        : []),
    ...chosenCauses(validation.reason, REASONS, `${path}.reason`),
  ]
}

function annotationCauses(annotation: JsonObject, policy: string, path: string): readonly Cause[] {
  const key = `${policy}/${textAt(annotation, 'key')}`
  const expression = textAt(annotation, 'valueExpression')
  return [
    ...invalids(`${path}.key`, key, qualifiedName(key)),
    ...(expression.trim() === ''
      ? [required(`${path}.valueExpression`, 'valueExpression is not specified')]
      : expressionCauses(expression, `${path}.valueExpression`, null)),
  ]
}

function variablesCauses(variables: readonly JsonObject[]): readonly Cause[] {
  return variables.flatMap((each, at) => {
    const path = `spec.variables[${at}]`
    const expression = textAt(each, 'expression')
    return [
      ...(textAt(each, 'name') === '' ? [required(`${path}.name`, 'name is not specified')] : []),
      ...(expression.trim() === ''
        ? [required(`${path}.expression`, 'expression is not specified')]
        : expressionCauses(expression, `${path}.expression`, null)),
    ]
  })
}

function paramKindCauses(kind: JsonObject, path: string): readonly Cause[] {
  const version = textAt(kind, 'apiVersion')
  const text = `unexpected GroupVersion string: ${version}`
  return [
    ...(version === ''
      ? [required(`${path}.apiVersion`)]
      : version.split('/').length > 2
        ? [invalid(`${path}.apiVersion`, version, text)]
        : []),
    ...(textAt(kind, 'kind') === '' ? [required(`${path}.kind`)] : []),
  ]
}

function matchCauses(match: JsonObject, ruled: boolean, path: string): readonly Cause[] {
  const rules = (key: string): readonly Cause[] =>
    objectsAt(match, key).flatMap((each, at) => ruleCauses(each, `${path}.${key}[${at}]`))
  const selector = (key: string): readonly Cause[] =>
    has(match, key) ? selectorCauses(objectAt(match, key), `${path}.${key}`) : []
  return [
    ...chosenCauses(match.matchPolicy, ['Equivalent', 'Exact'], `${path}.matchPolicy`),
    ...selector('namespaceSelector'),
    ...selector('objectSelector'),
    ...rules('resourceRules'),
    ...rules('excludeResourceRules'),
    ...(ruled && objectsAt(match, 'resourceRules').length === 0 ? [required(`${path}.resourceRules`)] : []),
  ]
}

function paramCell(object: KubeObject): string {
  if (!has(object, 'spec', 'paramKind')) return '<unset>'
  return `${textAt(object, 'spec', 'paramKind', 'apiVersion')}/${textAt(object, 'spec', 'paramKind', 'kind')}`
}

/** Policies that change. */
export const mutatingPolicy: Entry = {
  generation: 'spec',
  cells: {
    Validations: (object) => objectsAt(object, 'spec', 'validations').length,
    Mutations: (object) => objectsAt(object, 'spec', 'mutations').length,
    ParamKind: paramCell,
  },
}

/** Policies that judge. */
export const validatingPolicy: Entry = { ...mutatingPolicy, validate: judgingCauses }

function paramRefCell(object: KubeObject): string {
  const ref = objectAt(object, 'spec', 'paramRef')
  const name = textAt(ref, 'name')
  if (name !== '') return `${textAt(ref, 'namespace') || '*'}/${name}`
  return has(ref, 'selector') ? selectorText(objectAt(ref, 'selector')) : '<unset>'
}

function bindingCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const name = textAt(spec, 'policyName')
  return [
    ...(name === '' ? [required('spec.policyName')] : invalids('spec.policyName', name, dnsSubdomain(name))),
    ...(has(spec, 'paramRef') ? paramRefCauses(objectAt(spec, 'paramRef'), 'spec.paramRef') : []),
    ...(has(spec, 'matchResources') ? matchCauses(objectAt(spec, 'matchResources'), false, 'spec.matchResources') : []),
  ]
}

function paramRefCauses(ref: JsonObject, path: string): readonly Cause[] {
  const [named, selected] = [textAt(ref, 'name') !== '', has(ref, 'selector')]
  const both = 'name and selector are mutually exclusive'
  return [
    ...(named || selected ? [] : [required(path, 'one of name or selector must be specified')]),
    ...(named && selected ? [forbidden(`${path}.name`, both), forbidden(`${path}.selector`, both)] : []),
    ...oneOf(`${path}.parameterNotFoundAction`, textAt(ref, 'parameterNotFoundAction'), ['Allow', 'Deny']),
  ]
}

const ACTIONS = ['Audit', 'Deny', 'Warn']

function actionsCauses(object: KubeObject): readonly Cause[] {
  const actions = textsAt(object, 'spec', 'validationActions')
  const path = 'spec.validationActions'
  const both =
    'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)'
  return [
    ...bindingCauses(object),
    ...actions.flatMap((each, at) => [
      ...(ACTIONS.includes(each) ? [] : [notSupported(`${path}[${at}]`, each, ACTIONS)]),
      ...(actions.indexOf(each) < at ? [duplicate(`${path}[${at}]`, each)] : []),
    ]),
    ...(actions.includes('Deny') && actions.includes('Warn') ? [invalid(path, [...actions], both)] : []),
    ...(actions.length === 0 ? [required(path, 'at least one validation action is required')] : []),
  ]
}

/** What binds a policy that changes. */
export const mutatingBinding: Entry = {
  generation: 'spec',
  validate: bindingCauses,
  cells: { PolicyName: (object) => textAt(object, 'spec', 'policyName'), ParamRef: paramRefCell },
}

/** What binds a policy that judges. */
export const validatingBinding: Entry = { ...mutatingBinding, validate: actionsCauses }

// ValidatingAdmissionPolicies: what their expressions refuse, as their bindings have it. Parameters are not followed.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Scope } from '../crd/cel/evaluate.ts'
import { CelFault, MapValue, type Value } from '../crd/cel/value.ts'
import { objectAt, objectsAt, textAt, textsAt } from '../kinds/look.ts'
import type { Admission, AdmissionRequest, Verdict } from '../registry/admission.ts'
import type { Surroundings } from '../registry/kind.ts'
import { failure } from '../registry/status.ts'
import { conditionsOf, valueFor } from './expression.ts'
import { matches } from './match.ts'
import { scopeOf } from './value.ts'

const GROUP = 'admissionregistration.k8s.io'
const POLICIES = { group: GROUP, plural: 'validatingadmissionpolicies' } as const
const BINDINGS = { group: GROUP, plural: 'validatingadmissionpolicybindings' } as const

/** The policies of the cluster as somebody who has a say in every write. */
export const policyAdmission: Admission = {
  name: 'ValidatingAdmissionPolicy',
  validate: (request, around) => {
    const bindings = request.resource.group === GROUP ? [] : around.list(BINDINGS, null)
    const warnings: string[] = []
    for (const binding of bindings) {
      const verdict = ask(binding, request, around)
      warnings.push(...(verdict.warnings ?? []))
      if (verdict.refusal !== undefined) return { refusal: verdict.refusal, warnings }
    }
    return { warnings }
  },
}

function ask(binding: KubeObject, request: AdmissionRequest, around: Surroundings): Verdict {
  const policy = around.get(POLICIES, null, textAt(binding, 'spec', 'policyName'))
  if (policy === null) return {}
  if (!matches(objectAt(policy, 'spec', 'matchConstraints'), request, around)) return {}
  if (!matches(objectAt(binding, 'spec', 'matchResources'), request, around)) return {}
  const failed = failureOf(policy, request, around)
  if (failed === null) return {}
  const where = `ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}'`
  const actions = textsAt(binding, 'spec', 'validationActions')
  const warnings = actions.includes('Warn') ? [`Validation failed for ${where}: ${failed.message}`] : []
  if (!actions.includes('Deny')) return { warnings }
  return { warnings, refusal: refused(request, failed.reason, `${where} denied request: ${failed.message}`) }
}

const CODES: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
  Invalid: 422,
}

function refused({ resource, name }: AdmissionRequest, reason: string, message: string): ReturnType<typeof failure> {
  const { group, plural } = resource
  const where = group === '' ? plural : `${plural}.${group}`
  const details = { name, ...(group === '' ? {} : { group }), kind: plural, causes: [{ message }] }
  return failure(CODES[reason] ?? 422, reason, `${where} ${JSON.stringify(name)} is forbidden: ${message}`, details)
}

/** What a policy holds against a write. */
interface Failed {
  readonly reason: string
  readonly message: string
}

function failureOf(policy: KubeObject, request: AdmissionRequest, around: Surroundings): Failed | null {
  const lenient = textAt(policy, 'spec', 'failurePolicy') === 'Ignore'
  const scope = withVariables(policy, scopeOf(request, around))
  const broken = (expression: string, fault: CelFault): Failed | null => {
    if (lenient) return null
    return { reason: 'Invalid', message: `expression '${expression}' resulted in error: ${fault.message}` }
  }
  const conditions = conditionsOf(objectsAt(policy, 'spec', 'matchConditions'), scope)
  if (conditions.kind === 'fail') return null
  for (const { expression, fault } of conditions.kind === 'broken' ? conditions.broken : []) {
    return broken(expression, fault)
  }
  for (const validation of objectsAt(policy, 'spec', 'validations')) {
    const expression = textAt(validation, 'expression')
    const held = valueFor(expression, scope)
    const failed = held instanceof CelFault ? broken(expression, held) : held === true ? null : told(validation, scope)
    if (failed !== null) return failed
  }
  return null
}

function told(validation: JsonObject, scope: Scope): Failed {
  const reason = textAt(validation, 'reason') === '' ? 'Invalid' : textAt(validation, 'reason')
  const made =
    textAt(validation, 'messageExpression') === '' ? '' : valueFor(textAt(validation, 'messageExpression'), scope)
  if (typeof made === 'string' && made.trim() !== '') return { reason, message: made.trim() }
  const message = textAt(validation, 'message').trim()
  return { reason, message: message === '' ? `failed expression: ${textAt(validation, 'expression').trim()}` : message }
}

/** Each variable may use those before it; one that has no value is none. */
function withVariables(policy: KubeObject, scope: Scope): Scope {
  const known: (readonly [Value, Value])[] = []
  const all = (): Scope => new Map([...scope, ['variables', new MapValue(known)] as const])
  for (const variable of objectsAt(policy, 'spec', 'variables')) {
    const value = valueFor(textAt(variable, 'expression'), all())
    if (!(value instanceof CelFault)) known.push([textAt(variable, 'name'), value])
  }
  return all()
}

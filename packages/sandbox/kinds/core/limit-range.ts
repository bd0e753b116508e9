// LimitRanges: what may be limited, and limits that fit together.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { duplicate, forbidden, invalid, invalids, required } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { qualifiedName } from '../formats.ts'
import { has, objectAt, objectsAt, textAt } from '../look.ts'
import { containerNameCauses, mayOvercommit, resourceNameCauses } from '../pod/resources.ts'
import { nanoOf } from '../quantity.ts'

const LIMITED = ['Container', 'PersistentVolumeClaim', 'Pod']
const BILLION = 1_000_000_000n

function limitRangeCauses(object: KubeObject): readonly Cause[] {
  const limits = objectsAt(object, 'spec', 'limits')
  const types = limits.map((each) => textAt(each, 'type'))
  return limits.flatMap((limit, at) => {
    const path = `spec.limits[${at}]`
    const type = textAt(limit, 'type')
    return [
      ...typeCauses(type, `${path}.type`),
      ...(types.indexOf(type) < at ? [duplicate(`${path}.type`, type)] : []),
      ...partsCauses(limit, type, path),
      ...namesOf(limit, type).flatMap((name) => fitCauses(limit, name, path)),
    ]
  })
}

function typeCauses(type: string, path: string): readonly Cause[] {
  const wrong = invalids(path, type, qualifiedName(type))
  if (wrong.length > 0 || type.includes('/') || LIMITED.includes(type)) return wrong
  return [invalid(path, type, 'must be a standard limit type or fully qualified')]
}

function partsCauses(limit: JsonObject, type: string, path: string): readonly Cause[] {
  const names = type === 'Pod' || type === 'Container' ? containerNameCauses : resourceNameCauses
  const part = (key: string): readonly Cause[] =>
    Object.keys(objectAt(limit, key)).flatMap((name) => names(name, `${path}.${key}[${name}]`))
  const away = (key: string): readonly Cause[] =>
    has(limit, key) ? [forbidden(`${path}.${key}`, "may not be specified when `type` is 'Pod'")] : []
  const filled = type === 'Pod' ? away : part
  const storage = has(limit, 'min', 'storage') || has(limit, 'max', 'storage')
  const text = 'either minimum or maximum storage value is required, but neither was provided'
  return [
    ...part('max'),
    ...part('min'),
    ...filled('default'),
    ...filled('defaultRequest'),
    ...(type === 'PersistentVolumeClaim' && !storage ? [required(`${path}.limits`, text)] : []),
    ...part('maxLimitRequestRatio'),
  ]
}

function namesOf(limit: JsonObject, type: string): readonly string[] {
  const filled = type === 'Pod' ? [] : ['default', 'defaultRequest']
  const keys = ['max', 'min', ...filled, 'maxLimitRequestRatio']
  return [...new Set(keys.flatMap((key) => Object.keys(objectAt(limit, key))))].sort()
}

/** A comparison that must not hold: `first` above `second`, told at a field with one of the two. */
interface Clash {
  readonly first: string
  readonly second: string
  readonly field: string
  readonly shown: string
  readonly text: (first: string, second: string) => string
}

const CLASHES: readonly Clash[] = [
  {
    first: 'min',
    second: 'max',
    field: 'min',
    shown: 'min',
    text: (a, b) => `min value ${a} is greater than max value ${b}`,
  },
  {
    first: 'min',
    second: 'defaultRequest',
    field: 'defaultRequest',
    shown: 'defaultRequest',
    text: (a, b) => `min value ${a} is greater than default request value ${b}`,
  },
  {
    first: 'defaultRequest',
    second: 'max',
    field: 'defaultRequest',
    shown: 'defaultRequest',
    text: (a, b) => `default request value ${a} is greater than max value ${b}`,
  },
  {
    first: 'defaultRequest',
    second: 'default',
    field: 'defaultRequest',
    shown: 'defaultRequest',
    text: (a, b) => `default request value ${a} is greater than default limit value ${b}`,
  },
  {
    first: 'min',
    second: 'default',
    field: 'default',
    shown: 'min',
    text: (a, b) => `min value ${a} is greater than default value ${b}`,
  },
  {
    first: 'default',
    second: 'max',
    field: 'default',
    shown: 'max',
    text: (a, b) => `default value ${a} is greater than max value ${b}`,
  },
]

function fitCauses(limit: JsonObject, name: string, path: string): readonly Cause[] {
  const value = (key: string): Json | undefined => objectAt(limit, key)[name]
  const clashes = CLASHES.flatMap(({ first, second, field, shown, text }) => {
    const [a, b] = [value(first), value(second)]
    if (a === undefined || b === undefined || nanoOf(a) <= nanoOf(b)) return []
    return [invalid(`${path}.${field}[${name}]`, value(shown), text(String(a), String(b)))]
  })
  return [...clashes, ...ratioCauses(limit, name, path), ...equalCauses(limit, name, path)]
}

function ratioCauses(limit: JsonObject, name: string, path: string): readonly Cause[] {
  const ratio = objectAt(limit, 'maxLimitRequestRatio')[name]
  if (ratio === undefined) return []
  const field = `${path}.maxLimitRequestRatio[${name}]`
  const [min, max] = [objectAt(limit, 'min')[name], objectAt(limit, 'max')[name]]
  const low = nanoOf(ratio) < BILLION ? [invalid(field, ratio, `ratio ${String(ratio)} is less than 1`)] : []
  if (min === undefined || max === undefined) return low
  const most = Number(nanoOf(max)) / Number(nanoOf(min))
  if (Number(nanoOf(ratio)) / Number(BILLION) <= most) return low
  return [...low, invalid(field, ratio, `ratio ${String(ratio)} is greater than max/min = ${most.toFixed(6)}`)]
}

/** What cannot be shared is requested as it is limited. */
function equalCauses(limit: JsonObject, name: string, path: string): readonly Cause[] {
  const [given, asked] = [objectAt(limit, 'default')[name], objectAt(limit, 'defaultRequest')[name]]
  if (given === undefined || asked === undefined || mayOvercommit(name) || nanoOf(given) === nanoOf(asked)) return []
  const text = `default value ${String(given)} must equal to defaultRequest value ${String(asked)} in ${name}`
  return [invalid(`${path}.defaultRequest[${name}]`, asked, text)]
}

/** LimitRanges. */
export const limitRange: Entry = { validate: limitRangeCauses }

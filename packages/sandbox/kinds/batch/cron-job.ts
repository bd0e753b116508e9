// CronJobs: a schedule and a template of Jobs.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { containerImages, containerNames, nameWarnings, selectorText } from '../apps/template.ts'
import { invalid, notSupported, oneOf, required, same } from '../causes.ts'
import { sinceText } from '../duration.ts'
import type { Entry } from '../entry.ts'
import { has, isTrue, objectAt, objectsAt, textAt } from '../look.ts'
import { countsCauses } from '../pod/numbers.ts'
import { podWarnings } from '../pod/warnings.ts'
import { jobSpecCauses, jobSpecWarnings } from './job.ts'
import { scheduleFault } from './schedule.ts'

function cronJobCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  return [
    ...scheduleCauses(textAt(spec, 'schedule')),
    ...countsCauses(spec, ['startingDeadlineSeconds'], 'spec'),
    ...zoneCauses(object),
    ...oneOf('spec.concurrencyPolicy', textAt(spec, 'concurrencyPolicy'), ['Allow', 'Forbid', 'Replace']),
    ...templateCauses(object),
    ...countsCauses(spec, ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'], 'spec'),
  ]
}

function scheduleCauses(schedule: string): readonly Cause[] {
  const path = 'spec.schedule'
  if (schedule === '') return [required(path)]
  const fault = scheduleFault(schedule)
  const zoned = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'
  return [
    ...(fault === null ? [] : [invalid(path, schedule, fault)]),
    ...(schedule.includes('TZ') ? [invalid(path, schedule, zoned)] : []),
  ]
}

const AREAS = new Set([
  'Africa',
  'America',
  'Antarctica',
  'Arctic',
  'Asia',
  'Atlantic',
  'Australia',
  'Brazil',
  'Canada',
  'Chile',
  'Etc',
  'Europe',
  'Indian',
  'Mexico',
  'Pacific',
  'US',
])

/** There is no list of time zones here: those of a known area and those of one capitalised word are taken for one. */
function isZone(zone: string): boolean {
  const [area = '', ...places] = zone.split('/')
  if (places.length === 0) return /^[A-Z][A-Za-z0-9+-]*$/.test(zone)
  return AREAS.has(area) && places.every((each) => /^[A-Z][A-Za-z0-9_+-]*$/.test(each))
}

function zoneCauses(object: KubeObject): readonly Cause[] {
  if (!has(object, 'spec', 'timeZone')) return []
  const zone = textAt(object, 'spec', 'timeZone')
  const path = 'spec.timeZone'
  if (zone === '') return [invalid(path, zone, 'timeZone must be nil or non-empty string')]
  const parts = zone.split('/')
  const odd = parts.some(
    (each) => each === '.' || each === '..' || each.startsWith('-') || !/^[A-Za-z._0-9+-]{1,14}$/.test(each),
  )
  if (odd) return [invalid(path, zone, `unknown time zone ${zone}`)]
  if (zone.includes('..') || zone.startsWith('/') || zone.includes('\\')) {
    return [invalid(path, zone, 'time: invalid location name')]
  }
  if (!isZone(zone) && zone.toLowerCase() !== 'local') return [invalid(path, zone, `unknown time zone ${zone}`)]
  const explicit = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'
  return zone.toLowerCase() === 'local' ? [invalid(path, zone, explicit)] : []
}

function templateCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec', 'jobTemplate', 'spec')
  const path = 'spec.jobTemplate.spec'
  return [
    ...jobSpecCauses(spec, path),
    ...(has(spec, 'selector') ? [invalid(`${path}.selector`, spec.selector, '`selector` will be auto-generated')] : []),
    ...(isTrue(spec, 'manualSelector') ? [notSupported(`${path}.manualSelector`, true, ['nil', 'false'])] : []),
  ]
}

function longCauses(object: KubeObject): readonly Cause[] {
  // Whoever has a name at all: that there must be one is said elsewhere.
  const { name = '' } = object.metadata as { readonly name?: string }
  return name.length > 52 ? [invalid('metadata.name', name, 'must be no more than 52 characters')] : []
}

function warnings(object: KubeObject, old: KubeObject | null): readonly string[] {
  const changed = old === null || !same(object.spec, old.spec)
  const template = objectAt(object, 'spec', 'jobTemplate', 'spec', 'template')
  return [
    ...(old === null ? nameWarnings(object) : []),
    ...(changed ? jobSpecWarnings(objectAt(object, 'spec', 'jobTemplate', 'spec'), 'spec.jobTemplate.spec') : []),
    ...(changed ? podWarnings(template, 'spec.jobTemplate.spec.template.') : []),
  ]
}

/** CronJobs. */
export const cronJob: Entry = {
  generation: 'spec',
  validate: (object, _around) => [...cronJobCauses(object)],
  validateUpdate: () => [],
  validateCreate: longCauses,
  warnings,
  cells: {
    Schedule: (object) => textAt(object, 'spec', 'schedule'),
    Timezone: (object) => textAt(object, 'spec', 'timeZone') || '<none>',
    Suspend: (object) => (isTrue(object, 'spec', 'suspend') ? 'True' : 'False'),
    Active: (object) => objectsAt(object, 'status', 'active').length,
    'Last Schedule': (object, now) =>
      has(object, 'status', 'lastScheduleTime')
        ? sinceText(textAt(object, 'status', 'lastScheduleTime'), now)
        : '<none>',
    Containers: (object) => containerNames(objectAt(object, 'spec', 'jobTemplate', 'spec', 'template')),
    Images: (object) => containerImages(objectAt(object, 'spec', 'jobTemplate', 'spec', 'template')),
    Selector: (object) => selectorText(objectAt(object, 'spec', 'jobTemplate', 'spec', 'selector')),
  },
}

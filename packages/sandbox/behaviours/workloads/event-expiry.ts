// Events are forgotten an hour after they were last written, as the API server does it.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { textAt } from '../../kinds/look.ts'
import { timeOf } from '../../schema/time.ts'
import type { Controller } from '../controller.ts'
import { openLookup } from './owned.ts'

const MINUTE = 60_000
const KEPT_MINUTES = 60

/** The minute in which an event was last written. */
function minuteOf(event: KubeObject): string {
  const times = ['lastTimestamp', 'eventTime', 'firstTimestamp'].map((key) => timeOf(textAt(event, key)))
  const last = times.find((time) => time !== null) ?? timeOf(textAt(event, 'metadata', 'creationTimestamp')) ?? 0
  return String(Math.floor(last / MINUTE))
}

const ofMinute = openLookup('/events', (event) => [minuteOf(event)])

/** Takes old events away, minute by minute: there is one timer a minute, however many events there are. */
export const eventExpiry: Controller = {
  name: 'event-expiry',
  follows: [{ resource: '/events', subjects: (event) => [minuteOf(event)] }],
  reconcile: (subject, { world, now }) => {
    const left = (Number(subject) + KEPT_MINUTES + 1) * MINUTE - now
    if (left > 0) return left
    for (const event of ofMinute(world, subject)) {
      const namespace = textAt(event, 'metadata', 'namespace')
      world.remove({ apiVersion: 'v1', kind: 'Event', namespace, name: event.metadata.name })
    }
    return null
  },
}

// What one change costs does not depend on how much else there is.
import { describe, expect, it } from 'vitest'
import { openSandbox } from '../../sandbox.ts'
import { openTestClock } from '../../testing/clock.ts'
import type { World } from '../../world.ts'
import type { Controller } from '../controller.ts'
import { workloadControllers } from './all.ts'
import { keeping } from './testing/stage.ts'

/** How much was looked at. */
interface Bill {
  looks: number
  reads: number
}

/** A world that counts the objects which it hands out. */
function metered(world: World, bill: Bill): World {
  return {
    ...world,
    get: (place) => {
      bill.reads += 1
      return world.get(place)
    },
    list: (apiVersion, kind, namespace) => {
      const found = world.list(apiVersion, kind, namespace)
      bill.reads += found.length
      return found
    },
    all: (resource) => {
      const found = [...world.all(resource)]
      bill.reads += found.length
      return found
    },
  }
}

function counting(controllers: readonly Controller[], bill: Bill): readonly Controller[] {
  let own: World | null = null
  return controllers.map((controller) => ({
    ...controller,
    reconcile: (subject, desk) => {
      own ??= metered(desk.world, bill)
      bill.looks += 1
      return controller.reconcile(subject, { ...desk, world: own })
    },
  }))
}

/** What it costs to scale one Deployment among others. */
function billFor(others: number): Bill {
  const bill: Bill = { looks: 0, reads: 0 }
  const clock = openTestClock()
  const { world } = openSandbox({ clock, seed: 'cost', controllers: counting(workloadControllers(), bill) })
  for (let index = 0; index <= others; index++) {
    const name = `web-${index}`
    const metadata = { name, namespace: 'default' }
    world.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, ...keeping(name, 'nginx:1', { replicas: 1 }) })
  }
  clock.advance(60_000)
  const place = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web-0' }
  const one = world.get(place)
  Object.assign(bill, { looks: 0, reads: 0 })
  if (one !== null) world.update({ ...one, spec: { ...(one.spec as object), replicas: 3 } })
  clock.advance(60_000)
  expect(world.get(place)?.status).toMatchObject({ availableReplicas: 3 })
  return bill
}

describe('scaling one Deployment', () => {
  it('costs the same among few and among many', () => {
    expect(billFor(40)).toEqual(billFor(2))
  })
})

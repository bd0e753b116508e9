// What requests cost: the same ones to the sandbox and to the real API server, in turns.
import { configMap, deployment, type Placed } from './objects.ts'
import { apply, type Subject, timed } from './subject.ts'

/** One figure of one subject: a rate a second, or milliseconds. */
export interface Figure {
  readonly what: string
  readonly unit: '/s' | 'ms'
  readonly wanted: string
  readonly best: number
}

/** ConfigMaps that there are while it is measured. */
export const OBJECTS = 10_000
const DEPLOYMENTS = 100
const WATCHERS = 100
const CHANGES = 20
/** What `fanOut` measures. */
export const FAN_OUT = `events to ${WATCHERS} watchers of one kind`
/** Both take turns, and the best round of each counts: what else the machine does counts for nobody. */
const ROUNDS = 2

/** A namespace with objects to measure among. */
export async function furnish(subject: Subject): Promise<void> {
  await subject.ask('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bench' } })
  await timed(subject, OBJECTS, (index) => apply(subject, configMap('bench', index)))
  await timed(subject, DEPLOYMENTS, (index) => apply(subject, fresh(index, 0)))
}

function fresh(index: number, version: number): Placed {
  return deployment('bench', index, version)
}

/** Everything that is measured by requests, of both in turns. */
export async function measureRequests(subjects: readonly Subject[]): Promise<ReadonlyMap<Subject, readonly Figure[]>> {
  const rounds = new Map<Subject, (readonly number[])[]>(subjects.map((subject) => [subject, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const subject of subjects) {
      const figures: number[] = []
      for (const { measure } of MEASURES) figures.push(await measure(subject, round))
      rounds.get(subject)?.push(figures)
    }
  }
  return new Map(subjects.map((subject) => [subject, figuresOf(rounds.get(subject) ?? [])]))
}

function figuresOf(rounds: readonly (readonly number[])[]): readonly Figure[] {
  return MEASURES.map(({ what, unit, wanted }, at) => {
    const all = rounds.map((figures) => figures[at] ?? 0)
    return { what, unit, wanted, best: unit === '/s' ? Math.max(...all) : Math.min(...all) }
  })
}

interface Measure extends Omit<Figure, 'best'> {
  readonly measure: (subject: Subject, round: number) => Promise<number>
}

const size = JSON.stringify(fresh(0, 0).manifest).length

const MEASURES: readonly Measure[] = [
  {
    what: `apply one changed field of a Deployment (${(size / 1000).toFixed(1)} kB)`,
    unit: '/s',
    wanted: '≥ 5,000',
    measure: (subject, round) => {
      const count = subject.name === 'sandbox' ? 5000 : 1000
      const version = (index: number): number => 1 + Math.floor((round * count + index) / DEPLOYMENTS)
      return rate(subject, count, (index) => apply(subject, fresh(index % DEPLOYMENTS, version(index))))
    },
  },
  {
    what: 'apply a new Deployment',
    unit: '/s',
    wanted: '≥ 5,000',
    measure: (subject, round) => {
      const count = subject.name === 'sandbox' ? 3000 : 500
      const first = DEPLOYMENTS + round * count
      return rate(subject, count, (index) => apply(subject, fresh(first + index, 0)))
    },
  },
  {
    what: 'read one Deployment',
    unit: '/s',
    wanted: '',
    measure: (subject) => {
      const count = subject.name === 'sandbox' ? 10_000 : 1000
      return rate(subject, count, (index) => subject.ask('GET', fresh(index % DEPLOYMENTS, 0).path))
    },
  },
  {
    what: `list ${OBJECTS.toLocaleString('en')} ConfigMaps`,
    unit: 'ms',
    wanted: '',
    measure: async (subject) => {
      const startedAt = performance.now()
      await subject.ask('GET', '/api/v1/namespaces/bench/configmaps')
      return performance.now() - startedAt
    },
  },
  { what: FAN_OUT, unit: '/s', wanted: '', measure: fanOut },
]

async function rate(subject: Subject, count: number, act: (index: number) => Promise<unknown>): Promise<number> {
  return (count / (await timed(subject, count, act))) * 1000
}

/** Events a second to all watchers, until the last of them has the last change; each round makes objects of its own. */
export async function fanOut(subject: Subject, round: number): Promise<number> {
  let got = 0
  let wake = (): void => {}
  const path = `/api/v1/namespaces/bench/configmaps?watch=true&resourceVersion=${await version(subject)}`
  const watches = Array.from({ length: WATCHERS }, () =>
    subject.watch(path, (count) => {
      got += count
      if (got >= WATCHERS * CHANGES) wake()
    }),
  )
  const stops = await Promise.all(watches)
  const startedAt = performance.now()
  const all = new Promise<void>((resolve) => {
    wake = resolve
  })
  await timed(subject, CHANGES, (index) => apply(subject, configMap('bench', OBJECTS * (2 + round) + index)))
  await all
  const took = performance.now() - startedAt
  await Promise.all(stops.map((stop) => stop()))
  return ((WATCHERS * CHANGES) / took) * 1000
}

/** Where a watch that begins now begins. */
async function version(subject: Subject): Promise<string> {
  const text = await subject.ask('GET', '/api/v1/namespaces/bench/configmaps?limit=1')
  return /"resourceVersion":"(\d+)"/.exec(text)?.[1] ?? '0'
}

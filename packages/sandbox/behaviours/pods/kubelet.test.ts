// What a stand-in node makes of a Pod: starts, restarts, waits, ends, and what it says of that.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { objectAt, objectsAt, textAt } from '../../kinds/look.ts'
import { conditions, openStage, type Stage } from '../workloads/testing/stage.ts'
import { BEHAVIOUR } from './image.ts'

function pod(stage: Stage, behaviour: string, spec: JsonObject = {}): void {
  const annotations = behaviour === '' ? {} : { [BEHAVIOUR]: behaviour }
  const containers = [{ name: 'main', image: 'app:1' }]
  stage.make('v1', 'Pod', 'p', { metadata: { annotations }, spec: { containers, ...spec } })
}

function live(stage: Stage): KubeObject {
  return stage.get('v1', 'Pod', 'p')
}

function main(stage: Stage): JsonObject {
  return objectsAt(live(stage), 'status', 'containerStatuses')[0] ?? {}
}

/** `waiting CrashLoopBackOff`, `running`, `terminated Error`. */
function state(status: JsonObject): string {
  const [[kind, what] = ['', null]] = Object.entries(objectAt(status, 'state'))
  return `${kind} ${textAt(what ?? undefined, 'reason')}`.trim()
}

function phase(stage: Stage): string {
  return textAt(live(stage), 'status', 'phase')
}

describe('a Pod', () => {
  it('is placed, started and ready, one after another', () => {
    const stage = openStage()
    const seen: string[] = []
    stage.world.subscribe(({ resource, object }) => {
      if (resource !== '/pods') return
      const [status] = objectsAt(object, 'status', 'containerStatuses')
      const ready = conditions(object).includes('Ready=True')
      const placed = textAt(object, 'spec', 'nodeName') === '' ? '' : ' placed'
      seen.push(`${textAt(object, 'status', 'phase')}${placed} ${state(status ?? {})}${ready ? ' ready' : ''}`.trim())
    })
    pod(stage, '')
    stage.clock.advance(5000)
    expect(seen).toEqual([
      'Pending',
      'Pending placed',
      'Pending placed waiting ContainerCreating',
      'Running placed running',
      'Running placed running ready',
    ])
    expect(stage.events('Pod', 'p')).toEqual([
      'Scheduled: Successfully assigned default/p to sandbox-1 (1)',
      'Pulling: Pulling image "app:1" (1)',
      expect.stringMatching(/^Pulled: Successfully pulled image "app:1" in /),
      'Created: Container created (1)',
      'Started: Container started (1)',
    ])
  })

  it('that ran in a live cluster runs on, whatever its image is called there', () => {
    const stage = openStage()
    pod(stage, '')
    stage.clock.advance(5000)
    const [status = {}] = objectsAt(live(stage), 'status', 'containerStatuses')
    const foreign = { ...status, image: 'mirror.example/app@sha256:1', containerID: 'containerd://elsewhere' }
    stage.world.put({ ...live(stage), status: { ...objectAt(live(stage), 'status'), containerStatuses: [foreign] } })
    stage.clock.advance(60_000)
    expect(main(stage)).toMatchObject({ restartCount: 0, containerID: 'containerd://elsewhere' })
    expect(state(main(stage))).toBe('running')
  })

  it('that crashes is started again at once, and then each time later', () => {
    const stage = openStage()
    pod(stage, 'crashes after=1s exit-code=3')
    stage.clock.advance(1200)
    expect(main(stage)).toMatchObject({ restartCount: 1, ready: false, lastState: { terminated: { exitCode: 3 } } })
    stage.clock.advance(2000)
    expect(state(main(stage))).toBe('waiting CrashLoopBackOff')
    const uid = textAt(live(stage), 'metadata', 'uid')
    const message = `back-off 10s restarting failed container=main pod=p_default(${uid})`
    expect(objectAt(main(stage), 'state', 'waiting').message).toBe(message)
    stage.clock.advance(40_000)
    expect(main(stage)).toMatchObject({ restartCount: 3 })
    expect(phase(stage)).toBe('Running')
    const back = stage.events('Pod', 'p').find((each) => each.startsWith('BackOff'))
    expect(back).toBe(`BackOff: Back-off restarting failed container main in pod p_default(${uid}) (3)`)
  })

  it('may come to itself after some crashes', () => {
    const stage = openStage()
    pod(stage, 'crashes after=1s times=2')
    stage.clock.advance(60_000)
    expect(main(stage)).toMatchObject({ restartCount: 2, ready: true, state: { running: {} } })
  })

  it('whose image is not there says so, and waits', () => {
    const stage = openStage()
    pod(stage, 'not-found')
    stage.clock.advance(1000)
    expect(state(main(stage))).toBe('waiting ErrImagePull')
    stage.clock.advance(5000)
    expect(state(main(stage))).toBe('waiting ImagePullBackOff')
    stage.clock.advance(5500)
    expect(state(main(stage))).toBe('waiting ErrImagePull')
    expect(phase(stage)).toBe('Pending')
    expect(stage.events('Pod', 'p')).toContain('Failed: Error: ImagePullBackOff (1)')
  })

  it('that completes has succeeded or failed for good where it is not to be started again', () => {
    for (const [exitCode, word] of [
      [0, 'Succeeded'],
      [2, 'Failed'],
    ] as const) {
      const stage = openStage()
      pod(stage, `completes after=3s exit-code=${exitCode}`, { restartPolicy: 'Never' })
      stage.clock.advance(1000)
      expect(phase(stage)).toBe('Running')
      stage.clock.advance(10_000)
      expect(phase(stage)).toBe(word)
      expect(state(main(stage))).toBe(`terminated ${exitCode === 0 ? 'Completed' : 'Error'}`)
      expect(conditions(live(stage))).toContain(`Ready=False ${exitCode === 0 ? 'PodCompleted' : 'PodFailed'}`)
    }
  })

  it('runs its init containers in order before the others', () => {
    const stage = openStage()
    const initContainers = [
      { name: 'first', image: 'init:1' },
      { name: 'second', image: 'init:1' },
      { name: 'beside', image: 'proxy:1', restartPolicy: 'Always' },
    ]
    pod(stage, '', { initContainers })
    stage.clock.advance(500)
    const inits = (): readonly string[] => objectsAt(live(stage), 'status', 'initContainerStatuses').map(state)
    expect(inits()).toEqual(['running', 'waiting PodInitializing', 'waiting PodInitializing'])
    expect(conditions(live(stage))).toContain(
      'Initialized=False ContainersNotInitialized: containers with incomplete status: [first second beside]',
    )
    expect(state(main(stage))).toBe('waiting PodInitializing')
    stage.clock.advance(10_000)
    expect(inits()).toEqual(['terminated Completed', 'terminated Completed', 'running'])
    expect(phase(stage)).toBe('Running')
    expect(conditions(live(stage))).toContain('Ready=True')
  })

  it('waits for a ConfigMap in its environment, and goes on when it comes', () => {
    const stage = openStage()
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }]
    pod(stage, '', { containers: [{ name: 'main', image: 'app:1', env }] })
    stage.clock.advance(1000)
    const said = (): JsonObject => objectAt(main(stage), 'state', 'waiting')
    expect(said()).toEqual({ reason: 'CreateContainerConfigError', message: 'configmap "settings" not found' })
    const map = stage.make('v1', 'ConfigMap', 'settings', { data: {} })
    stage.clock.advance(100)
    expect(said().message).toBe("couldn't find key a in ConfigMap default/settings")
    stage.world.update({ ...map, data: { a: '1' } })
    stage.clock.advance(5000)
    expect(phase(stage)).toBe('Running')
  })

  it('waits for a Secret that is a volume', () => {
    const stage = openStage()
    pod(stage, '', { volumes: [{ name: 'keys', secret: { secretName: 'keys' } }] })
    stage.clock.advance(1000)
    expect(state(main(stage))).toBe('waiting ContainerCreating')
    expect(stage.events('Pod', 'p')).toContain(
      'FailedMount: MountVolume.SetUp failed for volume "keys" : secret "keys" not found (1)',
    )
    stage.make('v1', 'Secret', 'keys', {})
    stage.clock.advance(5000)
    expect(phase(stage)).toBe('Running')
  })

  it('that starts slowly is there late', () => {
    const stage = openStage({
      images: [{ image: 'app', behaviour: { kind: 'slow-start', createAfterMs: 20_000, readyAfterMs: 10_000 } }],
    })
    pod(stage, '')
    stage.clock.advance(15_000)
    expect(state(main(stage))).toBe('waiting ContainerCreating')
    stage.clock.advance(10_000)
    expect(main(stage)).toMatchObject({ ready: false, state: { running: {} } })
    stage.clock.advance(10_000)
    expect(main(stage)).toMatchObject({ ready: true })
  })

  it('that is deleted ends its containers, says so, and is gone', () => {
    const stage = openStage()
    pod(stage, 'runs stop-after=10s')
    stage.clock.advance(5000)
    stage.world.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'p' })
    stage.clock.advance(5000)
    expect(state(main(stage))).toBe('running')
    expect(stage.events('Pod', 'p')).toContain('Killing: Stopping container main (1)')
    stage.clock.advance(10_000)
    expect(stage.pods()).toEqual([])
  })

  it('gets no more time than its grace', () => {
    const stage = openStage()
    pod(stage, 'runs stop-after=10m', { terminationGracePeriodSeconds: 5 })
    stage.clock.advance(5000)
    stage.world.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'p' })
    stage.clock.advance(4000)
    expect(stage.pods()).toHaveLength(1)
    stage.clock.advance(2000)
    expect(stage.pods()).toEqual([])
  })

  it('that lasts too long has failed', () => {
    const stage = openStage()
    pod(stage, '', { activeDeadlineSeconds: 10 })
    stage.clock.advance(15_000)
    expect(live(stage).status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' })
  })

  it('waits for conditions that others have to write', () => {
    const stage = openStage()
    pod(stage, '', { readinessGates: [{ conditionType: 'example.com/open' }] })
    stage.clock.advance(5000)
    expect(conditions(live(stage))).toContain(
      'Ready=False ReadinessGatesNotReady: corresponding condition of pod readiness gate "example.com/open" does not exist.',
    )
    const open = { type: 'example.com/open', status: 'True', lastProbeTime: null, lastTransitionTime: null }
    const status = objectAt(live(stage), 'status')
    stage.world.put({ ...live(stage), status: { ...status, conditions: [...objectsAt(status, 'conditions'), open] } })
    stage.clock.advance(1000)
    expect(conditions(live(stage))).toContain('Ready=True')
  })

  it('with an annotation that nobody understands does not pretend', () => {
    const stage = openStage()
    pod(stage, 'crashes sometimes')
    stage.clock.advance(1000)
    const message = '"crashes sometimes" is no behaviour that the sandbox knows'
    expect(objectAt(main(stage), 'state', 'waiting')).toEqual({ reason: 'CreateContainerError', message })
  })

  it('takes a container in for a look at it', () => {
    const stage = openStage()
    pod(stage, '')
    stage.clock.advance(5000)
    const looking = [{ name: 'look', image: 'debug:1', terminationMessagePolicy: 'File', imagePullPolicy: 'Always' }]
    const spec = { ...objectAt(live(stage), 'spec'), ephemeralContainers: looking }
    stage.world.put({ ...live(stage), spec })
    stage.clock.advance(1000)
    expect(
      objectsAt(live(stage), 'status', 'ephemeralContainerStatuses').map((each) => [each.name, state(each)]),
    ).toEqual([['look', 'running']])
    expect(phase(stage)).toBe('Running')
  })

  it('has an address that no other has', () => {
    const stage = openStage()
    const spec = { containers: [{ name: 'main', image: 'app:1' }] }
    for (let index = 0; index < 100; index++) stage.make('v1', 'Pod', `p-${index}`, { spec })
    stage.clock.advance(5000)
    const addresses = stage.pods().map((each) => textAt(each, 'status', 'podIP'))
    expect(new Set(addresses).size).toBe(100)
  })
})

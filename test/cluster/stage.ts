// What the kubelet stand-in does next with a Pod: a pure decision from the Pod and how long it has been known.

/** Says how a Pod's life goes; without it a Pod of a Job succeeds at once and any other runs. */
export const stageAnnotation = 'mainstay.dev/stage'
/** On a Service of type LoadBalancer: `pending` means that no address ever comes. */
export const loadBalancerAnnotation = 'mainstay.dev/load-balancer'

/** How a Pod's life goes. Times count from when the Pod was placed on the node. */
export type Stage =
  | { readonly kind: 'runs'; readonly afterMs: number }
  | { readonly kind: 'never-placed' }
  | { readonly kind: 'never-starts' }
  | { readonly kind: 'crashes' }
  | { readonly kind: 'ends'; readonly afterMs: number; readonly exitCode: number }
  | { readonly kind: 'invalid'; readonly text: string }

/** The values of the annotation, for help texts. */
export const stageWords: readonly (readonly [string, string])[] = [
  ['runs', 'becomes Running and Ready'],
  ['runs-after=2s', 'the same, after a while'],
  ['never-placed', 'stays Pending without a node'],
  ['never-starts', 'stays Pending, its image cannot be pulled'],
  ['crashes', 'starts and crashes again and again'],
  ['fails-after=3s', 'runs, then ends with exit code 1'],
  ['succeeds-after=1s', 'runs, then ends with exit code 0'],
]

/** As much of a Pod as the stand-in looks at. */
export interface Pod {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly uid: string
    readonly annotations?: Readonly<Record<string, string>>
    readonly deletionTimestamp?: string
    readonly ownerReferences?: readonly { readonly kind: string; readonly controller?: boolean }[]
  }
  readonly spec: {
    readonly nodeName?: string
    readonly restartPolicy?: string
    readonly containers: readonly Container[]
    readonly initContainers?: readonly Container[]
  }
  readonly status?: {
    readonly phase?: string
    readonly startTime?: string
    readonly podIP?: string
    readonly containerStatuses?: readonly {
      readonly ready: boolean
      readonly state?: { readonly waiting?: { readonly reason?: string } }
    }[]
  }
}

interface Container {
  readonly name: string
  readonly image?: string
}

/** The state a Pod is brought into. */
export type PodState = 'pulling' | 'running' | 'crashing' | 'succeeded' | 'failed'

/** What to do now. */
export type PodStep =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'place' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'become'; readonly state: PodState; readonly why: string | null }

/** Reads the annotation of a Pod. */
export function stageOf(pod: Pod): Stage {
  const text = pod.metadata.annotations?.[stageAnnotation]
  if (text === undefined) {
    const ofJob = pod.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.kind === 'Job')
    return ofJob === true ? { kind: 'ends', afterMs: 0, exitCode: 0 } : { kind: 'runs', afterMs: 0 }
  }
  const match =
    /^(runs|runs-after|never-placed|never-starts|crashes|fails-after|succeeds-after)(?:=(\d+(?:\.\d+)?)(ms|s|m))?$/.exec(
      text,
    )
  const word = match?.[1]
  const afterMs = match?.[2] === undefined ? null : Number(match[2]) * unitMs(match[3])
  if (word === undefined || word.endsWith('-after') !== (afterMs !== null)) return { kind: 'invalid', text }
  switch (word) {
    case 'never-placed':
    case 'never-starts':
    case 'crashes':
      return { kind: word }
    case 'fails-after':
      return { kind: 'ends', afterMs: afterMs ?? 0, exitCode: 1 }
    case 'succeeds-after':
      return { kind: 'ends', afterMs: afterMs ?? 0, exitCode: 0 }
    default:
      return { kind: 'runs', afterMs: afterMs ?? 0 }
  }
}

function unitMs(unit: string | undefined): number {
  return unit === 'ms' ? 1 : unit === 'm' ? 60_000 : 1000
}

/** Decides the next step; `placedMs` is how long the Pod has been on the node. */
export function nextStep(pod: Pod, placedMs: number): PodStep {
  if (pod.metadata.deletionTimestamp !== undefined) {
    // The API server removes a Pod without a node by itself.
    return pod.spec.nodeName === undefined ? { kind: 'nothing' } : { kind: 'remove' }
  }
  if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return { kind: 'nothing' }
  const stage = stageOf(pod)
  if (pod.spec.nodeName === undefined) return stage.kind === 'never-placed' ? { kind: 'nothing' } : { kind: 'place' }
  switch (stage.kind) {
    case 'never-placed':
      return { kind: 'nothing' }
    case 'never-starts':
      return become(pod, 'pulling', null)
    case 'invalid':
      return become(pod, 'pulling', `the annotation ${stageAnnotation} has the unknown value ${stage.text}`)
    case 'crashes':
      return become(pod, 'crashing', null)
    case 'runs':
      return placedMs < stage.afterMs ? { kind: 'wait', ms: stage.afterMs - placedMs } : become(pod, 'running', null)
    case 'ends':
      return stepToEnd(pod, stage, placedMs)
  }
}

function stepToEnd(pod: Pod, stage: Extract<Stage, { kind: 'ends' }>, placedMs: number): PodStep {
  if (stateOf(pod) === null && stage.afterMs > 0) return become(pod, 'running', null)
  if (placedMs < stage.afterMs) return { kind: 'wait', ms: stage.afterMs - placedMs }
  // As a kubelet does it: a container that may start again does, and the Pod goes on.
  const policy = pod.spec.restartPolicy ?? 'Always'
  const startsAgain = policy === 'Always' || (policy === 'OnFailure' && stage.exitCode !== 0)
  if (startsAgain) return become(pod, 'crashing', null)
  return become(pod, stage.exitCode === 0 ? 'succeeded' : 'failed', null)
}

function become(pod: Pod, state: PodState, why: string | null): PodStep {
  return stateOf(pod) === state ? { kind: 'nothing' } : { kind: 'become', state, why }
}

/** The state a Pod is in by its status; null before its first. */
export function stateOf(pod: Pod): PodState | null {
  const phase = pod.status?.phase
  if (phase === 'Succeeded') return 'succeeded'
  if (phase === 'Failed') return 'failed'
  const first = pod.status?.containerStatuses?.[0]
  if (first === undefined) return null
  if (first.state?.waiting?.reason === 'CrashLoopBackOff') return 'crashing'
  return first.ready ? 'running' : 'pulling'
}

/** The status that shows a state, as a strategic merge patch; a Pod keeps the address that it has. */
export function statusOf(pod: Pod, state: PodState, why: string | null, now: string, freshIp: string): object {
  const podIp = pod.status?.podIP ?? freshIp
  const ready = state === 'running'
  const started = state !== 'pulling'
  const ended = state === 'succeeded' || state === 'failed'
  const condition = (type: string, holds: boolean): object => ({
    type,
    status: holds ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: now,
    ...(holds ? {} : { reason: ended ? 'PodCompleted' : 'ContainersNotReady' }),
  })
  const all = pod.spec.containers
  const inits = pod.spec.initContainers ?? []
  const done = { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } }
  return {
    phase: { pulling: 'Pending', running: 'Running', crashing: 'Running', succeeded: 'Succeeded', failed: 'Failed' }[
      state
    ],
    ...(why === null ? {} : { message: why }),
    hostIP: '192.0.2.1',
    hostIPs: [{ ip: '192.0.2.1' }],
    ...(started ? { podIP: podIp, podIPs: [{ ip: podIp }] } : {}),
    startTime: pod.status?.startTime ?? now,
    conditions: [
      condition('PodReadyToStartContainers', started && !ended),
      condition('Initialized', started || inits.length === 0),
      condition('Ready', ready),
      condition('ContainersReady', ready),
    ],
    initContainerStatuses: inits.map((one) =>
      containerStatus(one, false, started ? done : { waiting: { reason: 'PodInitializing' } }, 0),
    ),
    containerStatuses: all.map((one) =>
      containerStatus(one, ready, containerState(state, why, now), state === 'crashing' ? 3 : 0),
    ),
  }
}

function containerState(state: PodState, why: string | null, now: string): object {
  switch (state) {
    case 'pulling':
      return { waiting: { reason: 'ImagePullBackOff', message: why ?? 'the stand-in was told that it never starts' } }
    case 'running':
      return { running: { startedAt: now } }
    case 'crashing':
      return { waiting: { reason: 'CrashLoopBackOff', message: 'back-off restarting failed container' } }
    case 'succeeded':
      return { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } }
    case 'failed':
      return { terminated: { exitCode: 1, reason: 'Error', startedAt: now, finishedAt: now } }
  }
}

function containerStatus(container: Container, ready: boolean, state: object, restarts: number): object {
  const image = container.image ?? ''
  const started = 'running' in state
  return { name: container.name, image, imageID: '', ready, started, restartCount: restarts, state }
}

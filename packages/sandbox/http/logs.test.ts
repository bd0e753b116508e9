// Logs over HTTP: what a container said, parts of it, as it goes on, and why there is none.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { describe, expect, it } from 'vitest'
import { BEHAVIOUR } from '../behaviours/pods/image.ts'
import { openStage, type Stage } from '../behaviours/workloads/testing/stage.ts'
import { type Client, openClient, refusal } from '../testing/client.ts'

const LOG = '/api/v1/namespaces/default/pods/p/log'

function open(behaviour: string, spec: JsonObject = {}): { readonly stage: Stage; readonly client: Client } {
  const stage = openStage()
  const containers = [{ name: 'main', image: 'app:1' }]
  stage.make('v1', 'Pod', 'p', { metadata: { annotations: { [BEHAVIOUR]: behaviour } }, spec: { containers, ...spec } })
  return { stage, client: openClient(stage.sandbox, stage.clock) }
}

/** Reads a stream as far as it has come. */
async function reading(
  stage: Stage,
  path: string,
): Promise<() => Promise<{ readonly text: string; readonly ended: boolean }>> {
  const response = await stage.sandbox.fetch(new Request(`https://sandbox.example${path}`))
  const reader = response.body?.getReader()
  let text = ''
  let ended = false
  const read = async (): Promise<void> => {
    for (;;) {
      const part = await reader?.read()
      if (part === undefined || part.done) break
      text += new TextDecoder().decode(part.value)
    }
    ended = true
  }
  void read()
  return async () => {
    await new Promise((resolve) => setImmediate(resolve))
    return { text, ended }
  }
}

const START = ['starting docker.io/library/app:1', 'ready']

describe('a log', () => {
  it('tells how a container goes on', async () => {
    const { stage, client } = open('runs')
    stage.clock.advance(70_000)
    const answer = await client.ask('GET', LOG)
    expect([answer.status, answer.header('content-type')]).toEqual([200, 'text/plain'])
    expect(answer.text.split('\n')).toEqual([...START, 'running for 30s', 'running for 1m0s', ''])
  })

  it('can be had in part, and with times', async () => {
    const { stage, client } = open('runs')
    stage.clock.advance(70_000)
    const text = async (query: string): Promise<string> => (await client.ask('GET', `${LOG}?${query}`)).text
    expect(await text('tailLines=1')).toBe('running for 1m0s\n')
    expect(await text('tailLines=0')).toBe('')
    expect(await text('sinceSeconds=45')).toBe('running for 30s\nrunning for 1m0s\n')
    expect(await text('sinceTime=2026-01-01T12:01:00Z')).toBe('running for 1m0s\n')
    expect(await text('limitBytes=8')).toBe('starting')
    expect(await text('tailLines=1&timestamps=true')).toBe('2026-01-01T12:01:00.000000000Z running for 1m0s\n')
  })

  it('of a container that was started again tells of this run, or of the one before', async () => {
    const { stage, client } = open('crashes after=2s exit-code=3 times=1')
    stage.clock.advance(10_000)
    expect((await client.ask('GET', LOG)).text).toBe(`${START.join('\n')}\n`)
    const before = await client.ask('GET', `${LOG}?previous=true`)
    expect(before.text).toBe('starting docker.io/library/app:1\nfatal: exit code 3\n')
  })

  it('goes on until the container ends', async () => {
    const { stage } = open('completes after=40s', { restartPolicy: 'Never' })
    stage.clock.advance(1000)
    const read = await reading(stage, `${LOG}?follow=true&tailLines=1`)
    expect(await read()).toEqual({ text: 'ready\n', ended: false })
    stage.clock.advance(30_000)
    expect(await read()).toEqual({ text: 'ready\nrunning for 30s\n', ended: false })
    stage.clock.advance(30_000)
    expect(await read()).toEqual({ text: 'ready\nrunning for 30s\ndone\n', ended: true })
  })

  it('ends when the Pod is gone, and when the client goes', async () => {
    const { stage } = open('runs')
    stage.clock.advance(5000)
    const read = await reading(stage, `${LOG}?follow=true`)
    const control = new AbortController()
    const request = new Request(`https://sandbox.example${LOG}?follow=true`, { signal: control.signal })
    const aborted = await stage.sandbox.fetch(request)
    control.abort()
    expect(await aborted.text()).toBe(`${START.join('\n')}\n`)
    stage.world.remove({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'p' })
    expect(await read()).toEqual({ text: `${START.join('\n')}\n`, ended: true })
  })

  it('is refused where there is none, in the words of the real server', async () => {
    const { stage, client } = open('not-found')
    const said = async (query: string): Promise<string> => refusal(await client.ask('GET', `${LOG}?${query}`))
    expect((await client.ask('GET', LOG)).status).toBe(204)
    stage.clock.advance(1000)
    const waits = '400 BadRequest: container "main" in pod "p" is waiting to start:'
    expect(await said('')).toBe(`${waits} image can't be pulled`)
    stage.clock.advance(5000)
    expect(await said('')).toBe(`${waits} trying and failing to pull image`)
    expect(await said('previous=true')).toBe(
      '400 BadRequest: previous terminated container "main" in pod "p" not found',
    )
    expect(await said('container=x')).toBe('400 BadRequest: container x is not valid for pod p')
    const invalid = '422 Invalid: PodLogOptions "p" is invalid:'
    expect(await said('tailLines=-1')).toBe(
      `${invalid} tailLines: Invalid value: -1: must be greater than or equal to 0`,
    )
    expect(await said('sinceSeconds=0')).toBe(`${invalid} sinceSeconds: Invalid value: 0: must be greater than 0`)
    expect(await said('limitBytes=0')).toBe(`${invalid} limitBytes: Invalid value: 0: must be greater than 0`)
    expect(await said('stream=Stdout')).toBe(`${invalid} stream: Forbidden: may not be specified`)
    expect(await said('sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z')).toBe(
      `${invalid} []: Forbidden: at most one of \`sinceTime\` or \`sinceSeconds\` may be specified`,
    )
    expect(await said('tailLines=x')).toBe('400 BadRequest: strconv.ParseInt: parsing "x": invalid syntax')
  })

  it('of a Pod with several containers wants to know which', async () => {
    const containers = ['a', 'b'].map((name) => ({ name, image: 'app:1' }))
    const { client } = open('runs', { containers, initContainers: [{ name: 'i', image: 'app:1' }] })
    expect(refusal(await client.ask('GET', LOG))).toBe(
      '400 BadRequest: a container name must be specified for pod p, choose one of: [i a b]',
    )
  })
})

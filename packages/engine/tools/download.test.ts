// Taking a tool from a release: only with the pinned digest, and a network that says no is no obstacle.

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { memberOf } from './archive.ts'
import { getTool } from './get.ts'
import type { ToolRecipe } from './recipe.ts'
import { buildsGadget, fixture, gadget, gadgetScript, goToolchain } from './testing/fixture.ts'

const content = Buffer.from(gadgetScript('2.5.1'))

/** An address where nobody listens. */
async function closedUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}/gadget` : ''
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}/gadget` : ''
}

function released(url: string, platform: string, body = content): ToolRecipe {
  const sha256 = createHash('sha256').update(body).digest('hex')
  return { ...gadget, releases: { [platform]: { url, sha256, member: null } } }
}

describe('getTool with a release', () => {
  it('takes the release when its digest is the pinned one', async () => {
    const { context } = await fixture()
    const url = await serve((_request, response) => response.end(content))
    const found = await getTool(released(url, context.platform), { ...context, network: 'allowed' })
    expect(found).toMatchObject({ source: 'release', version: '2.5.1' })
    expect(await readFile(found.path)).toEqual(content)
  })

  it('builds instead when the server sends anything else, and keeps nothing of it', async () => {
    const at = await fixture()
    await goToolchain(at, buildsGadget)
    const url = await serve((_request, response) => response.end(gadgetScript('6.6.6')))
    const found = await getTool(released(url, at.context.platform), { ...at.context, network: 'allowed' })
    expect(found.source).toBe('build')
    const refusal = at.events.find((event) => event.kind === 'release-failed')
    expect(refusal).toMatchObject({ why: expect.stringContaining('is pinned') })
    expect((await readdir(at.context.cache)).length).toBe(1)
  })

  it('builds instead when there is no such file or nobody listens', async () => {
    const at = await fixture()
    await goToolchain(at, buildsGadget)
    const gone = await serve((_request, response) => {
      response.statusCode = 404
      response.end()
    })
    const context = { ...at.context, network: 'allowed' as const }
    await getTool(released(gone, context.platform), context)
    await getTool(released(await closedUrl(), context.platform), {
      ...context,
      cache: join(at.folder, 'other'),
    })
    const reasons = at.events.filter((event) => event.kind === 'release-failed').map((event) => event.why)
    expect(reasons).toEqual(['the server answered 404', expect.stringContaining('ECONNREFUSED')])
  })

  it('asks no network where it may not', async () => {
    const at = await fixture()
    await goToolchain(at, buildsGadget)
    let asked = 0
    const url = await serve((_request, response) => {
      asked += 1
      response.end(content)
    })
    expect(await getTool(released(url, at.context.platform), at.context)).toMatchObject({ source: 'build' })
    expect(asked).toBe(0)
  })
})

describe('memberOf', () => {
  it('takes one file out of an archive that tar made, and says when there is none', async () => {
    const { folder } = await fixture()
    await mkdir(join(folder, 'linux-test'))
    await writeFile(join(folder, 'linux-test', 'gadget'), content)
    await writeFile(join(folder, 'README'), 'x'.repeat(1000))
    await promisify(execFile)('tar', ['-czf', 'a.tar.gz', 'README', 'linux-test'], { cwd: folder })
    const archive = await readFile(join(folder, 'a.tar.gz'))
    expect(Buffer.from((await memberOf(archive, 'linux-test/gadget')) ?? [])).toEqual(content)
    expect(await memberOf(archive, 'gadget')).toBeNull()
    expect(await memberOf(archive, 'linux-test')).toBeNull()
  })

  it('refuses what is no archive', async () => {
    await expect(memberOf(Buffer.from('nonsense'), 'gadget')).rejects.toThrow()
  })
})

// A render by a real tool that is done once: found again by what it read, verified, or made anew.
import { createHash } from 'node:crypto'
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { Json } from '@mainstay/core/object/json.ts'
import { FaultError } from '../../fault.ts'
import type { Snapshot } from '../../source/source.ts'
import { inputLines, type RenderInput, sameInputs } from '../input.ts'
import { materialise, type Tree, type TreeWish } from '../tree/materialise.ts'
import { Flights } from './flight.ts'
import type { RenderStore } from './store.ts'

/** A render that can be kept. */
export interface Rendering {
  /**
   * Everything that decides the text beside the files: the renderer's version, the tool's, parameters, variables of the
   * build environment that are used, the cluster's versions where they are.
   */
  readonly parameters: Json
  /** Finds out which files are needed; may read files, runs nothing. `keep` is false for what a network decides, too. */
  readonly wish: () => Promise<{ readonly wish: TreeWish; readonly keep: boolean }>
  /** Runs the tool in the tree. */
  readonly run: (tree: Tree, signal: AbortSignal) => Promise<string>
  /** False: nothing that was kept is used; what is made is kept nevertheless. */
  readonly reuse: boolean
  readonly signal: AbortSignal | undefined
}

/** What a render gave. */
export interface RenderedText {
  readonly text: string
  readonly inputs: readonly RenderInput[]
  /** SHA-256 of parameters and inputs: equal digests, equal texts. */
  readonly digest: string
  /** Whether the tool ran, or the text was found. */
  readonly from: 'tool' | 'store'
}

/** Does renders, and remembers them in a store. */
export interface RenderCache {
  render(snapshot: Snapshot, rendering: Rendering): Promise<RenderedText>
}

/** Sets of inputs that are remembered for the same parameters: branches and environments that take turns. */
const REMEMBERED = 4

/** A cache over a store. */
export function renderCache(store: RenderStore): RenderCache {
  const flights = new Flights<RenderedText>()
  return {
    async render(snapshot, rendering) {
      const parameters = sha256(canonicalJson(rendering.parameters))
      const memo = new Memo(store, parameters)
      const found = rendering.reuse ? await remembered(snapshot, memo, store) : null
      if (found !== null) return found
      const flight = `${parameters} ${snapshot.revision.repoURL} ${snapshot.revision.commit} ${rendering.reuse}`
      try {
        return await flights.join(
          flight,
          (signal) => make(snapshot, rendering, parameters, memo, store, signal),
          rendering.signal,
        )
      } catch (error) {
        if (error !== rendering.signal?.reason) throw error
        throw new FaultError({ kind: 'cancelled', what: 'rendering was cancelled' })
      }
    },
  }
}

/** A render of another commit whose inputs are all as they were: costs a comparison of ids. */
async function remembered(snapshot: Snapshot, memo: Memo, store: RenderStore): Promise<RenderedText | null> {
  for (const { inputs, digest } of await memo.entries()) {
    if (!(await sameInputs(snapshot, inputs))) continue
    const text = await store.get(digest)
    if (text !== null) return { text, inputs, digest, from: 'store' }
  }
  return null
}

async function make(
  snapshot: Snapshot,
  rendering: Rendering,
  parameters: string,
  memo: Memo,
  store: RenderStore,
  signal: AbortSignal,
): Promise<RenderedText> {
  const { wish, keep } = await rendering.wish()
  const tree = await materialise(snapshot, wish)
  try {
    const { inputs } = tree
    const digest = sha256([parameters, ...inputLines(inputs)].join('\n'))
    if (!keep) return { text: await rendering.run(tree, signal), inputs, digest, from: 'tool' }
    return await store.exclusively(digest, async () => {
      const known = rendering.reuse ? await store.get(digest) : null
      const text = known ?? (await rendering.run(tree, signal))
      if (known === null) await store.put(digest, text)
      await memo.remember({ inputs, digest })
      return { text, inputs, digest, from: known === null ? 'tool' : 'store' }
    })
  } finally {
    await tree.dispose()
  }
}

interface Remembered {
  readonly inputs: readonly RenderInput[]
  readonly digest: string
}

/** What was read by renders with the same parameters, the latest first. */
class Memo {
  readonly #store: RenderStore
  readonly #key: string

  constructor(store: RenderStore, parameters: string) {
    this.#store = store
    this.#key = sha256(`inputs ${parameters}`)
  }

  async entries(): Promise<readonly Remembered[]> {
    const text = await this.#store.get(this.#key)
    // The store opened it with our key: it is what `remember` wrote.
    return text === null ? [] : (JSON.parse(text) as readonly Remembered[])
  }

  async remember(entry: Remembered): Promise<void> {
    const others = (await this.entries()).filter(({ digest }) => digest !== entry.digest)
    await this.#store.put(this.#key, JSON.stringify([entry, ...others].slice(0, REMEMBERED)))
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

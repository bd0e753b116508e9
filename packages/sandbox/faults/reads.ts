// Faults in what is read: pages that lead nowhere, and a server that looks at the past.
import type { Json } from '@mainstay/core/object/json.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { respondFailure } from '../http/respond.ts'
import { continueExpired, tokenOf } from '../verbs/list.ts'
import { withBody } from './bodies.ts'
import type { Effect, Passing, Past, Stage } from './effect.ts'
import type { Fault } from './fault.ts'

/** Lists in pages whose second page is not to be had. Whoever does not ask for pages gets none. */
export function cutList(items: number): Effect {
  const lost = new Set<string>()
  return {
    concerns: ({ wish, url }) => {
      const { searchParams } = url
      const pages = Number(searchParams.get('limit') ?? '0') > 0 && !searchParams.has('continue')
      return wish.verb === 'list' && pages && searchParams.get('resourceVersion') !== '0'
    },
    strike: async ({ request, url, next }) => {
      const shorter = new URL(url)
      shorter.searchParams.set('limit', String(Math.min(items, Number(url.searchParams.get('limit')))))
      const response = await next(new Request(shorter, request))
      const text = await response.text()
      const token = continueIn(text)
      if (token !== '') lost.add(token)
      return withBody(response, text)
    },
    entails: ({ request, url }) => {
      const token = url.searchParams.get('continue') ?? ''
      if (!lost.delete(token)) return null
      const { rv, start } = tokenOf(token)
      return Promise.resolve(respondFailure(continueExpired(rv, start), request))
    },
  }
}

/** Reads from the moment of the first strike. */
export function lookBack(reads: Extract<Fault, { readonly kind: 'stale' }>['reads'], { keep }: Stage): Effect {
  let past: Past | null = null
  return {
    concerns: (passing) => isRead(passing) && (reads === 'all' || mayBeCached(passing)),
    strike: ({ request, peer }) => {
      past ??= keep()
      return past(request, peer)
    },
  }
}

function isRead({ wish }: Passing): boolean {
  return wish.kind === 'resource' && (wish.verb === 'get' || wish.verb === 'list' || wish.verb === 'watch')
}

/** What the real server answers from its memory without a look at the store. */
function mayBeCached({ wish, url }: Passing): boolean {
  return wish.verb === 'watch' || url.searchParams.get('resourceVersion') === '0'
}

function continueIn(text: string): string {
  try {
    const value: Json = JSON.parse(text)
    return stringAt(value, 'metadata', 'continue') ?? ''
  } catch {
    return '' // No JSON: then there is no second page that could be lost.
  }
}

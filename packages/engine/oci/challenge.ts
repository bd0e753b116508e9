// Reads how a registry wants to be asked: the WWW-Authenticate header (RFC 9110, section 11.6.1; RFC 6750).

/** What a server asks for. */
export type Challenge =
  | { readonly kind: 'basic' }
  | { readonly kind: 'bearer'; readonly realm: string; readonly service: string | null; readonly scope: string | null }

const WORD = "[A-Za-z0-9!#$%&'*+.^_`|~-]+"
const SCHEME = new RegExp(`(?:^|, *)(${WORD}) +(?=${WORD} *=)|(?:^|, *)(${WORD}) *(?=,|$)`, 'g')
const PARAMETER = new RegExp(`(${WORD}) *= *(?:"((?:[^"\\\\]|\\\\.)*)"|(${WORD}))`, 'g')
const MAX_HEADER = 4096

/** The challenges of a header that we can answer, in its order. */
export function readChallenges(header: string): readonly Challenge[] {
  const text = header.slice(0, MAX_HEADER)
  const starts = [...text.matchAll(SCHEME)]
  return starts.flatMap((start, index): readonly Challenge[] => {
    const scheme = (start[1] ?? start[2] ?? '').toLowerCase()
    if (scheme === 'basic') return [{ kind: 'basic' }]
    if (scheme !== 'bearer') return []
    const parameters = parametersOf(text.slice(start.index + start[0].length, starts[index + 1]?.index))
    const realm = parameters.get('realm')
    if (realm === undefined) return []
    const service = parameters.get('service') ?? null
    return [{ kind: 'bearer', realm, service, scope: parameters.get('scope') ?? null }]
  })
}

function parametersOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(PARAMETER)].map(([, name = '', quoted, plain]) => [
      name.toLowerCase(),
      quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '',
    ]),
  )
}

// Where jq expressions lead in an object, as `del(…)` would follow them.
import { describe, expect, it } from 'vitest'
import type { Json } from '../../object/json.ts'
import { withoutPlaces } from '../path.ts'
import { jqPlaces } from './evaluate.ts'
import { parseJq } from './parse.ts'

const pod = {
  metadata: { name: 'web', annotations: { 'example.com/x': '1', plain: '2' }, labels: null },
  spec: {
    replicas: 3,
    containers: [
      { name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }, { name: 'B' }] },
      { name: 'istio-proxy', image: 'proxy:2', ports: [] },
      { name: 'Other', image: 'other:3', env: null },
    ],
  },
}

/** The places as `a.b.0`, separated by spaces. */
function places(text: string, root: Json = pod): string {
  const parsed = parseJq(text)
  if (parsed.kind === 'unsupported') throw new Error(`${text}: ${parsed.construct}`)
  return jqPlaces(parsed.program, root)
    .map((place) => place.join('.'))
    .join(' ')
}

describe('places', () => {
  it.each([
    ['.spec.replicas', 'spec.replicas'],
    ['.metadata.annotations["example.com/x"]', 'metadata.annotations.example.com/x'],
    ['.metadata.annotations."plain"', 'metadata.annotations.plain'],
    ['.spec.containers[].image', 'spec.containers.0.image spec.containers.1.image spec.containers.2.image'],
    ['.spec.containers[-1].name', 'spec.containers.2.name'],
    ['.spec.containers[1:]', 'spec.containers.1 spec.containers.2'],
    ['.spec.containers[:-1][0].name', 'spec.containers.0.name'],
    ['.spec.containers[1:][] | .name', 'spec.containers.1.name spec.containers.2.name'],
    ['.spec.containers[] | select(.name == "istio-proxy")', 'spec.containers.1'],
    ['.spec.containers[] | select(.name | test("^ISTIO"; "i")) | .image', 'spec.containers.1.image'],
    [
      '.spec.containers[] | select(.name | startswith("w") or endswith("r")) | .name',
      'spec.containers.0.name spec.containers.2.name',
    ],
    ['.spec.containers[] | select(has("env") | not)', 'spec.containers.1'],
    ['.spec.containers[] | select(.env | length == 2)', 'spec.containers.0'],
    ['.spec.containers[] | select(.image | contains("proxy"))', 'spec.containers.1'],
    ['.spec.containers[].env[]? | select(.name == "B")', 'spec.containers.0.env.1'],
    ['.spec.containers[] | select(any(.env[]?; .name == "A"))', 'unsupported'],
    ['.spec.containers[] | select((.env // [] | any(.name == "A"))) | .name', 'spec.containers.0.name'],
    ['.spec.containers[] | select(.ports | . != null and length == 0) | .name', 'spec.containers.1.name'],
    [
      '.spec.containers[] | select(.name | IN("web", "Other")) | .name',
      'spec.containers.0.name spec.containers.2.name',
    ],
    ['.spec.containers[] | select(.name | ascii_downcase == "other") | .name', 'spec.containers.2.name'],
    ['.spec.containers[] | select(.image >= "proxy" and .image < "web") | .name', 'spec.containers.1.name'],
    ['.metadata.labels.none, .spec.replicas', 'metadata.labels.none spec.replicas'],
    ['.. | select(. == "web:1")', 'spec.containers.0.image'],
    ['..|.annotations?|select(. != null)|.plain', 'metadata.annotations.plain'],
    ['.metadata | (.name, .labels)', 'metadata.name metadata.labels'],
    ['.spec.containers | .[0], .[7]', 'spec.containers.0 spec.containers.7'],
    ['empty', ''],
  ])('%s', (text, expected) => {
    if (expected === 'unsupported') expect(parseJq(text).kind).toBe('unsupported')
    else expect(places(text)).toBe(expected)
  })

  it('are none where the expression fails, as jq then changes nothing at all', () => {
    expect(places('.spec.replicas[]')).toBe('')
    expect(places('.spec.containers[].env[].name')).toBe('')
    expect(places('.metadata.name.x')).toBe('')
    expect(places('.spec.containers[] | select(.env[0].name == "A")')).not.toBe('')
  })

  it('are none where the expression makes up a value', () => {
    expect(places('"x"')).toBe('')
    expect(places('.spec.replicas == 3')).toBe('')
    expect(places('.spec | keys')).toBe('')
  })

  it('end where too much work is asked for', () => {
    const wide = { a: Array.from({ length: 1000 }, (_, index) => index) }
    expect(places('.a[] | select(. == 3)', wide)).toBe('a.3')
    expect(places('[.a[] | . , .] | .[] | select(. < 1)', wide)).toBe('')
    const again = '| (., .)'.repeat(30)
    expect(places(`.a ${again}`, wide)).toBe('')
    expect(places(`(.a ${again})?`, wide)).toBe('')
  })

  it('are found by the longest expressions that are read', () => {
    expect(places('.a'.repeat(1000), {})).toBe(Array(1000).fill('a').join('.'))
    expect(places(`.a${'?'.repeat(999)}`, {})).toBe('a')
    expect(places(Array(500).fill('.a').join(','), {})).toBe(Array(500).fill('a').join(' '))
  })

  it('take whole items out, wherever the others then stand', () => {
    const parsed = parseJq('.spec.containers[] | select(.name != "istio-proxy")')
    if (parsed.kind === 'unsupported') throw new Error(parsed.construct)
    const rest = withoutPlaces(pod, jqPlaces(parsed.program, pod))
    expect(rest).toMatchObject({ spec: { containers: [{ name: 'istio-proxy' }] } })
  })
})

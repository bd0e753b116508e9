// Which form a client wants its answer in, and which form its body has.
import { failure } from '../registry/status.ts'

/** The form of an answer. */
export interface Form {
  readonly media: 'json' | 'yaml'
  /** What the objects are turned into. */
  readonly as: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | null
  /** `v1` or `v1beta1` of meta.k8s.io. */
  readonly asVersion: string
  readonly pretty: boolean
}

/** What the real server takes; protobuf is refused here only where a client has nothing else. */
const MEDIA = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const
const STREAMS = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch']

/** One clause of an Accept header. */
interface Clause {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  readonly quality: number
}

/** The form of an answer to a request for objects; refuses with 406 where there is none. */
export function formOf(request: Request, pretty: string | null): Form {
  const header = request.headers.get('accept') ?? ''
  if (header === '' || header === '*/*' || header === 'application/json') {
    return { media: 'json', as: null, asVersion: 'v1', pretty: isPretty(request, pretty) }
  }
  const clauses = clausesOf(header)
  for (const clause of clauses) {
    const form = formOfClause(clause)
    if (form !== null) return { ...form, pretty: form.pretty || isPretty(request, pretty) }
  }
  throw notAcceptable(clauses)
}

/** Clauses of an Accept header, the wanted ones first. */
export function clausesOf(header: string): readonly Clause[] {
  return header
    .split(',')
    .map((part) => {
      const [type = '', ...rest] = part.split(';').map((piece) => piece.trim())
      const parameters = new Map(
        rest.map((piece) => {
          const [key = '', value = ''] = piece.split('=')
          return [key.trim().toLowerCase(), value.trim().replace(/^"|"$/g, '')] as const
        }),
      )
      return { type: type.toLowerCase(), parameters, quality: Number(parameters.get('q') ?? 1) }
    })
    .sort((a, b) => b.quality - a.quality)
}

function formOfClause({ type, parameters }: Clause): Form | null {
  const media = mediaOf(type)
  if (media === null) return null
  const stream = parameters.get('stream')
  if (stream !== undefined && stream !== '' && stream !== 'watch') return null
  const pretty = parameters.get('pretty') === '1'
  const as = parameters.get('as')
  if (as === undefined && !parameters.has('g') && !parameters.has('v')) {
    return { media, as: null, asVersion: 'v1', pretty }
  }
  const version = parameters.get('v') ?? ''
  const known = parameters.get('g') === 'meta.k8s.io' && (version === 'v1' || version === 'v1beta1')
  if (!known) return null
  if (as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') {
    return { media, as, asVersion: version, pretty }
  }
  return null
}

function mediaOf(type: string): Form['media'] | null {
  if (type === 'application/json' || type === '*/*') return 'json'
  return type === 'application/yaml' ? 'yaml' : null
}

/** A type that nobody serves is refused by the router already, in other words than a conversion. */
function notAcceptable(clauses: readonly Clause[]): Error {
  const types = MEDIA.join(', ')
  const served = clauses.some(({ type }) => mediaOf(type) !== null || type === 'application/vnd.kubernetes.protobuf')
  if (served) return failure(406, 'NotAcceptable', `only the following media types are accepted: ${types}`)
  const all = [...MEDIA, ...STREAMS].join(', ')
  return failure(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${all}`, {})
}

/** People and their tools see indented JSON. */
export function isPretty(request: Request, parameter: string | null): boolean {
  if (parameter !== null && parameter !== '') return /^(1|t|T|true|TRUE|True)$/.test(parameter)
  return /^(curl|Wget|Mozilla\/5\.0)/.test(request.headers.get('user-agent') ?? '')
}

/** How the body of a create, update or delete is written; refuses with 415. */
export function bodyMedia(contentType: string | null): 'json' | 'yaml' | 'protobuf' {
  const type = mediaTypeOf(contentType)
  if (type === '' || type === 'application/json') return 'json'
  if (type === 'application/yaml') return 'yaml'
  if (type === 'application/vnd.kubernetes.protobuf') return 'protobuf'
  throw unsupported(MEDIA)
}

/** Kinds of patches by their media types. */
export const PATCHES = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
} as const

/** A way to patch. */
export type PatchKind = (typeof PATCHES)[keyof typeof PATCHES]

/** Which kind of patch a body is; refuses with 415. Custom resources have no strategic merge. */
export function patchKind(contentType: string | null, custom: boolean): PatchKind {
  const type = mediaTypeOf(contentType)
  if (!Object.hasOwn(PATCHES, type)) throw failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
  const kind = PATCHES[type as keyof typeof PATCHES]
  if (kind !== 'strategic' || !custom) return kind
  throw unsupported(Object.keys(PATCHES).filter((each) => PATCHES[each as keyof typeof PATCHES] !== 'strategic'))
}

/** 415 with what is taken. */
export function unsupportedBody(): Error {
  return unsupported(MEDIA)
}

function unsupported(types: readonly string[]): Error {
  const message = `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`
  return failure(415, 'UnsupportedMediaType', message)
}

function mediaTypeOf(contentType: string | null): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

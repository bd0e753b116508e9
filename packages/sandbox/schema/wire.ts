// How the built-in types are written in protobuf: which field has which number.
import wire from './wire.json' with { type: 'json' }

/** What a number of a message stands for. */
export type WireField =
  /** A field, by its name in JSON. */
  | { readonly kind: 'field'; readonly name: string }
  /** A part whose fields stand in the struct itself in JSON. */
  | { readonly kind: 'inline'; readonly message: string }

const lines: ReadonlyMap<string, string> = new Map(
  wire.lines.map((line) => [line.slice(0, line.indexOf(';')), line] as const),
)
const read = new Map<string, ReadonlyMap<number, WireField>>()

/** The fields of a message (`io.k8s.api.core.v1.PodSpec`) by their numbers; none for one that is not known. */
export function wireFields(message: string): ReadonlyMap<number, WireField> {
  const known = read.get(message)
  if (known !== undefined) return known
  const [, ...parts] = lines.get(message)?.split(';') ?? []
  const fields = new Map(parts.map(readPart))
  read.set(message, fields)
  return fields
}

/** `2=+io.k8s.api.core.v1.VolumeSource`, `1=name` */
function readPart(part: string): readonly [number, WireField] {
  const split = part.indexOf('=')
  const name = part.slice(split + 1)
  const field: WireField = name.startsWith('+') ? { kind: 'inline', message: name.slice(1) } : { kind: 'field', name }
  return [Number(part.slice(0, split)), field]
}

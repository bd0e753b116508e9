// Reads the manifest of an artifact: its digest, its layers, and what its annotations say of where it came from.
import { FaultError } from '../fault.ts'
import { isDigest } from './reference.ts'

/** One layer of an artifact. */
export interface Layer {
  readonly mediaType: string
  readonly digest: string
  /** Bytes. */
  readonly size: number
}

/** The manifest of an artifact. */
export interface Manifest {
  /** `sha256:…` of the manifest itself: names this artifact for good. */
  readonly digest: string
  readonly layers: readonly Layer[]
  readonly annotations: Readonly<Record<string, string>>
}

/**
 * Reads a manifest.
 * @throws FaultError `source-unreadable`, or `unsupported` for an index of several platforms
 */
export function readManifest(bytes: Buffer, digest: string, where: string): Manifest {
  const value = objectIn(bytes)
  if (value !== null && Array.isArray(value.manifests)) {
    throw new FaultError({
      kind: 'unsupported',
      what: 'the artifact is an index of several manifests',
      where,
      why: 'manifests are the same on every platform, so one artifact is expected',
      fix: ['push the manifests as one artifact: oras push', 'or name the digest of one manifest of the index'],
    })
  }
  const layers = Array.isArray(value?.layers) ? value.layers.map(layerOf) : null
  if (value === null || layers === null || layers.includes(null)) {
    throw new FaultError({
      kind: 'source-unreadable',
      what: 'the manifest of the artifact cannot be read',
      where,
      why: 'it is no OCI image manifest',
      fix: ['push the artifact with helm push or oras push'],
    })
  }
  return { digest, layers: layers.filter((layer) => layer !== null), annotations: textsOf(value.annotations) }
}

function objectIn(bytes: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function layerOf(value: unknown): Layer | null {
  if (typeof value !== 'object' || value === null) return null
  const { mediaType, digest, size }: Readonly<Record<string, unknown>> = { ...value }
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || !isDigest(digest)) return null
  return typeof size === 'number' && size >= 0 ? { mediaType, digest, size } : null
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string'))
}

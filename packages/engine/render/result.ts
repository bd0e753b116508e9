// What rendering a source gives: manifests with their origin, and everything that decided them.
import type { Origin } from '@mainstay/core/desired/desired.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { FieldPath } from '../yaml/strict-json.ts'
import type { RenderInput } from './input.ts'

/** One manifest as it was written: apiVersion and kind are there, nothing else is checked or changed yet. */
export interface RenderedManifest {
  readonly value: JsonObject
  readonly origin: Origin
  /** 1-based line of a field (or of the deepest part of the path that exists), for errors. */
  lineOf(path: FieldPath): number
}

/** Something that a person should know although rendering succeeded. */
export interface RenderWarning {
  readonly file: string
  readonly line: number | null
  /** One sentence without a full stop. */
  readonly what: string
}

/** All manifests of one source. There is no such thing as a part of it: whatever cannot be read is a fault. */
export interface RenderResult {
  /** In the order of file names, folder by folder, then of documents. */
  readonly manifests: readonly RenderedManifest[]
  readonly warnings: readonly RenderWarning[]
  /** Files with the mark that keeps them from being rendered. */
  readonly skipped: readonly string[]
  /** Git's id of the source's folder; null for a source without one (`ref` only). */
  readonly treeId: string | null
  /** Everything that was looked at: files, whole folders, and what was not there. */
  readonly inputs: readonly RenderInput[]
  /** Whether files alone decided it: another commit with the same inputs gives the same, whatever else it is. */
  readonly filesAlone: boolean
  /** Whether a text was used that was kept from an earlier render; false where all was made just now. */
  readonly kept: boolean
  /** SHA-256 of everything that decides the result: equal digests, equal manifests. */
  readonly digest: string
}

/** How much one source may cost. */
export interface RenderLimits {
  /** Bytes of all manifest files together. Argo CD's default (`max.combined.directory.manifests.size`) is 10M. */
  readonly totalBytes: number
  /** Manifests of all files together. */
  readonly manifests: number
  /** Milliseconds for reading and parsing. */
  readonly milliseconds: number
}

/** Limits that no sensible source meets. */
export const RENDER_LIMITS: RenderLimits = { totalBytes: 10_000_000, manifests: 50_000, milliseconds: 90_000 }

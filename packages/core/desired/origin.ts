// How the place of a manifest is written down in messages.
import type { Origin } from './desired.ts'

/** `apps/web.yaml:12`; `apps/web.yaml (document 3)` where no line is known. */
export function originText(origin: Origin): string {
  return origin.line === null ? `${origin.file} (document ${origin.document})` : `${origin.file}:${origin.line}`
}

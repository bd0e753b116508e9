// How a revision is shown where there is little room.

const DIGITS = 7

/** The first digits of a commit or of a digest (`sha256:0123456`); a version of a chart is short as it is. */
export function shortRevision(revision: string): string {
  const digest = /^(sha256:)([0-9a-f]{64})$/.exec(revision)
  if (digest !== null) return `${digest[1]}${digest[2]?.slice(0, DIGITS)}`
  return /^[0-9a-f]{8,64}$/.test(revision) ? revision.slice(0, DIGITS) : revision
}

// Which commits the records speak of: copies of repositories keep them, so that a rollback and a cause can be shown.
import type { RecordStore } from '../ports.ts'

/** Commits of every sync in the history, and of every recorded object. */
export async function recordedCommits(records: RecordStore): Promise<ReadonlySet<string>> {
  const commits = new Set<string>()
  for (const key of await records.keys()) {
    for (const { revisions } of await records.history(key)) for (const { commit } of revisions) commits.add(commit)
    for (const { commit } of (await records.inventory(key)).entries) commits.add(commit)
  }
  return commits
}

// Runs asynchronous work with a bound on how much of it is under way.

/** Runs all tasks, at most `limit` at a time. The first failure is thrown once what is under way has ended. */
export async function inParallel(limit: number, tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = tasks.values()
  const failures: unknown[] = []
  async function worker(): Promise<void> {
    for (const task of queue) {
      if (failures.length > 0) return
      await task().catch((error: unknown) => failures.push(error))
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, tasks.length) }, worker))
  if (failures.length > 0) throw failures[0]
}

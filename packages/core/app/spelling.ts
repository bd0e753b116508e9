// Guesses what a mistyped word was meant to be, so that a message can say it.

/** The word nearest to `given`, if at most two letters differ (or one in a short word), whatever the case; else null. */
export function nearestWord(given: string, words: Iterable<string>): string | null {
  const limit = given.length < 5 ? 1 : 2
  let best: string | null = null
  let bestDistance = limit + 1
  for (const word of words) {
    if (Math.abs(word.length - given.length) > limit) continue
    const distance = editDistance(given.toLowerCase(), word.toLowerCase())
    if (distance < bestDistance) {
      best = word
      bestDistance = distance
    }
  }
  return best
}

/** How many letters must be added, removed or replaced to make one text of the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replace = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

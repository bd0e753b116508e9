// What Go says of a text that should be a time.

/** Pieces of the layout, in order, and the form of each. */
const SECONDS = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d\d/],
  ['-', /^-/],
  ['02', /^\d\d/],
  ['T', /^T/],
  ['15', /^\d\d?/],
  [':', /^:/],
  ['04', /^\d\d/],
  [':', /^:/],
  ['05', /^\d\d/],
] as const
const ZONE = ['Z07:00', /^(Z|[+-]\d\d:\d\d)/] as const
const MICRO = ['.000000', /^[.,]\d{6}/] as const

/** The times that nearly everything has: to the second, in UTC, on a day that every month has. */
const PLAIN = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/

/** Why a text is no time of the API, to the second or to the microsecond; null where it is one. */
export function timeFault(text: string, micro: boolean): string | null {
  if (!micro && PLAIN.test(text)) return null
  const layout = [...SECONDS, ...(micro ? [MICRO] : []), ZONE]
  const form = layout.map(([word]) => word).join('')
  const told = `parsing time ${JSON.stringify(text)}`
  const numbers: number[] = []
  let rest = text
  for (const [word, pattern] of layout) {
    const found = pattern.exec(rest)?.[0]
    if (found === undefined)
      return `${told} as ${JSON.stringify(form)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(word)}`
    rest = rest.slice(found.length)
    if (/^\d+$/.test(found)) numbers.push(Number(found))
    // A fraction that the layout does not have may stand behind the seconds.
    if (word === '05' && !micro) rest = rest.replace(/^[.,]\d+/, '')
    const range = rangeFault(numbers, word)
    if (range !== null) return `${told}: ${range}`
  }
  return rest === '' ? null : `${told}: extra text: ${JSON.stringify(rest)}`
}

function rangeFault(numbers: readonly number[], word: string): string | null {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = numbers
  if (month < 1 || month > 12) return 'month out of range'
  if (hour > 23) return 'hour out of range'
  if (minute > 59) return 'minute out of range'
  if (second > 59) return 'second out of range'
  return word === ZONE[0] && (day < 1 || day > daysIn(year, month)) ? 'day out of range' : null
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
